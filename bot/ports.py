"""What the use cases ask of the outside world, and what channels ask of the use cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.delivery import Delivery, Sent
from bot.domain.messages import Message, Received, Reply, Sender
from bot.domain.people import Conversation, Vote


class Say(Protocol):
    """Sends replies to the person whose message is being handled, in order."""

    async def __call__(self, replies: Sequence[Reply]) -> Sent:
        """Never raises. LATER means that none or only the first of them went out and the rest are worth another try."""


class Receive(Protocol):
    """The use case behind every channel: one message in, replies said, what it caused kept."""

    async def __call__(self, message: Message, say: Say) -> Received:
        """Handles one message to its end.

        Replies have been said when this returns or raises. Raises StoreUnavailable when what the message caused could
        not be kept: a channel that can have the message again must then not confirm it. Never raises anything else.
        """


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that one message caused, kept in one transaction."""

    ref: str  # what happened; kept once, so the same thing again changes nothing
    sender: Sender
    conversation: Conversation
    deliveries: tuple[Delivery, ...] = ()  # replies that could not go out
    vote: Vote | None = None
    forget: bool = False  # remove everything about the sender in place of keeping it


class Conversations(Protocol):
    """Conversations by sender; no account is kept in the clear."""

    async def get(self, sender: Sender) -> Conversation | None:
        """The conversation, or None when there is none or it is past its 30 days. Raises StoreUnavailable."""

    async def was_kept(self, ref: str) -> bool:
        """True when a turn with this ref was kept before. Raises StoreUnavailable."""

    async def keep(self, kept: Kept, now: datetime) -> None:
        """All of a turn or nothing. The same ref again changes nothing. Raises StoreUnavailable."""

    async def remove_silent(self, now: datetime) -> int:
        """Removes what is past its end date: conversations silent for 30 days, refs older than 2. Returns how many."""


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be made now, and the account at its channel."""

    delivery: Delivery
    account: str

    def __repr__(self) -> str:
        return f"Due({self.delivery.id})"


class Outbox(Protocol):
    """Replies that have yet to go out, claimed under a lease so that two workers never send one."""

    async def claim(self, channel: str, now: datetime, most: int = 20) -> list[Due]:
        """Deliveries of a channel that are due, leased for a minute, oldest first. Raises StoreUnavailable."""

    async def settle(self, id_: str, again_at: datetime | None) -> None:
        """A delivery is done with (None), or tried again at a moment. Raises StoreUnavailable."""


class Sends(Protocol):
    """A channel that can write to somebody first."""

    async def send(self, account: str, reply: Reply) -> Sent:
        """Never raises."""


class Inbox(Protocol):
    """Replies that came later, for channels that come and fetch (the web chat)."""

    async def fetch(self, sender: Sender, after: str | None) -> list[tuple[str, Reply]]:
        """Replies with their ids, oldest first, after the given id. Raises StoreUnavailable."""


class Documents(Protocol):
    """Makes the documents that replies name; the same one again costs nothing."""

    def mark(self, key: str) -> str | None:
        """Short hex digits that change whenever the document would; None when no document has this key.

        Raises DocumentUnavailable while no documents are given at all.
        """

    async def file(self, key: str) -> bytes:
        """The PDF of a key that has a mark. Raises DocumentUnavailable."""

    def instead(self, key: str) -> Reply | None:
        """What to say where the document cannot be had; None when there is nothing to say."""


class Tokens(Protocol):
    """Makes and recognises the web chat's conversation tokens; needs no store."""

    def make(self) -> str:
        """A new unguessable token."""

    def ours(self, token: str) -> bool:
        """True when this server made the token."""
