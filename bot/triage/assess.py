"""How urgent are these words, and why: what the rules and the examples say, weighed together."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from bot.domain.messages import Assessment
from bot.domain.people import About
from bot.language.encode import EncodingFailed
from bot.language.repair import Repairer, common_words
from bot.language.vectors import Encode
from bot.triage.ages import others_age, own_age
from bot.triage.explained import Explained, Stretch, Weighed
from bot.triage.level import Level
from bot.triage.meaning import Meant
from bot.triage.model import Model
from bot.triage.pattern import framed
from bot.triage.reading import Reading, clauses, read
from bot.triage.rules import Hit, Rules
from bot.triage.stretch import Heard, hear
from bot.triage.weigh import BOTH, WORDS_ALONE, Evidence, Part, level

HOMELESS = "safety.homeless-tonight"
MOST_REASONS = 3
LONGEST_REASON = 12  # words
BESIDE = 8  # words on either side of a hit that are heard with it
MOST_HITS = 12  # hits whose surroundings are heard
RULE_OTHER = 1.0  # what a rule says for or against somebody else being at risk, in log-odds
KNOWN = 0.15  # share of words that the examples must know; below it the rules stand alone
MOST_WHOLE = 130  # words; of a longer message its loudest part is weighed alone
TOPIC_WORDS = 5.0  # what the words count for in naming the danger, beside the meaning
RULE_WORD_COUNT = 200  # how common, per million, a word of the rules counts as for the spelling repair


@dataclass(frozen=True)
class Triage:
    """What danger is heard with. Without a model the rules work alone; without encode, rules and words."""

    rules: Rules
    model: Model | None = None
    textspeak: Mapping[str, str] = field(default_factory=dict)
    encode: Encode | None = None  # texts to sentence vectors

    @cached_property
    def repairer(self) -> Repairer:
        counts = dict.fromkeys(self.rules.words, RULE_WORD_COUNT)
        for word, count in (self.model.word_counts if self.model else {}).items():
            counts[word] = counts.get(word, 0) + count
        return Repairer(counts, common_words())


def assess(text: str, about: About, triage: Triage, encode: Encode | None = None) -> Assessment:
    """How urgent the text is. Never raises, and needs nothing but its arguments.

    encode stands in for the triage's own: one that remembers the vectors of this message.
    """
    return explain(text, about, triage, encode).assessment


def explain(text: str, about: About, triage: Triage, encode: Encode | None = None) -> Explained:
    """The same, with every step."""
    reading = read(text, triage.textspeak, triage.repairer, triage.rules.loud)
    heard = [hear(triage.rules, words) for words in dict.fromkeys((reading.words, reading.repaired))]
    found_in = [(hit, h.words) for h in heard for hit in triage.rules.hits(h.words, about.age, reading.turns)]
    hits = [hit for hit, _ in found_in]
    ruled = max([hit.level for hit in hits], default=Level.NONE)
    stretches = _stretches(_spans(reading, hits), heard, triage.model)
    if not stretches or triage.model is None:
        assessment = _said(ruled, hits, reading, None, triage)
        return Explained(assessment, reading, tuple(found_in), ruled, ruled)
    weighed = _weighed(stretches, reading, ruled, triage, triage.model, encode or triage.encode)
    decided = weighed.before_age
    if weighed.topic == HOMELESS and ruled < Level.EMERGENCY:
        decided = _by_age(decided, weighed.found.part, framed(" ".join(heard[0].words)), about)
    assessment = _said(decided, hits, reading, weighed, triage)
    return Explained(assessment, reading, tuple(found_in), ruled, decided, weighed)


def _spans(reading: Reading, hits: list[Hit]) -> list[tuple[int, int]]:
    """The stretches to be heard: the message by its clauses, and in a long one what stands around each hit as well."""
    spans = clauses(reading)
    if len(spans) > 1:
        size = len(reading.words)
        spans += [(max(0, hit.first - BESIDE), min(size, hit.last + BESIDE)) for hit in hits[:MOST_HITS]]
    return list(dict.fromkeys(spans))


def _stretches(spans: list[tuple[int, int]], heard: list[Heard], model: Model | None) -> list[Stretch]:
    """What each span says, in its louder reading; none when the model does not know the language of the message."""
    if model is None or max(model.knows(each.words) for each in heard) < KNOWN:
        return []
    found = []
    for first, last in spans:
        seen = {each.features(first, last): each.words[first:last] for each in heard}
        said = [Stretch(model.guess(text), first, last, text, words) for text, words in seen.items() if text]
        if said:
            found.append(max(said, key=lambda each: each.guess.danger))
    return found


def _weighed(
    stretches: list[Stretch], reading: Reading, ruled: Level, triage: Triage, model: Model, encode: Encode | None
) -> Weighed:
    """The whole and the loudest part, by words and by meaning, weighed with what the rules say."""
    size = len(reading.words)
    parts = [s for s in stretches if (s.first, s.last) != (0, size)]
    loudest = max(parts, key=lambda each: each.guess.danger, default=None)
    whole = next((s for s in stretches if (s.first, s.last) == (0, size)), loudest or stretches[0])
    if loudest is not None and size > MOST_WHOLE:
        whole = loudest
    chosen = [whole] if loudest is None else [whole, loudest]
    meant: list[Meant | None] = [None] * len(chosen)
    if encode is not None and model.meaning is not None:
        with suppress(EncodingFailed):  # then the words are heard alone
            vectors = encode([" ".join(reading.repaired[s.first : s.last]) for s in chosen])
            meant = [model.meaning.of(vector) for vector in vectors]
    heard = [Part(s.guess, m) for s, m in zip(chosen, meant, strict=True)]
    is_calm = triage.rules.is_calm(framed(" ".join(max(chosen, key=lambda s: s.guess.danger).words)))
    found = Evidence(heard[0], heard[1] if loudest else None, ruled, is_calm)
    weighing = WORDS_ALONE if found.whole.meant is None else BOTH
    decided = max(level(found, weighing), min(ruled, Level.CHECK))
    return Weighed(found, weighing, whole, loudest, decided, _topic(found, model))


def _topic(found: Evidence, model: Model) -> str:
    """Which danger it is: the words tell it best, and the meaning a little."""
    scores = TOPIC_WORDS * found.part.said.topics
    if found.whole.meant is not None and found.part.meant is not None:
        scores = scores + (found.part.meant.topics + found.whole.meant.topics) / 2
    return model.topics[int(scores.argmax())] if len(scores) else ""


def _by_age(decided: Level, part: Part, text: str, about: About) -> Level:
    """No bed tonight is an emergency at 16 and 17, and urgent from 18 or when the age is not known."""
    if decided < Level.URGENT:
        return decided
    years = others_age(text) if part.said.other > 0 else own_age(text) or about.age
    return Level.EMERGENCY if years is not None and years < 18 else Level.URGENT


def _said(decided: Level, hits: list[Hit], reading: Reading, named: Weighed | None, triage: Triage) -> Assessment:
    """The level with its reasons: the rules that fired, else the stretch that sounds like an example."""
    if decided < Level.URGENT:
        return Assessment(check_in=decided is Level.CHECK)
    order = {rule.id: at for at, rule in enumerate(triage.rules.rules)}
    fired = [hit for hit in hits if hit.level >= Level.URGENT]
    fired.sort(key=lambda hit: (-hit.level, order[hit.rule.id]))
    spans = [(hit.first, hit.last) for hit in fired] or ([(named.stretch.first, named.stretch.last)] if named else [])
    reasons = dict.fromkeys(" ".join(reading.words[first:last][:LONGEST_REASON]) for first, last in spans)
    ids = dict.fromkeys(hit.rule.id for hit in fired)
    like = (f"like: {triage.model.nearest(named.stretch.seen)}",) if named and triage.model else ()
    return Assessment(
        urgency=decided.urgency,
        category=named.topic if named else fired[0].rule.topic,
        reasons=tuple(reasons)[:MOST_REASONS],
        about_other=_is_other(fired, named),
        matched=(*ids, *like),
    )


def _is_other(fired: list[Hit], named: Weighed | None) -> bool:
    """Whether somebody else is at risk; the examples tell it better than who is named last."""
    if named is None:
        return fired[0].other
    ruled = (RULE_OTHER if fired[0].other else -RULE_OTHER) if fired else 0.0
    return named.other + ruled > 0
