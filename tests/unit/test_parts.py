"""A message of several needs: cut into its parts, and what else it asks offered beside the answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.language.parts import FEWEST, MOST, parts_of
from tests.support.knowledge import turn


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("do i pay council tax", ("do i pay council tax",)),
        ("whats the grant n do i pay council tax", ("whats the grant", "do i pay council tax")),
        ("my pa wont pick up. and how do i get a passport", ("my pa wont pick up", "how do i get a passport")),
        ("ok. do i pay rent at uni", ("ok do i pay rent at uni",)),
    ],
)
def test_a_message_is_cut_where_a_new_thought_begins(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text) == parts


@given(st.text(max_size=400))
def test_there_are_few_parts_and_none_of_a_word_or_two_but_a_short_message(text: str) -> None:
    parts = parts_of(text)
    assert len(parts) <= MOST
    assert len(parts) < 2 or all(len(part.split()) >= FEWEST for part in parts)


def test_what_else_was_asked_is_offered_under_the_answer_and_leads_there() -> None:
    text, tax = "whats the grant n do i pay council tax", "money.council-tax"
    decision = decide(turn(text, best="money.setting-up-home", also=(tax,)))
    assert decision.topic == "money.setting-up-home"
    assert [a.key for a in decision.say_now[-1].actions] == [keys.topic("money.council-tax")]
    assert decision.offered[0] == "money.council-tax"


def test_the_topic_answered_is_not_offered_again() -> None:
    decision = decide(turn("council tax", best="money.council-tax", also=("money.council-tax",)))
    assert len(decision.say_now) == 1
