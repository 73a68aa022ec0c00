"""What's new in my offer: changes newest first, what is about to change, and the next of a council's dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.channels.markup import split_reply
from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.domain.messages import Reply
from bot.domain.people import About, Conversation
from bot.knowledge.base import Base
from bot.knowledge.checks.offers import offers
from bot.knowledge.entry import Entry, Overlay
from bot.knowledge.news import next_event, next_events, whats_coming, whats_new
from bot.knowledge.words import NewsWords
from tests.support.knowledge import loaded, package, turn

TODAY = date(2026, 11, 24)
DEVON = About(council="devon")
FILES = {
    "facts/f.yaml": """
        - id: rate
          says: The rate.
          values: [{value: £10, until: 2026-09-30}, {value: £12, from: 2026-10-01}]
          confidence: confirmed
          checked: 2026-11-20
          sources: [{title: Law, url: "https://www.legislation.gov.uk/x"}]
    """,
    "answers/money.rate.yaml": """
        id: money.rate
        title: The rate
        answer: It is {rate}.
        changes:
          - {on: 2026-04-01, note: "The rate is {rate}."}
          - {on: 2026-10-01, note: "The rate is {rate}."}
          - {on: 2020-01-01, note: Long ago.}
          - {on: 2026-12-01, note: Soon.}
          - {on: 2028-01-01, note: Far ahead.}
          - {on: 2026-09-30, note: One law for both.}
    """,
    "answers/housing.home.yaml": """
        id: housing.home
        title: Homes
        answer: Ask.
        changes: [{on: 2026-09-30, note: One law for both.}]
    """,
    "councils/england.yaml": """
        - {slug: devon, name: Devon County Council, short: Devon}
        - {slug: kent, name: Kent County Council, short: Kent}
    """,
    "councils/devon/answers/money.rate.yaml": """
        id: money.rate
        adds: Devon gives more.
        checked: 2026-11-20
        review_by: 2027-05-20
        changes: [{on: 2026-07-01, note: Devon gives more now.}]
        events:
          - title: Benefits clinic
            on: [2026-06-03, 2026-12-03, 2027-06-03]
            at: 2pm to 4pm
            where: Exeter Library
            what: Ask the Jobcentre about the {rate}.
            source: {title: Devon, url: "https://www.devon.gov.uk/x"}
          - title: Last year's drop-in
            on: 2025-11-24
            where: Town Hall
            what: Come in.
            source: {title: Devon, url: "https://www.devon.gov.uk/y"}
    """,
}


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return loaded(tmp_path, FILES).base(package())


@pytest.fixture
def words() -> NewsWords:
    found = package().words.news
    assert found is not None
    return found


def notes(base: Base, about: About, today: date = TODAY) -> list[str]:
    return [change.note for change in whats_new(base, about, today)]


def said(base: Base, about: About, day: date = TODAY, key: str = keys.NEW) -> Reply:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    talk = Conversation(about=about, version=1)
    return decide(turn(action=key, base=base, now=now, conversation=talk)).say_now[0]


# changes


def test_the_newest_change_comes_first_and_an_old_one_is_no_news(base: Base) -> None:
    assert notes(base, About()) == ["The rate is £12.", "One law for both.", "The rate is £10."]


def test_a_figure_in_a_note_is_that_of_its_own_day(base: Base) -> None:
    assert "The rate is £10." in notes(base, About(), date(2027, 3, 1))


def test_a_law_that_changes_several_entries_is_told_once(base: Base) -> None:
    assert notes(base, About()).count("One law for both.") == 1


def test_the_persons_council_has_its_own_changes_among_the_others_and_no_other_council_does(base: Base) -> None:
    assert notes(base, DEVON)[2] == "Devon gives more now."
    assert "Devon gives more now." not in notes(base, About(council="kent"))
    assert "- **July 2026, Devon:** Devon gives more now." in said(base, DEVON).text


def test_a_change_that_lies_ahead_is_coming_up_and_not_new_until_its_day(base: Base) -> None:
    assert [c.note for c in whats_coming(base, About(), TODAY)] == ["Soon."]
    assert "Soon." not in notes(base, About())
    assert "- **From 1 December 2026:** Soon." in said(base, About()).text
    assert notes(base, About(), date(2026, 12, 1))[0] == "Soon."
    assert whats_coming(base, About(), date(2026, 12, 1)) == ()


def test_nothing_new_is_said_plainly(tmp_path: Path, words: NewsWords) -> None:
    empty = loaded(tmp_path, {"answers/money.x.yaml": "{id: money.x, title: X, answer: Ask.}\n"}).base(package())
    assert said(empty, About()).text == words.nothing


# dates


def test_the_next_date_is_given_and_a_past_one_never(base: Base) -> None:
    overlay = base.overlays["devon"][0]
    for today, on in [
        (date(2026, 1, 1), date(2026, 6, 3)),
        (date(2026, 6, 3), date(2026, 6, 3)),
        (date(2026, 6, 4), date(2026, 12, 3)),
        (TODAY, date(2026, 12, 3)),
        (date(2027, 6, 3), date(2027, 6, 3)),
    ]:
        found = next_event(overlay, today)
        assert found is not None
        assert (found.on, found.event.title) == (on, "Benefits clinic"), today
    assert next_event(overlay, date(2027, 6, 4)) is None


def test_what_is_new_gives_each_event_once_on_its_next_day(base: Base) -> None:
    assert [(d.on, d.event.title) for d in next_events(base, DEVON, TODAY)] == [(date(2026, 12, 3), "Benefits clinic")]
    text = said(base, DEVON).text
    assert (
        "- **3 December 2026, 2pm to 4pm: Benefits clinic**, Exeter Library. Ask the Jobcentre about the £12." in text
    )
    assert "drop-in" not in text
    assert "clinic" not in said(base, About(council="kent")).text
    assert "clinic" not in said(base, DEVON, date(2027, 6, 4)).text


def test_the_answer_gives_the_next_date_of_its_council_and_never_a_past_one(base: Base) -> None:
    key = keys.topic("money.rate")
    assert "3 December 2026" in said(base, DEVON, key=key).text
    assert "3 June 2026" not in said(base, DEVON, key=key).text
    assert "clinic" not in said(base, DEVON, date(2027, 7, 1), key=key).text
    assert "clinic" not in said(base, About(), key=key).text


# the package


def test_the_laws_and_rates_of_2026_are_among_the_news() -> None:
    found = {(change.on, change.topic) for change in whats_new(package(), About(), TODAY)}
    for on, topic in [
        (date(2026, 9, 30), "housing.homeless.intentional"),  # Children's Wellbeing and Schools Act 2026, section 9
        (date(2026, 5, 1), "housing.eviction"),  # Renters' Rights Act 2025
        (date(2026, 5, 1), "housing.private-rent"),
        (date(2026, 4, 6), "money.universal-credit"),
        (date(2026, 4, 6), "money.disability-benefits"),
        (date(2026, 4, 1), "money.emergency"),  # Crisis and Resilience Fund
        (date(2026, 4, 1), "work.rights"),
        (date(2026, 8, 1), "education.student-finance"),
    ]:
        assert (on, topic) in found, topic


def test_no_note_has_a_fault_and_each_is_one_plain_line() -> None:
    items: list[Entry | Overlay] = [*package().entries]
    items += [overlay for each in package().overlays.values() for overlay in each]
    for item in items:
        for change in item.changes:
            assert len(change.note.split()) <= 35, change.note
            assert "\n" not in change.note


def test_a_figure_typed_into_a_note_is_a_fault(tmp_path: Path) -> None:
    typed = {
        "answers/money.x.yaml": 'id: money.x\ntitle: X\nanswer: Ask.\nchanges: [{on: 2026-04-01, note: "It is £5."}]\n'
    }
    faults = [str(f) for f in offers(loaded(tmp_path, typed))]
    assert len(faults) == 1
    assert "an amount is typed here" in faults[0]


@pytest.mark.parametrize("council", [None, "devon", "northumberland", "central-bedfordshire", "kent"])
def test_every_page_fits_one_message_and_together_they_hold_all(council: str | None) -> None:
    about, key, seen = About(council=council), keys.NEW, 0
    for _ in range(20):
        reply = said(package(), about, key=key)
        assert len(split_reply(reply.text, 4096)) == 1
        assert all(len(a.key.encode()) <= keys.LONGEST for a in reply.actions)
        body = reply.text.partition("\n\n")[0]
        seen += body.count("\n- **")
        more = [a.key for a in reply.actions if a.key.startswith(f"{keys.NEW}:")]
        if not more:
            break
        key = more[0]
    assert seen == len(whats_new(package(), about, TODAY))


def test_the_menu_the_command_and_the_phrases_lead_to_it(words: NewsWords) -> None:
    assert keys.NEW in {a.key for a in decide(turn(action=keys.MENU)).say_now[0].actions}
    assert decide(turn("/new")).say_now[0].text.startswith(words.intro)
    for phrase in words.ask:
        assert decide(turn(f"{phrase}?", best="money.debt")).say_now[0].text.startswith(words.intro), phrase


@pytest.mark.parametrize("key", ["new:x", "new:99999"])
def test_a_key_that_means_nothing_any_more_is_answered_with_the_menu(key: str) -> None:
    assert decide(turn(action=key)).say_now[0].text == package().words.old_button
