"""How dangerous a message is, for any evidence that rules and examples may give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.triage.level import Level
from bot.triage.meaning import Meant
from bot.triage.model import Guess
from bot.triage.weigh import BOTH, MOST, WORDS_ALONE, Evidence, Part, Weighing, danger, level

ODDS = st.floats(-12, 12)
NO_TOPICS = np.zeros(0, np.float32)
SAID = st.builds(Guess, ODDS, ODDS, ODDS, st.just(NO_TOPICS))
MEANT = st.builds(Meant, ODDS, ODDS, ODDS, st.just(NO_TOPICS))
LEVELS, RULES = st.sampled_from(list(Level)), st.sampled_from([Level.URGENT, Level.EMERGENCY])
WEIGHINGS = pytest.mark.parametrize("weighing", [BOTH, WORDS_ALONE], ids=["both", "words alone"])


@st.composite
def found_in(draw: st.DrawFn, /, weighing: Weighing, **known: Any) -> Evidence:
    part = st.builds(Part, SAID, MEANT if weighing is BOTH else st.none())
    drawn = Evidence(draw(part), draw(st.none() | part), draw(LEVELS), draw(st.booleans()))
    return replace(drawn, **known)


def louder(part: Part, more: float) -> Part:
    said = replace(part.said, danger=part.said.danger + more)
    return Part(said, replace(part.meant, danger=part.meant.danger + more) if part.meant else None)


@WEIGHINGS
def test_the_soft_line_begins_below_what_a_person_is_needed_for(weighing: Weighing) -> None:
    assert weighing.check < weighing.urgent < weighing.start


@WEIGHINGS
@given(data=st.data(), ruled=RULES)
def test_a_rule_beside_a_loud_part_is_urgent_however_ordinary_the_rest(
    weighing: Weighing, data: st.DataObject, ruled: Level
) -> None:
    found = data.draw(found_in(weighing, ruled=ruled, is_calm=False))
    assume(found.part.is_loud)
    assert level(found, weighing) >= Level.URGENT
    assert level(replace(found, whole=louder(found.whole, -100), loudest=found.part), weighing) >= Level.URGENT


@WEIGHINGS
@given(data=st.data(), more=st.floats(0, 20))
def test_louder_words_and_a_louder_meaning_are_never_less_danger(
    weighing: Weighing, data: st.DataObject, more: float
) -> None:
    found = data.draw(found_in(weighing))
    whole = replace(found, whole=louder(found.whole, more))
    assert danger(whole, weighing) >= danger(replace(found, loudest=whole.loudest), weighing) - 1e-9
    if found.loudest:
        part = replace(found, loudest=louder(found.loudest, more))
        assert danger(part, weighing) >= danger(found, weighing) - 1e-9


@WEIGHINGS
@given(data=st.data(), ruled=RULES)
def test_a_rule_that_fires_never_makes_it_less_danger(weighing: Weighing, data: st.DataObject, ruled: Level) -> None:
    silent = data.draw(found_in(weighing, ruled=Level.NONE))
    fired = replace(silent, ruled=ruled)
    assert danger(fired, weighing) >= danger(silent, weighing) - 1e-9
    assert (level(fired, weighing) >= Level.URGENT) >= (level(silent, weighing) >= Level.URGENT)


@WEIGHINGS
@given(data=st.data())
def test_calm_words_never_add(weighing: Weighing, data: st.DataObject) -> None:
    found = data.draw(found_in(weighing, is_calm=False))
    calm = replace(found, is_calm=True)
    assert danger(calm, weighing) <= danger(found, weighing)
    assert level(calm, weighing) <= level(found, weighing)


@WEIGHINGS
@given(data=st.data())
def test_evidence_beyond_a_limit_is_not_more(weighing: Weighing, data: st.DataObject) -> None:
    found = data.draw(found_in(weighing, loudest=None))
    much, more = (replace(found, whole=louder(found.whole, by)) for by in (12 + MOST, 1e6))
    assert danger(much, weighing) == danger(more, weighing)


@WEIGHINGS
@given(data=st.data())
def test_any_evidence_comes_to_a_level(weighing: Weighing, data: st.DataObject) -> None:
    found = data.draw(found_in(weighing))
    assert level(found, weighing) in Level
    assert np.isfinite(danger(found, weighing))
