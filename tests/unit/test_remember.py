"""What is said in passing is used for one conversation, and kept longer only when somebody says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.domain.people import ONE_TALK, About, Conversation
from tests.support.knowledge import NOON, turn

ASKED = "im 19 do i have to pay council tax"


def test_an_age_in_a_question_is_used_and_marked_as_said_in_passing() -> None:
    decision = decide(turn(ASKED, best="money.council-tax"))
    assert decision.conversation.about.age == 19
    assert decision.conversation.passing == ("age",)
    assert keys.REMEMBER in [a.key for a in decision.say_now[-1].actions]


def test_it_is_forgotten_once_that_talk_is_over_and_what_was_chosen_is_not() -> None:
    talk = Conversation(About(age=19, council="devon"), passing=("age",), last_active=NOON)
    assert talk.as_of(NOON + ONE_TALK).about.age == 19
    later = talk.as_of(NOON + ONE_TALK + timedelta(seconds=1))
    assert later.about == About(council="devon")
    assert later.passing == ()


def test_a_council_said_in_passing_takes_its_district_with_it() -> None:
    talk = Conversation(About(council="devon", district="exeter"), passing=("council",), last_active=NOON)
    assert talk.as_of(NOON + 2 * ONE_TALK).about == About()


def test_remember_keeps_it_and_says_what_and_how_to_wipe_it() -> None:
    said = decide(turn(ASKED, best="money.council-tax")).conversation
    kept = decide(turn(action=keys.REMEMBER, conversation=said))
    assert kept.conversation.passing == ()
    assert kept.conversation.about.age == 19
    assert "19" in kept.say_now[0].text
    assert "/delete" in kept.say_now[0].text


def test_remember_pressed_too_late_keeps_nothing() -> None:
    late = decide(turn(action=keys.REMEMBER, conversation=Conversation(greeted=True)))
    assert late.conversation.about == About()


def test_what_we_asked_for_or_what_is_all_they_say_is_kept() -> None:
    asked = replace(Conversation(greeted=True), asked="age")
    assert decide(turn("im 19", conversation=asked)).conversation.passing == ()
    shown = Conversation(greeted=True, topic="money.council-tax")
    assert decide(turn("19", conversation=shown)).conversation.passing == ()
