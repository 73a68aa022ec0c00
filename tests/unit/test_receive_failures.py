"""Help and answers go out though the store breaks or hangs, or our own code fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot import last_resort
from bot.dialogue.turn import Mode
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Kind, Outcome, Urgency
from bot.domain.people import About, Conversation
from bot.service import receive as receive_module
from bot.service.receive import PATIENCE, PATIENCE_IN_DANGER, PATIENCE_IN_LINE, Answers
from tests.support import small
from tests.support.receiving import (
    ASHA,
    DANGER,
    QUESTION,
    BrokenStore,
    HungStore,
    Memory,
    Said,
    answers_of,
    make_receive,
    message,
    said,
    seconds,
)

__all__ = ["said"]

SLACK = 1.5  # seconds that a busy machine may add to a wait


async def test_crisis_lines_go_out_even_when_nothing_can_be_kept(said: Said) -> None:
    receive = make_receive(BrokenStore())

    with pytest.raises(StoreUnavailable):
        await receive(message(DANGER), said)

    assert said.kinds == [Kind.DANGER]
    assert "999" in said.texts[0]
    assert "116 123" in said.texts[0]


async def test_an_ordinary_question_is_answered_though_nothing_can_be_kept(said: Said) -> None:
    alarms: list[str] = []
    receive = make_receive(BrokenStore(), alarm=alarms.append)

    with pytest.raises(StoreUnavailable):
        await receive(message(QUESTION), said)

    assert said.kinds == [Kind.ANSWER]
    assert alarms == ["the store cannot be written"]


async def test_help_does_not_wait_for_a_store_that_hangs(said: Said) -> None:
    store = HungStore()
    receive = make_receive(store)
    started = seconds()

    turn = asyncio.ensure_future(receive(message(DANGER), said))
    await _until(lambda: bool(said.replies))

    assert said.at[0] - started < PATIENCE_IN_DANGER + SLACK
    assert said.kinds == [Kind.DANGER]
    await _end(turn, store)


async def test_a_question_does_not_wait_long_for_a_store_that_hangs(said: Said) -> None:
    store = HungStore()
    receive = make_receive(store)
    started = seconds()

    turn = asyncio.ensure_future(receive(message(QUESTION), said))
    await _until(lambda: bool(said.replies))

    assert said.at[0] - started < PATIENCE + SLACK
    await _end(turn, store)


async def test_a_turn_ends_though_the_store_never_answers(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive_module, "PATIENCE", 0.05)
    monkeypatch.setattr(receive_module, "PATIENCE_TO_KEEP", 0.05)
    store = HungStore()

    with pytest.raises(StoreUnavailable):
        await asyncio.wait_for(make_receive(store)(message(QUESTION), said), 5)

    assert said.kinds == [Kind.ANSWER]
    store.hung = False


async def test_a_cry_for_help_does_not_wait_behind_the_same_persons_question(said: Said) -> None:
    store = HungStore()
    receive = make_receive(store)
    first = asyncio.ensure_future(receive(message(QUESTION), said))
    await asyncio.sleep(0)
    started, help_ = seconds(), Said()

    second = asyncio.ensure_future(receive(message(DANGER, ref="telegram:2"), help_))
    await _until(lambda: bool(help_.replies))

    assert help_.at[0] - started < PATIENCE_IN_LINE + PATIENCE_IN_DANGER + SLACK
    assert help_.kinds == [Kind.DANGER]
    await _end(asyncio.gather(first, second), store)
    assert help_.kinds == [Kind.DANGER], "help is said once, though it was said ahead of its turn"
    assert receive._lanes == {}


async def test_what_help_did_not_wait_for_is_not_written_over(said: Said) -> None:
    """A store that is only slow: the age and council that were given before are still there afterwards."""
    store = HungStore(of={ASHA: Conversation(About(age=19, council="devon"), version=3)})
    receive = make_receive(store)

    turn = asyncio.ensure_future(receive(message(DANGER), said))
    await _until(lambda: bool(said.replies))
    store.hung = False
    await turn

    assert store.of[ASHA].about == About(age=19, council="devon")
    assert store.of[ASHA].version == 4


async def test_our_bug_still_gives_help_and_the_next_message_works(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    alarms: list[str] = []
    store = Memory()
    receive = make_receive(store, alarm=alarms.append)
    with monkeypatch.context() as broken:
        broken.setattr(receive_module, "decide", _raise)
        received = await receive(message(DANGER), said)

    assert said.kinds == [Kind.DANGER, Kind.NOTICE]
    assert received.urgency is Urgency.EMERGENCY
    assert alarms == ["a message could not be processed"]

    after = Said()
    assert (await receive(message(QUESTION, ref="telegram:2"), after)).outcome is Outcome.ANSWER
    assert after.kinds == [Kind.ANSWER]


async def test_triage_that_fails_is_answered_with_help(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive_module, "assess", _raise)

    await make_receive(Memory())(message("anything at all"), said)

    assert said.kinds[0] is Kind.DANGER


async def test_help_words_that_cannot_be_put_together_are_replaced_by_the_last_resort(said: Said) -> None:
    bundle = small.danger()
    base = bundle.base.model_copy(update={"danger": {}})

    await make_receive(Memory(), Answers(base, None, bundle.triage, Mode.BROKEN))(message(DANGER), said)

    assert said.kinds[0] is Kind.DANGER
    assert last_resort.NOW in said.texts[0]


async def test_without_any_answers_danger_is_still_heard(said: Said) -> None:
    receive = make_receive(Memory(), answers_of(small.danger(), Mode.BROKEN))

    received = await receive(message(DANGER), said)

    assert received.urgency is not Urgency.NONE
    assert said.kinds == [Kind.DANGER]


def _raise(*_: object, **__: object) -> Any:
    raise RuntimeError("a bug")


async def _until(holds: Callable[[], bool], seconds_: float = 10) -> None:
    async with asyncio.timeout(seconds_):
        while not holds():
            await asyncio.sleep(0.005)


async def _end(turn: asyncio.Future[Any], store: HungStore) -> None:
    store.hung = False
    await asyncio.wait_for(asyncio.gather(turn, return_exceptions=True), 10)
