"""Heads and gate learnt from phrases, however few. A warning is an error here, as in all of our tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge import gate as gate_module
from bot.knowledge.fuse import CHOICES, SIGNS
from bot.knowledge.gate import PLAIN_LIMITS, gates_of, without
from bot.knowledge.index import ANSWER, BOTH, LEXICAL, SMALL_TALK, Class
from bot.knowledge.learn import Phrases, learn
from bot.language.encode import SIZE
from bot.language.features import Vocabulary
from bot.language.vectors import Packed, pack

WORDS = ["bus", "pass", "help", "with", "my", "rent", "and", "the", "keys", "to", "a", "new", "flat", "who", "pays"]
WORDS += ["council", "tax", "kettle"]
PHRASE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


def phrases(by_class: list[list[str]], talk: int = 0) -> Phrases:
    """The last `talk` classes are no answers."""
    kinds = [ANSWER] * (len(by_class) - talk) + [SMALL_TALK] * talk
    of = np.repeat(np.arange(len(by_class)), [len(each) for each in by_class]).astype(np.int32)
    classes = [Class(kind, str(at)) for at, kind in enumerate(kinds)]
    return Phrases([phrase for each in by_class for phrase in each], of, classes)


def matrix_of(said: Phrases) -> Any:
    return Vocabulary.fit(said.texts, min_df=1).matrix(said.texts)


def packed_of(said: Phrases) -> Packed:
    """A vector for each text: the same for the same words, near for much the same."""
    each = np.random.default_rng(1).standard_normal((len(WORDS), SIZE)).astype(np.float32)
    vectors = np.array([sum(each[WORDS.index(word)] for word in text.split()) for text in said.texts], np.float32)
    vectors = vectors.reshape(-1, SIZE)
    return pack(np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(PHRASE, max_size=4), min_size=1, max_size=5), st.booleans())
def test_heads_learnt_from_few_phrases_have_a_number_for_each_class(
    by_class: list[list[str]], with_meaning: bool
) -> None:
    said = phrases(by_class)
    heads = learn(said, matrix_of(said), packed_of(said) if with_meaning else None)
    for weights, bias in ((heads.weights, heads.bias), (heads.meaning, heads.meaning_bias)):
        assert weights.shape[1] == len(bias) == len(by_class)
        assert np.isfinite(weights).all()
        assert np.isfinite(bias).all()


def test_a_class_without_a_phrase_is_never_thought_of_first() -> None:
    said = phrases([["bus pass", "my bus"], [], ["keys", "new keys"], ["rent help", "my rent"]])
    heads = learn(said, matrix_of(said), packed_of(said))
    assert heads.bias.argmin() == heads.meaning_bias.argmin() == 1
    assert np.asarray(matrix_of(said) @ heads.weights + heads.bias).argmax(axis=1).tolist() == said.of.tolist()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(PHRASE, max_size=30), min_size=1, max_size=5), st.integers(0, 2), st.booleans())
def test_any_few_phrases_give_a_gate_for_each_tier(by_class: list[list[str]], talk: int, with_meaning: bool) -> None:
    said = phrases(by_class, min(talk, len(by_class)))
    gates = gates_of(said, matrix_of(said), packed_of(said) if with_meaning else None)
    assert list(gates) == ([LEXICAL, BOTH] if with_meaning else [LEXICAL])
    for gate in gates.values():
        assert gate.rows.shape == (2, len(SIGNS) + 1)
        assert np.isfinite(gate.rows).all()
        assert gate.limits.keys() == PLAIN_LIMITS.keys()


@pytest.mark.parametrize("by_class", [[], [[]], [["bus pass"]], [["bus pass"], ["my rent"]], [[], [], ["keys"]]])
def test_with_too_little_to_learn_from_the_nearest_phrase_must_be_near(by_class: list[list[str]]) -> None:
    said = phrases(by_class)
    found = gates_of(said, matrix_of(said), None)[LEXICAL]
    gate = found.rows
    assert found.limits == PLAIN_LIMITS
    near, far = np.zeros(len(SIGNS)), np.zeros(len(SIGNS))
    near[[gate_module.NEAR_AT, gate_module.KNOWN_AT]], far[gate_module.KNOWN_AT] = 1.0, 1.0
    for sign, is_sure in ((near, True), (far, False)):
        assert ((gate[:, :-1] @ sign + gate[:, -1] > 0) == is_sure).all()


def test_phrases_left_out_are_judged_by_heads_that_were_not_given_them() -> None:
    """A class of two phrases that share no word: with one left out, nothing leads to it."""
    said = phrases([["bus pass", "new kettle"], ["my rent", "help my rent"], ["council tax", "tax"]])
    left = np.array([False, True, False, False, False, False])
    ((found,),) = without(said, matrix_of(said), None, left)
    assert found.near.tolist() == [0, 0, 0]
    ((alone, *together),) = without(said, matrix_of(said), packed_of(said), left)
    assert alone.order.tolist() == found.order.tolist()
    assert len(together) == len(CHOICES)
    assert all(each.meant.any() for each in together)
