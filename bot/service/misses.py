"""What the bot had no answer for, without its words: what lay nearest, and how near."""

from __future__ import annotations

from bot.dialogue import keys
from bot.dialogue.turn import Decision, Mode, Turn
from bot.domain.messages import Form, Miss, Outcome, Urgency
from bot.knowledge.index import ANSWER, Found

NOTHING = "nothing"  # not one word was known
NONE_OF_THESE = "none-of-these"  # the button under what was offered; what lay nearest was counted then


def missed(turn: Turn, decision: Decision) -> Miss | None:
    """A message that was asked back about or not known. Danger is none: helplines are its answer."""
    if turn.mode is not Mode.ON or decision.assessment.urgency is not Urgency.NONE:
        return None
    if turn.message.form is Form.ACTION:
        return Miss(NONE_OF_THESE, 0.0) if turn.message.action == keys.NONE else None
    if decision.outcome not in (Outcome.UNKNOWN, Outcome.CLARIFY) or not turn.message.text.strip():
        return None
    return Miss(nearest(turn.found), turn.found.sure)


def nearest(found: Found) -> str:
    """The id of what fits best, as the knowledge base has it."""
    if not found.matches:
        return NOTHING
    of = found.matches[0].of
    return of.id if of.kind == ANSWER else f"{of.kind}/{of.id}"
