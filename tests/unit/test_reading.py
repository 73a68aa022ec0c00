"""Plain words: syllables, sentences and grades, and what a report of them says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.bars import Reading
from bot.knowledge.checks.reading import readings, report
from bot.language.plain import Measure, Plainness, syllables
from tests.support.knowledge import loaded
from tests.unit.test_knowledge_check import ENTRY, FACT

SAID = {
    1: "made homes moved called you're they'll rent here rule £3,000 eyes school months",
    2: "table centre houses changes needed settled nation safely council money PA people leaver didn't apply",
    3: "family entitled adviser area everyone benefit poverty somebody NHS tenancy",
    4: "eligible apprenticeship emergency application",
    5: "university accommodation opportunity",
}


@pytest.mark.parametrize(("count", "word"), [(n, w) for n, words in SAID.items() for w in words.split()])
def test_a_word_has_as_many_syllables_as_one_says(count: int, word: str) -> None:
    assert syllables(word) == count


def test_the_grade_is_that_of_flesch_and_kincaid() -> None:
    found = Measure()("The cat sat on the mat. The dog ran.")
    assert (found.words, found.syllables, found.sentences) == (9, 9, 2)
    assert found.grade == max(0.39 * 9 / 2 + 11.8 - 15.59, 0)
    assert Plainness().grade == 0.0


def test_markup_addresses_and_list_signs_are_not_read_out() -> None:
    plain = Measure()("Ask **now**. See [the form](https://www.gov.uk/a-long-address).\n- one\n- two")
    assert plain.words == 7
    assert plain.sentences == 4
    assert Measure()("Go to devonhomechoice.com today").words == 3


def test_a_name_makes_a_sentence_longer_by_one_word_and_no_harder() -> None:
    text = "The Children and Social Work Act 2017's rule helps you."
    plain = Measure(["Children and Social Work Act 2017"])(text)
    assert plain.words == 4
    assert plain.longest_words == 5
    assert plain.grade < Measure()(text).grade


def test_a_name_is_a_name_only_as_a_whole_word() -> None:
    assert Measure(["Care Act"])("Care Action is here.").words == 4


def test_figures_are_read_as_they_stand_on_the_day(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"facts/money.yaml": FACT, "answers/money.grant.yaml": ENTRY})
    (entry,) = readings(found, Reading(), date(2026, 11, 24))
    assert entry.texts[0].name == "answer"
    assert entry.texts[0].plain.words == 4  # The grant is £3,000
    assert entry.short == ()


def test_the_report_names_the_hardest_texts_hard_words_and_each_entry(tmp_path: Path) -> None:
    hard = ENTRY.replace(
        "Ask your PA.", "Your accommodation documentation necessitates immediate professional examination."
    )
    found = loaded(tmp_path, {"facts/money.yaml": FACT, "answers/money.grant.yaml": hard})
    bars = Reading(hard={"accommodation": "a home"})
    lines = report(found, bars, date(2026, 11, 24))
    assert "The ten texts that are hardest to read:" in lines
    assert any("answers/money.grant.yaml:7: accommodation (say: a home)" in line for line in lines)
    assert any(line.endswith("money.grant") for line in lines)
    assert lines[-2].startswith("1 entries: short answers at grade")
