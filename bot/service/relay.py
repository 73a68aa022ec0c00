"""What could not go out at once goes out later: due deliveries are claimed, sent, and settled."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.delivery import Sent
from bot.ports import Outbox, Sends

log = logging.getLogger("waymark.relay")

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=30)
GIVE_UP_AFTER = 60  # attempts: some 26 hours


def next_try(attempts: int, now: datetime) -> datetime:
    """Doubling from 5 s to 30 min."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts, 20)
    return now + min(doubled, LONGEST_WAIT)


async def relay_due(outbox: Outbox, channel: str, sends: Sends, clock: Callable[[], datetime]) -> int:
    """Sends what is due on one channel; returns how many deliveries were claimed. Raises StoreUnavailable.

    One person's replies stay in order: after one that must wait, the rest of theirs wait too.
    """
    due = await outbox.claim(channel, clock())
    waiting: set[str] = set()
    for item in due:
        sent = Sent.LATER if item.account in waiting else await sends.send(item.account, item.delivery.reply)
        if sent is Sent.LATER and item.delivery.attempts < GIVE_UP_AFTER:
            waiting.add(item.account)
            await outbox.settle(item.delivery.id, next_try(item.delivery.attempts, clock()))
            continue
        if sent is not Sent.OK:
            log.warning("delivery given up", extra={"delivery": item.delivery.id, "channel": channel})
        await outbox.settle(item.delivery.id, None)
    return len(due)
