"""What must hold across a knowledge base: references, figures, dates, doubles. Called by `check` and at start-up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.knowledge.entry import REFERENCE, Entry, Fact, Says, Variant
from bot.knowledge.load import Loaded
from bot.knowledge.yamltext import Document, Fault, Loc

MONEY = re.compile(r"£\s?\d")
PHONE = re.compile(r"(?<![\d/.-])(?:0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}|116 ?\d{3})(?!\d)")
LONGEST = {"answer": 60, "do": 40, "if_no": 35}  # words
SAYS = ("answer", "do", "if_no", "how_much", "how", "say", "who", "more", "easy")


def check(loaded: Loaded, *, draft: bool, today: date, topics: frozenset[str] = frozenset()) -> list[Fault]:
    """Every fault, in order of file and line. A draft need not have what only a published entry must.

    topics are ids that must each have an entry (none for a folder that is not the whole knowledge base).
    """
    faults = [*loaded.faults, *_doubles(loaded)]
    known = {f.id: f for f, _, _ in loaded.facts}
    lines = {h.id for h in loaded.parts.get("helplines", ())}
    ids = {e.id for e, _, _ in loaded.entries}
    for entry, document, loc in loaded.entries:
        faults += _references(entry, document, loc, known, lines, ids)
        if not draft:
            faults += _published(entry, document, loc, loaded, today)
    for fact, document, loc in loaded.facts:
        faults += _fact(fact, document, loc, known)
    for slug, overlays in loaded.overlays.items():
        for overlay, document, loc in overlays:
            if overlay.id not in ids:
                faults.append(document.fault(loc, f"'{overlay.id}' adds to an entry that does not exist"))
            faults += _texts_refer(overlay, document, loc, known, lines)
            faults += _variants(overlay.variants, document, loc, known, lines)
            faults += [
                document.fault((*loc, "facts", i), f"there is no fact '{f}'")
                for i, f in enumerate(overlay.facts)
                if f not in known
            ]
        if slug not in {c.slug for c in loaded.parts.get("councils", ())}:
            faults.append(Fault(f"councils/{slug}", 1, f"there is no council '{slug}' in councils/england.yaml"))
    faults += _danger(loaded, lines)
    faults += [
        Fault("answers", 1, f"no entry for the topic '{t}'") for t in sorted(topics - {_topic(i, topics) for i in ids})
    ]
    return sorted(set(faults))


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
    phrases: dict[str, tuple[str, str, int]] = {}
    for topic, asks in loaded.asks.items():
        for phrase, file, line in asks:
            key = re.sub(r"[^\w£]+", " ", phrase.lower()).strip()
            if key in phrases:
                other, where, at = phrases[key]
                same = "twice" if other == topic else f"for '{other}' too"
                yield Fault(file, line, f"'{phrase}' is asked {same} (at {where}:{at}); keep one")
            phrases.setdefault(key, (topic, file, line))


def _references(
    entry: Entry, document: Document, loc: Loc, facts: dict[str, Fact], lines: set[str], ids: set[str]
) -> Iterator[Fault]:
    yield from _texts_refer(entry, document, loc, facts, lines)
    for i, myth in enumerate(entry.myths):
        yield from _refer(f"{myth.myth} {myth.truth}", document, (*loc, "myths", i), facts, lines)
    yield from _variants(entry.variants, document, loc, facts, lines)
    for i, fact in enumerate(entry.facts):
        if fact not in facts:
            yield document.fault(
                (*loc, "facts", i), f"there is no fact '{fact}'; add it under facts/ or correct the id"
            )
    for i, topic in enumerate(entry.related):
        if topic not in ids:
            yield document.fault((*loc, "related", i), f"there is no entry '{topic}' to be related to")


def _variants(
    variants: tuple[Variant, ...], document: Document, loc: Loc, facts: dict[str, Fact], lines: set[str]
) -> Iterator[Fault]:
    for i, variant in enumerate(variants):
        yield from _texts_refer(variant, document, (*loc, "variants", i), facts, lines)
        for n, fact in enumerate(variant.facts):
            if fact not in facts:
                yield document.fault((*loc, "variants", i, "facts", n), f"there is no fact '{fact}'")
        for condition in (variant.when.in_force, variant.when.not_in_force):
            if condition is not None and condition not in facts:
                yield document.fault((*loc, "variants", i), f"there is no fact '{condition}'")


def _texts_refer(says: Says, document: Document, loc: Loc, facts: dict[str, Fact], lines: set[str]) -> Iterator[Fault]:
    for name in (*SAYS, "adds"):
        if text := getattr(says, name, None):
            yield from _refer(text, document, (*loc, name), facts, lines)
    for i, right in enumerate(says.rights):
        yield from _refer(right.must or right.will or right.may or "", document, (*loc, "rights", i), facts, lines)
    for age, text in says.ages.items():
        yield from _refer(text, document, (*loc, "ages", age), facts, lines)


def _refer(text: str, document: Document, loc: Loc, facts: dict[str, Fact], lines: set[str]) -> Iterator[Fault]:
    for reference in REFERENCE.findall(text):
        if reference.startswith("line:"):
            if reference[5:] not in lines:
                yield document.fault(loc, f"there is no helpline '{reference[5:]}' in helplines.yaml")
        elif reference not in facts:
            yield document.fault(loc, f"there is no fact '{reference}'; add it under facts/ or correct the id")
        elif facts[reference].confidence == "recalled":
            yield document.fault(
                loc, f"the fact '{reference}' is only recalled; confirm it at a source, or leave it out"
            )
        elif facts[reference].value is None and not facts[reference].values:
            yield document.fault(loc, f"the fact '{reference}' has no value to stand in a text; give it one")
    bare = REFERENCE.sub("", text)
    if found := MONEY.search(bare):
        yield document.fault(
            loc,
            f"an amount is typed here ('{bare[found.start() : found.end() + 5].strip()}…'); "
            "put it in a fact and write {fact-id}",
        )
    if found := PHONE.search(bare):
        yield document.fault(loc, f"a phone number is typed here ('{found.group()}'); use {{line:helpline}} or a fact")


def _published(entry: Entry, document: Document, loc: Loc, loaded: Loaded, today: date) -> Iterator[Fault]:
    for name in ("question", "basis", "do", "if_no", "checked", "review_by"):
        if getattr(entry, name) is None:
            yield document.fault(loc, f"a published entry needs '{name}'; add it (or check with --draft)")
    if not entry.facts and not entry.sources:
        yield document.fault(loc, "a published entry rests on facts; list their ids under 'facts'")
    if not loaded.asks.get(entry.id):
        yield document.fault(loc, f"nobody asks for '{entry.id}'; add ways of asking in answers/{entry.id}.ask.yaml")
    for name, most in LONGEST.items():
        if (text := getattr(entry, name)) and (count := len(text.split())) > most:
            yield document.fault((*loc, name), f"'{name}' has {count} words; at most {most}")
    if entry.checked and entry.checked > today:
        yield document.fault((*loc, "checked"), f"'checked' lies ahead ({entry.checked}); write the day it was checked")


def _fact(fact: Fact, document: Document, loc: Loc, known: dict[str, Fact]) -> Iterator[Fault]:
    if fact.from_ and fact.until and fact.until < fact.from_:
        yield document.fault((*loc, "until"), "'until' lies before 'from'")
    if fact.betters is None:
        return
    if fact.betters not in known:
        yield document.fault((*loc, "betters"), f"there is no fact '{fact.betters}' to better")
        return
    ours, national = _amount(fact.value), _amount(known[fact.betters].value)
    if ours is None or national is None:
        yield document.fault(
            (*loc, "betters"), f"cannot compare with '{fact.betters}': both need a value with a number"
        )
    elif ours < national:
        yield document.fault(
            (*loc, "value"),
            f"weakens the national fact '{fact.betters}' ({known[fact.betters].value}); a council can only better it",
        )


def _amount(value: str | None) -> float | None:
    found = re.search(r"\d[\d,]*(?:\.\d+)?", value or "")
    return float(found.group().replace(",", "")) if found else None


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
