"""Every text of an entry or overlay that a person may read, with its place."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.entry import Entry, Overlay, Says, Variant
from bot.knowledge.yamltext import Loc

SAYS = ("answer", "do", "if_no", "how_much", "how", "say", "who", "more", "easy")
Placed = tuple[str, Loc]


def texts_of(says: Says, loc: Loc) -> Iterator[Placed]:
    """The texts of one entry, variant or overlay, without those of its variants."""
    for name in (*SAYS, "adds", "not_known"):
        if text := getattr(says, name, None):
            yield text, (*loc, name)
    for i, right in enumerate(says.rights):
        yield right.must or right.will or right.may or "", (*loc, "rights", i)
    for age, text in says.ages.items():
        yield text, (*loc, "ages", age)


def all_texts(item: Entry | Overlay, loc: Loc) -> Iterator[Placed]:
    """The texts of an entry or overlay and of all that is in it, each with its place."""
    yield from texts_of(item, loc)
    if isinstance(item, Entry):
        for i, myth in enumerate(item.myths):
            yield f"{myth.myth} {myth.truth}", (*loc, "myths", i)
    else:
        for i, event in enumerate(item.events):
            yield f"{event.what} {event.where}", (*loc, "events", i)
    for variant, at in variants_of(item, loc):
        yield from texts_of(variant, at)


def variants_of(item: Entry | Overlay, loc: Loc) -> Iterator[tuple[Variant, Loc]]:
    for i, variant in enumerate(item.variants):
        yield variant, (*loc, "variants", i)
