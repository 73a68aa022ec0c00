"""`waymark ask` with what no form would let through: each gets a true and helpful reply."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.asking import answer, question_from
from bot.knowledge.index import ANSWER, Class, Found, Match, Thresholds
from bot.language.vectors import Encode
from tests.support.knowledge import package
from tests.support.small import danger

TAX = "do i have to pay council tax"


class CouncilTax:
    """An index that finds one thing."""

    thresholds = Thresholds(0.5, 0.3)

    def search(self, text: str, encode: Encode | None = None) -> Found:
        return Found((Match(Class(ANSWER, "money.council-tax"), 0.9),), 0.9, 0.9, 1.0, text)


def asked(**data: Any) -> str:
    bundle = replace(danger(), base=package(), index=CouncilTax())  # type: ignore[arg-type]
    return str(answer(question_from({"text": TAX, **data}, bundle), bundle)["reply"])


def test_a_council_that_does_not_exist_gets_englands_answer_and_is_told_so() -> None:
    assert package().words.not_known_council.strip() in asked(council="atlantis")


def test_a_district_of_another_council_is_where_they_live() -> None:
    said = asked(council="northumberland", district="exeter")
    assert said.startswith("Exeter is in Devon, not in Northumberland.")
    assert "In Northumberland:" in said
    assert package().words.not_known_council.strip() not in said


def test_a_district_under_a_council_that_is_not_known_is_answered_by_its_own() -> None:
    said = asked(council="atlantis", district="exeter")
    assert "Exeter City Council" in said
    assert "this is the answer for Devon" in said
    assert "for all of England" not in said


def test_a_district_that_is_nowhere_is_said_to_be_so() -> None:
    assert "this is the answer for Devon" in asked(council="devon", district="qwertyville")


def test_ages_outside_the_range_and_a_day_long_ago_bound_the_answer() -> None:
    assert asked(age=12).startswith("Most of this starts at 16.")
    assert asked(age=70).startswith("Most of this help ends at 25.")
    assert asked(today="2019-01-01").startswith("I know the rules as they stood on")


def test_another_nation_is_named_with_where_its_rules_are() -> None:
    said = asked(text="i live in scotland, do i have to pay council tax")
    assert "You said Scotland" in said
    assert "mygov.scot" in said
