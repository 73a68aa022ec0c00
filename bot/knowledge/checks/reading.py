"""Plain words: how hard each text is to read, and which of our own are above the bar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.knowledge.bars import Reading
from bot.knowledge.checks.texts import all_texts
from bot.knowledge.entry import REFERENCE, Entry, Fact, Overlay
from bot.knowledge.load import Loaded
from bot.knowledge.yamltext import Document, Fault, Loc
from bot.language.plain import Measure, Plainness

SHORT = ("answer", "adds", "not_known")  # texts that are measured by themselves
TOO_FEW = 8  # words, below which a grade says nothing


@dataclass(frozen=True, slots=True)
class Text:
    """One text that a person reads, and how plain it is."""

    plain: Plainness
    path: str
    line: int
    name: str  # answer, do, how …
    hard: tuple[str, ...]  # hard words in it


@dataclass(frozen=True, slots=True)
class Read:
    """One entry or overlay, and how plain its texts are."""

    id: str
    council: str | None
    path: str
    line: int
    texts: tuple[Text, ...]

    @property
    def whole(self) -> Plainness:
        return sum((t.plain for t in self.texts), Plainness())

    @property
    def short(self) -> tuple[Text, ...]:
        return tuple(t for t in self.texts if t.name in SHORT and t.plain.words >= TOO_FEW)


def too_hard(loaded: Loaded, bars: Reading | None, today: date) -> Iterator[Fault]:
    """Texts that are above the bars of reading.yaml."""
    if bars is None:
        return
    for item in readings(loaded, bars, today):
        for text in item.short:
            if text.plain.grade > bars.answer:
                yield Fault(
                    text.path,
                    text.line,
                    f"'{text.name}' reads at grade {text.plain.grade:.1f}; at most {bars.answer:g}: "
                    "shorter sentences, shorter words",
                )
        if (grade := item.whole.grade) > bars.entry and item.whole.words >= TOO_FEW:
            yield Fault(
                item.path, item.line, f"'{item.id}' reads at grade {grade:.1f} as a whole; at most {bars.entry:g}"
            )
        for text in item.texts:
            if text.plain.longest_words > bars.sentence:
                yield Fault(
                    text.path,
                    text.line,
                    f"a sentence of {text.plain.longest_words} words ('{_start(text.plain.longest)} …'); "
                    f"at most {bars.sentence}",
                )


def hard_terms(loaded: Loaded, bars: Reading | None) -> Iterator[Fault]:
    """Words of the glossary whose one line is no plainer than the word."""
    document = loaded.documents.get("glossary.yaml")
    if document is None or bars is None:
        return
    measure = Measure(bars.names)
    for i, term in enumerate(loaded.parts.get("glossary", ())):
        plain = measure(term.says)
        if plain.grade > bars.answer or plain.longest_words > bars.sentence:
            yield document.fault(
                (i, "says"),
                f"'{term.word}' is explained at grade {plain.grade:.1f}, {plain.longest_words} words in a sentence; "
                f"at most {bars.answer:g} and {bars.sentence}",
            )


def readings(loaded: Loaded, bars: Reading, today: date) -> Iterator[Read]:
    """Every entry and overlay as it reads on a day."""
    measure = _Measured(loaded, bars, today)
    for entry, document, loc in loaded.entries:
        yield measure.of(entry, None, document, loc)
    for slug, overlays in loaded.overlays.items():
        for overlay, document, loc in overlays:
            yield measure.of(overlay, slug, document, loc)


def report(loaded: Loaded, bars: Reading, today: date) -> list[str]:
    """What `check --reading` prints: the worst texts, long sentences, hard words, and the grades of each entry."""
    found = list(readings(loaded, bars, today))
    texts = [t for item in found for t in item.texts]
    worst = sorted((t for t in texts if t.plain.words >= TOO_FEW), key=lambda t: -t.plain.grade)
    long = sorted((t for t in texts if t.plain.longest_words > bars.sentence), key=lambda t: -t.plain.longest_words)
    hard = [(w, t) for t in texts for w in t.hard]
    lines = ["The ten texts that are hardest to read:"]
    lines += [f"  {t.plain.grade:4.1f}  {t.path}:{t.line}: {t.name}" for t in worst[:10]]
    lines += [f"Sentences of more than {bars.sentence} words: {len(long)}"]
    lines += [f"  {t.plain.longest_words:4}  {t.path}:{t.line}: {_start(t.plain.longest)} …" for t in long[:10]]
    lines += [f"Hard words that have a plain one: {len(hard)}"]
    lines += [f"        {t.path}:{t.line}: {w} (say: {bars.hard[w]})" for w, t in hard[:10]]
    lines += ["By entry: short answer, whole, longest sentence (worst first):"]
    lines += [_line(item) for item in sorted(found, key=lambda item: -item.whole.grade)]
    entries = [item for item in found if item.council is None]
    return [*lines, _summary("entries", entries, bars), _summary("overlays", [i for i in found if i.council], bars)]


def _line(item: Read) -> str:
    short = max((t.plain.grade for t in item.short), default=0.0)
    name = f"{item.council}: {item.id}" if item.council else item.id
    return f"  {short:4.1f} {item.whole.grade:4.1f} {item.whole.longest_words:3}  {name}"


def _summary(what: str, items: list[Read], bars: Reading) -> str:
    short = [t.plain.grade for item in items for t in item.short]
    whole = [item.whole.grade for item in items]
    return (
        f"{len(items)} {what}: short answers at grade {_mean(short):.1f} on average, "
        f"{sum(g > bars.answer for g in short)} of {len(short)} above {bars.answer:g}; "
        f"whole at {_mean(whole):.1f}, {sum(g > bars.entry for g in whole)} above {bars.entry:g}"
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _start(sentence: str) -> str:
    return " ".join(sentence.split()[:8])


class _Measured:
    """Measures texts with their figures filled in."""

    def __init__(self, loaded: Loaded, bars: Reading, today: date) -> None:
        self._facts: dict[str, Fact] = {f.id: f for f, _, _ in loaded.facts}
        self._lines: dict[str, str] = {h.id: h.name for h in loaded.parts.get("helplines", ())}
        councils = [n for c in loaded.parts.get("councils", ()) for n in (c.name, c.short or c.name)]
        self._measure = Measure({*bars.names, *self._lines.values(), *councils})
        self._hard = tuple(bars.hard)
        self._today = today

    def of(self, item: Entry | Overlay, council: str | None, document: Document, loc: Loc) -> Read:
        texts = []
        for text, at in all_texts(item, loc):
            filled = REFERENCE.sub(lambda m: self._value(m[1]), text)
            name = next(str(part) for part in reversed(at) if isinstance(part, str) and not part.isdigit())
            hard = tuple(w for w in self._hard if _has(filled, w))
            texts.append(Text(self._measure(filled), document.path, document.line(at), name, hard))
        return Read(item.id, council, document.path, document.line(loc), tuple(texts))

    def _value(self, reference: str) -> str:
        if reference.startswith("line:"):
            return self._lines.get(reference[5:], "")
        fact = self._facts.get(reference)
        return (fact.value_on(self._today) if fact else None) or ""


def _has(text: str, word: str) -> bool:
    lower = text.lower()
    at = lower.find(word)
    return at >= 0 and not lower[at - 1 : at].isalpha() and not lower[at + len(word) : at + len(word) + 1].isalpha()
