"""One person's messages are handled in order, and people run side by side."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.domain.messages import Sender
from bot.ports import Kept
from tests.support.receiving import (
    HungStore,
    Memory,
    Said,
    make_receive,
    message,
    said,
)

__all__ = ["said"]


async def test_one_persons_messages_are_handled_in_order(said: Said) -> None:
    seen: list[str] = []
    receive = make_receive(_Slow(seen))

    await asyncio.gather(*(receive(message("hello", ref=f"telegram:{at}"), said) for at in range(8)))

    assert seen == [f"{what} telegram:{at}" for at in range(8) for what in ("begin", "end")]


async def test_people_run_side_by_side(said: Said) -> None:
    seen: list[str] = []
    receive = make_receive(_Slow(seen))

    await asyncio.gather(
        *(receive(message("hello", ref=f"telegram:{at}", sender=Sender("telegram", str(at))), said) for at in range(20))
    )

    assert [what.split()[0] for what in seen[:20]] == ["begin"] * 20


async def test_a_lane_is_left_when_its_turn_is_given_up(said: Said) -> None:
    store = HungStore()
    receive = make_receive(store)
    first = asyncio.ensure_future(receive(message("hello"), said))
    second = asyncio.ensure_future(receive(message("hello", ref="telegram:2"), said))
    await asyncio.sleep(0.05)

    second.cancel()
    store.hung = False
    await asyncio.gather(first, second, return_exceptions=True)

    assert receive._lanes == {}
    await asyncio.wait_for(receive(message("hello", ref="telegram:3"), said), 5)


class _Slow(Memory):
    """Notes when each turn begins and ends."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__()
        self._seen = seen

    async def was_kept(self, ref: str) -> bool:
        self._seen.append(f"begin {ref}")
        await asyncio.sleep(0.01)
        return await super().was_kept(ref)

    async def keep(self, kept: Kept, now: datetime) -> None:
        await asyncio.sleep(0.01)
        await super().keep(kept, now)
        self._seen.append(f"end {kept.ref}")
