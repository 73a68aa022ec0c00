"""What receives a message, over conversations in memory and over stores that break or hang."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.bundle import Bundle
from bot.dialogue.turn import Mode
from bot.domain.delivery import Sent
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Form, Kind, Message, Reply, Sender
from bot.domain.people import Conversation
from bot.ports import Kept
from bot.service.receive import Answers, ReceiveMessage
from tests.support import small

NOW = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
ASHA, BEN = Sender("telegram", "700001"), Sender("telegram", "700002")
DANGER, QUESTION = "suicidal", "do i have to pay council tax"


@dataclass
class Memory:
    """Conversations kept in memory, by the same promises as the store's."""

    of: dict[Sender, Conversation] = field(default_factory=dict)
    refs: set[str] = field(default_factory=set)
    turns: list[Kept] = field(default_factory=list)

    async def get(self, sender: Sender) -> Conversation | None:
        return self.of.get(sender)

    async def was_kept(self, ref: str) -> bool:
        return ref in self.refs

    async def keep(self, kept: Kept, now: datetime) -> None:
        if kept.ref in self.refs:
            return
        before = self.of.get(kept.sender, Conversation())
        if not kept.forget and kept.conversation.version != before.version:
            raise StoreUnavailable
        self.refs.add(kept.ref)
        self.turns.append(kept)
        if kept.forget:
            self.of.pop(kept.sender, None)
        else:
            self.of[kept.sender] = replace(kept.conversation, version=before.version + 1)

    async def remove_silent(self, now: datetime) -> int:
        return 0


class BrokenStore(Memory):
    """Nothing can be read or kept."""

    async def get(self, sender: Sender) -> Conversation | None:
        raise StoreUnavailable

    async def was_kept(self, ref: str) -> bool:
        raise StoreUnavailable

    async def keep(self, kept: Kept, now: datetime) -> None:
        raise StoreUnavailable


class HungStore(Memory):
    """Does not answer while it hangs (until a test that failed has ended), nor let go when it is told to."""

    hung = True

    async def _hang(self) -> None:
        ends = seconds() + 30
        while self.hung and seconds() < ends:
            try:
                await asyncio.sleep(0.01)
            except asyncio.CancelledError:
                continue

    async def get(self, sender: Sender) -> Conversation | None:
        await self._hang()
        return await super().get(sender)

    async def was_kept(self, ref: str) -> bool:
        await self._hang()
        return await super().was_kept(ref)

    async def keep(self, kept: Kept, now: datetime) -> None:
        await self._hang()
        await super().keep(kept, now)


@dataclass
class Said:
    """What was said, and when, in seconds of the loop's clock."""

    replies: list[Reply] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    sent: Sent = Sent.OK

    async def __call__(self, replies: Sequence[Reply]) -> Sent:
        self.replies += replies
        self.at += [asyncio.get_running_loop().time()] * len(replies)
        return self.sent

    @property
    def kinds(self) -> list[Kind]:
        return [reply.kind for reply in self.replies]

    @property
    def texts(self) -> list[str]:
        return [reply.text for reply in self.replies]


@pytest.fixture
def said() -> Said:
    return Said()


def message(text: str = "", *, ref: str = "telegram:1", sender: Sender = ASHA, **changes: Any) -> Message:
    return Message(ref, sender, text, NOW, **changes)


def press(key: str, *, ref: str = "telegram:1") -> Message:
    return message(ref=ref, form=Form.ACTION, action=key)


def answers_of(bundle: Bundle, mode: Mode = Mode.ON) -> Answers:
    return Answers(bundle.base, bundle.index, bundle.triage, mode)


def make_receive(store: Memory, answers: Answers | None = None, **more: Any) -> ReceiveMessage:
    found = answers or answers_of(small.compiled())
    return ReceiveMessage(lambda: found, store, clock=lambda: NOW, **more)


def seconds() -> float:
    return asyncio.get_running_loop().time()
