"""Both tiers' evidence brought together, for any scores that they may give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.fuse import (
    CHOICES,
    LOOKED_AT,
    SIGNS,
    WORDS_ALONE,
    Bools,
    Evidence,
    evidence,
    log_shares,
    signs,
    weigh,
)
from bot.knowledge.tiers import Lexical, Sentences
from bot.language.encode import SIZE, Floats
from bot.language.features import Vocabulary
from bot.language.vectors import pack

FUSING = CHOICES[1]
MARGINS = st.floats(-1e4, 1e4, width=32)
COSINES = st.floats(0, 1, width=32)


@st.composite
def seen(draw: st.DrawFn) -> tuple[Evidence, Bools]:
    """What any tiers may make of any message, with 1 to 40 classes."""
    size = draw(st.integers(1, 40))
    margins = np.array(draw(st.lists(MARGINS, min_size=size, max_size=size)), np.float32)
    shares = log_shares(margins)
    looked_at = np.argsort(-shares, kind="stable")[:LOOKED_AT]
    near, meant = (
        np.array(draw(st.lists(COSINES, min_size=len(looked_at), max_size=len(looked_at))), np.float32) for _ in "ab"
    )
    answers = np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    agree = float(draw(st.booleans()))
    return evidence(shares, looked_at, margins, near, meant, agree, answers, FUSING), answers


@settings(max_examples=200, deadline=None)
@given(seen())
def test_scores_are_shares_best_first_of_classes_that_stand_once(made: tuple[Evidence, Bools]) -> None:
    found, answers = made
    assert ((found.scores >= 0) & (found.scores <= 1 + 1e-5)).all()
    assert found.scores.sum() <= 1 + 1e-4
    assert (np.diff(found.scores) <= 0).all()
    assert len(set(found.order.tolist())) == len(found.order) == min(len(answers), LOOKED_AT)
    assert 0 <= found.rest <= 1 + 1e-5


@settings(max_examples=200, deadline=None)
@given(seen(), st.floats(0, 1))
def test_the_gate_gets_as_many_numbers_as_there_are_signs_and_all_are_finite(
    made: tuple[Evidence, Bools], known: float
) -> None:
    found, answers = made
    looked_at = signs(found, known, answers)
    assert looked_at.shape == (len(SIGNS),)
    assert np.isfinite(looked_at).all()


@settings(max_examples=100, deadline=None)
@given(st.lists(MARGINS, min_size=1, max_size=30))
def test_shares_add_up_to_one(margins: list[float]) -> None:
    assert np.exp(log_shares(np.array(margins, np.float32))).sum() == pytest.approx(1, abs=1e-4)


def flat(size: int) -> Evidence:
    zeros, looked_at = np.zeros(size, np.float32), np.arange(size)
    return evidence(log_shares(zeros), looked_at, zeros, zeros, zeros, 1.0, np.ones(size, bool), FUSING)


def test_of_classes_that_tie_the_first_is_first() -> None:
    assert flat(9).order.tolist() == list(range(9))
    tied = tiers([[], *[["bus pass"]] * 30], ["bus pass"])
    assert tied.order.tolist() == list(range(1, 1 + LOOKED_AT))


def test_a_nearer_phrase_puts_a_class_before_one_that_scored_the_same() -> None:
    zeros, near = np.zeros(3, np.float32), np.array([0.1, 0.9, 0.5], np.float32)
    answers = np.ones(3, bool)
    for by_words, by_meaning in ((near, zeros), (zeros, near)):
        found = evidence(log_shares(zeros), np.arange(3), zeros, by_words, by_meaning, 1.0, answers, FUSING)
        assert found.order.tolist() == [1, 2, 0]


def test_what_is_no_answer_is_weighed_against_the_best_answer() -> None:
    zeros, answers = np.array([3.0, 0.0], np.float32), np.array([False, True])
    found = evidence(log_shares(zeros), np.arange(2), zeros, zeros, zeros, 1.0, answers, FUSING)
    assert found.rest == pytest.approx(float(found.scores[0]))
    assert evidence(log_shares(zeros), np.arange(2), zeros, zeros, zeros, 1.0, np.ones(2, bool), FUSING).rest == 0.0


def tiers(phrases: list[list[str]], message: list[str], *, with_sentences: bool = False) -> Evidence:
    """The phrases of each class weighed against a message, by heads that know nothing."""
    texts = [phrase for each in phrases for phrase in each]
    vocabulary = Vocabulary.fit([*texts, *message], min_df=1)
    matrix = vocabulary.matrix(texts)
    starts = np.cumsum([0, *map(len, phrases)]).astype(np.int32)
    lexical = Lexical(
        {
            **{f"vocabulary/{name}": array for name, array in vocabulary.to_arrays().items()},
            "weights": np.zeros((len(vocabulary), len(phrases)), np.float16),
            "bias": np.array([0.0 if each else -30.0 for each in phrases], np.float32),
            "phrase_starts": matrix.indptr,
            "phrase_features": matrix.indices,
            "phrase_values": matrix.data.astype(np.float16),
            "class_starts": starts,
        }
    )
    read = lexical.see(message[0])
    assert read is not None
    if not with_sentences:
        return weigh(lexical, None, read, None, np.ones(len(phrases), bool), WORDS_ALONE)
    sentences = Sentences(
        {
            "weights": np.zeros((SIZE, len(phrases)), np.float16),
            "bias": np.zeros(len(phrases), np.float32),
            "packed": pack(vectors(len(texts))),
            "class_starts": starts,
        }
    )
    return weigh(lexical, sentences, read, sentences.see(vectors(1)[0]), np.ones(len(phrases), bool), FUSING)


def vectors(count: int) -> Floats:
    drawn = np.random.default_rng(1).standard_normal((count, SIZE)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


def test_one_class_alone_has_all_of_the_evidence() -> None:
    found = tiers([["bus pass"]], ["bus pass"])
    assert found.order.tolist() == [0]
    assert found.scores.tolist() == [1.0]
    assert found.near[0] == pytest.approx(1, abs=1e-2)


@pytest.mark.parametrize("with_sentences", [False, True])
def test_a_class_without_phrases_is_near_nothing_and_comes_last(with_sentences: bool) -> None:
    found = tiers([[], ["lost my keys"], ["bus pass"], []], ["a bus pass"], with_sentences=with_sentences)
    assert found.order[0] == 2
    assert set(found.order[-2:].tolist()) == {0, 3}
    assert found.near[-2:].tolist() == found.meant[-2:].tolist() == [0, 0]


def test_without_sentences_nothing_is_near_by_meaning_and_both_tiers_agree() -> None:
    found = tiers([["bus pass"], ["lost my keys"]], ["bus pass"])
    assert found.meant.tolist() == [0, 0]
    assert found.agree == 1.0
