"""How long the channel waits, and for what."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """The channel's waits. Tests give shorter ones."""

    poll: timedelta = timedelta(seconds=30)  # one long poll: short enough to notice a dead connection
    look_again: timedelta = timedelta(milliseconds=100)  # while a turn runs, a poll comes back at once: doubled …
    look_at_least: timedelta = timedelta(milliseconds=500)  # … up to this
    first_wait: timedelta = timedelta(seconds=1)  # after a failure, doubled …
    longest_wait: timedelta = timedelta(seconds=60)  # … up to this
    send_again: tuple[timedelta, ...] = (timedelta(milliseconds=300), timedelta(seconds=1))  # the two quick retries
    flood_wait: timedelta = timedelta(seconds=5)  # a longer `retry_after` is the relay's to wait for
    typing_after: timedelta = timedelta(seconds=1)
    typing_again: timedelta = timedelta(seconds=4)  # Telegram shows it for 5
    turn_at_most: timedelta = timedelta(minutes=5)  # longer is a hang, a bug: it must not hold the queue
    grace: timedelta = timedelta(seconds=8)  # for running turns when we stop
    last_word: timedelta = timedelta(milliseconds=1500)  # for confirming what was finished


class Waits:
    """Seconds to wait after each failure in a row: the first wait, doubled up to the longest."""

    def __init__(self, pace: Pace) -> None:
        self._first, self._longest = pace.first_wait.total_seconds(), pace.longest_wait.total_seconds()
        self.reset()

    def reset(self) -> None:
        self._next = self._first

    def next(self) -> float:
        wait, self._next = self._next, min(2 * self._next, self._longest)
        return wait


async def pause(seconds: float, *unless: asyncio.Event) -> None:
    """Waits that long, or until one of the events is set."""
    waiting = [asyncio.ensure_future(event.wait()) for event in unless]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
