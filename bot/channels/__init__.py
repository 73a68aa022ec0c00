"""Outside words to our messages and back. Channels do not know one another, nor the store."""
