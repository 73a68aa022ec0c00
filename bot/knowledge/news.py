"""What has changed, what is about to, and the next dated event: from the dated notes of entries and overlays. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.people import About
from bot.knowledge.answer import fill
from bot.knowledge.base import Base
from bot.knowledge.entry import Event, Overlay

NEW_FOR = timedelta(days=730)  # an older change is no news
SOON = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of what is owed, figures filled in as on the day of it."""

    on: date
    note: str
    topic: str
    by_council: bool  # the council's own, not national


@dataclass(frozen=True, slots=True)
class Dated:
    """An event, and the next day on which it is."""

    on: date
    event: Event
    topic: str


def whats_new(base: Base, about: About, today: date) -> tuple[Change, ...]:
    """National changes and those of the person's council, newest first; one that several entries note stands once."""
    return _once(sorted(_between(base, about, today - NEW_FOR, today), key=lambda c: c.on, reverse=True))


def whats_coming(base: Base, about: About, today: date) -> tuple[Change, ...]:
    """Changes of the next months whose day is known, soonest first."""
    return _once(sorted(_between(base, about, today + timedelta(days=1), today + SOON), key=lambda c: c.on))


def next_event(overlay: Overlay, today: date) -> Dated | None:
    """The next of an overlay's events, today's included; None when all are past."""
    dates = [Dated(on, event, overlay.id) for event in overlay.events for on in event.on if on >= today]
    return min(dates, key=lambda d: d.on, default=None)


def next_events(base: Base, about: About, today: date) -> tuple[Dated, ...]:
    """The next day of each event of the person's council, soonest first."""
    found = [
        Dated(min(ahead), event, overlay.id)
        for overlay in base.overlays.get(about.council or "", ())
        for event in overlay.events
        if (ahead := [on for on in event.on if on >= today])
    ]
    return tuple(sorted(found, key=lambda d: d.on))


def _between(base: Base, about: About, first: date, last: date) -> Iterator[Change]:
    national = ((entry.id, entry.changes, False) for entry in base.entries)
    local = ((overlay.id, overlay.changes, True) for overlay in base.overlays.get(about.council or "", ()))
    for topic, changes, by_council in (*local, *national):
        for change in changes:
            if first <= change.on <= last:
                yield Change(change.on, fill(change.note, base, change.on), topic, by_council)


def _once(changes: Iterable[Change]) -> tuple[Change, ...]:
    found: dict[tuple[date, str], Change] = {}
    for change in changes:
        found.setdefault((change.on, change.note), change)
    return tuple(found.values())
