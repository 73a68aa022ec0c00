"""An entry as one person should read it on one day: variant, council's overlay, figures filled in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from bot.domain.people import About
from bot.knowledge.base import Base
from bot.knowledge.entry import REFERENCE, Entry, Overlay, Right, Says, Source, Variant, When
from bot.knowledge.helplines import Helpline

PARTS = ("answer", "do", "if_no", "how_much", "how", "say", "who", "rights", "ages", "more", "easy")


@dataclass(frozen=True, slots=True)
class Answer:
    """An entry made up for one person and day. Texts are in our light markup, figures filled in."""

    entry: Entry
    version: str
    parts: dict[str, Any]
    myths: tuple[tuple[str, str], ...]  # what people say, and the truth
    adds: str | None  # what the council adds
    overlay: Overlay | None
    by_council: bool  # the answer itself is the council's, not the national one
    for_age: bool  # a variant was chosen by age
    turns_on: frozenset[str]  # "age", "council": what would change the answer and is not known
    basis: str
    sources: tuple[Source, ...]
    withdrawn: bool
    overdue: bool

    def part(self, name: str) -> str | None:
        value = self.parts.get(name)
        return value if isinstance(value, str) else None


def compose(base: Base, topic: str, about: About, today: date) -> Answer | None:
    """The entry's parts for this person today, or None when there is no such entry."""
    entry = base.entry.get(topic)
    if entry is None:
        return None
    overlay = base.overlay(about.council, topic)
    parts: dict[str, Any] = {name: getattr(entry, name) for name in PARTS}
    variant = _fitting(entry.variants, about, base, today)
    _lay_over(parts, variant)
    ours = _fitting(overlay.variants, about, base, today) if overlay else None
    if overlay:
        _lay_over(parts, overlay, only=overlay.replaces)
        _lay_over(parts, ours)
    said_by = (ours, overlay, variant, entry)
    facts = tuple(fact for each in said_by if each for fact in each.facts)
    adds = (ours.adds if ours else None) or ((overlay.adds or overlay.not_known) if overlay else None)
    return Answer(
        entry=entry,
        version=version_of(entry, overlay),
        parts={name: _filled(value, base, today) for name, value in parts.items()},
        myths=tuple((fill(m.myth, base, today), fill(m.truth, base, today)) for m in entry.myths),
        adds=fill(adds, base, today) if adds else None,
        overlay=overlay,
        by_council=bool((overlay and "answer" in overlay.replaces) or (ours and ours.answer)),
        for_age=any(v is not None and v.when.age is not None for v in (variant, ours)),
        turns_on=_turns_on(entry, about, base),
        basis=(variant.basis if variant and variant.basis else entry.basis) or "practice",
        sources=_sources(base, facts) or entry.sources,
        withdrawn=entry.expires is not None and today > entry.expires,
        overdue=entry.review_by is not None and today > entry.review_by,
    )


def version_of(entry: Entry, overlay: Overlay | None = None) -> str:
    """Eight hex digits that change whenever what the entry says changes."""
    text = entry.model_dump_json(exclude={"ask"}) + (overlay.model_dump_json(exclude={"ask"}) if overlay else "")
    return sha256(text.encode()).hexdigest()[:8]


def fill(text: str, base: Base, today: date) -> str:
    """A text with its `{fact-id}` and `{line:helpline}` references filled in for a day."""

    def value(reference: str) -> str:
        if reference.startswith("line:"):
            line = base.line.get(reference[5:])
            return name_and_number(line) if line else base.words.not_known_fact
        fact = base.fact.get(reference)
        return (fact.value_on(today) if fact else None) or base.words.not_known_fact

    return REFERENCE.sub(lambda m: value(m[1]), text)


def name_and_number(line: Helpline) -> str:
    """`Samaritans (116 123)`: a helpline inside a sentence; its hours are left to the list of lines."""
    text = line.text and (f"text {line.text.word} to {line.text.to}" if line.text.word else f"text {line.text.to}")
    way = line.call or text or line.web
    return f"{line.name} ({way})" if way else line.name


def _filled(value: Any, base: Base, today: date) -> Any:
    if isinstance(value, str):
        return fill(value, base, today)
    if isinstance(value, dict):
        return {age: fill(text, base, today) for age, text in value.items()}
    if isinstance(value, tuple):
        return tuple(_filled_right(right, base, today) for right in value)
    return value


def _filled_right(right: Right, base: Base, today: date) -> tuple[str, str]:
    kind = "must" if right.must else "will" if right.will else "may"
    return kind, fill(getattr(right, kind), base, today)


def _lay_over(parts: dict[str, Any], says: Says | None, only: tuple[str, ...] | None = None) -> None:
    if says is None:
        return
    for name in PARTS if only is None else only:
        if value := getattr(says, name, None):
            parts[name] = value


def _fitting(variants: tuple[Variant, ...], about: About, base: Base, today: date) -> Variant | None:
    return next((v for v in variants if fits(v.when, about, base, today)), None)


def fits(when: When, about: About, base: Base, today: date) -> bool:
    """Everything named fits; what is not known about the person does not fit."""
    if when.age and not (about.age is not None and when.age[0] <= about.age <= when.age[1]):
        return False
    for name in ("status", "council", "district", "lives_in", "nation"):
        if (wanted := getattr(when, name)) and getattr(about, name) not in wanted:
            return False
    if when.in_force and not base.fact[when.in_force].in_force(today):
        return False
    return not (when.not_in_force and base.fact[when.not_in_force].in_force(today))


def _turns_on(entry: Entry, about: About, base: Base) -> frozenset[str]:
    found = set()
    if about.age is None and any(v.when.age for v in entry.variants):
        found.add("age")
    if about.council is None and any(o.id == entry.id for pack in base.overlays.values() for o in pack):
        found.add("council")
    return frozenset(found)


def _sources(base: Base, facts: tuple[str, ...]) -> tuple[Source, ...]:
    found = [s for f in dict.fromkeys(facts) if f in base.fact for s in base.fact[f].sources]
    return tuple(dict.fromkeys(found))
