"""Tables. No account id, name or word that a person wrote stands in any of them in the clear."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),  # keyed HMAC of channel and account
    Column("channel", String(20), nullable=False),
    Column("sealed_address", LargeBinary, nullable=False),  # the account, sealed: only to send a reply to
    Column("state", Text, nullable=False),  # JSON: choices made, topic shown last; nothing typed
    Column("version", Integer, nullable=False),
    Column("last_active", Integer, nullable=False, index=True),  # seconds since 1970, UTC
)

kept_refs = Table(
    "kept_refs",
    metadata,
    Column("ref", LargeBinary(32), primary_key=True),  # keyed HMAC of the channel's id of what happened
    Column("at", Integer, nullable=False, index=True),
)

votes = Table(  # "was this helpful": counts by day, no link to anybody
    "votes",
    metadata,
    Column("topic", String(64), primary_key=True),
    Column("version", String(16), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("helped", Integer, nullable=False, default=0),
    Column("not_helped", Integer, nullable=False, default=0),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("key", LargeBinary(32), ForeignKey("conversations.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("sealed_reply", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),  # order within one conversation
    Column("due_at", Integer, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("leased_until", Integer, nullable=False, default=0),
)
