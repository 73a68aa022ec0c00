"""Whatever the knowledge base holds reaches a person: each field of the format, by the council that shows them all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.dialogue import keys
from bot.dialogue.amounts import figure
from bot.dialogue.decide import decide
from bot.domain.messages import Reply
from bot.domain.people import About
from bot.knowledge.base import Base
from bot.knowledge.entry import Amount, Eligible, Translation
from tests.support.knowledge import turn, with_example

HOME, DRIVING, HOUSING, PLAN = (
    "money.setting-up-home",
    "money.driving",
    "housing.social-housing",
    "support.pathway-plan",
)
HERE = About(council="exampleshire", age=19)


def pressed(key: str, about: About = HERE, base: Base | None = None) -> Reply:
    return decide(turn(action=key, about=about, base=base or with_example())).say_now[0]


def part(name: str, topic: str) -> str:
    return pressed(keys.part(name, topic)).text


def with_overlay(topic: str, **changes: object) -> Base:
    base = with_example()
    ours = tuple(o.model_copy(update=changes) if o.id == topic else o for o in base.overlays["exampleshire"])
    fields = {name: getattr(base, name) for name in Base.model_fields}
    return Base.model_construct(**{**fields, "overlays": {**base.overlays, "exampleshire": ours}})


def with_fact(fact_id: str, **changes: object) -> Base:
    base = with_example()
    facts = tuple(f.model_copy(update=changes) if f.id == fact_id else f for f in base.facts)
    return Base.model_construct(**{**{name: getattr(base, name) for name in Base.model_fields}, "facts": facts})


def test_the_short_answer_holds_none_of_the_parts_behind_its_buttons() -> None:
    reply = pressed(keys.topic(HOME))
    keys_of = [a.key for a in reply.actions]
    for name in ("more", "how", "how_much", "who", "ring", "easy", "in-fr"):
        assert keys.part(name, HOME) in keys_of
    for held in ("your tenancy", "bed and bedding", "01632", "The law to name", "votre conseiller"):
        assert held not in reply.text


def test_related_topics_give_way_when_there_are_many_buttons() -> None:
    for entry in with_example().entries:
        actions = pressed(keys.topic(entry.id)).actions
        assert len(actions) <= 11, entry.id


# how to get it


def test_how_to_get_it_says_the_route_the_evidence_how_long_who_decides_and_how_to_challenge() -> None:
    text = part("how", HOME)
    for said in (
        "Your PA or social worker asks for you",
        "your tenancy, a list of what you need",
        "about two weeks",
        "Ask your PA for a voucher for a bed",
        "The leaving care manager",
        "review by the head of service",
    ):
        assert said in text


@pytest.mark.parametrize("kind", ["automatic", "worker-applies", "you-apply", "landlord-applies", "panel"])
def test_every_kind_of_route_has_its_own_words(kind: str) -> None:
    base = with_example()
    overlay = base.overlay("exampleshire", HOME)
    assert overlay is not None
    assert overlay.route is not None
    shown = with_overlay(HOME, route=overlay.route.model_copy(update={"kind": kind}))
    assert base.words.route.kinds[kind] in pressed(keys.part("how", HOME), base=shown).text


def test_where_nobody_is_named_it_says_whose_decision_it_is() -> None:
    assert "share a housing list" in part("how", HOUSING)


def test_what_if_they_say_no_adds_the_councils_own_way_to_challenge() -> None:
    assert "review by the head of service" in part("if_no", HOME)


# how much


def test_how_much_gives_the_amount_its_year_its_parts_and_its_stages() -> None:
    text = part("how_much", HOME)
    assert "**In Exampleshire:** Up to £3,200 in all in 2026/27." in text
    assert "bed and bedding (£600) and cooker and fridge (£900)" in text
    assert "£2,000 before you move in and £1,200 in your first year there" in text


def test_two_sources_that_differ_are_both_told_with_why_the_one_is_given() -> None:
    text = part("how_much", HOME)
    assert "An older page says £3,000." in text
    assert "is newer" in text


def test_what_is_planned_is_said_as_such() -> None:
    assert "**Planned, but not so yet:** From a day not yet fixed" in part("how_much", HOUSING)


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        (Amount(number=50, unit="£", per="week"), "£50 a week."),
        (Amount(kind="at-least", number=12.5, unit="£", per="month"), "At least £12.50 a month."),
        (Amount(kind="percentage", number=50, unit="%", per="year", of="the bill"), "50% of the bill a year."),
        (Amount(kind="matched", number=500, unit="£"), "As much again as you put in, up to £500 in all."),
        (Amount(kind="count", number=10, unit="lessons"), "10 lessons in all."),
    ],
)
def test_every_kind_of_amount_is_a_sentence(amount: Amount, says: str) -> None:
    base = with_fact("exampleshire.driving.lessons", amount=amount)
    assert f"**In Exampleshire:** {says}" in pressed(keys.part("how_much", DRIVING), base=base).text


def test_an_amount_that_holds_no_longer_is_not_given() -> None:
    base = with_fact("exampleshire.driving.lessons", state="ended")
    assert "10 lessons in all" not in pressed(keys.part("how_much", DRIVING), base=base).text


def test_a_figure_is_written_plainly() -> None:
    assert [figure(n, u) for n, u in ((3200, "£"), (12.5, "£"), (100, "%"), (3, "visits"))] == [
        "£3,200",
        "£12.50",
        "100%",
        "3 visits",
    ]


# who it is for


def test_who_it_is_for_names_each_condition() -> None:
    text = part("who", HOME)
    for said in ("you're 16 to 24", "relevant or former relevant", "Exampleshire looked after you", "turn 25"):
        assert said in text
    driving = part("who", DRIVING)
    for said in ("you're studying", "31 March after you turn 25", "not if you already have a full licence"):
        assert said in driving
    housing = part("who", HOUSING)
    for said in ("you turned 18 on 1 September 2024 or later", "supported housing or staying put", "not in custody"):
        assert said in housing


def test_every_condition_of_the_format_has_words() -> None:
    words = with_example().words.whom
    for name in ("study", "work", "parent", "custody", "lives", "looked_after_by", "ends"):
        assert set(getattr(words, name)) == _values(Eligible.model_fields[name].annotation), name


def _values(annotation: object) -> set[str]:
    """The texts of a Literal, perhaps of one that may be None."""
    inside = getattr(annotation, "__args__", ())
    return {arg for arg in inside if isinstance(arg, str)}.union(*(_values(arg) for arg in inside))


# rights, ages, easy, law


def test_a_councils_promise_stands_beside_the_law_each_in_its_own_verb() -> None:
    text = part("more", HOME)
    assert "You have a right to this: Until you're 21" in text
    assert "Your council offers this: Exampleshire gives up to £3,200" in text
    assert "You can ask for this: You can ask for more if you have a child" in text


def test_what_changes_at_an_age_is_the_laws_then_the_councils() -> None:
    text = part("more", DRIVING)
    assert "**At 18:** You can drive from 17." in text
    assert "**In Exampleshire:** You can start as soon as you have your provisional licence." in text


def test_the_easy_version_has_the_councils_own_lines_after_the_others() -> None:
    text = part("easy", HOME)
    assert text.index("There is money for your first home") < text.index("It is called the Home Start grant")


def test_the_law_to_name_in_a_letter_is_an_act_and_no_guidance() -> None:
    line = next(line for line in part("more", DRIVING).splitlines() if line.startswith("**The law to name:**"))
    assert "Road Traffic Act 1988" in line
    assert "local policy" not in line


def test_what_could_not_be_found_out_is_said_beside_the_national_answer() -> None:
    text = pressed(keys.topic("rights.advocate")).text
    assert "your council must give you a free advocate" in text
    assert "I don't know who runs the advocacy service in Exampleshire" in text


def test_what_only_a_half_has_been_approved_is_not_called_approved() -> None:
    text = pressed(keys.topic(HOUSING)).text  # the overlay is approved, the national answer is not
    assert "not yet approved by a council" in text


def test_an_overlay_past_its_review_is_said_to_be_due() -> None:
    overlay = with_example().overlay("exampleshire", HOME)
    assert overlay is not None
    base = with_overlay(HOME, review_by=overlay.checked.replace(day=1))
    assert base.words.being_checked in pressed(keys.topic(HOME), base=base).text


# in another language


def test_a_translation_by_a_person_is_shown_in_its_language_and_says_what_it_is() -> None:
    french = pressed(keys.part("in-fr", HOME))
    assert french.language == "fr"
    assert "Ici, cette aide" in french.text
    assert french.text.endswith("not yet approved by a council*")
    arabic = pressed(keys.part("in-ar", PLAN))
    assert arabic.text.endswith("approved by a council on 24 November 2026*")


def test_a_machines_draft_is_shown_to_nobody() -> None:
    assert keys.part("in-ti", PLAN) not in [a.key for a in pressed(keys.topic(PLAN)).actions]
    refused = pressed(keys.part("in-ti", PLAN))
    assert "machine" not in refused.text
    assert refused.language is None


def test_a_translation_older_than_the_english_says_so() -> None:
    overlay = with_example().overlay("exampleshire", PLAN)
    assert overlay is not None
    old = overlay.translations["ar"].model_copy(update={"checked": overlay.checked.replace(day=1)})
    base = with_overlay(PLAN, translations={"ar": old})
    assert base.words.translation.older in pressed(keys.part("in-ar", PLAN), base=base).text


def test_a_translation_of_the_general_answer_says_so_to_whom_the_english_is_more_exact_for() -> None:
    base = with_example()
    told = Translation(by="person", adds="Bonjour.", checked=base.packs[0].checked)
    shown = with_overlay(PLAN, translations={"fr": told})
    young = pressed(keys.part("in-fr", PLAN), HERE.with_(age=22), shown)
    assert base.words.translation.general in young.text
    assert base.words.translation.general not in pressed(keys.part("in-fr", PLAN), base=shown).text


# another day


def test_a_day_before_the_facts_were_checked_is_bounded_first() -> None:
    told = decide(turn(action=keys.topic("money.council-tax"), now=datetime(2019, 1, 1, 12, tzinfo=UTC)))
    assert "I can't say for sure what they were on 1 January 2019" in told.say_now[0].text.splitlines()[0]
