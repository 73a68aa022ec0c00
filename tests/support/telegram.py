"""The Telegram channel, running; behind it stands a small stand-in for the core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.channels.telegram import Pace, TelegramChannel
from bot.domain.messages import Message, Outcome, Received, Reply
from bot.ports import Say
from tests.support.botapi import FakeBotApi

MS = timedelta(milliseconds=1)
PACE = Pace(first_wait=5 * MS, longest_wait=40 * MS, look_again=5 * MS, look_at_least=20 * MS, send_again=(MS, MS))
OUR_FAULT = "That's our fault. In danger now? Ring 999."
COMMANDS = {"start": "Start here", "status": "Which kind of care leaver am I?"}


@dataclass
class Core:
    """Remembers what it received, and answers in the words of the message unless told what to do."""

    heard: list[Message] = field(default_factory=list)
    does: dict[str, Callable[[Message, Say], Awaitable[object]]] = field(default_factory=dict)

    async def __call__(self, message: Message, say: Say) -> Received:
        self.heard.append(message)
        words = message.action or message.text
        await self.does.get(words, self.echo)(message, say)
        return Received(Outcome.ANSWER)

    async def echo(self, message: Message, say: Say) -> None:
        await say((Reply(f"heard {message.action or message.text or message.media}"),))

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.heard]


class Bot:
    """The channel, running."""

    def __init__(self, api: FakeBotApi) -> None:
        self.api, self.core, self.alarms = api, Core(), list[str]()
        self.alarm: Callable[[str], object] = self.alarms.append
        self.pace = PACE
        self.stop = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[TelegramChannel]:
        run = asyncio.create_task(self.channel.run(self.stop))
        try:
            yield self.channel
        finally:
            self.stop.set()
            await asyncio.wait_for(run, 15)
        assert self.api.problems == []

    @property
    def channel(self) -> TelegramChannel:
        if not hasattr(self, "_channel"):
            self._channel = TelegramChannel(
                self.api.token,
                self.api.base,
                self.core,
                lambda: Reply(OUR_FAULT),
                self._tell,
                lambda: datetime.now(UTC),
                commands=lambda: COMMANDS,
                pace=self.pace,
            )
        return self._channel

    def _tell(self, alarm: str) -> None:
        self.alarm(alarm)

    async def knows(self, holds: Callable[[], bool]) -> None:
        """Waits until something holds on our side, which the server cannot see."""
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.001)
