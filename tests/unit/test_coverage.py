"""Phrases left out by folds: an entry that its own words do not find is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.knowledge.checks.coverage import coverage
from bot.language.encode import SIZE
from bot.language.vectors import Packed, pack
from tests.support.knowledge import loaded, package

TOPICS = {
    "a.rent": ["rent", "my rent is late", "rent help", "pay rent", "rent owed", "rent arrears", "cannot pay rent"],
    "b.bus": ["bus", "bus pass", "free bus", "bus fare", "bus to college", "bus ticket", "cheap bus"],
    "c.vote": ["vote", "how to vote", "register to vote", "vote at 18", "voting vote", "can i vote", "vote by post"],
    "e.gym": ["gym", "free gym", "gym pass", "can i join a gym", "gym near me", "gym card", "cheap gym"],
    "f.food": ["food", "no food", "food bank", "where is a food bank", "food parcel", "food voucher", "hot food"],
    "d.lost": ["purple", "lamp", "seven", "crow", "wet", "gate", "moth"],
}


def entry(id_: str, asks: list[str]) -> str:
    return f"id: {id_}\ntitle: {asks[0]}\nask: [{', '.join(asks)}]\nanswer: Yes.\n"


def test_an_entry_that_its_left_out_phrases_do_not_find_is_refused_worst_first(tmp_path: Path) -> None:
    found = loaded(tmp_path, {f"{id_}.yaml": entry(id_, asks) for id_, asks in TOPICS.items()})
    result = coverage(found, found.base(package()))
    assert [f.path for f in result.faults if "of its" in f.says] == ["d.lost.yaml"]
    assert result.entries[0].id == "d.lost"
    assert {e.id: e.asked for e in result.entries} == {id_: len(asks) for id_, asks in TOPICS.items()}
    assert result.lines()[-1].startswith("42 phrases: ")
    assert all(e.first <= e.among <= e.asked for e in result.entries)


def test_an_entry_whose_own_question_finds_another_is_refused(tmp_path: Path) -> None:
    files = {f"{id_}.yaml": entry(id_, asks) for id_, asks in TOPICS.items()}
    files["d.lost.yaml"] = files["d.lost.yaml"].replace("title: purple", "title: bus pass")
    found = loaded(tmp_path, files)
    says = [f.says for f in coverage(found, found.base(package())).faults]
    assert any("asked by its own 'bus pass', the search finds 'b.bus' first" in s for s in says)


def test_with_sentence_vectors_the_whole_engine_is_asked(tmp_path: Path) -> None:
    found = loaded(tmp_path, {f"{id_}.yaml": entry(id_, asks) for id_, asks in TOPICS.items()})
    base = found.base(package())
    of: dict[str, int] = {}
    for at, (id_, asks) in enumerate(TOPICS.items()):
        of |= dict.fromkeys([id_, *asks], at)

    def packed_of(texts: Sequence[str]) -> Packed:
        """Every phrase of a topic has the same meaning, and no other has it."""
        return pack(np.eye(SIZE, dtype=np.float32)[[of.get(text, len(of)) for text in texts]])

    alone, whole = coverage(found, base), coverage(found, base, packed_of)

    shares = {e.id: e.share for e in whole.entries}
    assert shares["d.lost"] > 0.8 > {e.id: e.share for e in alone.entries}["d.lost"]
    assert whole.lines()[0] == "Phrases left out by 3 folds, with sentences."
    assert alone.lines()[0] == "Phrases left out by 3 folds, letters and words alone."
