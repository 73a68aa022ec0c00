"""Sentence vectors in little room, and none worked out twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.encode import SIZE, Floats
from bot.language.vectors import Known, Once, pack, unpack

seeds = st.integers(0, 2**32 - 1)


def unit(count: int, seed: int, sharp: float = 1.0) -> Floats:
    """Unit vectors; the sharper, the more of each lies in a few numbers."""
    drawn = np.random.default_rng(seed).standard_normal((count, SIZE)).astype(np.float32)
    drawn = np.sign(drawn) * np.abs(drawn) ** np.float32(sharp)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


class Counting:
    """Gives each text the vector that its letters lead to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> Floats:
        self.asked.append(list(texts))
        return np.concatenate([np.zeros((0, SIZE), np.float32), *(of(text) for text in texts)])


def of(text: str) -> Floats:
    return unit(1, sum(map(ord, text)) + 7919 * len(text))


@settings(max_examples=200, deadline=None)
@given(seeds, st.integers(1, 5), st.floats(0.2, 1.5))
def test_packing_moves_no_cosine_by_more_than_a_twenty_fifth(seed: int, count: int, sharp: float) -> None:
    vectors, other = unit(count, seed, sharp), unit(1, seed + 1, sharp)
    near = (vectors[:1] + 0.5 * other) / np.linalg.norm(vectors[:1] + 0.5 * other)
    again = unpack(pack(vectors))
    for message in (other, near):
        assert (
            np.abs(again @ message.T - vectors @ message.T).max() < 0.04
        )  # six times what is usual; of real sentences: see test_minilm


@settings(max_examples=50, deadline=None)
@given(seeds, st.integers(0, 4))
def test_what_is_unpacked_has_length_one_and_packs_the_same_again(seed: int, count: int) -> None:
    packed = pack(unit(count, seed))
    assert packed.shape == (count, SIZE // 2)
    again = unpack(packed)
    assert np.linalg.norm(again, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(pack(again), packed)


def test_the_greatest_and_the_least_number_survive() -> None:
    vector = np.zeros((1, SIZE), np.float32)
    vector[0, 0], vector[0, SIZE - 1] = 0.8, -0.6
    assert unpack(pack(vector))[0, [0, SIZE - 1]] == pytest.approx([0.8, -0.6], abs=0.06)


TEXTS = st.lists(st.text(max_size=12), max_size=12)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_only_what_is_not_known_is_encoded_and_each_text_gets_its_own_vector(
    known: list[str], asked: list[str]
) -> None:
    kept = Known.of(known, pack(Counting()(known)))
    encode = Counting()

    found = kept.packed_of(asked, encode)

    assert np.array_equal(found, pack(Counting()(asked)))
    assert sorted(text for texts in encode.asked for text in texts) == sorted(t for t in asked if t not in known)


def test_nothing_known_encodes_all_and_nothing_asked_encodes_nothing() -> None:
    assert Known.nothing().packed_of(["a", "b"], Counting()).shape == (2, SIZE // 2)
    assert Known.nothing().packed_of([], Counting()).shape == (0, SIZE // 2)
    assert Known.of(["a"], pack(of("a"))).packed_of([], Counting()).shape == (0, SIZE // 2)


def test_what_is_known_survives_being_stored() -> None:
    kept = Known.of(["b", "a", "b"], pack(np.concatenate([of("b"), of("a"), of("b")])))
    again = Known.from_arrays(kept.to_arrays())
    assert len(again.keys) == 2
    assert np.array_equal(again.packed_of(["a", "b"], Counting()), pack(np.concatenate([of("a"), of("b")])))


def test_of_one_message_each_text_is_encoded_once() -> None:
    encode = Counting()
    once = Once(encode)

    first, again, more = once(["a", "b", "a"]), once(["b"]), once(["c", "a"])

    assert encode.asked == [["a", "b"], ["c"]]
    assert np.array_equal(first, np.concatenate([of("a"), of("b"), of("a")]))
    assert np.array_equal(again[0], first[1])
    assert np.array_equal(more, np.concatenate([of("c"), of("a")]))
    assert once([]).shape == (0, SIZE)
