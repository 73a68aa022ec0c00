"""What can I get: the questions on the way to the list, its pages, and the ways in."""

from __future__ import annotations

import random
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from bot.channels.markup import split_reply
from bot.dialogue import entitlements as flow
from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.dialogue.follow import bare
from bot.domain.messages import Action, Assessment, Form, Kind, Outcome, Reply, Urgency
from bot.domain.people import About, Conversation
from bot.knowledge.entitlements import Situation
from bot.knowledge.words import EntitlementWords
from tests.support.entitlements import ids, press, whole
from tests.support.knowledge import loaded, package, turn

MOST_TAPS = 6


@cache
def words() -> EntitlementWords:
    found = package().words.entitlements
    assert found is not None
    return found


def is_list(reply: Reply) -> bool:
    return words().small_print in reply.text


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
