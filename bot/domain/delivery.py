"""Words that have still to reach somebody, and what became of an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.domain.messages import Reply


class Sent(Enum):
    """What became of sending, sorted by what happens next."""

    OK = "ok"
    LATER = "later"  # rate limit, 5xx, no network: the relay tries again
    NEVER = "never"  # blocked, unknown chat, malformed: a person must look


@dataclass(frozen=True, slots=True)
class Delivery:
    """One reply that has yet to go out (a row of the outbox)."""

    id: str  # derived from what caused it: the same cause twice is the same row
    reply: Reply
    due_at: datetime  # UTC
    attempts: int = 0
