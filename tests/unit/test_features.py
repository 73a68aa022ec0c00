"""Rules kept by `bot.language.features`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.features import Vocabulary, character_grams

TEXTS = ["i need a place to stay", "i need food", "a place to stay", "food for the week =money", "the week =money"]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.fit(TEXTS)


def test_a_feature_of_one_text_alone_is_not_learnt(vocabulary: Vocabulary) -> None:
    assert vocabulary.knows("food")
    assert not vocabulary.knows("for")


def test_character_n_grams_stay_within_one_word() -> None:
    assert set(character_grams("ab")) == {" a", "ab", "b ", " ab", "ab ", " ab "}


def test_a_tag_is_counted_whole_and_never_cut_into_letters(vocabulary: Vocabulary) -> None:
    indices, _ = vocabulary.ids("=money")
    assert len(indices) == 1


def test_a_vector_has_unit_length_whatever_parts_it_has(vocabulary: Vocabulary) -> None:
    for text in ("i need food =money", "food", "=money", "zfoodz"):
        _, weights = vocabulary.vector(text)
        assert weights @ weights == pytest.approx(1, abs=1e-5)


def test_a_text_without_known_features_is_empty(vocabulary: Vocabulary) -> None:
    indices, weights = vocabulary.vector("ქართული")
    assert len(indices) == len(weights) == 0


def test_the_matrix_holds_the_same_vectors(vocabulary: Vocabulary) -> None:
    matrix = vocabulary.matrix([*TEXTS, ""])
    indices, weights = vocabulary.vector(TEXTS[0])
    assert matrix.shape == (6, len(vocabulary))
    assert np.allclose(matrix[0, indices].toarray()[0], weights)


def test_a_vocabulary_survives_being_stored(vocabulary: Vocabulary) -> None:
    again = Vocabulary.from_arrays(vocabulary.to_arrays())
    for text in TEXTS:
        before, after = vocabulary.vector(text), again.vector(text)
        assert np.array_equal(before[0], after[0])
        assert np.allclose(before[1], after[1], atol=1e-2)


def test_an_empty_vocabulary_survives_being_stored() -> None:
    assert len(Vocabulary.from_arrays(Vocabulary.fit([]).to_arrays())) == 0


def test_commoner_words_count_higher(vocabulary: Vocabulary) -> None:
    counts = Vocabulary.fit(["help me", "help us", "help them", "me too", "we do"]).word_counts()
    assert counts["help"] > counts["me"]
    assert "=money" not in vocabulary.word_counts()


@given(st.text())
def test_any_text_has_a_vector(text: str) -> None:
    indices, weights = Vocabulary.fit(TEXTS).vector(text)
    assert len(indices) == len(weights)
    assert np.all(np.diff(indices) > 0)
