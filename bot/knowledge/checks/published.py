"""What an entry must have before it is shown as more than a draft, and dates that are what they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.knowledge.entry import Entry
from bot.knowledge.load import Loaded
from bot.knowledge.yamltext import Document, Fault, Loc

LONGEST = {"answer": 60, "do": 40, "if_no": 35}  # words
NEEDED = ("question", "basis", "do", "if_no", "checked", "review_by")


def published(loaded: Loaded, today: date) -> Iterator[Fault]:
    """What a published entry lacks, and what is too long in it."""
    for entry, document, loc in loaded.entries:
        yield from _lacks(entry, document, loc, loaded)
        for name, most in LONGEST.items():
            if (text := getattr(entry, name)) and (count := len(text.split())) > most:
                yield document.fault((*loc, name), f"'{name}' has {count} words; at most {most}")
        if entry.checked and entry.checked > today:
            yield document.fault(
                (*loc, "checked"), f"'checked' lies ahead ({entry.checked}); write the day it was checked"
            )


def _lacks(entry: Entry, document: Document, loc: Loc, loaded: Loaded) -> Iterator[Fault]:
    for name in NEEDED:
        if getattr(entry, name) is None:
            yield document.fault(loc, f"a published entry needs '{name}'; add it (or check with --draft)")
    if not entry.facts and not entry.sources:
        yield document.fault(loc, "a published entry rests on facts; list their ids under 'facts'")
    if not loaded.asks.get(entry.id):
        yield document.fault(loc, f"nobody asks for '{entry.id}'; add ways of asking in answers/{entry.id}.ask.yaml")


def overdue(loaded: Loaded, today: date) -> Iterator[Fault]:
    """What a release may not hold: anything whose `review_by` has passed."""
    dated: list[tuple[date | None, Document, Loc]] = [(e.review_by, d, loc) for e, d, loc in loaded.entries]
    for slug, overlays in loaded.overlays.items():
        if slug not in loaded.examples():
            dated += [(o.review_by, d, loc) for o, d, loc in overlays]
    for pack in loaded.parts.get("packs", ()):
        document = loaded.documents.get(f"councils/{pack.slug}/council.yaml")
        if document and not pack.example:
            dated.append((pack.review_by, document, ()))
    for by, document, loc in dated:
        if by is not None and by < today:
            yield document.fault(
                (*loc, "review_by"),
                f"was to be looked at again by {by}; compare it with its sources, then set 'checked' and 'review_by'",
            )
