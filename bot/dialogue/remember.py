"""What is said in passing lasts for one conversation, and longer only when somebody says so."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import keys
from bot.dialogue.naming import council_name, place_name
from bot.dialogue.saying import menu_button, say
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Action, Outcome, Reply
from bot.domain.people import Conversation


def said_now(before: Conversation, after: Conversation) -> Conversation:
    """The conversation with what its last message said of the person marked as said in passing."""
    changed = tuple(
        name
        for name in ("age", "council", "lives_in", "nation")
        if getattr(after.about, name) not in (None, getattr(before.about, name))
    )
    return replace(after, passing=tuple(dict.fromkeys((*after.passing, *changed))))


def offered(turn: Turn, before: Conversation, decision: Decision) -> Decision:
    """A button under the answer to keep what was said just now; none under an alarm or a question of ours."""
    new = [name for name in decision.conversation.passing if name not in before.passing]
    if not new or decision.outcome is not Outcome.ANSWER or not decision.say_now:
        return decision
    words = turn.base.words
    told = _in_words(turn, decision.conversation)
    button = Action(words.fill(words.remember, what=told), keys.REMEMBER)
    last = decision.say_now[-1]
    reply = replace(last, actions=(*last.actions, button))
    return replace(decision, say_now=(*decision.say_now[:-1], reply))


def remembered(turn: Turn) -> Decision:
    """What was said in passing is kept as if it had been chosen. A button pressed too late keeps nothing."""
    words = turn.base.words
    if not turn.conversation.passing:
        return say(turn, Reply(words.nothing_to_remember, (menu_button(turn),)))
    text = words.fill(words.remembered, what=_in_words(turn, turn.conversation))
    return say(turn, Reply(text, (menu_button(turn),)), passing=(), topic=turn.conversation.topic)


def _in_words(turn: Turn, conversation: Conversation) -> str:
    about, base = conversation.about, turn.base
    told = {
        "age": str(about.age),
        "council": council_name(base, about.council) if about.council else "",
        "lives_in": place_name(base, about.lives_in) if about.lives_in else "",
        "nation": (about.nation or "").replace("-", " ").title(),
    }
    return ", ".join(told[name] for name in conversation.passing if told.get(name))
