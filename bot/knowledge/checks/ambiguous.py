"""Words with two meanings: each leads somewhere, can be asked about and can be settled, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.ambiguous import Ambiguous, TwoMeanings
from bot.knowledge.bars import Reading
from bot.knowledge.load import Loaded
from bot.knowledge.yamltext import Document, Fault, Loc
from bot.language.normalise import normalise
from bot.language.plain import Measure

FILE = "ambiguous.yaml"


def ambiguous(loaded: Loaded) -> Iterator[Fault]:
    """Every fault of the words of a folder that has some."""
    found: Ambiguous | None = loaded.parts.get("ambiguous")
    document = loaded.documents.get(FILE)
    if found is None or document is None:
        return
    entries = {e.id for e, _, _ in loaded.entries}
    others = {item.id for item in loaded.parts.get("not_covered", ())}
    seen: dict[str, str] = {}
    for i, word in enumerate(found.words):
        for form in word.forms:
            if seen.setdefault(normalise(form), word.word) != word.word or word.forms.count(form) > 1:
                yield document.fault(("words", i), f"'{form}' stands here twice; keep one")
        yield from _leads(word, entries, others, document, ("words", i))
        yield from _settles(word, document, ("words", i))


def plain_words(loaded: Loaded, bars: Reading | None) -> Iterator[Fault]:
    """Questions that are above the bar of a short answer, and hard words on the buttons."""
    found, document = loaded.parts.get("ambiguous"), loaded.documents.get(FILE)
    if found is None or document is None or bars is None:
        return
    measure = Measure(set(bars.names))
    for i, word in enumerate(found.words):
        if (grade := measure(word.ask).grade) > bars.answer:
            yield document.fault(("words", i, "ask"), f"'{word.ask}' reads at grade {grade:.1f}; ask it more simply")
        for n, meaning in enumerate(word.meanings):
            for hard in set(re.findall(r"[a-z'-]+", meaning.label.lower())) & bars.hard.keys():
                says = f"'{hard}' is a hard word for a button; say '{bars.hard[hard]}'"
                yield document.fault(("words", i, "meanings", n, "label"), says)


def _leads(word: TwoMeanings, entries: set[str], others: set[str], document: Document, loc: Loc) -> Iterator[Fault]:
    taken: set[str] = set()
    for n, meaning in enumerate(word.meanings):
        at = (*loc, "meanings", n)
        if meaning.topic and meaning.topic not in entries:
            yield document.fault((*at, "topic"), f"there is no entry '{meaning.topic}' to lead to")
        if meaning.not_covered and meaning.not_covered not in others:
            yield document.fault((*at, "not_covered"), f"there is no '{meaning.not_covered}' under not-covered/")
        where = meaning.topic or meaning.not_covered or ""
        if where in taken:
            yield document.fault(at, f"another meaning of '{word.word}' leads to '{where}' already; make them one")
        taken.add(where)


def _settles(word: TwoMeanings, document: Document, loc: Loc) -> Iterator[Fault]:
    """A word that settles two meanings settles none; one that is the word itself would settle it every time."""
    settled: dict[str, int] = {}
    for n, meaning in enumerate(word.meanings):
        for said in meaning.settled_by:
            if settled.setdefault(said, n) != n:
                yield document.fault((*loc, "meanings", n), f"'{said}' settles another meaning of '{word.word}' too")
    for said in word.settling:
        begins, any_ending = normalise(said.removesuffix("*")), said.endswith("*")
        if any(form == begins or (any_ending and form.startswith(begins)) for form in map(normalise, word.forms)):
            yield document.fault(loc, f"'{said}' is the word '{word.word}' itself, so it could never be asked about")
