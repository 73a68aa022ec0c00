"""`decide(turn) -> Decision`: danger first, then what was asked. Pure; a test compares the decision as a value."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue import keys, remember
from bot.dialogue.ask import OFFERED
from bot.dialogue.danger import danger_reply, help_now
from bot.dialogue.flows import pressed, typed
from bot.dialogue.turn import Decision, Mode, Turn
from bot.domain.messages import Action, Form, Outcome, Reply, Urgency
from bot.domain.people import Conversation
from bot.knowledge.entry import Entry
from bot.knowledge.index import ANSWER

ASKED_FOR = frozenset({"council", "age", "district", "status"})  # questions of ours whose answers are kept
A_FEW = 3  # words; "19" or "im in devon" on its own is telling, and not in passing
PLAINLY_NOT_OURS = 0.6  # score of the best class from which a message is taken for none of ours beside an alarm

_OWN_AGE = re.compile(
    r"(?<!\w)(?:i['’]?m|i am|aged?|i turned|i['’]?ve turned|just turned) (1[4-9]|2\d)(?![\w:£%])"
    r"(?! ?(?:quid|pounds|min|mile|week|month|day|hour))",
    re.I,
)


def decide(turn: Turn) -> Decision:
    """Everything one message comes to. Help is in `say_now` and comes before anything else."""
    before = turn.conversation
    turn = _knowing_what_they_said(turn)
    decision = _ordinary(turn)
    if turn.message.form is not Form.ACTION:
        decision = replace(decision, conversation=_marked(turn, before, decision.conversation))
        decision = remember.offered(turn, before, decision)
    if turn.message.form is not Form.ACTION and turn.assessment.urgency is not Urgency.NONE:
        decision = _after_help(turn, decision)
    elif turn.assessment.check_in and decision.say_now:
        decision = _with_soft_line(turn, decision)
    seen = replace(decision.conversation, last_active=turn.now, greeted=True)
    return replace(decision, conversation=seen, assessment=turn.assessment)


def _ordinary(turn: Turn) -> Decision:
    wanted = _wanted(turn)
    if turn.mode is not Mode.ON and wanted not in keys.ALWAYS:
        return _switched_off(turn)
    decision = pressed(turn) if turn.message.form is Form.ACTION else typed(turn)
    if turn.mode is not Mode.ON and wanted in (keys.START, keys.HELP):
        decision = replace(decision, say_now=(*decision.say_now, _why_off(turn)))
    return decision


def _after_help(turn: Turn, decision: Decision) -> Decision:
    """Help first; then what they asked, if there is an answer to it. "Don't know" is not said after a cry for help.

    Where the question is not clear, the topic of the danger is the first of the buttons under the help. An alarm may be
    a false one: then what we do not cover still gets its line, unless life may be at risk.
    """
    help_ = danger_reply(turn.base, turn.assessment, turn.about, turn.now)
    category = turn.assessment.category
    if decision.outcome is Outcome.PERSON:
        return replace(decision, say_now=(help_, *decision.say_now))
    asked = decision.topic if decision.outcome is Outcome.ANSWER else None
    if asked is not None and not _is_safety(asked) and asked != category:
        return replace(decision, say_now=(help_, *decision.say_now))
    entry = turn.base.entry.get((asked if _is_safety(asked) else category) or "")
    if turn.mode is not Mode.ON or entry is None:
        return _only_help(turn, decision, help_, entry)
    if decision.outcome is Outcome.CLARIFY:
        offers = tuple(dict.fromkeys((entry.id, *decision.offered)))[:OFFERED]
        help_ = _with_topics(turn, help_, offers)
        return replace(_only_help(turn, decision, help_, entry), outcome=Outcome.CLARIFY, topic=None, offered=offers)
    help_ = _with_topics(turn, help_, (entry.id,))
    if asked is None and _is_not_ours(turn):
        is_urgent_only = turn.assessment.urgency is Urgency.URGENT and decision.outcome is Outcome.UNKNOWN
        said = (help_, *decision.say_now) if is_urgent_only else (help_,)
        return replace(_only_help(turn, decision, help_, entry), say_now=said, outcome=Outcome.UNKNOWN, topic=None)
    return _only_help(turn, decision, help_, entry)


def _only_help(turn: Turn, decision: Decision, help_: Reply, entry: Entry | None) -> Decision:
    conversation = replace(turn.conversation, topic=entry.id if entry else turn.conversation.topic, misses=0)
    return Decision(
        say_now=(help_,),
        conversation=conversation,
        outcome=Outcome.ANSWER,
        topic=entry.id if entry else turn.assessment.category,
        score=max(turn.found.sure, decision.score),
        offered=decision.offered,
    )


def _with_topics(turn: Turn, help_: Reply, topics: tuple[str, ...]) -> Reply:
    more = tuple(Action(turn.base.entry[topic].label, keys.topic(topic)) for topic in topics)
    return replace(help_, actions=(*help_.actions, *more))


def _is_not_ours(turn: Turn) -> bool:
    top = turn.found.matches[0] if turn.found.matches else None
    return top is not None and top.of.kind != ANSWER and top.score >= PLAINLY_NOT_OURS


def _is_safety(topic: str | None) -> bool:
    return topic is not None and topic.startswith("safety.")


def _with_soft_line(turn: Turn, decision: Decision) -> Decision:
    last = decision.say_now[-1]
    soft = replace(last, text=f"{last.text}\n\n{turn.base.words.check_in}")
    return replace(decision, say_now=(*decision.say_now[:-1], soft))


def _wanted(turn: Turn) -> str | None:
    """The command that a button or a typed `/word` stands for."""
    if turn.message.form is Form.ACTION:
        return turn.message.action
    return keys.command(turn.message.text)


def _switched_off(turn: Turn) -> Decision:
    """Danger and helplines only: the bot is paused, or its answers cannot be read, or not yet."""
    notice = _why_off(turn)
    said = (notice,) if turn.mode is Mode.STARTING else (notice, help_now(turn.base, turn.about, turn.now))
    return Decision(say_now=said, conversation=turn.conversation, outcome=Outcome.UNKNOWN)


def _why_off(turn: Turn) -> Reply:
    words = turn.base.words
    text = {
        Mode.HELPLINES: words.fill(words.switched_off, why=turn.why_off).strip(),
        Mode.STARTING: words.answers_starting,
    }.get(turn.mode, words.answers_broken)
    buttons = words.buttons
    return Reply(text, (Action(buttons.help_now, keys.HELP_NOW), Action(buttons.person, keys.PERSON)))


def _marked(turn: Turn, before: Conversation, after: Conversation) -> Conversation:
    """What a message says of the person counts as said in passing, unless we had asked for it or it is all they say."""
    text = turn.message.text
    is_told = before.asked in ASKED_FOR or text.startswith("/") or len(text.split()) <= A_FEW
    return after if is_told else remember.said_now(before, after)


def _knowing_what_they_said(turn: Turn) -> Turn:
    """An age said in passing ("im 19") is used for the rest of the conversation."""
    match = _OWN_AGE.search(turn.message.text) if turn.message.form is not Form.ACTION else None
    if match is None:
        return turn
    about = turn.about.with_(age=int(match[1]))
    return replace(turn, conversation=replace(turn.conversation, about=about))
