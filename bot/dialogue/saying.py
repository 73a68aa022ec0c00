"""Replies that answer no question of theirs, and the buttons that stand under most of them."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import keys
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Action, Outcome, Reply
from bot.domain.people import Conversation


def say(turn: Turn, *replies: Reply, outcome: Outcome = Outcome.SMALL_TALK, **changes: object) -> Decision:
    """Replies that answer no question of theirs; the conversation moves on by the changes named."""
    conversation: Conversation = replace(turn.conversation, **{"asked": None, **changes})  # type: ignore[arg-type]
    return Decision(say_now=replies, conversation=conversation, outcome=outcome)


def menu_button(turn: Turn) -> Action:
    return Action(turn.base.words.buttons.menu, keys.MENU)


def person_button(turn: Turn) -> Action:
    return Action(turn.base.words.buttons.person, keys.PERSON)
