"""Rules kept as plain data are the same rules."""

import json

import pytest

from bot.bundle import rules_of
from bot.triage.kept import from_data, to_data
from bot.triage.rules import Rules
from tests.support.knowledge import package

MESSAGES = [
    "i want to die",
    "im 16 and have nowhere to sleep tonight",
    "this essay is killing me",
    "my stepdad hit me again last night",
    "do i have to pay council tax",
    "took all my tablets",
]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return rules_of(package())


@pytest.mark.parametrize("text", MESSAGES)
def test_a_message_is_heard_the_same(rules: Rules, text: str) -> None:
    again = from_data(json.loads(json.dumps(to_data(rules))))
    words = tuple(text.split())
    heard, heard_again = rules.hits(words, 16), again.hits(words, 16)
    assert [(h.rule.id, h.level, h.first, h.last, h.other) for h in heard] == [
        (h.rule.id, h.level, h.first, h.last, h.other) for h in heard_again
    ]
    assert rules.masked(words) == again.masked(words)


def test_what_is_no_such_data_is_refused(rules: Rules) -> None:
    with pytest.raises((KeyError, ValueError)):
        from_data({"rules": []})
