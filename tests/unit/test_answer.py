"""An entry as one person reads it on one day."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.people import About
from bot.knowledge.answer import compose, fill, version_of
from bot.knowledge.base import Base
from tests.support.knowledge import loaded, package

TODAY = date(2026, 11, 24)
FILES = {
    "facts/f.yaml": """
        - id: rate.week
          says: The weekly rate.
          values: [{value: £10, until: 2027-03-31}, {value: £12, from: 2027-04-01}]
          confidence: confirmed
          checked: 2026-11-20
          sources: [{title: Law, url: "https://www.legislation.gov.uk/x"}]
        - id: law.new
          says: A law that is passed and not yet in force.
          state: passed
          confidence: confirmed
          checked: 2026-11-20
          sources: [{title: Law, url: "https://www.legislation.gov.uk/y"}]
        - id: devon.more
          value: £15
          says: Devon's rate.
          betters: rate.week
          confidence: confirmed
          checked: 2026-11-20
          sources: [{title: Devon, url: "https://www.devon.gov.uk/z"}]
    """,
    "answers/money.rate.yaml": """
        id: money.rate
        title: The rate
        answer: It is {rate.week} a week.
        do: Ask.
        facts: [rate.week]
        variants:
          - when: {age: 16-17}
            answer: Under 18 you get nothing from this fund, but your council pays.
          - when: {in_force: law.new}
            answer: The new law gives {rate.week}.
        expires: 2030-01-01
        review_by: 2027-05-01
    """,
    "councils/england.yaml": """
        - {slug: devon, name: Devon County Council, short: Devon, districts: [{slug: exeter, name: Exeter}]}
    """,
    "councils/devon/answers/money.rate.yaml": """
        id: money.rate
        adds: Devon pays {devon.more}.
        facts: [devon.more]
        checked: 2026-11-20
        review_by: 2027-05-20
        variants:
          - when: {district: exeter}
            adds: In Exeter it is paid weekly.
    """,
}


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return loaded(tmp_path, FILES).base(package())


def said(base: Base, about: About = About(), today: date = TODAY) -> str:  # noqa: B008
    answer = compose(base, "money.rate", about, today)
    assert answer is not None
    return answer.part("answer") or ""


def test_a_figure_is_that_of_the_day(base: Base) -> None:
    assert said(base) == "It is £10 a week."
    assert said(base, today=date(2027, 4, 1)) == "It is £12 a week."


def test_a_variant_needs_what_it_names_to_be_known(base: Base) -> None:
    assert said(base, About(age=17)).startswith("Under 18")
    assert said(base, About(age=18)) == said(base)


def test_what_would_make_the_answer_exact_is_known(base: Base) -> None:
    answer = compose(base, "money.rate", About(), TODAY)
    assert answer is not None
    assert answer.turns_on == {"age", "council"}


def test_a_law_that_is_passed_takes_effect_on_the_day_that_is_filled_in(base: Base) -> None:
    facts = tuple(f.model_copy(update={"from_": date(2027, 1, 1)}) if f.id == "law.new" else f for f in base.facts)
    started = Base.model_construct(**{**dict(base), "facts": facts})
    assert said(started, today=date(2026, 12, 31)) == "It is £10 a week."
    assert said(started, today=date(2027, 1, 1)) == "The new law gives £10."


def test_a_council_adds_and_a_district_says_it_its_own_way(base: Base) -> None:
    in_devon = compose(base, "money.rate", About(council="devon"), TODAY)
    in_exeter = compose(base, "money.rate", About(council="devon", district="exeter"), TODAY)
    assert in_devon is not None
    assert in_exeter is not None
    assert in_devon.part("answer") == "It is £10 a week."
    assert (in_devon.adds, in_exeter.adds) == ("Devon pays £15.", "In Exeter it is paid weekly.")


def test_an_entry_past_its_end_is_withdrawn_and_past_its_review_overdue(base: Base) -> None:
    late = compose(base, "money.rate", About(), date(2027, 6, 1))
    gone = compose(base, "money.rate", About(), date(2031, 1, 1))
    assert late is not None
    assert gone is not None
    assert (late.overdue, late.withdrawn, gone.withdrawn) == (True, False, True)


def test_the_version_changes_with_the_words_and_not_with_the_ways_of_asking(base: Base) -> None:
    entry = base.entry["money.rate"]
    assert version_of(entry) == version_of(entry.model_copy(update={"ask": ("x",)}))
    assert version_of(entry) != version_of(entry.model_copy(update={"answer": "Else."}))


def test_an_unknown_topic_is_none(base: Base) -> None:
    assert compose(base, "money.nope", About(), TODAY) is None


def test_every_figure_of_our_own_answers_can_be_filled_in_today() -> None:
    base = package()
    for entry in base.entries:
        for about in (About(), About(age=17), About(age=19), About(age=22), About(age=25), About(council="devon")):
            answer = compose(base, entry.id, about, TODAY)
            assert answer is not None
            texts = [v for v in answer.parts.values() if isinstance(v, str)] + [answer.adds or ""]
            assert not any(base.words.not_known_fact in t or "{" in t for t in texts), (entry.id, about)


def test_a_helpline_in_a_sentence_has_its_name_and_number() -> None:
    assert fill("Ring {line:samaritans}.", package(), TODAY) == "Ring Samaritans (116 123)."
    assert fill("{line:shout}", package(), TODAY) == "Shout (text SHOUT to 85258)"
