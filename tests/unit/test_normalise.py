"""Rules kept by `bot.language.normalise`."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.normalise import normalise, words


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I CAN'T cope", "i cant cope"),
        ("don’t", "dont"),
        ("plz  heeeelp\nme", "plz heelp me"),
        ("k.i.l.l", "kill"),
        ("h e l p me", "help me"),
        ("su1c1de", "suicide"),
        ("café", "cafe"),
        ("W̷h̷y̷", "why"),
        ("in\u200bvisible", "invisible"),
        ("im 18yrs, got £50", "im 18yrs got £ 50"),
        ("help!!", "help ! !"),
        ("⚰️", "⚰"),
        ("", ""),
    ],
)
def test_one_spelling_for_what_people_type(typed: str, read: str) -> None:
    assert normalise(typed) == read


def test_text_speak_is_looked_up_as_typed_and_after_stretching() -> None:
    table = {"2nite": "tonight", "kk": "okay", "u": "you"}
    assert normalise("c u 2nite kkkk", table) == "c you tonight okay"


def test_a_question_mark_after_text_speak_is_kept() -> None:
    assert normalise("2nite?", {"2nite": "tonight"}) == "tonight ?"


def test_a_picture_sign_can_stand_for_another() -> None:
    assert normalise("🪦", {"🪦": "⚰"}) == "⚰"


def test_arabic_and_vietnamese_lose_their_marks_and_keep_their_letters() -> None:
    assert normalise("أُرِيدُ") == "اريد"
    assert normalise("muốn chết") == "muon chet"


def test_words_leaves_signs_out() -> None:
    assert words("help ! £ 50") == ["help", "50"]


@given(st.text())
def test_every_text_is_read_and_reading_twice_changes_nothing_that_counts(text: str) -> None:
    once = normalise(text)
    assert once == once.strip()
    assert "  " not in once
    assert not any(unicodedata.category(c)[0] == "C" for c in once)
