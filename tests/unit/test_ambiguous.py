"""Words with two meanings: asked about where the message does not settle which, answered straight where it does."""

from __future__ import annotations

import itertools

import pytest

from bot.dialogue import keys
from bot.dialogue.ambiguous import ASKED, MOST, chosen, unsettled
from bot.dialogue.decide import decide
from bot.domain.messages import Assessment, Kind, Outcome, Urgency
from bot.domain.people import Conversation
from bot.knowledge.ambiguous import TwoMeanings
from bot.knowledge.base import Base
from bot.knowledge.index import ANSWER, NOT_COVERED, Class, Found, Match, Thresholds
from tests.support.knowledge import package, turn

HEALTH, TRAVEL = "health.passport", "rights.id-documents"
WORDS = package().ambiguous.words
LIMITS = Thresholds(0.5, 0.3)
asked_passport = Conversation(asked=f"{ASKED}passport", greeted=True, version=1)


def found(*topics: str, sure: float = 0.1, near: float = 0.1, kind: str = ANSWER) -> Found:
    return Found(tuple(Match(Class(kind, t), 0.5 - n / 10) for n, t in enumerate(topics)), sure, near, 1.0)


def asks(text: str, search: Found = Found(), base: Base | None = None) -> str | None:  # noqa: B008
    about = unsettled(base or package(), text, search, LIMITS)
    return about.word.word if about else None


def plain(phrase: str) -> str:
    return phrase.replace("*", "")


def only(*topics: str) -> Base:
    """The package's knowledge with these entries alone."""
    kept = {name: getattr(package(), name) for name in ("words", "textspeak", "ambiguous", "helplines", "danger")}
    return Base.model_construct(**kept, entries=tuple(e for e in package().entries if e.id in topics))


@pytest.mark.parametrize("word", WORDS, ids=lambda w: w.word)
def test_each_word_alone_is_asked_about_in_every_form(word: TwoMeanings) -> None:
    for form in word.forms:
        assert asks(form) == word.word
        assert asks(f"{form}?!") == word.word
        for around in ("my {}", "i need the {} pls", "how do i get the {}", "{} info"):
            text = around.format(form)
            settled = any(f" {plain(said)} " in f" {text.lower()} " for said in word.settling)  # "my plan"
            assert asks(text) == (None if settled else word.word), text


@pytest.mark.parametrize("word", WORDS, ids=lambda w: w.word)
def test_a_word_is_never_asked_about_where_the_message_holds_one_that_settles_it(word: TwoMeanings) -> None:
    searches = (Found(), found(*(m.topic for m in word.meanings if m.topic)), found("bot.about"))
    for form, said, search in itertools.product(word.forms, word.settling, searches):
        for text in (f"{form} {plain(said)}", f"{plain(said)} {form}", f"hi i want my {form} for {plain(said)}"):
            assert asks(text, search) != word.word, text


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("health passport", HEALTH),
        ("how much is a british passport", TRAVEL),
        ("my pa wont answer", "support.contact-pa"),
        ("uni bursary", "education.he-bursary"),
        ("my plan", "support.pathway-plan"),
        ("section 21", "housing.eviction"),
        ("staying put with my foster carers", "housing.staying-put"),
    ],
)
def test_a_message_that_settles_it_is_answered_straight(text: str, topic: str) -> None:
    decision = decide(turn(text, best=topic))
    assert (decision.outcome, decision.topic) == (Outcome.ANSWER, topic)


def test_it_is_asked_even_where_the_search_is_sure_with_a_button_for_each_meaning_likeliest_first() -> None:
    decision = decide(turn("Passport?", best=TRAVEL, others=(HEALTH,), sure=0.97))
    assert (decision.outcome, decision.topic, decision.offered) == (Outcome.CLARIFY, None, (TRAVEL, HEALTH))
    assert decision.say_now[0].text == "Which passport do you mean?"
    assert [a.key for a in decision.say_now[0].actions] == [keys.topic(TRAVEL), keys.topic(HEALTH), "none", "person"]
    assert decide(turn("passport", best=HEALTH, others=(TRAVEL,))).offered == (HEALTH, TRAVEL)


def test_pressing_a_meaning_answers_it_whether_it_is_an_entry_or_not_covered() -> None:
    for word in WORDS:
        for action in decide(turn(word.word)).say_now[0].actions[: len(word.meanings)]:
            meaning = next(m for m in word.meanings if m.label == action.label)
            pressed = decide(turn(action=action.key))
            assert len(action.key.encode()) <= keys.LONGEST
            assert pressed.topic == meaning.topic
            assert pressed.say_now[0].kind is (Kind.ANSWER if meaning.topic else Kind.NOTICE)
    assert "carersuk.org" in decide(turn(action=keys.not_covered("care.unpaid-carer"))).say_now[0].text
    assert decide(turn(action=keys.not_covered("no.such"))).say_now[0].text == package().words.old_button


@pytest.mark.parametrize("text", ["the health one", "Health", "my health passport", "nhs one pls", "i mean medical"])
def test_a_typed_meaning_is_answered_after_the_question(text: str) -> None:
    decision = decide(turn(text, best=TRAVEL, conversation=asked_passport))
    assert (decision.topic, decision.conversation.asked) == (HEALTH, None)


