"""Whom to ring: what each number really is, whether somebody answers it now, and whether a person confirmed it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue import keys
from bot.dialogue.contacts import contacts_for
from bot.dialogue.decide import decide
from bot.domain.people import About, Conversation
from bot.knowledge.hours import open_now
from tests.support.knowledge import NIGHT, NOON, package, turn, with_example

HERE = About(council="exampleshire", age=19)
WORDS = package().words
OFFICE = "Monday to Thursday 9am to 5pm, Friday 9am to 4pm."


def ring(topic: str, now: datetime = NOON, about: About = HERE) -> str:
    return decide(turn(action=keys.part("ring", topic), about=about, base=with_example(), now=now)).say_now[0].text


def names(topic: str) -> list[str]:
    base = with_example()
    return [c.name for c in contacts_for(base, base.pack["exampleshire"], topic)]


def line_of(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"- **{name}**"))


def test_each_contact_says_its_ways_its_hours_and_what_it_really_is() -> None:
    line = line_of(ring("housing.options"), "Leaving Care Team")
    assert "**01632 960100**" in line
    assert "not the team itself" in line
    assert WORDS.ring.unconfirmed not in line
    assert "Text **07700 900100**" in line_of(ring("support.contact-pa"), "Leaving Care Team, by text")


def test_a_number_that_nobody_confirmed_is_said_to_be_so() -> None:
    line = line_of(ring("housing.options", about=About(council="devon")), "Permanence and Transition (P&T) teams")
    assert WORDS.ring.unconfirmed in line


def test_open_now_is_said_by_the_clock() -> None:
    assert f"({WORDS.ring.open})" in line_of(ring("housing.options"), "Leaving Care Team")
    assert f"({WORDS.ring.closed})" in line_of(ring("housing.options", NIGHT), "Leaving Care Team")


def test_the_emergency_team_stands_apart_below_the_others() -> None:
    text = ring("housing.options")
    assert text.index("Leaving Care Team") < text.index(WORDS.ring.emergency) < text.index("01632 960101")


def test_who_deals_with_the_topic_comes_first() -> None:
    assert names("rights.complaint")[0] == "Children's Complaints Team"
    assert names("voice.have-a-say")[0] == "Loud and Clear"
    assert names("housing.options")[0] == "The Hub in Northdale"
    assert "The Hub in Northdale" not in names("health.gp")


def test_a_partner_is_named_only_where_it_decides() -> None:
    assert "Exampleshire Homes Partnership" in ring("housing.social-housing")
    assert "Example City Region" not in ring("housing.social-housing")
    assert "Example City Region" in ring("money.travel")


def test_where_it_all_stands_and_when_it_was_looked_up_is_said() -> None:
    text = ring("housing.options")
    assert "exampleshire.example/care-leavers/local-offer" in text
    assert "looked up on 24 November 2026" in text


def test_numbers_that_are_due_to_be_checked_say_so() -> None:
    assert WORDS.being_checked in ring("housing.options", NOON + timedelta(days=300))
    assert WORDS.being_checked not in ring("housing.options")


@pytest.mark.parametrize("about", [About(), About(council="kent")])
def test_without_numbers_there_is_no_button_and_asking_gets_how_to_ask(about: About) -> None:
    shown = decide(turn("q", best="support.change-pa", about=about))
    assert keys.part("ring", "support.change-pa") not in [a.key for a in shown.say_now[0].actions]
    talk = Conversation(about=about, topic="support.change-pa", version=1)
    asked = decide(turn("who do i ring", conversation=talk)).say_now[0].text
    assert WORDS.no_section not in asked
    assert WORDS.say.strip() in asked


def test_who_do_i_ring_stays_on_the_topic() -> None:
    talk = Conversation(about=About(council="devon"), topic="housing.options", version=1)
    decision = decide(turn("who do i ring?", conversation=talk))
    assert decision.topic == "housing.options"
    assert "0345 155 1071" in decision.say_now[0].text


def test_about_the_bot_itself_nobody_need_be_rung() -> None:
    shown = decide(turn("q", best="bot.privacy", about=About(council="devon")))
    assert keys.part("ring", "bot.privacy") not in [a.key for a in shown.say_now[0].actions]


def test_asking_for_a_person_gives_each_way_to_the_team_and_says_what_is_not_confirmed() -> None:
    text = decide(turn("/person", about=HERE, base=with_example())).say_now[0].text
    assert "07700 900100" in text
    assert "The Hub" not in text
    assert WORDS.ring.unconfirmed in decide(turn("/person", about=About(council="devon"))).say_now[0].text


@pytest.mark.parametrize(
    ("hours", "at", "is_open"),
    [
        (OFFICE, datetime(2026, 11, 27, 15, 59, tzinfo=UTC), True),  # a Friday
        (OFFICE, datetime(2026, 11, 27, 16, 0, tzinfo=UTC), False),
        (OFFICE, datetime(2026, 11, 26, 16, 30, tzinfo=UTC), True),
        (OFFICE, datetime(2026, 11, 28, 12, 0, tzinfo=UTC), False),
        (OFFICE, datetime(2026, 7, 2, 8, 30, tzinfo=UTC), True),  # half past nine in London
        (OFFICE, datetime(2026, 12, 25, 12, 0, tzinfo=UTC), None),  # a bank holiday: the words do not say
        ("Answered Monday to Friday, 10am to 4pm.", NOON, True),
        ("Wednesday 2pm to 6pm.", NOON, False),
        ("Monday to Friday 12pm to 1pm", datetime(2026, 11, 24, 12, 30, tzinfo=UTC), True),
        ("Day and night, every day.", NIGHT, True),
        ("Outside office hours, at weekends and on bank holidays.", NIGHT, True),
        ("Outside office hours.", NOON, False),
        ("Monday to Friday 9am to 5pm in term time", NOON, None),
        ("Ask your PA.", NOON, None),
        (None, NOON, None),
    ],
)
def test_hours_in_words_are_read_only_as_far_as_they_go(hours: str | None, at: datetime, is_open: bool | None) -> None:
    assert open_now(hours, at) is is_open
