"""What to say and what to record: one message and where the conversation stands in, a `Decision` out. Pure."""
