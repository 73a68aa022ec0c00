"""What a message comes to, as a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from bot.dialogue import keys
from bot.dialogue.danger import danger_reply
from bot.dialogue.decide import decide
from bot.dialogue.turn import Decision, Mode
from bot.domain.messages import Assessment, Form, Kind, Outcome, Urgency
from bot.domain.people import About, Conversation, Vote
from bot.knowledge.index import NOT_COVERED, SMALL_TALK, Class, Match
from tests.support.knowledge import NIGHT, NOON, package, turn

EMERGENCY = Assessment(Urgency.EMERGENCY, "safety.suicide", ("took them all",))
URGENT = Assessment(Urgency.URGENT, "safety.domestic-abuse", ("hits me",))
WORDS = package().words


def labels(decision: Decision) -> list[str]:
    return [a.label for reply in decision.say_now for a in reply.actions]


def texts(decision: Decision) -> str:
    return "\n".join(r.text for r in (*decision.say_now, *decision.say_after))


# danger


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("asked", [None, "council", "age"])
def test_help_comes_first_in_every_mode_and_state(mode: Mode, asked: str | None) -> None:
    talk = Conversation(asked=asked, topic="money.council-tax", version=3)
    decision = decide(turn("ive taken too much", assessment=EMERGENCY, conversation=talk, mode=mode))
    assert decision.say_now[0].kind is Kind.DANGER
    assert "999" in decision.say_now[0].text


def test_after_help_one_can_carry_on_or_have_a_person() -> None:
    decision = decide(turn("x", assessment=EMERGENCY))
    assert labels(decision)[:2] == [WORDS.buttons.safe, WORDS.buttons.want_person]


def test_what_was_asked_beside_the_danger_is_still_answered_after_it() -> None:
    decision = decide(turn("he hits me and do i pay council tax", assessment=URGENT, best="money.council-tax"))
    assert [r.kind for r in decision.say_now] == [Kind.DANGER, Kind.ANSWER]
    assert decision.topic == "money.council-tax"


def test_dont_know_is_never_said_after_a_cry_for_help() -> None:
    decision = decide(turn("zzz", assessment=URGENT))
    assert len(decision.say_now) == 1
    assert decision.outcome is Outcome.ANSWER
    assert decision.topic == "safety.domestic-abuse"


def test_a_line_that_is_closed_at_that_hour_is_never_offered() -> None:
    base = package()
    for category, age in product(base.danger, (None, 16, 19, 24)):
        for hour in range(0, 24 * 7, 13):
            now = NOON + timedelta(hours=hour)
            text = danger_reply(base, Assessment(Urgency.URGENT, category), About(age=age), now).text
            offered = [h for h in base.helplines if f"- **{h.name}**:" in text]
            assert 1 <= len(offered) <= 4, (category, age, text)
            assert all(h.open(now) and h.fits(age) for h in offered), (category, age, now)


def test_childline_is_not_offered_to_a_24_year_old_and_its_age_is_said_when_theirs_is_not_known() -> None:
    grown = decide(turn("x", assessment=EMERGENCY, about=About(age=24), now=NIGHT)).say_now[0].text
    unknown = decide(turn("x", assessment=EMERGENCY, now=NIGHT)).say_now[0].text
    assert "Childline" not in grown
    assert "Childline" not in unknown or "up to age" in unknown


def test_a_council_whose_night_number_is_known_is_offered_where_it_must_act() -> None:
    heard = Assessment(Urgency.EMERGENCY, "safety.homeless-tonight")
    text = decide(turn("x", assessment=heard, about=About(age=17, council="devon"), now=NIGHT)).say_now[0].text
    assert "0345 6000 388" in text


def test_a_press_of_a_button_is_not_words_and_raises_no_alarm() -> None:
    decision = decide(turn(action=keys.MENU, assessment=EMERGENCY))
    assert decision.say_now[0].kind is Kind.NOTICE


def test_the_soft_line_ends_an_ordinary_answer() -> None:
    decision = decide(turn("x", assessment=Assessment(check_in=True), best="money.council-tax"))
    assert decision.say_now[-1].text.endswith(WORDS.check_in)
    assert decision.say_now[-1].kind is Kind.ANSWER


def test_im_safe_carries_on() -> None:
    assert texts(decide(turn(action=keys.SAFE))) == WORDS.safe


# questions


def test_a_sure_match_is_answered_with_where_it_comes_from_and_who_has_checked_it() -> None:
    decision = decide(turn("q", best="money.council-tax"))
    assert (decision.outcome, decision.topic) == (Outcome.ANSWER, "money.council-tax")
    assert "not yet approved by a council" in texts(decision)
    assert decision.version is not None
    assert decision.conversation.topic == "money.council-tax"


def test_an_unsure_match_offers_three_none_of_these_and_a_person() -> None:
    topics = ("money.debt", "money.emergency", "money.budgeting")
    decision = decide(turn("q", best=topics[0], others=(*topics[1:], "money.travel"), sure=0.4))
    assert (decision.outcome, decision.offered, decision.topic) == (Outcome.CLARIFY, topics, None)
    assert labels(decision)[3:] == [WORDS.buttons.none, WORDS.buttons.person]


def test_a_second_miss_in_a_row_is_another_sentence_with_the_menu_and_a_person() -> None:
    first = decide(turn("zzz"))
    second = decide(turn("yyy", conversation=first.conversation))
    third = decide(turn("www", conversation=second.conversation))
    assert len({texts(first), texts(second), texts(third)}) == 3
    assert all(d.outcome is Outcome.UNKNOWN for d in (first, second, third))
    assert {WORDS.buttons.menu, WORDS.buttons.person} <= set(labels(second))


def test_none_of_these_counts_as_a_miss() -> None:
    decision = decide(turn(action=keys.NONE))
    assert decision.conversation.misses == 1
    assert texts(decide(turn("zzz", conversation=decision.conversation))) == WORDS.unknown_again


def test_an_answer_ends_a_row_of_misses() -> None:
    missed = decide(turn("zzz")).conversation
    assert decide(turn("q", best="money.debt", conversation=missed)).conversation.misses == 0


def test_what_we_do_not_cover_gets_its_own_honest_line() -> None:
    item = package().not_covered[0]
    asked = turn("q")
    found = replace(asked.found, matches=(Match(Class(NOT_COVERED, item.id), 0.9),))
    decision = decide(replace(asked, found=found))
    assert decision.outcome is Outcome.UNKNOWN
    assert item.reply.strip() in texts(decision)


def test_small_talk_is_answered_shortly() -> None:
    talk = next(t for t in package().small_talk if t.id == "thanks")
    asked = turn("ta")
    found = replace(asked.found, matches=(Match(Class(SMALL_TALK, talk.id), 0.9),))
    assert decide(replace(asked, found=found)).outcome is Outcome.SMALL_TALK


def test_asking_for_a_person_gives_numbers_and_promises_nothing() -> None:
    for asked in (turn("i want a person", best="bot.human"), turn("/person"), turn(action=keys.PERSON)):
        decision = decide(asked)
        assert decision.outcome is Outcome.PERSON
        assert "can't pass messages" in texts(decision)


def test_a_persons_council_gives_its_own_numbers() -> None:
    decision = decide(turn("/person", about=About(council="northumberland")))
    assert "01670 622930" in texts(decision)


# follow-ups


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("how much is it", "how_much"),
        ("and how much?", "how_much"),
        ("how do i ask", "how"),
        ("what if they say no", "if_no"),
        ("tell me more", "more"),
    ],
)
def test_a_bare_follow_up_stays_on_the_topic(text: str, part: str) -> None:
    talk = Conversation(topic="money.setting-up-home", version=1)
    decision = decide(turn(text, conversation=talk, best="work.rights"))
    assert decision.topic == "money.setting-up-home", part
    assert decision.outcome is Outcome.ANSWER


def test_and_at_21_says_what_changes_then() -> None:
    talk = Conversation(topic="support.to-21", version=1)
    decision = decide(turn("and at 21?", conversation=talk))
    assert decision.topic == "support.to-21"
    assert "21" in texts(decision)


def test_a_new_topic_takes_over() -> None:
    talk = Conversation(topic="money.setting-up-home", version=1)
    assert (
        decide(turn("how much is a young persons railcard", conversation=talk, best="money.travel")).topic
        == "money.travel"
    )


def test_without_a_topic_a_follow_up_is_a_question_like_any_other() -> None:
    assert decide(turn("how much is it")).outcome is Outcome.UNKNOWN


# who and where


def test_an_age_said_in_passing_is_used_for_the_rest_of_the_conversation() -> None:
    assert decide(turn("im 19 and got a council tax bill", best="money.council-tax")).conversation.about.age == 19
    assert decide(turn("I'm 17, where do i live", best="housing.options")).conversation.about.age == 17


@pytest.mark.parametrize("text", ["im 16 weeks pregnant", "im 20 quid short", "im 25 min away"])
def test_a_number_that_is_no_age_is_not_one(text: str) -> None:
    assert decide(turn(text)).conversation.about.age is None


def test_a_typed_council_is_found_by_name_alias_district_or_near_spelling() -> None:
    talk = Conversation(asked="council", version=1)
    for typed, slug in [
        ("devon", "devon"),
        ("Devon County Council", "devon"),
        ("northumberlnd", "northumberland"),
        ("im from central bedfordshire", "central-bedfordshire"),
    ]:
        assert decide(turn(typed, conversation=talk)).conversation.about.council == slug, typed
    exeter = decide(turn("Exeter", conversation=talk)).conversation.about
    assert (exeter.council, exeter.district) == ("devon", "exeter")


def test_a_council_that_is_not_known_is_asked_for_again_and_a_question_is_answered_instead() -> None:
    talk = Conversation(asked="council", version=1)
    again = decide(turn("qwertyshire", conversation=talk))
    assert again.conversation.asked == "council"
    assert texts(again) == WORDS.council_unknown
    assert (
        decide(turn("do i pay council tax on my flat", conversation=talk, best="money.council-tax")).topic
        == "money.council-tax"
    )


def test_another_nation_is_told_plainly() -> None:
    decision = decide(turn("cardiff", conversation=Conversation(asked="council", version=1)))
    assert "Wales" in texts(decision)
    assert decision.conversation.about.nation == "wales"


def test_a_council_that_is_not_known_any_more_counts_as_none() -> None:
    gone = turn("/person", about=About(council="atlantis", age=19))
    assert (gone.about.council, gone.about.age) == (None, 19)
    assert WORDS.person_no_council in texts(decide(gone))


def test_id_rather_not_say_works_everywhere() -> None:
    for key in (keys.NO_COUNCIL, keys.NO_AGE):
        decision = decide(turn(action=key, about=About(age=19, council="devon")))
        assert decision.say_now[0].actions


def test_every_council_can_be_tapped_to_in_two() -> None:
    first = decide(turn(action=keys.ASK_COUNCIL))
    found = set()
    for action in first.say_now[0].actions:
        if action.key.startswith("l:"):
            found |= {a.key for a in decide(turn(action=action.key)).say_now[0].actions if a.key.startswith("c:")}
    assert {f"c:{c.slug}" for c in package().councils} <= found


def test_an_age_given_after_an_answer_that_turns_on_it_shows_it_again() -> None:
    talk = Conversation(topic="housing.homeless", version=1)
    decision = decide(turn(action=keys.age(17), conversation=talk))
    assert decision.topic == "housing.homeless"
    assert decision.conversation.about.age == 17


# menu, commands, buttons


def test_every_topic_is_at_most_three_taps_away() -> None:
    found: set[str] = set()
    level = [a.key for a in decide(turn(action=keys.MENU)).say_now[0].actions if a.key.startswith("m:")]
    for _ in range(2):
        below: list[str] = []
        for key in level:
            for action in decide(turn(action=key)).say_now[0].actions:
                (found.add if action.key.startswith("t:") else below.append)(action.key)
        level = [key for key in below if key.startswith("m:")]
    tops = {f"t:{e.id}" for e in package().entries if e.id.count(".") == 1}
    assert tops <= found


@pytest.mark.parametrize(
    "command", ["/start", "/help", "/menu", "/privacy", "/mydata", "/council", "/age", "/person", "/status", "/START"]
)
def test_commands_work_when_typed(command: str) -> None:
    assert decide(turn(command)).say_now


def test_the_welcome_says_in_three_lines_what_this_is_who_sees_what_and_what_to_do_in_danger() -> None:
    text = decide(turn("/start")).say_now[0].text
    assert len(text.strip().splitlines()) == 3
    assert "999" in text


def test_a_deep_link_chooses_a_council_or_shows_a_topic() -> None:
    assert decide(turn("/start devon")).conversation.about.council == "devon"
    assert decide(turn("/start money_council-tax")).topic == "money.council-tax"
    assert decide(turn("/start nonsense")).say_now == decide(turn("/start")).say_now


@pytest.mark.parametrize(
    "key",
    ["", "x", "t:money.gone", "p:more:gone", "m:gone", "y:", "a:old", "c:atlantis", "l:?", "d:x:y", "p:", "🙂", "a:²"],
)
def test_a_button_that_means_nothing_any_more_is_answered_with_the_menu(key: str) -> None:
    assert decide(turn(action=key)).say_now[0].text == WORDS.old_button


def test_every_button_is_short_enough_for_a_callback_and_works() -> None:
    for entry in package().entries:
        for reply in decide(turn(action=keys.topic(entry.id))).say_now:
            for action in reply.actions:
                assert len(action.key.encode()) <= keys.LONGEST, action
                pressed = decide(turn(action=action.key))
                assert all(r.text != WORDS.old_button for r in pressed.say_now), action


def test_a_vote_is_counted_by_entry_and_version_and_thanked_only_after() -> None:
    decision = decide(turn(action="y:money.council-tax:1a2b3c4d"))
    assert decision.vote == Vote("money.council-tax", "1a2b3c4d", True)
    assert decision.say_now == ()
    assert decision.say_after[0].text == WORDS.helped


def test_delete_is_said_only_after_it_is_done() -> None:
    decision = decide(turn("/delete"))
    assert decision.forget
    assert decision.say_now == ()
    assert decision.say_after[0].text == WORDS.deleted
    assert decision.say_if_not_kept[0].text == WORDS.delete_failed


def test_my_data_names_all_that_is_held() -> None:
    talk = Conversation(about=About(age=19, council="devon"), topic="money.debt", version=2, last_active=NOON)
    text = texts(decide(turn("/mydata", conversation=talk)))
    assert all(word in text for word in ("Devon", "19", "24 November 2026", "scrambled"))
    assert package().entry["money.debt"].title in text


# what cannot be read, and being off


@pytest.mark.parametrize(
    ("text", "says"), [("", WORDS.empty), ("   ", WORDS.empty), ("🙂🙂", WORDS.only_signs), ("???", WORDS.only_signs)]
)
def test_a_message_without_words_gets_a_clear_reply(text: str, says: str) -> None:
    assert texts(decide(turn(text))) == says


def test_a_picture_is_answered_politely_and_its_caption_read() -> None:
    assert texts(decide(turn("", form=Form.MEDIA, media="photo"))) == WORDS.media.photo
    decision = decide(turn("council tax?", form=Form.MEDIA, media="photo", best="money.council-tax"))
    assert decision.topic == "money.council-tax"
    assert decision.say_now[0].text == WORDS.media.photo


def test_an_edited_message_is_answered_like_a_new_one() -> None:
    assert decide(turn("q", form=Form.EDITED, best="money.debt")).topic == "money.debt"


@pytest.mark.parametrize("mode", [Mode.HELPLINES, Mode.STARTING, Mode.BROKEN])
def test_what_needs_no_answers_works_when_none_can_be_given(mode: Mode) -> None:
    assert decide(turn("/delete", mode=mode)).forget
    assert texts(decide(turn("/privacy", mode=mode))) == WORDS.privacy
    assert decide(turn("/start", mode=mode)).say_now[0] == decide(turn("/start")).say_now[0]
    assert len(decide(turn("/start", mode=mode)).say_now) == 2
    assert decide(turn(action=keys.PERSON, mode=mode)).outcome is Outcome.PERSON


def test_being_off_says_why_and_still_shows_who_to_ring() -> None:
    decision = decide(turn("q", mode=Mode.HELPLINES, why="We are moving house.", best="money.debt"))
    assert "We are moving house." in texts(decision)
    assert "116 123" in texts(decision)
    assert decision.topic is None
