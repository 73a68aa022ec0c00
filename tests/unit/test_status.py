"""How the status check goes: its buttons, the age, what is kept of it, and where it is found."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.domain.messages import Assessment, Kind, Outcome, Urgency
from bot.domain.people import About, Conversation
from tests.support.knowledge import NOON, package, turn
from tests.support.status import TALK, actions, answers, press, pressed, tree


def test_no_key_is_longer_than_64_bytes() -> None:
    assert max(len(key.encode()) for key in pressed()) <= keys.LONGEST


def test_every_figure_and_name_is_filled_in() -> None:
    for key, (_, decision) in pressed().items():
        for reply in decision.say_now:
            assert not re.search(r"[{}]|a figure we are checking", reply.text), key
            assert len(reply.text) < 4096, key


def test_labels_fit_a_button() -> None:
    assert max(len(label) for label, _ in pressed().values()) <= 45


def test_a_button_works_in_a_conversation_that_knows_nothing_any_more() -> None:
    decision = press("s:17.care.left.yes.no", Conversation())
    assert decision.conversation.about == About(age=17, status="relevant")


def test_a_button_that_leads_nowhere_any_more_begins_again_and_says_so() -> None:
    for key in ("s:17.care.gone", "s:nobody", "s:17.care.left.yes.no.more", "s:.", "s:17..", "s:" + "x" * 62):
        reply = press(key).say_now[0]
        assert reply.text.startswith(tree().words.old), key
        assert answers(press(key), keys.STATUS) or reply.actions, key


# age


def test_the_age_that_is_known_is_used_and_said_and_can_be_changed() -> None:
    known = replace(TALK, about=About(age=19))
    decision = press(keys.STATUS, known)
    assert tree().questions["kind"].asks.strip() in decision.say_now[0].text
    assert "19" in decision.say_now[0].text
    again = press(actions(decision)[tree().words.other_age], known)
    assert set(actions(again)) >= {"16", "24"}
    assert press(actions(again)["17"], known).conversation.about.age == 17


def test_an_age_that_was_tapped_is_kept_and_said_at_the_end() -> None:
    assert press("s:18").conversation.about.age == 18
    decision = press("s:18.care.at-18.yes")
    assert decision.conversation.about == About(age=18, status="former-relevant")
    assert "age 18, status former relevant" in decision.say_now[0].text
    assert "/status" in decision.say_now[0].text


def test_an_age_known_more_exactly_than_the_button_says_is_left_as_it_is() -> None:
    decision = press("s:25.care.at-18.yes", replace(TALK, about=About(age=28)))
    assert decision.conversation.about.age == 28
    assert "age 28" in decision.say_now[0].text


def test_an_age_told_after_the_button_was_sent_is_the_better_one() -> None:
    decision = press("s:18.care.at-18.yes", replace(TALK, about=About(age=23)))
    assert "23CZB" in decision.say_now[0].text
    assert decision.conversation.about.age == 23


def test_a_path_that_does_not_fit_a_newer_age_begins_again() -> None:
    decision = press("s:17.care.now.yes", replace(TALK, about=About(age=18)))
    assert decision.say_now[0].text.startswith(tree().words.old)
    assert decision.conversation.about == About(age=18)


def test_rather_not_say_takes_the_age_away_and_goes_on() -> None:
    decision = press("s:not-sure", replace(TALK, about=About(age=19)))
    assert decision.conversation.about.age is None
    assert len(answers(decision, "s:not-sure")) == 10


@pytest.mark.parametrize(("said", "kept"), [("im 19", 19), ("16", 16), ("27", 27), ("40", 25), ("12", 15)])
def test_an_age_can_be_typed_as_well(said: str, kept: int) -> None:
    asked = decide(turn("/status", conversation=TALK))
    decision = decide(turn(said, conversation=asked.conversation))
    assert decision.conversation.about.age == kept
    assert tree().questions["kind"].asks.strip() in decision.say_now[0].text


def test_anything_else_typed_at_the_first_question_is_a_question_like_any_other() -> None:
    asked = decide(turn("/status", conversation=TALK))
    decision = decide(turn("do i pay council tax", conversation=asked.conversation, best="money.council-tax"))
    assert decision.topic == "money.council-tax"


# what is kept


def test_a_status_that_cannot_be_told_any_more_is_taken_out_and_that_is_said() -> None:
    before = replace(TALK, about=About(age=19, status="qualifying"))
    decision = press("s:19.care.not-sure", before)
    assert decision.conversation.about.status is None
    assert tree().words.cleared in decision.say_now[0].text


def test_another_nation_is_kept_and_pointed_to() -> None:
    decision = press("s:20.nation.wales")
    assert decision.conversation.about.nation == "wales"
    assert "gov.wales" in decision.say_now[0].text
    assert "care in Wales" in decision.say_now[0].text
    assert press("s:20.care.at-18.yes", decision.conversation).conversation.about.nation is None


def test_all_three_nations_are_pointed_to_when_it_is_not_known_which() -> None:
    text = press("s:20.nation.not-sure").say_now[0].text
    assert all(site in text for site in ("gov.wales", "mygov.scot", "nidirect.gov.uk"))


def test_my_data_names_status_and_nation() -> None:
    about = About(age=19, status="former-relevant", nation="wales")
    text = press(keys.MY_DATA, replace(TALK, about=about)).say_now[0].text
    assert "former relevant" in text
    assert "Wales" in text


def test_answers_after_it_are_for_that_status() -> None:
    found = press("s:17.care.left.yes.no").conversation
    assert "you've left care" in press(keys.topic("status.types"), found).say_now[0].text


def test_unaccompanied_and_remanded_people_hear_that_they_count() -> None:
    alone = press("s:18.alone.at-18.yes").say_now[0]
    assert "counts the same for you" in alone.text
    assert keys.topic("rights.immigration") in {a.key for a in alone.actions}
    assert "Remand before 18 counts" in press("s:18.remand.at-18.yes").say_now[0].text


# where it is found


@pytest.mark.parametrize("topic", ["status.am-i-a-care-leaver", "status.types", "status.qualifying"])
def test_entries_on_status_carry_the_button(topic: str) -> None:
    assert actions(press(keys.topic(topic)))["Check which one I am"] == keys.STATUS


def test_the_menu_carries_the_button() -> None:
    assert actions(press(keys.area("status")))["Check which one I am"] == keys.STATUS


def test_no_other_entry_carries_it() -> None:
    assert "Check which one I am" not in actions(press(keys.topic("money.council-tax")))


def test_go_back_one_asks_the_question_before() -> None:
    back = actions(press("s:17.care.left"))["Go back one"]
    assert press(back).say_now[0].text == press("s:17.care").say_now[0].text


def test_a_whole_check_as_a_person_does_it() -> None:
    """At 3 a.m., from an answer, by labels alone, with the conversation that each step leaves."""
    decision = decide(turn("am i a care leaver", conversation=TALK, best="status.am-i-a-care-leaver"))
    for label in (
        "Check which one I am",
        "17",
        "Not sure",
        "Yes, at least one",
        "I left at 16 or 17",
        "Yes, 13 weeks or more",
        "Yes, but it broke down",
    ):
        decision = press(actions(decision)[label], decision.conversation)
    assert decision.outcome is Outcome.ANSWER
    assert decision.topic == "status.types"
    assert decision.conversation.about == About(age=17, status="relevant")
    assert "I am a relevant child under section 23A of the Children Act 1989." in decision.say_now[0].text


def test_danger_comes_first_in_the_middle_of_it() -> None:
    asked = decide(turn("/status", conversation=TALK))
    heard = Assessment(Urgency.EMERGENCY, "safety.suicide", ("took them all",))
    decision = decide(turn("ive took them all", conversation=asked.conversation, assessment=heard))
    assert decision.say_now[0].kind is Kind.DANGER


def test_a_check_that_is_overdue_says_so() -> None:
    text = press("s:17.care.now.yes", now=NOON + timedelta(days=400)).say_now[0].text
    assert package().words.being_checked in text
