"""One person's messages in order, people side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.channels.telegram.answering import Answering
from bot.channels.telegram.pace import Pace, Waits, pause
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Message

STRIKES = 10  # failures of one message while others' were kept: some four minutes

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Waiting:
    """A message that is not done with."""

    update_id: int
    message: Message
    tried: bool = False
    kept_before: int = 0  # messages that the store had kept when it was tried last
    strikes: int = 0


@dataclass(slots=True)
class Lane:
    """One person's messages, oldest first, and the task that works them off."""

    waits: Waits
    waiting: list[Waiting] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Lanes:
    """Works off messages; `finished` hears of each that is done with.

    While the store is unavailable messages stay, oldest first, and are tried again at growing intervals. One that
    is new gets its first try all the same, for help waits for no disk; it may then be kept before an older one.
    """

    def __init__(
        self, answering: Answering, finished: Callable[[int], None], alarm: Callable[[str], None], pace: Pace
    ) -> None:
        self._answering, self._finished, self._alarm, self._pace = answering, finished, alarm, pace
        self._lanes: dict[str, Lane] = {}
        self._ending = asyncio.Event()
        self._kept = 0
        self._store_works = True

    def add(self, update_id: int, message: Message) -> None:
        account = message.sender.account
        lane = self._lanes.setdefault(account, Lane(Waits(self._pace)))
        lane.waiting.append(Waiting(update_id, message))
        lane.news.set()
        if lane.task is None:
            lane.task = asyncio.create_task(self._work_off(account, lane))

    async def end(self, grace: timedelta) -> None:
        """Turns that run may end within the grace; what waits stays waiting."""
        self._ending.set()
        tasks = {lane.task for lane in self._lanes.values() if lane.task}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _work_off(self, account: str, lane: Lane) -> None:
        while lane.waiting and not self._ending.is_set():
            lane.news.clear()
            if await self._try(lane, lane.waiting[0]):
                continue
            if fresh := next((each for each in lane.waiting if not each.tried), None):
                await self._try(lane, fresh)
            else:
                await pause(lane.waits.next(), lane.news, self._ending)
        del self._lanes[account]

    async def _try(self, lane: Lane, waiting: Waiting) -> bool:
        """True when the message is done with."""
        try:
            await self._answering.answer(waiting.message)
        except StoreUnavailable as fault:
            self._not_kept(waiting)
            if waiting.strikes < STRIKES:
                return False
            await self._answering.own_up(waiting.message, fault)
        else:
            self._kept += 1
            self._store_works = True
        lane.waits.reset()
        lane.waiting.remove(waiting)
        self._finished(waiting.update_id)
        return True

    def _not_kept(self, waiting: Waiting) -> None:
        log.warning("message not kept", extra={"ref": waiting.message.ref})
        if waiting.tried and waiting.kept_before != self._kept:  # the store works; it is this message that does not
            waiting.strikes += 1
        waiting.tried, waiting.kept_before = True, self._kept
        if self._store_works:
            self._store_works = False
            self._alarm("Telegram: the store is unavailable; messages wait at Telegram and are tried again")
