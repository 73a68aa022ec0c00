"""What had no answer is counted by what lay nearest and how sure that was; danger is not, and no word is kept."""

from __future__ import annotations

import pytest

from bot.dialogue import keys
from bot.dialogue.turn import Mode
from bot.domain.messages import Miss, Outcome, Received
from bot.health import Figures, band
from bot.service.misses import NONE_OF_THESE, NOTHING
from tests.support import small
from tests.support.receiving import (
    DANGER,
    QUESTION,
    Memory,
    Said,
    answers_of,
    make_receive,
    message,
    press,
    said,
)

__all__ = ["said"]
NOT_OURS, NO_WORD_KNOWN = "register my flat allowance with a wizard", "zxqv"


def counted(figures: Figures) -> list[str]:
    return [line for line in figures.text().decode().splitlines() if line.startswith("waymark_misses_total")]


@pytest.mark.parametrize("text", [NOT_OURS, NO_WORD_KNOWN])
async def test_a_message_without_an_answer_is_counted_by_what_lay_nearest(text: str, said: Said) -> None:
    index = small.compiled().index
    assert index is not None
    found = index.search(text)

    received = await make_receive(Memory())(message(text), said)

    assert received.outcome in (Outcome.UNKNOWN, Outcome.CLARIFY)
    assert received.miss == Miss(found.matches[0].of.id if found.matches else NOTHING, found.sure)


async def test_none_of_these_is_counted(said: Said) -> None:
    received = await make_receive(Memory())(press(keys.NONE), said)

    assert received.miss == Miss(NONE_OF_THESE, 0.0)


@pytest.mark.parametrize("text", [QUESTION, "hello", DANGER, f"{DANGER} zxqv"])
async def test_an_answer_a_greeting_and_danger_are_no_misses(text: str, said: Said) -> None:
    assert (await make_receive(Memory())(message(text), said)).miss is None


async def test_a_bot_that_is_switched_off_misses_nothing(said: Said) -> None:
    receive = make_receive(Memory(), answers_of(small.danger(), Mode.BROKEN))

    assert (await receive(message(NO_WORD_KNOWN), said)).miss is None


async def test_misses_are_in_the_figures_by_topic_and_band_without_a_word_of_them(said: Said) -> None:
    figures = Figures()
    receive = make_receive(Memory(), counted=figures.count)

    await receive(message(NOT_OURS, ref="telegram:1"), said)
    await receive(message("ZEBEDEE", ref="telegram:2"), said)
    figures.count(message(), Received(Outcome.CLARIFY, miss=Miss("money.bus", 0.31)))

    assert 'waymark_misses_total{nearest="money.bus",sure="0.2-0.4"} 1.0' in counted(figures)
    assert len(counted(figures)) == 3
    assert "zebedee" not in figures.text().decode().lower()


@pytest.mark.parametrize(
    ("sure", "fifth"), [(0.0, "0.0-0.2"), (0.2, "0.2-0.4"), (0.5999, "0.4-0.6"), (0.8, "0.8-1.0"), (1.0, "0.8-1.0")]
)
def test_bands_are_fifths_and_one_is_in_the_last(sure: float, fifth: str) -> None:
    assert band(sure) == fifth
