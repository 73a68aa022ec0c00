"""The words with two meanings of a knowledge folder: what `check` refuses, and what is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.check import check
from bot.knowledge.load import load, package_knowledge
from tests.support.knowledge import loaded, package

ENTRIES = """\
- {id: health.passport, title: Health passport, ask: [health passport], answer: Ask your nurse.}
- {id: rights.id-documents, title: Papers, ask: [birth certificate], answer: Ask your PA.}
- {id: money.travel, title: Travel, ask: [bus pass], answer: Ask your PA.}
- {id: money.debt, title: Debt, ask: [i owe money], answer: Ask your PA.}
"""
OTHERS = "- {id: council.services, reply: Try gov.uk., ask: [bins]}\n"
HEALTH = "{label: My health passport, topic: health.passport, settled_by: [health*]}"
TRAVEL = "{label: One to travel, topic: rights.id-documents, settled_by: [travel]}"
BINS = "{label: Bins, not_covered: council.services}"


def words(*meanings: str, also: str = "pasport", ask: str = "Which passport do you mean?") -> str:
    rows = "".join(f"  - {meaning}\n" for meaning in meanings)
    return f"small: [my]\nwords:\n- word: passport\n  also: [{also}]\n  ask: {ask}\n  meanings:\n{rows}"


def faults(folder: Path, text: str, *, draft: bool = True) -> list[str]:
    files = {"entries.yaml": ENTRIES, "not-covered/other.yaml": OTHERS, "ambiguous.yaml": text}
    found = check(loaded(folder, files), draft=draft, today=date(2026, 11, 24))
    return [str(f) for f in found if f.path == "ambiguous.yaml"]


def test_a_sound_file_has_no_faults_and_is_part_of_the_base(tmp_path: Path) -> None:
    assert faults(tmp_path, words(HEALTH, TRAVEL, BINS), draft=False) == []
    base = load(tmp_path).base(package())
    assert [w.word for w in base.ambiguous.words] == ["passport"]


def test_a_folder_without_the_file_asks_about_no_word(tmp_path: Path) -> None:
    assert loaded(tmp_path, {"entries.yaml": ENTRIES}).base(package()).ambiguous.words == ()


SECOND = "- word: pass\n  also: [pasport]\n  ask: Which?\n  meanings:\n  - " + HEALTH + "\n  - " + TRAVEL + "\n"
REFUSED = {
    "a topic that is not there": (words(HEALTH, TRAVEL.replace("rights.id-documents", "rights.gone")), "rights.gone"),
    "an item that is not there": (words(HEALTH, BINS.replace("council.services", "council.gone")), "council.gone"),
    "one meaning": (words(HEALTH), "too few items; at least 2"),
    "five meanings": (words(HEALTH, TRAVEL, BINS, BINS, BINS), "at most 4"),
    "four topics": (
        words(HEALTH, TRAVEL, "{label: Bus, topic: money.travel}", "{label: Debt, topic: money.debt}"),
        "at most 3 of a word's meanings",
    ),
    "two buttons to one answer": (words(HEALTH, TRAVEL, "{label: A, topic: health.passport}"), "make them one"),
    "a button that leads nowhere": (words(HEALTH, "{label: A}"), "name either the 'topic'"),
    "a button that leads to two things": (
        words(HEALTH, TRAVEL.replace("topic:", "not_covered: council.services, topic:")),
        "name either the 'topic'",
    ),
    "a long button": (words(HEALTH, TRAVEL.replace("One", "O" * 40)), "too long; at most 32"),
    "a word that settles both": (words(HEALTH, TRAVEL.replace("[travel]", "[travel, health*]")), "settles another"),
    "a word that settles itself": (words(HEALTH, TRAVEL.replace("[travel]", "[pass*]")), "is the word 'passport'"),
    "a form twice": (words(HEALTH, TRAVEL, also="pasport, pasport"), "stands here twice"),
    "a form of two words": (words(HEALTH, TRAVEL) + SECOND, "stands here twice"),
    "an unknown key": (words(HEALTH, TRAVEL.replace("topic", "topc")), "'topc' is not a key"),
}


@pytest.mark.parametrize(("text", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(tmp_path: Path, text: str, says: str) -> None:
    assert any(says in fault for fault in faults(tmp_path, text)), faults(tmp_path, text)


def test_a_question_or_a_button_that_is_hard_to_read_is_refused(tmp_path: Path) -> None:
    hard = words(HEALTH, TRAVEL, ask="Regarding documentation, whichever alternative identification is intended?")
    assert any("reads at grade" in fault for fault in faults(tmp_path, hard, draft=False))
    button = words(HEALTH, TRAVEL.replace("One to travel", "Your accommodation"))
    assert any("'accommodation' is a hard word" in fault for fault in faults(tmp_path, button, draft=False))


def test_our_own_words_are_those_that_must_be_asked_about() -> None:
    ours = set(load(package_knowledge()).parts["ambiguous"].by_form)
    assert {"passport", "pa", "placement", "offer", "care", "council", "section 20", "staying put"} <= ours
    assert {"leave", "plan", "file", "review", "card", "allowance", "grant", "bursary", "worker", "deposit"} <= ours
    assert {"licence", "records", "assessment", "form", "appeal", "contact", "support"} <= ours
