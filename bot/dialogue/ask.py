"""A question: answer, offer up to three, or say honestly that there is no checked answer."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import keys, show
from bot.dialogue.person import person
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Action, Kind, Outcome, Reply
from bot.knowledge.index import ANSWER, NOT_COVERED, SMALL_TALK, Match

OFFERED = 3
SURE_IT_IS_NOT_OURS = 0.4  # score of the best class, when it is small talk or something we do not cover
FAINT = 0.02  # score below which an answer is not worth offering
PERSON_TOPIC = "bot.human"


def searched(turn: Turn) -> Decision:
    """What the search found, put to words."""
    matches, found = turn.found.matches, turn.found
    top = matches[0] if matches else None
    if top and top.of.kind != ANSWER and top.score >= SURE_IT_IS_NOT_OURS:
        return _not_ours(turn, top)
    if top and top.of.kind == ANSWER and found.sure >= turn.thresholds.answer:
        return person(turn) if top.of.id == PERSON_TOPIC else answered(turn, top.of.id)
    offers = [m.of.id for m in found.answers(OFFERED) if m.score >= FAINT]
    if offers and found.near >= turn.thresholds.offer:
        return clarify(turn, tuple(offers))
    return unknown(turn)


def answered(turn: Turn, topic: str) -> Decision:
    """One entry, as it reads for this person today."""
    answer = show.answer_for(turn, topic)
    assert answer is not None, topic
    related = tuple(t for t in answer.entry.related if t in turn.base.entry)
    return Decision(
        say_now=(show.short(turn, answer),),
        conversation=replace(turn.conversation, topic=topic, misses=0, asked=None),
        outcome=Outcome.ANSWER,
        topic=topic,
        offered=related,
        version=answer.version,
        score=turn.found.sure,
    )


def clarify(turn: Turn, offers: tuple[str, ...]) -> Decision:
    """Up to three questions to choose from; a second time in a row, a person comes before them."""
    words = turn.base.words
    actions = [Action(turn.base.entry[t].label, keys.topic(t)) for t in offers]
    actions += [Action(words.buttons.none, keys.NONE), Action(words.buttons.person, keys.PERSON)]
    return Decision(
        say_now=(Reply(words.maybe, tuple(actions)),),
        conversation=replace(turn.conversation, asked=None),
        outcome=Outcome.CLARIFY,
        offered=offers,
        score=turn.found.sure,
    )


def unknown(turn: Turn) -> Decision:
    """An honest "I don't know": never the same sentence twice running, always a way on and a person."""
    words, misses = turn.base.words, turn.conversation.misses
    text = (words.unknown, words.unknown_again, words.unknown_many)[min(misses, 2)]
    actions = (Action(words.buttons.menu, keys.MENU), Action(words.buttons.person, keys.PERSON))
    return Decision(
        say_now=(Reply(text, actions),),
        conversation=replace(turn.conversation, misses=misses + 1, asked=None),
        outcome=Outcome.UNKNOWN,
        score=turn.found.sure,
    )


def _not_ours(turn: Turn, top: Match) -> Decision:
    words, base = turn.base.words, turn.base
    menu = Action(words.buttons.menu, keys.MENU)
    talk_to = Action(words.buttons.person, keys.PERSON)
    conversation = replace(turn.conversation, misses=0, asked=None)
    if top.of.kind == SMALL_TALK:
        talk = next(t for t in base.small_talk if t.id == top.of.id)
        actions = {"menu": (menu,), "person": (talk_to, menu), "none": ()}[talk.offer]
        reply = show.filled_reply(turn, words.fill(talk.reply, name=turn.name), *actions)
        return Decision((reply,), conversation, Outcome.SMALL_TALK, score=top.score)
    assert top.of.kind == NOT_COVERED
    item = next(n for n in base.not_covered if n.id == top.of.id)
    reply = show.filled_reply(turn, item.reply, menu, talk_to, kind=Kind.NOTICE)
    return Decision((reply,), conversation, Outcome.UNKNOWN, score=top.score)
