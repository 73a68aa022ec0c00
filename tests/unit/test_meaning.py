"""What the examples make of a message's meaning, for any vector; and that triage does without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.messages import Urgency
from bot.domain.people import About
from bot.language.encode import SIZE, EncodingFailed, Floats
from bot.language.vectors import pack
from bot.triage import Example, Level, Triage, assess, build_model
from bot.triage.build import build_meaning
from bot.triage.meaning import Meaning
from tests.eval.triage import make_triage, textspeak

DIRECTIONS = {"ordinary": 0, "urgent": 1, "emergency": 2, "other": 3}
TOPICS = ["safety.abuse", "safety.suicide", "safety.unsafe-home"]
seeds = st.integers(0, 2**32 - 1)


def towards(*names: str, seed: int = 0) -> Floats:
    """A unit vector that lies mostly in the directions named."""
    vector = np.random.default_rng(seed).standard_normal(SIZE).astype(np.float32) * np.float32(0.01)
    for name in names:
        vector[DIRECTIONS[name]] += 1
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    known, vectors = [], []
    for at in range(1_500):
        level = (Level.NONE, Level.URGENT, Level.EMERGENCY)[at % 3]
        other = at % 2 == 1 and level > Level.CHECK
        known.append(Example("", level, TOPICS[at % 3], other))
        name = ("ordinary", "urgent", "emergency")[at % 3]
        vectors.append(towards(name, *(["other"] if other else []), seed=at))
    return build_meaning(known, np.array(vectors), TOPICS)


def test_danger_is_told_from_none_and_an_emergency_from_what_is_urgent(meaning: Meaning) -> None:
    ordinary, urgent, emergency = (meaning.of(towards(name, seed=999)) for name in ("ordinary", "urgent", "emergency"))
    assert ordinary.danger < 0 < min(urgent.danger, emergency.danger)
    assert urgent.emergency < emergency.emergency


def test_somebody_elses_danger_is_told_from_ones_own(meaning: Meaning) -> None:
    assert meaning.of(towards("urgent", "other")).other > meaning.of(towards("urgent")).other


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_any_vector_means_something_finite(meaning: Meaning, seed: int) -> None:
    found = meaning.of(towards(seed=seed))
    assert np.isfinite([found.danger, found.emergency, found.other]).all()
    assert np.exp(found.topics).sum() == pytest.approx(1, abs=1e-3)


def test_what_was_learnt_survives_being_stored(meaning: Meaning) -> None:
    again = Meaning.from_arrays(meaning.to_arrays())
    for seed in range(20):
        before, after = meaning.of(towards("urgent", seed=seed)), again.of(towards("urgent", seed=seed))
        assert after.danger == pytest.approx(before.danger, abs=0.1)
        assert after.topics.argmax() == before.topics.argmax()


@pytest.mark.parametrize("levels", [[], [Level.NONE], [Level.URGENT, Level.EMERGENCY], [Level.NONE, Level.URGENT] * 3])
def test_from_too_few_examples_nothing_is_learnt_and_nothing_is_said_against(levels: list[Level]) -> None:
    known = [Example("", level, TOPICS[0]) for level in levels]
    vectors = np.array([towards(seed=at) for at in range(len(known))]).reshape(-1, SIZE)
    found = build_meaning(known, vectors, TOPICS[:1]).of(towards())
    assert np.isfinite([found.danger, found.emergency, found.other]).all()


class Encoding:
    """A stand-in for the sentence model: danger wherever a word says so."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Floats:
        self.asked += texts
        names = ["urgent" if {"hurts", "die"} & set(text.split()) else "ordinary" for text in texts]
        return np.array([towards(name, seed=len(text)) for name, text in zip(names, texts, strict=True)])


@pytest.fixture(scope="module")
def triage() -> Triage:
    ruled, encode = make_triage(rules_only=True), Encoding()
    danger = ["he hurts me at home", "she hurts me every night", "i want to die", "he hurts my sister"] * 2
    ordinary = ["how do i get a bus pass", "what is a pathway plan", "i need help with my rent form"] * 4
    examples = [Example(text, Level.URGENT, TOPICS[at % 2]) for at, text in enumerate(danger)]
    examples += [Example("i want to die tonight it hurts", Level.EMERGENCY, TOPICS[1])] * 3
    model = build_model(examples, ordinary, ruled.rules, textspeak(), lambda texts: pack(encode(texts)))
    return Triage(ruled.rules, model, textspeak(), encode)


MESSAGES = ["he hurts me", "how do i get a bus pass", "", "the weather is nice today and my plan is fine " * 5]


def test_without_the_sentence_model_the_words_are_weighed_alone(triage: Triage) -> None:
    alone = Triage(triage.rules, triage.model, textspeak())
    assert triage.model is not None
    assert triage.model.meaning is not None
    for text in MESSAGES:
        assert assess(text, About(), alone).urgency.value in {"none", "urgent", "emergency"}
    assert assess(MESSAGES[0], About(), alone).urgency is not Urgency.NONE


def test_where_the_sentence_model_fails_danger_is_heard_by_the_words(triage: Triage) -> None:
    def fails(texts: Sequence[str]) -> Floats:
        raise EncodingFailed

    alone = Triage(triage.rules, triage.model, textspeak())
    for text in MESSAGES:
        assert assess(text, About(), triage, fails) == assess(text, About(), alone)


def test_only_the_whole_and_its_loudest_part_are_encoded(triage: Triage) -> None:
    encode = Encoding()
    assess(
        "i got a bus pass. " * 8 + "he hurts me at home. " + "and what is a pathway plan. " * 3, About(), triage, encode
    )
    assert len(encode.asked) == 2
    assess("he hurts me", About(), triage, encode)
    assert encode.asked[2:] == ["he hurts me"]
