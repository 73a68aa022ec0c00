"""What could not go out at once goes out later, in order, and is given up in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.delivery import Delivery, Sent
from bot.domain.messages import Reply
from bot.ports import Due
from bot.service.relay import FIRST_WAIT, GIVE_UP_AFTER, LONGEST_WAIT, next_try, relay_due

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass
class Rows:
    """An outbox that remembers how each delivery was settled."""

    due: list[Due]
    settled: list[tuple[str, datetime | None]] = field(default_factory=list)

    async def claim(self, channel: str, now: datetime, most: int = 20) -> list[Due]:
        return self.due

    async def settle(self, id_: str, again_at: datetime | None) -> None:
        self.settled.append((id_, again_at))


@dataclass
class Channel:
    """Sends to everybody but those named."""

    refuses: dict[str, Sent] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, account: str, reply: Reply) -> Sent:
        self.sent.append((account, reply.text))
        return self.refuses.get(account, Sent.OK)


def due(id_: str, account: str = "asha", attempts: int = 0) -> Due:
    return Due(Delivery(id_, Reply(id_), NOW, attempts), account)


async def relayed(rows: Rows, channel: Channel) -> int:
    return await relay_due(rows, "telegram", channel, lambda: NOW)


async def test_what_goes_out_is_done_with() -> None:
    rows, channel = Rows([due("a"), due("b", "ben")]), Channel()

    assert await relayed(rows, channel) == 2
    assert channel.sent == [("asha", "a"), ("ben", "b")]
    assert rows.settled == [("a", None), ("b", None)]


async def test_what_must_wait_is_tried_again_and_the_rest_of_that_person_waits_behind_it() -> None:
    rows, channel = Rows([due("1"), due("2"), due("other", "ben")]), Channel({"asha": Sent.LATER})

    await relayed(rows, channel)

    assert channel.sent == [("asha", "1"), ("ben", "other")], "the second is not even tried"
    assert rows.settled == [("1", NOW + FIRST_WAIT), ("2", NOW + FIRST_WAIT), ("other", None)]


async def test_what_never_can_go_out_is_given_up_and_the_rest_goes_on() -> None:
    rows, channel = Rows([due("1"), due("2", "ben")]), Channel({"asha": Sent.NEVER})

    await relayed(rows, channel)

    assert rows.settled == [("1", None), ("2", None)]


async def test_what_was_tried_long_enough_is_given_up() -> None:
    rows = Rows([due("1", attempts=GIVE_UP_AFTER)])

    await relayed(rows, Channel({"asha": Sent.LATER}))

    assert rows.settled == [("1", None)]


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 5), (1, 10), (2, 20), (8, 1280), (9, 1800), (10_000, 1800)])
def test_waits_double_up_to_half_an_hour(attempts: int, seconds: int) -> None:
    assert next_try(attempts, NOW) == NOW + timedelta(seconds=seconds)


def test_all_tries_together_last_more_than_a_day() -> None:
    waits = [next_try(attempts, NOW) - NOW for attempts in range(GIVE_UP_AFTER)]

    assert sum(waits, timedelta()) > timedelta(days=1)
    assert max(waits) == LONGEST_WAIT


def test_a_delivery_shows_no_words_and_no_account() -> None:
    shown = repr(due("id-1", account="700001"))

    assert shown == "Due(id-1)"
