"""Rules kept by `bot.language.repair`."""

import pytest

from bot.language.repair import Repairer, common_words

COUNTS = {"tenancy": 5, "tenant": 2, "council": 9, "overdose": 3, "suicidal": 3, "friend": 9}


@pytest.fixture(scope="module")
def repairer() -> Repairer:
    return Repairer(COUNTS, common_words())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tennancy", "tenancy"),
        ("counsil", "council"),
        ("overdsoe", "overdose"),
        ("suicdal", "suicidal"),
        ("rfiend", "friend"),
    ],
)
def test_an_unknown_word_becomes_its_nearest_neighbour(repairer: Repairer, typed: str, meant: str) -> None:
    assert repairer.word(typed) == meant


@pytest.mark.parametrize("word", ["the", "house", "zzzzqq", "xq", "été", "12345"])
def test_common_short_and_foreign_words_are_left_alone(repairer: Repairer, word: str) -> None:
    assert repairer.word(word) == word


def test_a_text_keeps_its_number_of_words(repairer: Repairer) -> None:
    assert repairer.text("my counsil tennancy ?") == "my council tenancy ?"
