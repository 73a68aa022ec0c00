"""The easy versions: short lines, one idea each, and nothing that the entry does not say."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.domain.people import About
from bot.knowledge.answer import compose, fill
from bot.knowledge.checks.texts import all_texts
from bot.knowledge.entry import REFERENCE, Entry
from bot.knowledge.load import load, package_knowledge
from bot.language.plain import Measure
from tests.support.knowledge import package, turn

TODAY = date(2026, 11, 24)
COMMONEST = [
    "support.contact-pa",
    "support.personal-adviser",
    "support.pathway-plan",
    "status.am-i-a-care-leaver",
    "money.setting-up-home",
    "money.universal-credit",
    "money.council-tax",
    "money.emergency",
    "housing.options",
    "housing.homeless",
    "health.mental-health",
    "rights.complaint",
]
TOPICS = [*COMMONEST, *(e.id for e in package().entries if e.id.startswith("safety.") and e.id.count(".") == 1)]
MOST_WORDS, GRADE, LONGEST_SENTENCE = 80, 3.0, 20
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def easy_of(entry: Entry) -> list[str]:
    return [text for text in (entry.easy, *(variant.easy for variant in entry.variants)) if text]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_commonest_topics_and_all_of_safety_have_an_easy_version_on_a_button(topic: str) -> None:
    actions = decide(turn(action=keys.topic(topic))).say_now[0].actions
    assert keys.part("easy", topic) in {a.key for a in actions}
    assert decide(turn(action=keys.part("easy", topic))).say_now[0].text.startswith("**")


@pytest.mark.parametrize("topic", TOPICS)
def test_an_easy_version_is_short_and_plain(topic: str) -> None:
    reading = load(package_knowledge()).reading if topic == TOPICS[0] else None
    measure = Measure(reading.names if reading else ())
    for text in easy_of(package().entry[topic]):
        assert len(_WORD.findall(fill(text, package(), TODAY))) <= MOST_WORDS, text
        plain = measure(REFERENCE.sub("", text))
        assert plain.grade <= GRADE, (plain.grade, text)
        assert plain.longest_words <= LONGEST_SENTENCE, plain.longest


@pytest.mark.parametrize("topic", TOPICS)
def test_an_easy_version_names_no_figure_and_no_line_that_the_entry_does_not(topic: str) -> None:
    entry = package().entry[topic]
    named = {r for text, loc in all_texts(entry, ()) if loc[-1] != "easy" for r in REFERENCE.findall(text)}
    for text in easy_of(entry):
        assert set(REFERENCE.findall(text)) <= named, set(REFERENCE.findall(text)) - named


@pytest.mark.parametrize(
    ("topic", "about", "says", "says_not"),
    [
        ("support.contact-pa", About(age=26), "you may not have a PA", "complain"),
        ("support.contact-pa", About(age=17), "social worker", "25"),
        ("support.contact-pa", About(status="qualifying"), "You can ask for a worker", "must give you a PA"),
        ("support.personal-adviser", About(age=25), "that ends at 25", "You get one"),
        ("support.personal-adviser", About(age=19, status="qualifying"), "can say yes or no", "You get one"),
        ("support.pathway-plan", About(age=22), "if you ask", "You should help to write it"),
        ("status.am-i-a-care-leaver", About(age=25), "ends at 25", "13 weeks"),
        ("money.setting-up-home", About(age=25), "ends at 25", "£3,000"),
        ("money.setting-up-home", About(status="qualifying"), "some care leavers, not all", "£3,000"),
        ("money.universal-credit", About(age=16), "until you are 18", "Claim at"),
        ("money.universal-credit", About(age=30), "£424.90", "£338.58"),
        ("money.council-tax", About(age=17), "You do not pay", "letter from your PA"),
        ("money.council-tax", About(age=25), "most people have to pay", "let care leavers pay less"),
        ("money.emergency", About(age=16), "Childline", "Crisis Payment"),
        ("money.emergency", About(age=25), "Crisis Payment", "leaving care team"),
        ("housing.options", About(age=17), "until you are 18", "A council flat"),
        ("housing.options", About(age=25), "ends at 25", "foster"),
        ("housing.homeless", About(age=17), "children's services", "strong right to help"),
        ("housing.homeless", About(age=19), "strong right to help", "children's services"),
        ("housing.homeless", About(age=23), "because you were in care", "strong right to help"),
        ("health.mental-health", About(age=16), "Childline", "Samaritans"),
        ("rights.complaint", About(age=25), "more than a year ago", "stage 2"),
        ("safety.suicide", About(age=17), "Childline", "Childline (0800 1111) up"),
        ("safety.suicide", About(age=24), "Samaritans", "Childline"),
        ("safety.self-harm", About(age=24), "Samaritans", "Childline"),
        ("safety.abuse", About(age=16), "Childline", "Under 18?"),
        ("safety.homeless-tonight", About(age=16), "must give you a place", "Any council"),
    ],
)
def test_an_age_or_status_gets_an_easy_version_that_is_right_for_it(
    topic: str, about: About, says: str, says_not: str
) -> None:
    answer = compose(package(), topic, about, TODAY)
    assert answer is not None
    text = answer.part("easy") or ""
    assert says in text, text
    assert says_not not in text, text
