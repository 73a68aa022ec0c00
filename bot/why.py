"""`waymark why`: each step from a message to its answer, as values. Nothing of it is kept or logged."""

from __future__ import annotations

from math import exp
from typing import Any

from bot.asking import Question, turn_of
from bot.bundle import Bundle
from bot.dialogue.decide import decide
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Outcome, Urgency
from bot.knowledge.fuse import SIGNS, log_shares
from bot.knowledge.index import ANSWER, Explained, Found, Index
from bot.knowledge.tiers import Nearest, Seen
from bot.language.normalise import words as words_of
from bot.triage import explained as heard
from bot.triage.assess import Triage, explain
from bot.triage.weigh import EMERGENCY, Part, emergency, terms

BEST = 5  # classes shown of each tier
COMPARED = 3  # of which the nearest phrase is shown

Shown = dict[str, Any]


def why(question: Question, bundle: Bundle) -> Shown:
    """Every step, for JSON. What a bundle without an index cannot do is missing."""
    once = bundle.encode_once()
    told = explain(question.text, question.about, bundle.triage, once)
    found = bundle.index.search(question.text, once) if bundle.index else Found()
    turn = turn_of(question, bundle, told.assessment, found)
    return {
        "text": question.text,
        "sentences": once is not None,
        **(_search(question.text, bundle.index, bundle.index.explain(question.text, once)) if bundle.index else {}),
        "also": list(found.also),
        "triage": _triage(told, bundle.triage),
        "decision": _decision(turn, decide(turn)),
    }


def _search(text: str, index: Index, steps: Explained) -> Shown:
    normalised, read = index.normalised(text), index.read(text)
    pairs = zip(normalised.split(), read.split(), strict=True)
    return {
        "normalised": normalised,
        "repaired": [[a, b] for a, b in pairs if a != b],
        "read": read,
        "known": _round(steps.found.known),
        "unknown": [word for word in words_of(read) if not index.knows(word)],
        "by_words": _best(index, steps.words),
        "by_meaning": _best(index, steps.meaning),
        "together": _together(index, steps),
        "gate": _gate(index, steps),
    }


def _best(index: Index, seen: Seen | None) -> list[Shown]:
    """A tier's best classes with their shares of its evidence."""
    if seen is None:
        return []
    shares = log_shares(seen.margins)
    return [{**_named(index, int(at)), "share": _share(float(shares[at]))} for at in (-shares).argsort()[:BEST]]


def _named(index: Index, at: int) -> Shown:
    return {"kind": index.classes[at].kind, "id": index.classes[at].id}


def _together(index: Index, steps: Explained) -> list[Shown]:
    """The classes in the order that both tiers come to, with what is nearest of the first."""
    if steps.evidence is None:
        return []
    order = [int(at) for at in steps.evidence.order[:BEST]]
    rows = [{**_named(index, at), "score": _round(m.score)} for at, m in zip(order, steps.found.matches, strict=False)]
    for row, at in zip(rows[:COMPARED], order, strict=False):
        by_words, by_meaning = index.nearest(steps, at)
        row |= {"nearest_by_words": _near(index, by_words), "nearest_by_meaning": _near(index, by_meaning)}
    return rows


def _near(index: Index, near: Nearest | None) -> Shown | None:
    return {"phrase": index.phrase(near.phrase), "cosine": _round(near.cosine)} if near else None


def _gate(index: Index, steps: Explained) -> Shown:
    limits = {"answer": index.thresholds.answer, "offer": index.thresholds.offer}
    gate: Shown = {
        "sure": _round(steps.found.sure),
        "near": _round(steps.found.near),
        "thresholds": limits,
        "signs": [],
    }
    if steps.signs is not None:
        weights, _ = index.gate
        adds = weights * steps.signs
        gate["signs"] = [
            {"sign": name, "value": _round(value), "adds_to_sure": _round(sure), "adds_to_near": _round(near)}
            for name, value, sure, near in zip(SIGNS, steps.signs, *adds, strict=True)
        ]
    return gate


