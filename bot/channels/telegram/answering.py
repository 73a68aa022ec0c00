"""One message to its end, however it came: handed to the use case, answered, and owned up to when that fails."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from telegram import Bot
from telegram.constants import ChatAction

from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.pace import Pace
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Message, Reply
from bot.ports import Receive

log = logging.getLogger(__name__)


class Answering:
    """Answers messages. One person's must be given one after another."""

    def __init__(
        self,
        api: Bot,
        outgoing: Outgoing,
        receive: Receive,
        our_fault: Callable[[], Reply],
        alarm: Callable[[str], None],
        pace: Pace,
    ) -> None:
        self._api, self._outgoing, self._pace = api, outgoing, pace
        self._receive, self._our_fault, self._alarm = receive, our_fault, alarm

    async def answer(self, message: Message) -> None:
        """When this returns, the message may be confirmed. Raises StoreUnavailable when it must come again."""
        try:
            async with self._typing(message.sender.account), asyncio.timeout(self._pace.turn_at_most.total_seconds()):
                await self._receive(message, self._outgoing.say_to(message.sender.account))
        except StoreUnavailable:
            raise
        except Exception as fault:
            await self.own_up(message, fault)

    async def own_up(self, message: Message, fault: Exception) -> None:
        """Says that it is our fault, to the person and to whoever runs the bot. Never raises."""
        error, where = type(fault).__name__, _place(fault)
        log.error("message failed", extra={"ref": message.ref, "error": error, "where": where})
        try:
            self._alarm(f"Telegram: a message could not be processed ({error} at {where})")
            await self._outgoing.say_to(message.sender.account)((self._our_fault(),))
        except Exception as second:
            # not `exception`: a traceback may hold what a person wrote
            log.error("owning up failed", extra={"ref": message.ref, "error": type(second).__name__})  # noqa: TRY400

    @asynccontextmanager
    async def _typing(self, account: str) -> AsyncIterator[None]:
        showing = asyncio.create_task(self._show_typing(account))
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.wait({showing})

    async def _show_typing(self, account: str) -> None:
        wait = self._pace.typing_after
        while True:
            await asyncio.sleep(wait.total_seconds())
            wait = self._pace.typing_again
            try:
                await self._api.send_chat_action(int(account), ChatAction.TYPING)
            except Exception:
                return  # best effort


def _place(fault: Exception) -> str:
    """File and line that raised: all of an exception that may be logged, for its text may hold a person's."""
    frames = traceback.extract_tb(fault.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
