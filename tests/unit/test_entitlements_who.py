"""What can I get: who gets what, in which order, and what is not given to whom."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from bot.dialogue import entitlements as flow
from bot.domain.people import About
from bot.knowledge.base import Base
from bot.knowledge.entitlements import Situation, what_can_i_get
from tests.support.entitlements import TODAY, ids, press
from tests.support.knowledge import package

FULL = frozenset({"former-relevant", "relevant"})  # 13 weeks or more, and left care
FEWER = frozenset({"qualifying"})
NEVER = frozenset({"none"})
IN_CARE = frozenset({"eligible"})

# who gets what, typed by hand from the entries and the law behind them

Person = tuple[str, About, Situation, set[str], set[str]]
PEOPLE: list[Person] = [
    (
        "17, still in care, at college, foster carers",
        About(age=17),
        Situation(IN_CARE, study="college", home="staying-put", parent="no"),
        {"pa-to-21", "needs-assessment", "pathway-plan", "stay-in-care", "staying-put", "college-bursary", "savings"},
        {"home-and-keep", "uc-not-working", "uc-under-25", "council-tax", "pa-21-24", "uni-bursary", "qualifying-help"},
    ),
    (
        "16, left care after 13 weeks, not in study or work",
        About(age=16),
        Situation(FULL, study="no", work="no", home="supported", parent="no"),
        {"home-and-keep", "pa-to-21", "pathway-plan", "plan-review", "setting-up-home", "health-costs-16-17"},
        {"uc-not-working", "stay-in-care", "needs-assessment", "one-bedroom-rate", "health-assessment"},
    ),
    (
        "17, homeless tonight, never in care before",
        About(age=17),
        Situation(NEVER, study="no", work="no", home="homeless", parent="no"),
        {"home-at-16-17", "crisis-payment-homeless", "gp-without-papers"},
        {"emergency-housing-18-20", "homeless-application", "pa-to-21", "crisis-payment", "homelessness-prevention"},
    ),
    (
        "17, in care under 13 weeks, cannot live with parents",
        About(age=17),
        Situation(FEWER, study="no", work="no", home="with-family", parent="no"),
        {"qualifying-help", "qualifying-learning", "uc-qualifying-16-17", "advocate"},
        {"pa-to-21", "pathway-plan", "home-and-keep", "setting-up-home", "staying-put"},
    ),
    (
        "17, relevant, with a baby",
        About(age=17),
        Situation(FULL, study="college", home="supported", parent="yes"),
        {"uc-parent-16-17", "care-to-learn", "healthy-start", "maternity-exemption", "home-and-keep"},
        {"uc-under-25", "uc-qualifying-16-17"},
    ),
    (
        "19, Devon, own flat, no work",
        About(age=19, council="devon"),
        Situation(FULL, study="no", work="no", home="own-tenancy", parent="no"),
        {
            "uc-not-working",
            "pa-to-21",
            "devon-council-tax",
            "devon-setting-up-home",
            "one-bedroom-rate",
            "other-help-to-21",
            "council-tax-alone",
            "housing-payment",
            "devon-step-forward",
            "job-help",
        },
        {"council-tax", "setting-up-home", "uc-under-25", "pa-21-24", "holidays", "homeless-application", "travel"},
    ),
    (
        "19, student at university, Northumberland",
        About(age=19, council="northumberland"),
        Situation(FULL, study="university", home="uni", parent="no"),
        {"uni-bursary", "student-loan", "holidays", "course-costs", "council-tax-students", "setting-up-home"},
        {"uc-under-25", "uc-not-working", "council-tax", "back-to-learning", "apprenticeship-if", "uc-bridge"},
    ),
    (
        "20, university, under 13 weeks in care",
        About(age=20),
        Situation(FEWER, study="university", home="uni", parent="no"),
        {"holidays", "qualifying-learning", "qualifying-help", "council-tax-students"},
        {"uni-bursary", "student-loan", "pa-to-21", "course-costs", "one-bedroom-rate"},
    ),
    (
        "18, apprentice",
        About(age=18),
        Situation(FULL, study="apprenticeship", work="yes", home="supported", parent="no"),
        {"apprenticeship-bursary", "course-costs", "uc-under-25", "uc-bridge", "council-tax"},
        {"apprenticeship-if", "uc-not-working", "council-tax-students", "free-courses", "job-help"},
    ),
    (
        "20, homeless, full status",
        About(age=20),
        Situation(FULL, study="no", work="no", home="homeless", parent="no"),
        {"emergency-housing-18-20", "homeless-application", "not-intentionally-homeless", "crisis-payment-homeless"},
        {"emergency-housing-21", "home-at-16-17", "homelessness-prevention"},
    ),
    (
        "22, homeless, under 13 weeks in care",
        About(age=22),
        Situation(FEWER, study="no", work="no", home="homeless", parent="no"),
        {"emergency-housing-21", "homeless-application"},
        {"not-intentionally-homeless", "emergency-housing-18-20", "pa-21-24", "housing-register", "qualifying-help"},
    ),
    (
        "23, full status, works, rents",
        About(age=23),
        Situation(FULL, study="no", work="yes", home="own-tenancy", parent="no"),
        {"pa-21-24", "back-to-learning", "one-bedroom-rate", "housing-register", "council-tax", "setting-up-home"},
        {"pa-to-21", "pathway-plan", "plan-review", "other-help-to-21", "uc-not-working", "job-help"},
    ),
    (
        "22, in prison",
        About(age=22),
        Situation(FULL, study="no", work="no", home="custody", parent="no"),
        {"support-in-custody", "pa-21-24", "care-files"},
        {"uc-not-working", "uc-under-25", "council-tax", "crisis-payment", "homelessness-prevention", "driving"},
    ),
    (
        "25, rents, on a course that was in the plan",
        About(age=25),
        Situation(FULL, study="college", home="own-tenancy", parent="no"),
        {"course-past-25", "uc-25", "council-tax-support", "local-offer", "savings-older", "complain"},
        {"pa-21-24", "one-bedroom-rate", "council-tax", "setting-up-home", "uc-under-25", "housing-register"},
    ),
    (
        "26, never in care at 16 or over",
        About(age=26),
        Situation(NEVER, study="no", work="yes", home="with-family", parent="no"),
        {"ask-your-status", "care-files", "complain", "uc-25", "crisis-payment"},
        {"course-past-25", "local-offer", "advocate", "health-passport"},
    ),
    (
        "19, Central Bedfordshire, with a child",
        About(age=19, council="central-bedfordshire"),
        Situation(FULL, study="no", work="no", home="own-tenancy", parent="yes"),
        {
            "central-bedfordshire-childrens-centre",
            "central-bedfordshire-swimming",
            "central-bedfordshire-nurse",
            "central-bedfordshire-health-passport",
            "council-tax",
        },
        {"health-passport", "devon-bus", "northumberland-supported-lodgings"},
    ),
    (
        "18, leaves a children's home in Devon",
        About(age=18, council="devon"),
        Situation(FULL, study="no", work="no", home="childrens-home", parent="no"),
        {"devon-staying-close", "devon-band-b"},
        {"staying-close", "staying-put", "staying-close-law"},
    ),
]


@pytest.mark.parametrize("person", PEOPLE, ids=[p[0] for p in PEOPLE])
def test_each_person_gets_what_is_theirs_and_not_what_is_not(person: Person) -> None:
    _, about, situation, theirs, not_theirs = person
    found = set(ids(about, situation))
    assert theirs <= found, theirs - found
    assert not not_theirs & found, not_theirs & found


def test_nothing_in_the_table_above_is_mistyped() -> None:
    named = {name for *_, theirs, not_theirs in PEOPLE for name in (*theirs, *not_theirs)}
    assert named <= {item.id for item in package().entitlements}


def test_the_list_is_by_urgency_and_then_by_worth() -> None:
    found = what_can_i_get(package(), About(age=19), Situation(FULL, home="homeless"), TODAY)
    order = [(offer.item.urgency, -offer.item.money) for offer in found]
    assert order == sorted(order)
    assert found[0].item.id == "emergency-housing-18-20"


def test_nobody_gets_an_empty_list() -> None:
    homes = [None, *flow.HOMES.values()]
    for age, statuses, (study, work), home, parent in product(
        (None, 15, 17, 22, 26), flow.STATUSES.values(), [(None, None), *flow.DOINGS.values()], homes, ("no",)
    ):
        found = what_can_i_get(package(), About(age=age), Situation(statuses, study, work, home, parent), TODAY)
        assert len(found) >= 3, (age, statuses, study, home)
        assert any(not offer.unsure for offer in found)


def test_what_is_not_known_is_said_as_a_condition_and_not_left_out() -> None:
    found = {o.item.id: o for o in what_can_i_get(package(), About(), Situation(), TODAY)}
    assert found["pa-to-21"].unsure
    assert found["pa-21-24"].unsure
    assert not found["care-files"].unsure
    assert "If you're under 21 and met the 13-week rule" in press("g:-----:-").say_now[0].text


def test_a_status_tells_an_age_and_an_age_a_status() -> None:
    eligible = what_can_i_get(package(), About(status="eligible"), Situation(), TODAY)
    assert not {o.item.id for o in eligible} & {"uc-under-25", "pa-21-24", "council-tax", "uc-25"}
    assert not next(o for o in eligible if o.item.id == "dentist-under-18").unsure
    grown = what_can_i_get(package(), About(age=20, status="eligible"), Situation(), TODAY)
    assert not next(o for o in grown if o.item.id == "other-help-to-21").unsure


def test_a_law_that_is_only_passed_gives_nothing_until_its_day_is_filled_in() -> None:
    base, about = package(), About(age=20)
    situation = Situation(FULL, home="childrens-home")
    assert "staying-close" in ids(about, situation)
    law = base.fact["staying-close.law"].model_copy(update={"from_": date(2026, 12, 1)})
    facts = tuple(law if f.id == law.id else f for f in base.facts)
    later = Base.model_construct(**{**{name: getattr(base, name) for name in Base.model_fields}, "facts": facts})
    assert "staying-close-law" not in ids(about, situation, later, TODAY)
    found = ids(about, situation, later, date(2026, 12, 1))
    assert "staying-close-law" in found
    assert "staying-close" not in found


def test_a_councils_offers_are_only_for_its_own_care_leavers() -> None:
    for council in (None, "kent", "devon", "northumberland", "central-bedfordshire"):
        found = what_can_i_get(package(), About(age=19, council=council), Situation(FULL), TODAY)
        for offer in found:
            assert not offer.item.when.council or council in offer.item.when.council, (council, offer.item.id)


def test_every_item_says_what_the_council_does_only_under_that_councils_name() -> None:
    for item in package().entitlements:
        assert (item.kind == "will") <= bool(item.when.council), item.id