def _triage(told: heard.Explained, triage: Triage) -> Shown:
    assessment = told.assessment
    return {
        "urgency": assessment.urgency.value,
        "check_in": assessment.check_in,
        "category": assessment.category,
        "about": "somebody else" if assessment.about_other else "themselves",
        "reasons": list(assessment.reasons),
        "rules": _rules(told, triage),
        "by_rules_alone": told.ruled.name.lower(),
        "examples": _examples(told.weighed, triage) if told.weighed else None,
        "level": told.decided.name.lower(),
    }


def _rules(told: heard.Explained, triage: Triage) -> list[Shown]:
    rows = []
    for hit, words in told.hits:
        around = triage.rules.around(hit, words, told.reading.turns)
        rows.append(
            {
                "rule": hit.rule.id,
                "topic": hit.rule.topic,
                "words": " ".join(words[hit.first : hit.last]),
                "level": hit.level.name.lower(),
                "about": "somebody else" if hit.other else "themselves",
                **{name: said for name in ("calm", "now", "past") if (said := getattr(around, name))},
            }
        )
    return [row for at, row in enumerate(rows) if row not in rows[:at]]


def _examples(weighed: heard.Weighed, triage: Triage) -> Shown:
    found, by_age = weighed.found, weighed.before_age
    nearest = triage.model.nearest(weighed.stretch.seen) if triage.model else ""
    added = [[name, _round(value)] for name, value in terms(found, weighed.weighing) if value]
    return {
        "whole": _part(weighed.whole, found.whole),
        "loudest": _part(weighed.loudest, found.loudest) if weighed.loudest and found.loudest else None,
        "terms": added,
        "danger": _round(sum(value for _, value in terms(found, weighed.weighing))),
        "thresholds": {"check": weighed.weighing.check, "urgent": weighed.weighing.urgent},
        "emergency": _round(emergency(found)),
        "emergency_from": EMERGENCY,
        "comes_to": by_age.name.lower(),
        "topic": weighed.topic,
        "nearest_example": nearest,
    }


def _part(stretch: heard.Stretch, part: Part) -> Shown:
    meant = part.meant
    return {
        "words": " ".join(stretch.words),
        "danger_by_words": _round(part.said.danger),
        "danger_by_meaning": _round(meant.danger) if meant else None,
        "emergency_by_words": _round(part.said.emergency),
        "emergency_by_meaning": _round(meant.emergency) if meant else None,
    }


def _decision(turn: Turn, decision: Decision) -> Shown:
    return {
        "outcome": decision.outcome.value,
        "topic": decision.topic,
        "offered": list(decision.offered),
        "because": [*_help_first(turn), _because(turn, decision)],
    }


def _help_first(turn: Turn) -> list[str]:
    if turn.assessment.urgency is Urgency.NONE:
        return ["no alarm, but one soft line at the end"] if turn.assessment.check_in else []
    return [f"heard as {turn.assessment.urgency.value}: help is said first"]


def _because(turn: Turn, decision: Decision) -> str:
    """What of the search the decision rests on; what else decided is said to be so, and not guessed."""
    found, limits = turn.found, turn.thresholds
    top = found.matches[0] if found.matches else None
    sure, near = f"sure {found.sure:.2f}", f"near {found.near:.2f}"
    if top is None:
        return "no word of it is known"
    if top.of.kind != ANSWER and decision.outcome in (Outcome.SMALL_TALK, Outcome.UNKNOWN):
        return f"it fits {top.of.kind} '{top.of.id}' best, with a share of {top.score:.2f}"
    if top.of.kind == ANSWER and found.sure >= limits.answer and decision.topic == top.of.id:
        return f"{sure} is at least {limits.answer:.2f}: answered"
    if decision.outcome is Outcome.CLARIFY and found.near >= limits.offer:
        return f"{near} is at least {limits.offer:.2f}: the nearest are offered"
    if decision.outcome is Outcome.UNKNOWN and found.near < limits.offer:
        return f"{sure} is under {limits.answer:.2f} and {near} under {limits.offer:.2f}: not known"
    return f"{sure}, {near}; the rules of the conversation decided (danger, a command, a word with two meanings)"


def _share(log: float) -> float:
    return _round(exp(log))


def _round(value: float) -> float:
    return round(float(value), 3)
