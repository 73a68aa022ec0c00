"""What can I get: who gets what, and the way to the list."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from bot.channels.markup import split_reply
from bot.dialogue import entitlements as flow
from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.dialogue.follow import bare
from bot.dialogue.turn import Decision
from bot.domain.messages import Action, Assessment, Form, Kind, Outcome, Reply, Urgency
from bot.domain.people import About, Conversation
from bot.knowledge.answer import fill
from bot.knowledge.base import Base
from bot.knowledge.checks.offers import offers
from bot.knowledge.entitlements import Situation, what_can_i_get
from bot.knowledge.entry import REFERENCE
from bot.knowledge.load import Loaded, load, package_knowledge
from bot.knowledge.words import EntitlementWords
from tests.support.knowledge import loaded, package, turn

TODAY = date(2026, 11, 24)
MOST_TAPS = 6
FULL = frozenset({"former-relevant", "relevant"})  # 13 weeks or more, and left care
FEWER = frozenset({"qualifying"})
NEVER = frozenset({"none"})
IN_CARE = frozenset({"eligible"})


@cache
def words() -> EntitlementWords:
    found = package().words.entitlements
    assert found is not None
    return found


def press(key: str, about: About | None = None, **more: object) -> Decision:
    talk = Conversation(about=about or About(), greeted=True, version=1, **more)  # type: ignore[arg-type]
    return decide(turn(action=key, conversation=talk))


def ids(about: About, situation: Situation, base: Base | None = None, today: date = TODAY) -> list[str]:
    return [offer.item.id for offer in what_can_i_get(base or package(), about, situation, today)]


def is_list(reply: Reply) -> bool:
    return words().small_print in reply.text


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


# the data


def test_every_reference_of_every_item_can_be_filled_in() -> None:
    for item in package().entitlements:
        for text in (item.text, item.first_step, item.unsure or ""):
            filled = fill(text, package(), TODAY)
            assert "{" not in filled, item.id
            assert package().words.not_known_fact not in filled, item.id
        assert item.topic in package().entry, item.id
        assert item.facts, item.id


def test_every_figure_stands_in_a_fact_that_the_item_rests_on() -> None:
    for item in package().entitlements:
        for text in (item.text, item.first_step):
            named = {r for r in references(text) if not r.startswith("line:")}
            assert named <= set(item.facts), (item.id, named - set(item.facts))


def references(text: str) -> Iterator[str]:
    yield from REFERENCE.findall(text)


@cache
def whole() -> Loaded:
    return load(package_knowledge())


def test_the_list_of_the_package_has_no_fault() -> None:
    assert list(offers(whole())) == []


FAULTY = {
    "answers/money.x.yaml": "{id: money.x, title: X, answer: Ask.}\n",
    "councils/england.yaml": "- {slug: devon, name: Devon County Council, districts: [{slug: exeter, name: Exeter}]}\n",
    "entitlements.yaml": """
        - {id: a, topic: money.x, title: A, text: You get £20., kind: must, urgency: 1, first_step: "Ask {no.such}."}
        - {id: a, topic: money.gone, title: A, text: T, kind: may, urgency: 2, first_step: Ask., when: {age: 18-20}}
        - {id: b, topic: money.x, title: B, text: T, kind: may, urgency: 2, first_step: Ask., when: {council: atlantis}}
        - {id: c, topic: money.x, title: C, text: T, kind: may, urgency: 2, first_step: Ask., unsure: If so,
           when: {council: devon, district: luton, in_force: no.law}, facts: [none.such]}
    """,
}


@pytest.mark.parametrize(
    "says",
    [
        "an amount is typed here",
        "there is no fact 'no.such'",
        "'a' stands here twice",
        "there is no entry 'money.gone'",
        "'unsure' is missing",
        "there is no council 'atlantis'",
        "'luton' is not a district of devon",
        "there is no fact 'no.law'",
        "there is no fact 'none.such'",
    ],
)
def test_a_fault_in_the_list_is_named_with_its_line(tmp_path: Path, says: str) -> None:
    faults = [str(f) for f in offers(loaded(tmp_path, FAULTY))]
    assert any(f.startswith("entitlements.yaml:") and says in f for f in faults), faults


# the way to the list


def answers_of(question: str) -> list[str]:
    codes = flow.local_councils(package()) if question == "council" else flow.CODES[question]
    return list(dict.fromkeys([*codes, flow.SKIP]))


@pytest.mark.parametrize("taps", range(MOST_TAPS))
def test_every_question_of_every_path_can_be_passed_over_and_leads_on(taps: int) -> None:
    """Every question page there is: all combinations of the answers before it. The sixth answer gives the list."""
    question, asked = flow.ORDER[taps], flow.ORDER[:taps]
    plain = turn(action="g", conversation=Conversation(version=1))
    for codes in product(*map(answers_of, asked)):
        path = flow.Path()
        for name, code in zip(asked, codes, strict=True):
            path = path.answer(name, code)
        decision = flow.entitled(plain, path.key.partition(":")[2])
        assert decision is not None, path
        reply = decision.say_now[0]
        assert reply.text.endswith(getattr(words(), question).strip()), path
        assert reply.text.startswith(words().start.strip()) is (taps == 0)
        assert reply.actions[-1] == Action(words().skip, path.answer(question, flow.SKIP).key)
        assert all(len(a.key.encode()) <= keys.LONGEST for a in reply.actions)
        assert {a.key for a in reply.actions} <= {path.answer(question, c).key for c in answers_of(question)}


def test_every_path_ends_in_a_list_that_reads_well_on_a_phone() -> None:
    """A fixed sample of the 56,700 ways through; who gets what is tested above."""
    rng, councils = random.Random(1), [*flow.local_councils(package()), flow.SKIP, "kent"]
    for _ in range(150):
        code = "".join(rng.choice(answers_of(q)) for q in flow.QUESTIONS)
        key: str | None = flow.Path(code, rng.choice(councils)).key
        pages = 0
        while key:
            reply = press(key).say_now[0]
            assert is_list(reply), key
            assert len(split_reply(reply.text, 4096)) == 1
            assert 1 <= reply.text.count("\n- **") <= 12
            assert all(len(a.key.encode()) <= keys.LONGEST for a in reply.actions)
            assert len({a.key for a in reply.actions}) == len(reply.actions)
            heads = [words().must, words().may]
            assert any(h in reply.text for h in (*heads, " offers:**", words().will_unknown))
            more = [a.key for a in reply.actions if a.key.startswith("g:") and "?" not in a.key]
            key, pages = more[0] if more else None, pages + 1
            assert pages < 12


def test_the_pages_together_hold_the_whole_list_once() -> None:
    key: str | None = "g:9lnon:devon"
    seen: list[str] = []
    while key:
        reply = press(key).say_now[0]
        seen += [line for line in reply.text.splitlines() if line.startswith("- **")]
        more = [a.key for a in reply.actions if a.key.startswith("g:") and "?" not in a.key]
        key = more[0] if more else None
    about = About(age=19, council="devon")
    situation = Situation(flow.STATUSES["l"], "no", "no", "own-tenancy", "no")
    assert len(seen) == len(set(seen)) == len(ids(about, situation))


def test_the_list_says_what_to_do_first_and_leads_to_the_topics() -> None:
    reply = press("g:0lnhn:-").say_now[0]
    assert "**Do this first:** Ring any council's housing team today" in reply.text
    assert "t:safety.homeless-tonight" in {a.key for a in reply.actions}


def test_what_may_not_fit_is_not_the_first_thing_to_do() -> None:
    text = press("g:---h-:-").say_now[0].text
    assert "**Do this first:** Ring the council's housing team today, or children's services" in text


def test_what_the_conversation_knows_is_not_asked_again() -> None:
    about = About(age=19, council="devon", status="former-relevant")
    assert press(keys.ENTITLEMENTS, about).say_now[0].text == f"{words().start.strip()}\n{words().doing}"
    declined = press("g:9....", council_declined=True)
    assert declined.say_now[0].text == words().status.strip()


def test_only_age_and_council_are_kept() -> None:
    after = press("g:9lnhy:devon").conversation
    assert after.about == About(age=19, council="devon")
    assert after.topic is None
    assert press("g:o----:-", About(age=19)).conversation.about.age is None
    assert press("g:-....", About(age=19, council="devon")).conversation.about == About(council="devon")


def test_answers_can_be_changed_though_they_are_known() -> None:
    about = About(age=19, council="devon")
    again = next(a for a in press("g:9lnon:devon", about).say_now[0].actions if a.label == words().again)
    first = press(again.key, about).say_now[0]
    assert first.text.endswith(words().age)
    second = press(first.actions[0].key, about)
    assert second.say_now[0].text == words().council.strip()
    assert second.conversation.about.age == 16


def test_a_grown_person_is_not_asked_whether_they_are_still_in_care() -> None:
    labels = [a.label for a in press("g:9....:-").say_now[0].actions]
    assert words().statuses["i"] not in labels
    assert words().statuses["i"] in [a.label for a in press("g:7....:-").say_now[0].actions]


@pytest.mark.parametrize("key", ["g:x", "g:9....:atlantis", "g:9z...:-", "g:9lnon:-:x", "g:9lnon:-:9999", "g::"])
def test_a_key_that_means_nothing_any_more_is_answered_with_the_menu(key: str) -> None:
    assert press(key).say_now[0].text == package().words.old_button


def test_a_council_whose_offers_we_do_not_have_is_told_so_and_not_that_it_gives_nothing() -> None:
    text = press("g:9lnon:kent").say_now[0].text
    assert "I don't have Kent's own offers" in text
    assert "I don't have" not in press("g:9lnon:-").say_now[0].text.replace("I don't have Devon", "")


def test_another_nation_gets_its_own_pointer() -> None:
    assert "Wales" in press(keys.ENTITLEMENTS, About(nation="wales")).say_now[0].text


# the ways in


def test_the_menu_the_command_two_topics_and_the_phrases_lead_to_it() -> None:
    first = f"{words().start.strip()}\n{words().age}"
    menu = decide(turn(action=keys.MENU)).say_now[0].actions[0]
    assert press(menu.key).say_now[0].text == first
    assert decide(turn("/entitlements")).say_now[0].text == first
    for topic in words().topics:
        assert keys.ENTITLEMENTS in {a.key for a in decide(turn(action=keys.topic(topic))).say_now[0].actions}
    for phrase in words().ask:
        decision = decide(turn(f"{phrase.capitalize()}?", best="money.debt"))
        assert decision.say_now[0].text == first, phrase
        assert decision.outcome is Outcome.CLARIFY
        assert decision.offered == words().topics


def test_no_phrase_is_taken_from_a_topic() -> None:
    asked = {bare(phrase): topic for topic, found in whole().asks.items() for phrase, _, _ in found}
    news = package().words.news
    assert news is not None
    for phrase in (*words().ask, *news.ask):
        assert bare(phrase) not in asked, (phrase, asked.get(bare(phrase)))


def test_a_longer_question_is_still_a_question() -> None:
    for text in ("what can i get for my baby", "am i entitled to a pa at 23", "what am i entitled to in prison"):
        assert decide(turn(text, best="work.rights")).topic == "work.rights", text


def test_danger_in_the_words_still_comes_first() -> None:
    heard = Assessment(Urgency.EMERGENCY, "safety.suicide", ("x",))
    decision = decide(turn("what can i get", assessment=heard))
    assert decision.say_now[0].kind is Kind.DANGER


def test_a_folder_without_a_list_has_no_button_and_no_command_that_breaks(tmp_path: Path) -> None:
    base = loaded(tmp_path, {"answers/money.x.yaml": "{id: money.x, title: X, answer: Ask.}\n"}).base(package())
    assert keys.ENTITLEMENTS not in {a.key for a in decide(turn(action=keys.MENU, base=base)).say_now[0].actions}
    assert decide(turn("/entitlements", base=base)).say_now
    assert decide(turn(action="g:9lnon:-", base=base)).say_now[0].text == base.words.old_button
    assert decide(turn("what can i get", base=base, form=Form.TEXT)).outcome is Outcome.UNKNOWN
