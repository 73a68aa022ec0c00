"""A question: answer, offer up to three, or say honestly that there is no checked answer."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import glossary, keys, place, show
from bot.dialogue.ambiguous import ASKED, Unsettled, chosen, settled, unsettled
from bot.dialogue.person import person
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Action, Kind, Outcome, Reply, Urgency
from bot.knowledge.ambiguous import Meaning
from bot.knowledge.answer import Answer
from bot.knowledge.index import ANSWER, NOT_COVERED, SMALL_TALK, Match

OFFERED = 3
SURE_IT_IS_NOT_OURS = 0.5  # score of the best class, when it is small talk or something we do not cover
MAY_NOT_BE_OURS = 0.5  # score of the best class that is no answer, from which nothing is offered
FAINT = 0.02  # score below which an answer is not worth offering
PERSON_TOPIC = "bot.human"


def searched(turn: Turn) -> Decision:
    """What the search found, put to words; where a word can mean two things, what it comes to is asked first."""
    if (decision := _meant(turn)) is not None:
        return decision
    matches, found = turn.found.matches, turn.found
    top = matches[0] if matches else None
    if top and top.of.kind != ANSWER and top.score >= SURE_IT_IS_NOT_OURS:
        return _not_ours(turn, top)
    if top and top.of.kind == ANSWER and found.sure >= turn.thresholds.answer:
        return person(turn) if top.of.id == PERSON_TOPIC else _and_also(turn, answered(turn, top.of.id))
    offers = [m.of.id for m in found.answers(OFFERED) if m.score >= FAINT]
    strange = max((m.score for m in matches if m.of.kind != ANSWER), default=0.0)
    if offers and found.near >= turn.thresholds.offer and strange < MAY_NOT_BE_OURS:
        calm = turn.assessment.urgency is Urgency.NONE
        topic = settled(turn.base, turn.message.text, found) if calm else None
        return answered(turn, topic) if topic else clarify(turn, tuple(offers))
    return unknown(turn)


def _and_also(turn: Turn, decision: Decision) -> Decision:
    """What else a message of several parts asks, as buttons under a line of their own."""
    also = tuple(t for t in turn.found.also if t in turn.base.entry and t not in (decision.topic, PERSON_TOPIC))
    if not also:
        return decision
    actions = tuple(Action(turn.base.entry[t].label, keys.topic(t)) for t in also)
    reply = Reply(turn.base.words.asked_also, actions)
    return replace(
        decision, say_now=(*decision.say_now, reply), offered=tuple(dict.fromkeys((*also, *decision.offered)))
    )


def _meant(turn: Turn) -> Decision | None:
    """A word that can mean two things: the choice just made, or the question, never twice running for one word."""
    base, asked, text = turn.base, turn.conversation.asked, turn.message.text
    if turn.assessment.urgency is not Urgency.NONE:
        return None
    if meaning := chosen(base, asked, text):
        return answered(turn, meaning.topic) if meaning.topic else not_covered(turn, meaning.not_covered or "")
    word = unsettled(base, text, turn.found, turn.thresholds)
    return which(turn, word) if word and asked != ASKED + word.word.word else None


def which(turn: Turn, found: Unsettled) -> Decision:
    """Which of a word's meanings: a button for each."""
    words = turn.base.words
    actions = [Action(meaning.label, _key(meaning)) for meaning in found.meanings]
    actions += [Action(words.buttons.none, keys.NONE), Action(words.buttons.person, keys.PERSON)]
    return Decision(
        say_now=(Reply(found.word.ask, tuple(actions)),),
        conversation=replace(turn.conversation, asked=ASKED + found.word.word),
        outcome=Outcome.CLARIFY,
        offered=found.topics,
        score=turn.found.sure,
    )


def _key(meaning: Meaning) -> str:
    return keys.topic(meaning.topic) if meaning.topic else keys.not_covered(meaning.not_covered or "")


def answered(turn: Turn, topic: str) -> Decision:
    """One entry, as it reads for this person today; then the one question that it turns on, where there is one."""
    answer = show.answer_for(turn, topic)
    assert answer is not None, topic
    short, council = show.short(turn, answer), turn.about.council
    asks = "district" in answer.turns_on and not turn.conversation.district_declined and not answer.withdrawn
    if asks and council and turn.assessment.urgency is Urgency.NONE:
        return of_entry(turn, answer, short, place.ask_district(turn.base, council), asked=place.ASKED)
    return of_entry(turn, answer, short)


def of_entry(turn: Turn, answer: Answer, *replies: Reply, asked: str | None = None) -> Decision:
    """Replies out of one entry, and what is recorded of it."""
    topic = answer.entry.id
    decision = Decision(
        say_now=replies,
        conversation=replace(turn.conversation, topic=topic, misses=0, asked=asked),
        outcome=Outcome.ANSWER,
        topic=topic,
        offered=tuple(t for t in answer.entry.related if t in turn.base.entry),
        version=answer.version,
        score=turn.found.sure,
    )
    return glossary.explained(turn, decision)


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
    return not_covered(turn, top.of.id, top.score)


def not_covered(turn: Turn, item_id: str, score: float = 0.0) -> Decision:
    """What we do not cover, with its one honest line."""
    words = turn.base.words
    item = next(n for n in turn.base.not_covered if n.id == item_id)
    actions = (Action(words.buttons.menu, keys.MENU), Action(words.buttons.person, keys.PERSON))
    reply = show.filled_reply(turn, item.reply, *actions, kind=Kind.NOTICE)
    conversation = replace(turn.conversation, misses=0, asked=None)
    return Decision((reply,), conversation, Outcome.UNKNOWN, score=score)
