"""The commands that Telegram lists are in the words of the knowledge base, and each of them works."""

from __future__ import annotations

import re

import pytest

from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.domain.messages import Outcome
from tests.support.knowledge import package, turn

LISTED = package().words.commands


def test_the_list_begins_with_start_and_holds_the_status_check() -> None:
    assert list(LISTED) == ["start", "menu", "status", "person", "help", "privacy", "delete"]


@pytest.mark.parametrize("command", LISTED)
def test_a_listed_command_is_one_that_we_know_in_words_that_telegram_takes(command: str) -> None:
    assert command in keys.COMMANDS
    assert re.fullmatch(r"[a-z0-9_]{1,32}", command)  # Bot API, BotCommand
    assert 1 <= len(LISTED[command]) <= 256
    assert decide(turn(f"/{command}")).outcome is not Outcome.UNKNOWN
