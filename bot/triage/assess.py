"""How urgent are these words, and why: what the rules and the examples say, weighed together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.domain.messages import Assessment
from bot.domain.people import About
from bot.language.repair import Repairer, common_words
from bot.triage.ages import others_age, own_age
from bot.triage.level import Level
from bot.triage.model import Guess, Model
from bot.triage.pattern import framed
from bot.triage.reading import Reading, clauses, read
from bot.triage.rules import Hit, Rules
from bot.triage.stretch import Heard, hear

HOMELESS = "safety.homeless-tonight"
MOST_REASONS = 3
LONGEST_REASON = 12  # words
BESIDE = 8  # words on either side of a hit that are heard with it
MOST_HITS = 12  # hits whose surroundings are heard
RULE_OTHER = 1.0  # what a rule says for or against somebody else being at risk, in log-odds
RULE_WORD_COUNT = 200  # how common, per million, a word of the rules counts as for the spelling repair


@dataclass(frozen=True)
class Triage:
    """What danger is heard with. Without a model the rules work alone."""

    rules: Rules
    model: Model | None = None
    textspeak: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def repairer(self) -> Repairer:
        counts = dict.fromkeys(self.rules.words, RULE_WORD_COUNT)
        for word, count in (self.model.word_counts if self.model else {}).items():
            counts[word] = counts.get(word, 0) + count
        return Repairer(counts, common_words())


@dataclass(frozen=True, slots=True)
class _Loudest:
    """What the model makes of the loudest stretch of a message."""

    guess: Guess
    first: int
    last: int
    seen: str  # as the model saw it
    words: tuple[str, ...]


def assess(text: str, about: About, triage: Triage) -> Assessment:
    """How urgent the text is. Never raises, and needs nothing but its arguments."""
    reading = read(text, triage.textspeak, triage.repairer, triage.rules.loud)
    heard = [hear(triage.rules, words) for words in dict.fromkeys((reading.words, reading.repaired))]
    hits = [hit for each in heard for hit in triage.rules.hits(each.words, about.age, reading.turns)]
    ruled = max([hit.level for hit in hits], default=Level.NONE)
    loudest = _loudest(_spans(reading, hits), heard, triage.model)
    if loudest is None or triage.model is None:
        return _said(ruled, hits, reading, None, triage)
    level = max(_weighed(ruled, loudest, triage), min(ruled, Level.CHECK))
    if loudest.guess.topic == HOMELESS and ruled < Level.EMERGENCY:
        level = _by_age(level, loudest.guess, framed(" ".join(heard[0].words)), about)
    return _said(level, hits, reading, loudest, triage)


def _spans(reading: Reading, hits: list[Hit]) -> list[tuple[int, int]]:
    """The stretches to be heard: the message by its clauses, and in a long one what stands around each hit as well."""
    spans = clauses(reading)
    if len(spans) > 1:
        size = len(reading.words)
        spans += [(max(0, hit.first - BESIDE), min(size, hit.last + BESIDE)) for hit in hits[:MOST_HITS]]
    return list(dict.fromkeys(spans))


def _loudest(spans: list[tuple[int, int]], heard: list[Heard], model: Model | None) -> _Loudest | None:
    """The stretch that sounds most dangerous; None when the model does not know the language of the message."""
    if model is None or max(model.knows(each.words) for each in heard) < model.weighing.known:
        return None
    found: dict[str, _Loudest] = {}
    for first, last in spans:
        for each in heard:
            seen = each.features(first, last)
            if seen and seen not in found:
                found[seen] = _Loudest(model.guess(seen), first, last, seen, each.words[first:last])
    return max(found.values(), key=lambda loudest: loudest.guess.danger, default=None)


def _weighed(ruled: Level, loudest: _Loudest, triage: Triage) -> Level:
    """The level that rules and examples come to together."""
    assert triage.model is not None
    weighing, guess = triage.model.weighing, loudest.guess
    calm = triage.rules.is_calm(framed(" ".join(loudest.words)))
    added = {Level.URGENT: weighing.rule_urgent, Level.EMERGENCY: weighing.rule_emergency}.get(ruled, 0.0)
    danger = guess.danger + added - weighing.calm * calm
    if danger < weighing.urgent:
        return Level.CHECK if danger >= weighing.check else Level.NONE
    louder = {Level.URGENT: -weighing.rule_only_urgent, Level.EMERGENCY: weighing.rule_emergency}.get(ruled, 0.0)
    return Level.EMERGENCY if guess.emergency + louder >= weighing.emergency else Level.URGENT


def _by_age(level: Level, guess: Guess, text: str, about: About) -> Level:
    """No bed tonight is an emergency at 16 and 17, and urgent from 18 or when the age is not known."""
    if level < Level.URGENT:
        return level
    years = others_age(text) if guess.other > 0 else own_age(text) or about.age
    return Level.EMERGENCY if years is not None and years < 18 else Level.URGENT


def _said(level: Level, hits: list[Hit], reading: Reading, loudest: _Loudest | None, triage: Triage) -> Assessment:
    """The level with its reasons: the rules that fired, else the stretch that sounds like an example."""
    if level < Level.URGENT:
        return Assessment(check_in=level is Level.CHECK)
    order = {rule.id: at for at, rule in enumerate(triage.rules.rules)}
    fired = [hit for hit in hits if hit.level >= Level.URGENT]
    fired.sort(key=lambda hit: (-hit.level, order[hit.rule.id]))
    spans = [(hit.first, hit.last) for hit in fired] or ([(loudest.first, loudest.last)] if loudest else [])
    reasons = dict.fromkeys(" ".join(reading.words[first:last][:LONGEST_REASON]) for first, last in spans)
    ids = dict.fromkeys(hit.rule.id for hit in fired)
    like = (f"like: {triage.model.nearest(loudest.seen)}",) if loudest and triage.model else ()
    return Assessment(
        urgency=level.urgency,
        category=loudest.guess.topic if loudest else fired[0].rule.topic,
        reasons=tuple(reasons)[:MOST_REASONS],
        about_other=_is_other(fired, loudest),
        matched=(*ids, *like),
    )


def _is_other(fired: list[Hit], loudest: _Loudest | None) -> bool:
    """Whether somebody else is at risk; the examples tell it better than who is named last."""
    if loudest is None:
        return fired[0].other
    ruled = (RULE_OTHER if fired[0].other else -RULE_OTHER) if fired else 0.0
    return loudest.guess.other + ruled > 0
