"""Long polling: updates are asked for, handed on, and confirmed only when what they caused is kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from telegram import BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import Conflict, InvalidToken, RetryAfter

from bot.channels.telegram.answering import Answering
from bot.channels.telegram.api import Api, quiet_libraries
from bot.channels.telegram.incoming import Ignored, pressed, read, update_id
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.outgoing import Outgoing, retry_after
from bot.channels.telegram.pace import Pace, Waits, pause
from bot.channels.telegram.window import Window
from bot.domain.delivery import Sent
from bot.domain.errors import BotError
from bot.domain.messages import Reply
from bot.ports import Documents, Receive

log = logging.getLogger(__name__)


class TokenRefused(BotError):
    """Telegram does not accept the bot's token (BOT_TELEGRAM_TOKEN), or BOT_TELEGRAM_API is no Bot API server."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class TelegramChannel:
    """One bot on Telegram. `receive` may be called for several people at once, for one person never."""

    def __init__(
        self,
        token: str,
        api_base: str | None,
        receive: Receive,
        our_fault: Callable[[], Reply],
        alarm: Callable[[str], None],
        clock: Callable[[], datetime],
        *,
        commands: Callable[[], Mapping[str, str]] = dict,
        pace: Pace | None = None,
        documents: Documents | None = None,
    ) -> None:
        quiet_libraries()
        self._clock, self._commands, self._pace = clock, commands, pace or Pace()
        self._report = alarm
        self._api = Api(token, api_base)
        self._outgoing = Outgoing(self._api, self._pace, documents)
        self._answering = Answering(self._api, self._outgoing, receive, our_fault, self._alarm, self._pace)
        self._lanes = Lanes(self._answering, self._finished, self._alarm, self._pace)
        self._window, self._waits = Window(), Waits(self._pace)
        self._look = self._pace.look_again
        self._moved = asyncio.Event()  # an update was finished
        self._asides: set[asyncio.Task[None]] = set()
        self._ready = False
        self._told: set[str] = set()  # alarms of this spell of trouble
        self.heard_at: datetime | None = None  # when Telegram answered last, for /health/ready

    async def send(self, account: str, reply: Reply) -> Sent:
        """Sends one reply outside a turn. Never raises."""
        return await self._outgoing.send(account, reply)

    async def run(self, stop: asyncio.Event) -> None:
        """Receives until `stop` is set, then lets running turns end. Raises TokenRefused. Runs once."""
        try:
            while not stop.is_set():
                await self._receive_some(stop)
        finally:
            await self._end()

    async def _receive_some(self, stop: asyncio.Event) -> None:
        """One poll, and a wait while there is nothing new to be had. Raises TokenRefused."""
        try:
            given = await _unless(stop, self._poll())
        except InvalidToken:
            raise TokenRefused from None
        except Exception as fault:
            await pause(self._trouble(fault), stop)
            return
        self._waits.reset()
        self._told.clear()
        if not stop.is_set():
            given = given or []
            new = sum([self._take(update) for update in given])
            await self._wait_while_busy(stop, known=len(given) - new, new=new)

    async def _poll(self) -> list[Any]:
        if not self._ready:
            await self._prepare()
        self._moved.clear()
        offset = self._window.offset
        given = await self._api.updates(offset, self._pace.poll)
        self._window.confirmed(offset)
        self.heard_at = self._clock()
        return given

    async def _prepare(self) -> None:
        """Polling needs that no webhook is set; a list of commands is only nice to have."""
        await self._api.delete_webhook()
        self._ready = True
        commands = [BotCommand(name, says) for name, says in self._commands().items()]
        self._aside(self._api.set_my_commands(commands, BotCommandScopeAllPrivateChats()))

    def _trouble(self, fault: Exception) -> float:
        """Seconds to wait after a poll that failed."""
        wait = self._waits.next()
        if isinstance(fault, RetryAfter):
            wait = max(wait, retry_after(fault).total_seconds())
        if isinstance(fault, Conflict):
            self._alarm_once("Telegram: another program receives with the same token, or has set a webhook")
        elif wait >= self._pace.longest_wait.total_seconds():
            self._alarm_once(f"Telegram: nothing can be received for over a minute ({type(fault).__name__})")
        log.warning("receiving failed", extra={"error": type(fault).__name__, "wait_s": wait})
        return wait

    async def _wait_while_busy(self, stop: asyncio.Event, known: int, new: int) -> None:
        """An update that is not finished is given again at once: do not ask for it without a pause."""
        only_known = known and not new
        self._look = min(2 * self._look, self._pace.look_at_least) if only_known else self._pace.look_again
        if self._window.is_open or not new:
            await pause(self._look.total_seconds(), self._moved, stop)

    def _take(self, update: Any) -> bool:
        """True when the update was new; it then is under way, or finished if it asks for nothing."""
        number = update_id(update)
        if number is None or not self._window.begin(number):
            return False
        try:
            self._begin(number, update)
        except Exception as fault:
            log.warning("update passed over", extra={"update": number, "error": type(fault).__name__})
            self._alarm(f"Telegram: update {number} could not be read and was passed over ({type(fault).__name__})")
            self._finished(number)
        return True

    def _begin(self, number: int, update: Mapping[str, Any]) -> None:
        if query := pressed(update):
            self._aside(self._api.answer_callback_query(query))
        read_as = read(update, self._clock())
        if not isinstance(read_as, Ignored):
            self._lanes.add(number, read_as)
            return
        log.info("update ignored", extra={"update": number})
        if read_as.leave is not None:  # groups and channels: what is written there is not for us
            self._aside(self._api.leave_chat(read_as.leave))
        self._finished(number)

    def _finished(self, number: int) -> None:
        self._window.finish(number)
        self._moved.set()

    def _aside(self, call: Awaitable[Any]) -> None:
        """Best effort, and nobody waits for it."""

        async def attempt() -> None:
            try:
                await call
            except Exception as fault:
                log.info("call failed", extra={"error": type(fault).__name__})

        task = asyncio.create_task(attempt())
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    def _alarm_once(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._alarm(text)

    def _alarm(self, text: str) -> None:
        try:
            self._report(text)
        except Exception as fault:
            log.warning("alarm failed", extra={"error": type(fault).__name__})

    async def _end(self) -> None:
        await self._lanes.end(self._pace.grace)
        for task in tuple(self._asides):
            task.cancel()
        await asyncio.gather(*self._asides, return_exceptions=True)
        with suppress(Exception):  # best effort: what is not confirmed is given again, and is then the same thing twice
            async with asyncio.timeout(self._pace.last_word.total_seconds()):
                if (offset := self._window.offset) is not None:
                    await self._api.updates(offset, timedelta(), limit=1)
        await self._api.close_connections()


async def _unless(stop: asyncio.Event, work: Awaitable[list[Any]]) -> list[Any] | None:
    """What the work gives, or None when `stop` comes first; the work is then given up."""
    task, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        task.cancel()
        stopping.cancel()
        await asyncio.gather(task, stopping, return_exceptions=True)
