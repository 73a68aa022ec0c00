"""Words of the law: explained where they stand, once, and when somebody asks."""

from __future__ import annotations

import pytest

from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.domain.messages import Assessment, Kind, Outcome, Urgency
from bot.domain.people import About, Conversation
from tests.support.knowledge import package, turn

PLAN = "support.pathway-plan"


def says(word: str) -> str:
    return next(term.says for term in package().glossary if term.word == word)


def lines(text: str) -> list[str]:
    every = {term.says for term in package().glossary}
    return [line for line in text.splitlines() if any(said in line for said in every)]


def test_a_word_is_explained_before_the_small_print_the_first_time_only() -> None:
    first = decide(turn(action=keys.topic("support.to-21")))
    blocks = first.say_now[0].text.split("\n\n")
    assert says("pathway plan") in blocks[-2]
    assert "pathway plan" in first.conversation.explained
    again = decide(turn(action=keys.topic("support.to-21"), conversation=first.conversation))
    assert says("pathway plan") not in again.say_now[0].text


def test_at_most_two_words_are_explained_under_one_answer_the_most_important_first() -> None:
    order = [term.word for term in package().glossary]
    for entry in package().entries:
        decision = decide(turn(action=keys.topic(entry.id)))
        words = list(decision.conversation.explained)
        assert len(lines(decision.say_now[0].text)) <= 2, entry.id
        assert words == sorted(words, key=order.index), entry.id


def test_an_answer_about_the_word_itself_does_not_explain_it() -> None:
    for term in package().glossary:
        assert term.topic is not None
        assert term.says not in decide(turn(action=keys.topic(term.topic))).say_now[0].text, term.word


def test_nothing_is_explained_in_danger() -> None:
    hurt = Assessment(Urgency.URGENT, "safety.domestic-abuse")
    decision = decide(turn("he hits me, pathway plan", best="support.to-21", assessment=hurt))
    assert [r.kind for r in decision.say_now] == [Kind.DANGER, Kind.ANSWER]
    assert not lines(decision.say_now[1].text)
    for entry in package().entries:
        if entry.id.startswith("safety."):
            assert not lines(decide(turn(action=keys.topic(entry.id))).say_now[0].text), entry.id


def test_an_everyday_word_is_not_taken_for_the_laws() -> None:
    for entry in package().entries:
        explained = decide(turn(action=keys.topic(entry.id))).conversation.explained
        assert not {"care leaver", "eligible"} & set(explained), entry.id


def test_letters_are_explained_with_what_they_stand_for() -> None:
    text = decide(turn(action=keys.topic("money.setting-up-home"))).say_now[0].text
    assert f"*PA (personal adviser)*: {says('personal adviser')}" in text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("what does former relevant mean", "former relevant"),
        ("whats SUHA mean?", "setting up home allowance"),
        ("meaning of s20", "section 20"),
        ("what does PA stand for", "personal adviser"),
        ("define corporate parent", "corporate parent"),
        ("what do pathway plans mean", "pathway plan"),
        ("What does a personal adviser mean", "personal adviser"),
        ("what do care leavers mean", "care leaver"),
    ],
)
def test_a_word_asked_for_is_explained_with_the_entry_that_tells_more(text: str, word: str) -> None:
    decision = decide(turn(text))
    term = next(t for t in package().glossary if t.word == word)
    assert term.says in decision.say_now[0].text
    assert decision.outcome is Outcome.ANSWER
    assert decision.topic == term.topic
    assert decision.say_now[0].actions[0].key == keys.topic(term.topic or "")


@pytest.mark.parametrize(
    "text", ["what does it mean", "what does love mean", "meaning of life", "what is a pathway plan"]
)
def test_what_is_no_word_of_ours_is_a_question_like_any_other(text: str) -> None:
    assert decide(turn(text, best="rights.vote")).topic == "rights.vote"


def test_a_councils_own_name_is_told_beside_the_meaning_and_found_by_itself() -> None:
    devon = About(council="devon")
    for text in ("what does housing register mean", "what does devon home choice mean"):
        said = decide(turn(text, about=devon)).say_now[0].text
        assert says("housing register") in said
        assert "Devon calls it *Devon Home Choice*." in said
    assert "Devon" not in decide(turn("what does housing register mean")).say_now[0].text


def test_the_councils_own_name_stands_beside_the_word_it_explains() -> None:
    told = decide(turn(action=keys.topic("support.change-pa"), about=About(council="northumberland")))
    assert "Northumberland calls it *leaving care support worker*." in told.say_now[0].text


def test_a_plain_word_that_only_the_council_names_otherwise_is_told_under_the_answer() -> None:
    told = decide(turn(action=keys.topic("housing.private-rent"), about=About(council="central-bedfordshire")))
    assert "*Housing team*: Central Bedfordshire calls it *Housing Solutions*." in told.say_now[0].text


def test_a_name_that_is_ours_with_something_after_it_is_no_other_name() -> None:
    told = decide(turn("what does local offer mean", about=About(council="northumberland")))
    assert "calls it" not in told.say_now[0].text  # "local offer, once called the core offer"


def test_my_data_names_the_words_that_were_explained() -> None:
    talk = Conversation(explained=("section 20",), version=1)
    assert "section 20" in decide(turn("/mydata", conversation=talk)).say_now[0].text
