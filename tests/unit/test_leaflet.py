"""The leaflet: what stands in it for whom, and that it keeps to its two pages' room."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from bot.domain.people import About
from bot.knowledge.base import Base
from bot.knowledge.entitlements import Situation, what_can_i_get
from bot.knowledge.leaflet import PRINT, as_text, leaflet_for, leaflet_words, stage_at
from bot.knowledge.leafletpages import Leaflet
from bot.knowledge.leafletwords import LeafletWords
from tests.support.knowledge import package

TODAY = date(2026, 11, 24)
STAGES = ("before-18", "at-18", "18-21", "21-25")
COUNCILS = ("devon", "northumberland", "central-bedfordshire", "kent", None)  # three with offers of their own


@cache
def made(council: str | None, stage: str) -> Leaflet:
    found = leaflet_for(package(), council, stage, TODAY)
    assert found is not None
    return found


@cache
def words() -> LeafletWords:
    found = leaflet_words(package())
    assert found is not None
    return found


def changed(**parts: object) -> Base:
    base = package()
    return Base.model_construct(**{**{name: getattr(base, name) for name in Base.model_fields}, **parts})


every = pytest.mark.parametrize(("council", "stage"), [(c, s) for c in COUNCILS for s in STAGES])


@every
def test_every_leaflet_has_rights_and_things_to_ask_for_and_keeps_to_its_room(council: str | None, stage: str) -> None:
    leaflet = made(council, stage)
    kinds = [section.kind for section in leaflet.sections]
    assert kinds in (["must", "will", "may"], ["must", "may"])
    assert all(
        len(section.items) >= (6, 1, 4)[("must", "will", "may").index(section.kind)] for section in leaflet.sections
    )
    assert sum(item.lines for item in leaflet.items) + sum(who.lines for who in leaflet.ring) <= PRINT


@every
def test_everything_in_it_stands_in_the_list_of_somebody_of_that_stage(council: str | None, stage: str) -> None:
    kinds = {item.id: item.kind for item in package().entitlements}
    named, lived = words().stages[stage], {item.id: item.when for item in package().entitlements}
    for section in made(council, stage).sections:
        for item in section.items:
            assert kinds[item.id] == section.kind
            whom = lived[item.id]
            lives = Situation(
                frozenset(named.statuses),
                whom.study[0] if whom.study else None,
                whom.work,
                whom.home[0] if whom.home else None,
                whom.parent,
            )
            ages = range(named.ages[0], named.ages[1] + 1)
            lists = [what_can_i_get(package(), About(age=a, council=council), lives, TODAY) for a in ages]
            assert any(item.id == offer.item.id for offers in lists for offer in offers), item.id


@every
def test_what_is_for_everybody_comes_first_and_the_rest_says_for_whom_it_is(council: str | None, stage: str) -> None:
    named = words().stages[stage]
    about = [About(age=age, council=council) for age in range(named.ages[0], named.ages[1] + 1)]
    plain = Situation(frozenset(named.statuses))
    sure = [{o.item.id for o in what_can_i_get(package(), who, plain, TODAY) if not o.unsure} for who in about]
    for section in made(council, stage).sections:
        conditions = [item.condition is not None for item in section.in_order]
        assert conditions == sorted(conditions)
        for item in section.items:
            assert (item.condition is None) == all(item.id in each for each in sure), item.id


@every
def test_what_is_said_to_be_the_law_rests_on_facts(council: str | None, stage: str) -> None:
    facts = {item.id: item.facts for item in package().entitlements}
    for section in made(council, stage).sections:
        for item in section.items:
            assert facts[item.id], item.id
            assert all(name in package().fact for name in facts[item.id])


def test_no_council_is_said_to_offer_what_another_offers() -> None:
    whose = {item.id: item.when.council for item in package().entitlements if item.when.council}
    for council in COUNCILS:
        for stage in STAGES:
            for item in made(council, stage).items:
                assert item.id not in whose or council in whose[item.id], (council, item.id)
    assert "devon-bus" in {item.id for item in made("devon", "18-21").items}
    assert "Devon" not in made("northumberland", "18-21").model_dump_json()


def test_what_hangs_on_how_one_lives_says_so() -> None:
    by_id = {item.id: item for item in made("devon", "18-21").items}
    assert by_id["emergency-housing-18-20"].condition == "If you're homeless"
    assert by_id["devon-council-tax"].text.endswith("Not if you're in uni or college halls or with foster carers.")
    before = {item.id: item.condition for item in made(None, "before-18").items}
    assert before["staying-put"] == "If you're under 21 and met the 13-week rule, and you're with foster carers"


def test_of_several_forms_of_one_thing_only_one_stands_there() -> None:
    for council in COUNCILS:
        for stage in STAGES:
            titles = [item.title for item in made(council, stage).items]
            assert len(titles) == len(set(titles))


@pytest.mark.parametrize(
    ("stage", "first", "items"),
    [
        ("before-18", "Text your PA or social worker", {"stay-in-care", "staying-put", "pathway-plan"}),
        ("at-18", "Ask the council that last looked after you", {"staying-put", "uc-under-25", "pa-to-21"}),
        ("18-21", "Ask the council that last looked after you", {"pathway-plan", "uc-under-25", "pa-to-21"}),
        ("21-25", "Tell the leaving care team", {"pa-21-24", "back-to-learning"}),
    ],
)
def test_each_stage_leads_with_what_matters_then(stage: str, first: str, items: set[str]) -> None:
    for council in COUNCILS:
        leaflet = made(council, stage)
        assert leaflet.first.startswith(first)
        assert items <= {item.id for item in leaflet.items}, council


def test_everything_that_the_words_name_is_there() -> None:
    base, known = package(), {item.id for item in package().entitlements}
    assert tuple(words().stages) == STAGES
    assert {words().if_no_item, *(lead for stage in words().stages.values() for lead in stage.leads)} <= known
    assert set(words().lines) <= set(base.line)
    asked = {w for i in base.entitlements for whom in (i.when, *i.unless) for w in (*whom.home, *whom.study)}
    assert asked - {"no"} <= set(words().ways)
    assert set(words().not_ways) <= set(words().ways)


@every
def test_no_name_in_braces_is_left_but_the_address(council: str | None, stage: str) -> None:
    said = made(council, stage).model_dump(exclude={"address", "alt"})
    assert "{" not in str(list(said.values())).replace("{'", "")
    assert package().words.not_known_fact not in str(said)


def test_the_council_is_rung_first_then_lines_that_fit_the_age() -> None:
    names = [who.name for who in made("devon", "before-18").ring]
    assert names[:2] == ["Permanence and Transition (P&T) teams", "At night: Emergency Duty Service"]
    assert "Childline" in names
    assert "Childline" not in [who.name for who in made("devon", "21-25").ring]
    assert [who.ways for who in made("devon", "18-21").ring][:3] == ["0345 155 1071", "0345 6000 388", "999"]


def test_a_council_whose_numbers_are_not_known_is_said_so() -> None:
    assert made("kent", "18-21").ring[0].ways == "999"
    assert made("kent", "18-21").ring_note.startswith("Kent's numbers aren't known here yet.")
    assert "confirmed" in made("devon", "18-21").ring_note


def test_it_says_when_it_was_checked_that_nobody_approved_it_and_where_it_is_from() -> None:
    said = made("devon", "18-21").small_print
    assert "not yet approved by a council" in said
    assert "gov.uk" in said
    pack = package().pack["devon"]
    assert f"{min(pack.checked, date(2026, 11, 24)).day} November 2026" in said


def test_past_its_day_of_review_it_says_so() -> None:
    later = leaflet_for(package(), "devon", "18-21", date(2029, 1, 1))
    assert later is not None
    assert later.small_print.startswith(words().being_checked)
    assert not made("devon", "18-21").small_print.startswith(words().being_checked)


def test_what_is_withdrawn_is_left_out() -> None:
    old = date(2026, 1, 1)
    entries = tuple(
        e.model_copy(update={"expires": old}) if e.id == "support.personal-adviser" else e for e in package().entries
    )
    found = leaflet_for(changed(entries=entries), None, "18-21", TODAY)
    assert found is not None
    assert "pa-to-21" not in {item.id for item in found.items}
    assert "pa-to-21" in {item.id for item in made(None, "18-21").items}


def test_a_figure_is_that_of_the_day() -> None:
    fact = package().fact["setting-up-home.minimum"]
    assert any("£3,000" in item.text for item in made(None, "18-21").items if item.id == "setting-up-home")
    more = fact.model_copy(update={"value": "£4,321", "values": ()})
    found = leaflet_for(
        changed(facts=tuple(more if f.id == fact.id else f for f in package().facts)), None, "18-21", TODAY
    )
    assert found is not None
    assert any("£4,321" in item.text for item in found.items if item.id == "setting-up-home")


def test_a_council_with_very_much_to_offer_still_keeps_to_the_room() -> None:
    one = next(item for item in package().entitlements if item.id == "devon-bus")
    many = tuple(one.model_copy(update={"id": f"devon-{n}", "title": f"Offer {n}"}) for n in range(60))
    found = leaflet_for(changed(entitlements=(*package().entitlements, *many)), "devon", "18-21", TODAY)
    assert found is not None
    assert sum(item.lines for item in found.items) + sum(who.lines for who in found.ring) <= PRINT
    assert {section.kind for section in found.sections} == {"must", "will", "may"}


def test_shorter_loses_the_least_important_thing_and_ends() -> None:
    leaflet: Leaflet | None = made("devon", "18-21")
    counts = []
    while leaflet is not None:
        counts.append(len(leaflet.items))
        leaflet = leaflet.shorter()
    assert counts == list(range(counts[0], 2, -1))  # one thing of each part stays
    first = made("devon", "18-21")
    cut = first.shorter()
    assert cut is not None
    assert first.sections[0].items[-1] not in cut.items


@pytest.mark.parametrize(("council", "stage"), [("atlantis", "18-21"), ("devon", "17"), (None, "")])
def test_there_is_no_leaflet_of_what_is_not_known(council: str | None, stage: str) -> None:
    assert leaflet_for(package(), council, stage, TODAY) is None


def test_a_folder_without_a_list_has_no_leaflet() -> None:
    assert leaflet_for(changed(entitlements=()), None, "18-21", TODAY) is None


@pytest.mark.parametrize(
    ("age", "stage"),
    [(14, "before-18"), (17, "before-18"), (18, "at-18"), (19, "18-21"), (20, "18-21"), (21, "21-25"), (24, "21-25")],
)
def test_an_age_is_in_one_stage(age: int, stage: str) -> None:
    assert stage_at(package(), age) == stage


def test_past_twenty_four_there_is_no_stage() -> None:
    assert stage_at(package(), 25) is None


@every
def test_in_words_it_says_what_the_pages_say(council: str | None, stage: str) -> None:
    leaflet = made(council, stage)
    said = as_text(leaflet)
    assert all(item.text in said and item.title in said for item in leaflet.items)
    assert all(who.ways in said for who in leaflet.ring)
    assert leaflet.first in said
