"""Ids are unique, and every id that is named exists: facts, helplines, entries, councils, topics."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.checks.figures import typed
from bot.knowledge.checks.texts import all_texts, texts_of, variants_of
from bot.knowledge.entry import REFERENCE, Entry, Fact, Overlay, When
from bot.knowledge.load import Loaded, council_of
from bot.knowledge.yamltext import Document, Fault, Loc


class Known:
    """What there is to refer to."""

    def __init__(self, loaded: Loaded) -> None:
        self.facts = {f.id: f for f, _, _ in loaded.facts}
        self.of_council = {f.id: council_of(document.path) for f, document, _ in loaded.facts}
        self.lines = {h.id for h in loaded.parts.get("helplines", ())}
        self.entries = {e.id for e, _, _ in loaded.entries}
        councils = loaded.parts.get("councils", ())
        self.councils = {c.slug for c in councils}
        self.districts = {d.slug for c in councils for d in c.districts}
        made_up = [p for p in loaded.parts.get("packs", ()) if p.council]
        self.of_example = {p.slug: {p.slug, *(d.slug for d in p.council.districts)} for p in made_up}


def references(loaded: Loaded) -> Iterator[Fault]:
    """Everything that refers to nothing, or to something that may not be referred to."""
    known = Known(loaded)
    yield from _doubles(loaded)
    for entry, document, loc in loaded.entries:
        yield from _of_item(entry, document, loc, known)
        for i, topic in enumerate(entry.related):
            if topic not in known.entries:
                yield document.fault((*loc, "related", i), f"there is no entry '{topic}' to be related to")
    for slug, overlays in loaded.overlays.items():
        yield from _no_such_council(loaded, slug)
        for overlay, document, loc in overlays:
            if overlay.id not in known.entries:
                yield document.fault(loc, f"'{overlay.id}' adds to an entry that does not exist")
            yield from _of_item(overlay, document, loc, known)
    yield from _glossary(loaded, known)
    yield from _danger(loaded, known.lines)


def missing_topics(loaded: Loaded, topics: frozenset[str]) -> Iterator[Fault]:
    """Topics that must each have an entry and have none."""
    found = {_topic(e.id, topics) for e, _, _ in loaded.entries}
    for topic in sorted(topics - found):
        yield Fault("answers", 1, f"no entry for the topic '{topic}'")


def _topic(entry_id: str, topics: frozenset[str]) -> str:
    """The topic that a finer id counts as."""
    while entry_id not in topics and "." in entry_id:
        entry_id = entry_id.rpartition(".")[0]
    return entry_id


def _doubles(loaded: Loaded) -> Iterator[Fault]:
    for name, items in (("entry", loaded.entries), ("fact", loaded.facts)):
        seen: dict[str, str] = {}
        for item, document, loc in items:
            here = f"{document.path}:{document.line(loc)}"
            if item.id in seen:
                yield document.fault(
                    loc, f"the {name} '{item.id}' stands already at {seen[item.id]}; ids must be unique"
                )
            seen.setdefault(item.id, here)


def _of_item(item: Entry | Overlay, document: Document, loc: Loc, known: Known) -> Iterator[Fault]:
    translated = (
        placed
        for language, said in item.translations.items()
        for placed in texts_of(said, (*loc, "translations", language))
    )
    for text, at in (*all_texts(item, loc), *translated):
        yield from _refer(text, document, at, known)
        yield from typed(text, document, at)
    for i, fact in enumerate(item.facts):
        yield from _fact(fact, document, (*loc, "facts", i), known)
    for variant, at in variants_of(item, loc):
        for n, fact in enumerate(variant.facts):
            yield from _fact(fact, document, (*at, "facts", n), known)
        yield from _place(variant.when, document, at, known)
        for condition in (variant.when.in_force, variant.when.not_in_force):
            if condition is not None:
                yield from _fact(condition, document, at, known)


def _place(when: When, document: Document, loc: Loc, known: Known) -> Iterator[Fault]:
    """Councils and districts of a variant that nobody could choose; not looked at in a folder without councils."""
    for name, there_is in (("council", known.councils), ("district", known.districts)):
        for slug in getattr(when, name):
            own = known.of_example.get(council_of(document.path) or "", ())
            if known.councils and slug not in there_is and slug not in own:
                yield document.fault((*loc, "when"), f"there is no {name} '{slug}' in councils/england.yaml")


def _fact(fact: str, document: Document, loc: Loc, known: Known) -> Iterator[Fault]:
    if fact not in known.facts:
        yield document.fault(loc, f"there is no fact '{fact}'; add it under facts/ or correct the id")
    elif (owner := known.of_council[fact]) and owner != council_of(document.path):
        yield document.fault(loc, f"the fact '{fact}' is {owner}'s own; only councils/{owner}/ may refer to it")


def _refer(text: str, document: Document, loc: Loc, known: Known) -> Iterator[Fault]:
    for reference in REFERENCE.findall(text):
        if reference.startswith("line:"):
            if reference[5:] not in known.lines:
                yield document.fault(loc, f"there is no helpline '{reference[5:]}' in helplines.yaml")
            continue
        yield from _fact(reference, document, loc, known)
        if reference in known.facts:
            yield from _can_stand(known.facts[reference], document, loc)


def _can_stand(fact: Fact, document: Document, loc: Loc) -> Iterator[Fault]:
    if fact.confidence == "recalled":
        yield document.fault(loc, f"the fact '{fact.id}' is only recalled; confirm it at a source, or leave it out")
    elif fact.state in ("ended", "unknown"):
        why = "has ended" if fact.state == "ended" else "may hold no longer"
        yield document.fault(loc, f"the fact '{fact.id}' {why}; leave it out, or find out and mend its 'state'")
    elif fact.value is None and not fact.values:
        yield document.fault(loc, f"the fact '{fact.id}' has no value to stand in a text; give it one")


def _no_such_council(loaded: Loaded, slug: str) -> Iterator[Fault]:
    known = {c.slug for c in loaded.parts.get("councils", ())} | loaded.examples()
    if slug not in known:
        yield Fault(f"councils/{slug}", 1, f"there is no council '{slug}' in councils/england.yaml")


def _glossary(loaded: Loaded, known: Known) -> Iterator[Fault]:
    document = loaded.documents.get("glossary.yaml")
    if document is None:
        return
    seen: dict[str, str] = {}
    for i, term in enumerate(loaded.parts.get("glossary", ())):
        if term.topic and term.topic not in known.entries:
            yield document.fault((i, "topic"), f"there is no entry '{term.topic}' that tells more of '{term.word}'")
        for word in (term.word, *term.also):
            if (other := seen.setdefault(word.lower(), term.word)) != term.word:
                yield document.fault((i,), f"'{word}' is explained under '{other}' already; keep one")


def _danger(loaded: Loaded, lines: set[str]) -> Iterator[Fault]:
    document = loaded.documents.get("danger.yaml")
    if document is None:
        return
    for topic, danger in loaded.parts.get("danger", {}).items():
        for name in ("lines", "other_lines"):
            for i, line in enumerate(getattr(danger, name)):
                if line not in lines:
                    yield document.fault((topic, name, i), f"there is no helpline '{line}' in helplines.yaml")
    if "default" not in loaded.parts.get("danger", {}):
        yield document.fault((), "'default' is missing: what is said when the danger has no topic of its own")
