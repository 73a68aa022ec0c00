"""What is said once, and what is kept of a turn: replies, deliveries, claims, votes and figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.domain.delivery import Sent
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Kind, Outcome, Received, Reply
from bot.domain.people import FORGET_AFTER, About, Conversation
from tests.support import small
from tests.support.receiving import (
    ASHA,
    DANGER,
    NOW,
    QUESTION,
    BrokenStore,
    Memory,
    Said,
    make_receive,
    message,
    press,
    said,
)

__all__ = ["said"]


async def test_a_reply_is_said_once_though_keeping_fails_again_and_again(said: Said) -> None:
    receive = make_receive(BrokenStore())
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            await receive(message(QUESTION), said)

    assert len(said.replies) == 1


async def test_help_is_said_once_though_keeping_fails_again_and_again(said: Said) -> None:
    receive = make_receive(BrokenStore())
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            await receive(message(DANGER), said)

    assert said.kinds == [Kind.DANGER]


async def test_a_message_that_was_kept_is_not_answered_again(said: Said) -> None:
    store = Memory()
    await make_receive(store)(message(QUESTION), said)

    await make_receive(store)(message(QUESTION), said)  # another process, so nothing is remembered but what was kept

    assert len(said.replies) == 1
    assert len(store.turns) == 1


async def test_a_client_that_lost_the_answer_hears_it_again_and_it_is_kept_once(said: Said) -> None:
    store = Memory()
    receive = make_receive(store)
    await receive(message(QUESTION), said)

    await receive(message(QUESTION, again=True), said)

    assert len(said.replies) == 2
    assert len(store.turns) == 1


async def test_what_could_not_go_out_is_kept_as_a_delivery(said: Said) -> None:
    store = Memory()
    said.sent = Sent.LATER

    await make_receive(store)(message(QUESTION), said)

    (delivery,) = store.turns[0].deliveries
    assert delivery.reply == said.replies[0]
    assert delivery.due_at > NOW


async def test_what_could_not_go_out_is_tried_again_when_it_could_not_be_kept_either(said: Said) -> None:
    store = Memory()
    receive = make_receive(store)
    said.sent = Sent.LATER
    with _failing(store), pytest.raises(StoreUnavailable):
        await receive(message(DANGER), said)

    said.sent = Sent.OK
    await receive(message(DANGER), said)

    assert said.kinds == [Kind.DANGER, Kind.DANGER]


async def test_what_is_blocked_for_good_is_no_delivery(said: Said) -> None:
    store = Memory()
    said.sent = Sent.NEVER

    await make_receive(store)(message(QUESTION), said)

    assert store.turns[0].deliveries == ()


async def test_a_claim_is_made_only_after_it_is_kept(said: Said) -> None:
    store = Memory()
    seen_at: list[int] = []

    async def say(replies: Sequence[Reply]) -> Sent:
        seen_at.append(len(store.turns))
        return await said(replies)

    await make_receive(store)(press("delete"), say)

    assert seen_at == [1]
    assert said.texts == [small.compiled().base.words.deleted]


async def test_a_claim_that_is_not_kept_is_not_made(said: Said) -> None:
    receive = make_receive(BrokenStore())
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await receive(press("delete"), said)

    assert said.texts == [small.compiled().base.words.delete_failed], "and that it failed is said once"


async def test_a_vote_for_an_entry_is_counted(said: Said) -> None:
    store = Memory()

    await make_receive(store)(press(f"y:{small.GP}:0123abcd"), said)

    assert store.turns[0].vote is not None


@pytest.mark.parametrize("key", ["y:my name is zebedee:0123abcd", f"n:{small.GP}:call 07700900123", "y:gp:1"])
async def test_a_vote_that_somebody_made_up_is_not_kept(said: Said, key: str) -> None:
    store = Memory()

    await make_receive(store)(press(key), said)

    assert store.turns[0].vote is None


async def test_what_was_given_before_is_forgotten_after_thirty_days_of_silence(said: Said) -> None:
    old = Conversation(About(age=19), version=7, last_active=NOW - FORGET_AFTER - timedelta(seconds=1))
    store = Memory(of={ASHA: old})

    await make_receive(store)(message(QUESTION), said)

    assert store.of[ASHA].about.age is None
    assert store.of[ASHA].version == 8


async def test_figures_are_counted_once_for_each_turn(said: Said) -> None:
    counted: list[Received] = []
    receive = make_receive(Memory(), counted=lambda _, received: counted.append(received))

    await receive(message(QUESTION), said)
    await receive(message(QUESTION), said)

    assert [received.outcome for received in counted] == [Outcome.ANSWER]


class _failing:
    """Nothing can be kept, for a while."""

    def __init__(self, store: Memory) -> None:
        self._store = store

    def __enter__(self) -> None:
        self._store.keep = BrokenStore().keep  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        del self._store.keep