@pytest.mark.parametrize(
    "text", ["health assessment", "do i need id for travel health", "health or travel", "eviction"]
)
def test_anything_else_after_the_question_is_a_question_like_any_other(text: str) -> None:
    assert decide(turn(text, best="health.assessment", conversation=asked_passport)).topic == "health.assessment"


def test_a_typed_word_that_names_two_of_the_meanings_chooses_neither() -> None:
    talk = Conversation(asked=f"{ASKED}section 20", greeted=True)
    assert chosen(package(), talk.asked, "leave") is None
    assert chosen(package(), talk.asked, "the notice") is not None


def test_the_same_word_is_never_asked_about_twice_running() -> None:
    for word in WORDS:
        first = decide(turn(word.word, best="bot.about"))
        again = decide(turn(word.word, best="bot.about", conversation=first.conversation))
        assert (first.outcome, again.outcome, again.topic) == (Outcome.CLARIFY, Outcome.ANSWER, "bot.about"), word.word
        assert decide(turn(word.word, conversation=again.conversation)).outcome is Outcome.CLARIFY
    other = decide(turn("bursary", best=TRAVEL, conversation=asked_passport))
    assert other.conversation.asked == f"{ASKED}bursary"


def test_nothing_is_asked_where_the_knowledge_base_has_one_meaning_only() -> None:
    assert asks("passport", base=only(HEALTH)) is None
    assert asks("passport", base=only(HEALTH, TRAVEL)) == "passport"
    two = unsettled(only("education.he-bursary", "work.apprenticeship"), "bursary", Found(), LIMITS)
    assert two is not None
    assert two.topics == ("education.he-bursary", "work.apprenticeship")
    assert decide(turn("passport", best=HEALTH, base=only(HEALTH))).topic == HEALTH


def test_danger_comes_first_and_is_answered_as_ever() -> None:
    hurt = Assessment(Urgency.URGENT, "safety.domestic-abuse")
    for asked in (None, f"{ASKED}passport"):
        talk = Conversation(asked=asked, greeted=True)
        decision = decide(turn("passport", best=TRAVEL, assessment=hurt, conversation=talk))
        assert [r.kind for r in decision.say_now] == [Kind.DANGER, Kind.ANSWER]
        assert (decision.outcome, decision.topic) == (Outcome.ANSWER, TRAVEL)
    leaning = decide(turn("payment plan", best="money.debt", sure=0.4, assessment=hurt))
    assert leaning.say_now[0].kind is Kind.DANGER
    assert leaning.offered == ("safety.domestic-abuse", "money.debt")


@pytest.mark.parametrize("text", ["What is a PA?", "whats a pa", "PA meaning", "what does PA mean", "pa = what"])
def test_who_asks_what_a_word_means_is_told(text: str) -> None:
    assert decide(turn(text, best="support.personal-adviser")).topic == "support.personal-adviser"


def test_a_short_message_is_asked_about_only_where_the_search_cannot_tell() -> None:
    assert asks("passport stuff pronto", found(TRAVEL, HEALTH)) == "passport"
    assert asks("passport stuff pronto", found(TRAVEL, HEALTH, sure=0.6)) is None  # sure
    assert asks("passport stuff pronto", found(TRAVEL, "money.travel")) is None  # one meaning of it
    assert asks("passport stuff pronto", found("money.travel", TRAVEL, HEALTH)) is None  # another thing comes first
    assert asks("passport stuff pronto", found("money.travel")) == "passport"  # nothing to offer
    assert asks("passport stuff pronto", found("money.travel", near=0.4)) is None  # something else to offer
    assert asks("passport stuff pronto", found("chat.news", kind=NOT_COVERED)) is None
    assert asks("passport " + "zebra " * MOST, found(TRAVEL, HEALTH)) == "passport"
    assert asks("passport " + "zebra " * (MOST + 1), found(TRAVEL, HEALTH)) is None


def test_what_the_spelling_repair_made_of_another_word_is_asked_about_only_where_it_begins_alike() -> None:
    assert asks("wanker", Found(text="worker")) is None
    assert asks("wokrer", Found(text="worker")) == "worker"
    assert asks("hlep wiht pssport", Found(text="help with passport")) is None
    assert asks("hlep wiht passprot", Found(text="help with passport")) == "passport"


def test_a_message_that_settles_one_meaning_is_answered_where_the_search_only_leans_to_it() -> None:
    leaning = turn("payment plan", best="money.debt", others=("money.budgeting",), sure=0.4)
    assert decide(leaning).topic == "money.debt"
    elsewhere = decide(turn("payment plan", best="money.budgeting", sure=0.4))
    assert (elsewhere.outcome, elsewhere.offered) == (Outcome.CLARIFY, ("money.budgeting",))
    more = decide(turn("payment plan for zebras", best="money.debt", sure=0.4))
    assert more.outcome is Outcome.CLARIFY


@pytest.mark.parametrize(
    "text", ["", "?!", "pa" * 5000, "passport " * 5000, "\U0001f600" * 200, "ｐａｓｓｐｏｒｔ\x00 \u202e"]
)
def test_bad_input_is_no_fault(text: str) -> None:
    assert asks(text) in (None, "passport")
