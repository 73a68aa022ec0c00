"""Whom a leaflet says to ring, and its small print: who checked it, when, and where it comes from. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.knowledge.base import Base
from bot.knowledge.entry import Contact
from bot.knowledge.helplines import Helpline
from bot.knowledge.leafletpages import Ring
from bot.knowledge.leafletwords import LeafletWords, Stage
from bot.knowledge.offers import Entitlement

MOST_SOURCES = 3


def ring_of(base: Base, words: LeafletWords, council: str | None, stage: Stage) -> tuple[Ring, ...]:
    pack = base.pack.get(council or "")
    teams = [_team(pack.leaving_care), _team(pack.out_of_hours, words.night), _team(pack.advocacy)] if pack else []
    fitting = [base.line[id_] for id_ in words.lines if id_ in base.line]
    lines = [line for line in fitting if line.fits(stage.ages[0]) and line.fits(stage.ages[1])]
    return (*filter(None, teams), *(_line(base, words, line) for line in lines[: words.most_lines]))


def _team(contact: Contact | None, name: str = "{name}") -> Ring | None:
    if contact is None or not (contact.phone or contact.text or contact.email):
        return None
    ways = dict.fromkeys(way for way in (contact.phone, contact.text, contact.email) if way)
    note = " ".join(part for part in (contact.what_it_is, contact.hours) if part)
    return Ring(name=name.replace("{name}", contact.name), ways=" · ".join(ways), note=note)


def _line(base: Base, words: LeafletWords, line: Helpline) -> Ring:
    text = line.text and base.words.fill(
        words.ring_text_word if line.text.word else words.ring_text, word=line.text.word, to=line.text.to
    )
    ways = " · ".join(way for way in (line.call, text) if way) or line.web or ""
    note = f"{line.for_[:1].upper()}{line.for_[1:]} ({line.says})" if line.says else line.for_
    return Ring(name=line.name, ways=ways, note=note)


def ring_note(base: Base, words: LeafletWords, council: str | None) -> str:
    """What to know of the council's numbers; how to find them where we have none."""
    pack = base.pack.get(council or "")
    if pack is None or pack.leaving_care is None:
        return base.words.fill(words.ring_unknown, council=short_name(base, council)) if council else words.ring_england
    contacts = (pack.leaving_care, pack.out_of_hours, pack.advocacy)
    return words.ring_numbers if any(c and not c.confirmed for c in contacts) else ""


def small_print(base: Base, words: LeafletWords, council: str | None, items: Sequence[Entitlement], today: date) -> str:
    """When it was checked and by whom, what is due to be looked at again, and where it is from."""
    entries = [base.entry[item.topic] for item in items if item.topic in base.entry]
    pack = base.pack.get(council or "")
    days = [entry.checked for entry in entries if entry.checked] + ([pack.checked] if pack else [])
    approved = [entry.reviewed.on for entry in entries if entry.reviewed]
    if entries and len(approved) == len(entries):
        checked = base.words.fill(base.words.reviewed, date=_day(min(approved)))
    else:
        checked = base.words.fill(base.words.checked, date=_day(min(days, default=today)))
    due = [entry.review_by for entry in entries if entry.review_by] + ([pack.review_by] if pack else [])
    said = base.words.fill(words.small_print, checked=checked[:1].upper() + checked[1:], sources=_sources(base, items))
    return f"{words.being_checked} {said}" if any(today > day for day in due) else said


def _sources(base: Base, items: Sequence[Entitlement]) -> str:
    """The sites that most of it comes from."""
    facts = {name: base.fact[name] for item in items for name in item.facts if name in base.fact}
    hosts = Counter(host for fact in facts.values() for host in {_host(s.url) for s in fact.sources if s.url})
    return ", ".join(host for host, _ in sorted(hosts.items(), key=lambda h: (-h[1], h[0]))[:MOST_SOURCES])


def _host(url: str) -> str:
    return url.split("/")[2].removeprefix("www.")


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def short_name(base: Base, council: str | None) -> str:
    found = base.council.get(council or "")
    return (found.short or found.name) if found else ""
