"""Which topic a message asks about: learnt from phrases, for any knowledge folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.build import build_index
from bot.knowledge.index import ANSWER, NOT_COVERED, SMALL_TALK, Class, Index, shorten
from tests.support.knowledge import loaded, package

THINGS = {
    "money.bus": [
        "free bus pass",
        "help with bus fares",
        "cheap travel to college",
        "railcard for me",
        "getting to work costs",
    ],
    "money.tax": [
        "do i pay council tax",
        "council tax bill came",
        "tax on my flat",
        "exempt from council tax",
        "counsil tax",
    ],
    "home.damp": [
        "mould on the wall",
        "landlord wont fix boiler",
        "damp in my room",
        "no heating",
        "broken window repair",
    ],
    "home.keys": ["lost my keys", "locked out of flat", "key fob broken", "new keys cost", "who has spare key"],
}


def make(folder: Path, things: dict[str, list[str]], extra: dict[str, str] | None = None) -> Index:
    files = {
        f"{topic}.yaml": f"id: {topic}\ntitle: {topic}\nanswer: Yes.\nask:\n" + "".join(f"- {p}\n" for p in asks)
        for topic, asks in things.items()
    }
    found = loaded(folder, {**files, **(extra or {})})
    base = found.base(package().model_copy(update={"small_talk": ()}))
    meta, arrays = build_index(found, base)
    return Index(meta, arrays, base.textspeak)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    asks = "[car wont start, change a tyre, my exhaust is loud]"
    more = {"not-covered/x.yaml": f"- {{id: cars, reply: Not here., ask: {asks}}}\n"}
    return make(tmp_path_factory.mktemp("kb"), THINGS, more)


def test_a_message_finds_its_topic(index: Index) -> None:
    for text, topic in [
        ("bus pass for college", "money.bus"),
        ("got a council tax bill", "money.tax"),
        ("mould everywhere", "home.damp"),
    ]:
        assert index.search(text).matches[0].of == Class(ANSWER, topic)


def test_a_misspelt_message_finds_it_too(index: Index) -> None:
    assert index.search("cuoncil taxx bil").matches[0].of.id == "money.tax"


def test_what_is_not_covered_is_a_class_of_its_own(index: Index) -> None:
    assert index.search("my car wont start").matches[0].of == Class(NOT_COVERED, "cars")


def test_a_message_without_a_known_word_finds_nothing(index: Index) -> None:
    assert index.search("żółć ژ").sure < 0.5
    assert index.search("").matches == ()


def test_scores_are_shares_between_nothing_and_one_best_first(index: Index) -> None:
    found = index.search("lost my keys on the bus")
    scores = [m.score for m in found.matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= s <= 1 for s in scores)
    assert 0 <= found.sure <= 1


def test_a_base_of_one_entry_answers_its_own_question_and_not_another(tmp_path: Path) -> None:
    index = make(tmp_path, {"money.tax": THINGS["money.tax"]})
    assert index.search("do i pay council tax").sure > 0.5
    assert index.search("whats the weather like").sure < 0.5


def test_two_entries_are_told_apart(tmp_path: Path) -> None:
    index = make(tmp_path, {t: THINGS[t] for t in ("money.tax", "home.keys")})
    assert index.search("council tax").matches[0].of.id == "money.tax"
    assert index.search("lost keys").matches[0].of.id == "home.keys"


def test_the_same_folder_builds_the_same_index(tmp_path: Path) -> None:
    first, second = (make(tmp_path, THINGS).search("bus pass for college") for _ in range(2))
    assert first == second


def test_both_ends_of_a_long_message_are_read(index: Index) -> None:
    assert index.search("blah " * 2_000 + "do i pay council tax").matches[0].of.id == "money.tax"
    assert len(shorten("x" * 100_000)) < 3_100


@given(st.text(max_size=300))
def test_no_text_makes_the_search_raise(text: str) -> None:
    found = _INDEX.search(text)
    assert np.isfinite(found.sure)


def _small() -> Index:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return make(Path(folder), THINGS)


_INDEX = _small()
assert SMALL_TALK not in {c.kind for c in _INDEX.classes}
