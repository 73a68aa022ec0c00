"""The list of what can be got, and the notes of what changed: every name exists, and no figure is typed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.checks.figures import typed
from bot.knowledge.entry import REFERENCE, Entry, Fact, Overlay
from bot.knowledge.load import Loaded
from bot.knowledge.offers import Entitlement, Whom
from bot.knowledge.yamltext import Document, Fault, Loc

FILE = "entitlements.yaml"
LONGEST = 40  # words in a text or a first step


def offers(loaded: Loaded) -> Iterator[Fault]:
    """Every fault of the list and of the change notes of a folder."""
    document = loaded.documents.get(FILE)
    if document is not None:
        seen: set[str] = set()
        for item in loaded.parts.get("entitlements", ()):
            yield from _item(item, document, _place(document, item.id), loaded, seen)
            seen.add(item.id)
    for changed, where, loc in _all(loaded):
        for i, change in enumerate(changed.changes):
            yield from _text(change.note, where, (*loc, "changes", i), loaded)


def _all(loaded: Loaded) -> Iterator[tuple[Entry | Overlay, Document, Loc]]:
    yield from loaded.entries
    for overlays in loaded.overlays.values():
        yield from overlays


def _place(document: Document, item_id: str) -> Loc:
    rows = document.data if isinstance(document.data, list) else []
    return next(((i,) for i, row in enumerate(rows) if isinstance(row, dict) and row.get("id") == item_id), ())


def _item(item: Entitlement, document: Document, loc: Loc, loaded: Loaded, seen: set[str]) -> Iterator[Fault]:
    if item.id in seen:
        yield document.fault(loc, f"'{item.id}' stands here twice; ids must be unique")
    if item.topic not in {e.id for e, _, _ in loaded.entries}:
        yield document.fault((*loc, "topic"), f"there is no entry '{item.topic}' to lead to")
    if (item.when.age or item.when.status or item.when.district) and not item.unsure:
        yield document.fault(
            loc, "'unsure' is missing: what to say before it when age, status or district is not known"
        )
    known = {f.id: f for f, _, _ in loaded.facts}
    for i, fact in enumerate(item.facts):
        if fact not in known:
            yield document.fault((*loc, "facts", i), f"there is no fact '{fact}'; correct the id")
    for name in ("text", "first_step", "unsure"):
        if text := getattr(item, name):
            yield from _text(text, document, (*loc, name), loaded)
            if (count := len(text.split())) > LONGEST:
                yield document.fault((*loc, name), f"'{name}' has {count} words; at most {LONGEST}")
    for whom in (item.when, *item.unless):
        yield from _whom(whom, document, loc, loaded, known)


def _whom(whom: Whom, document: Document, loc: Loc, loaded: Loaded, known: dict[str, Fact]) -> Iterator[Fault]:
    councils = {c.slug: c for c in loaded.parts.get("councils", ())}
    for slug in whom.council:
        if slug not in councils:
            yield document.fault((*loc, "when"), f"there is no council '{slug}' in councils/england.yaml")
    places = {d.slug for slug in whom.council if slug in councils for d in councils[slug].districts}
    for district in whom.district:
        if whom.council and district not in places:
            yield document.fault((*loc, "when"), f"'{district}' is not a district of {', '.join(whom.council)}")
    for condition in (whom.in_force, whom.not_in_force):
        if condition is not None and condition not in known:
            yield document.fault((*loc, "when"), f"there is no fact '{condition}'; correct the id")


def _text(text: str, document: Document, loc: Loc, loaded: Loaded) -> Iterator[Fault]:
    yield from typed(text, document, loc)
    known = {f.id: f for f, _, _ in loaded.facts}
    lines = {h.id for h in loaded.parts.get("helplines", ())}
    for name in REFERENCE.findall(text):
        if name.startswith("line:"):
            if name[5:] not in lines:
                yield document.fault(loc, f"there is no helpline '{name[5:]}' in helplines.yaml")
        elif name not in known:
            yield document.fault(loc, f"there is no fact '{name}'; correct the id")
        elif known[name].confidence == "recalled":
            yield document.fault(loc, f"the fact '{name}' is only recalled; confirm it at a source, or leave it out")
        elif known[name].value is None and not known[name].values:
            yield document.fault(loc, f"the fact '{name}' has no value to stand in a text; give it one")
