"""An entry as one person should read it on one day: variant, council's overlay, figures filled in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from bot.domain.people import About
from bot.knowledge.base import Base
from bot.knowledge.entry import REFERENCE, Entry, Fact, Overlay, Right, Says, Source, Variant
from bot.knowledge.helplines import Helpline
from bot.knowledge.variants import fitting, in_district, turns_on

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
    theirs: frozenset[str]  # parts that are the council's, not the national ones
    for_age: bool  # a variant was chosen by age
    for_place: bool  # a variant was chosen by where they live
    turns_on: frozenset[str]  # "age", "council", "district": what would change the answer and is not known
    facts: tuple[Fact, ...]  # that it rests on, the council's own first
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
    about = in_district(about, base)
    parts: dict[str, Any] = {name: getattr(entry, name) for name in PARTS}
    variant = fitting(entry.variants, about, base, today)
    _lay_over(parts, variant)
    ours = fitting(overlay.variants, about, base, today) if overlay else None
    if overlay:
        _lay_over(parts, overlay, only=overlay.replaces)
        _add_to(parts, overlay, base.words.fill(base.words.in_council, council=base.short_name(about.council)))
        _lay_over(parts, ours)
    said_by = (ours, overlay, variant, entry)
    facts = tuple(dict.fromkeys(fact for each in said_by if each for fact in each.facts))
    adds = _local(overlay, ours)
    return Answer(
        entry=entry,
        version=version_of(entry, overlay),
        parts={name: _filled(value, base, today) for name, value in parts.items()},
        myths=tuple((fill(m.myth, base, today), fill(m.truth, base, today)) for m in entry.myths),
        adds=fill(adds, base, today) if adds else None,
        overlay=overlay,
        theirs=_theirs(overlay, ours),
        for_age=any(v is not None and v.when.age is not None for v in (variant, ours)),
        for_place=any(v is not None and bool(v.when.lives_in or v.when.district) for v in (variant, ours)),
        turns_on=turns_on(entry, overlay, about, base, today),
        facts=tuple(base.fact[fact] for fact in facts if fact in base.fact),
        basis=(variant.basis if variant and variant.basis else entry.basis) or "practice",
        sources=_sources(base, facts) or entry.sources,
        withdrawn=entry.expires is not None and today > entry.expires,
        overdue=any(by is not None and today > by for by in (entry.review_by, overlay.review_by if overlay else None)),
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


def _theirs(overlay: Overlay | None, ours: Variant | None) -> frozenset[str]:
    replaced = {name for name in overlay.replaces if getattr(overlay, name, None)} if overlay else set()
    return frozenset(replaced | {name for name in PARTS if getattr(ours, name, None)})


def _local(overlay: Overlay | None, ours: Variant | None) -> str | None:
    """What the council adds to the short answer, and what could not be found out about it, said as such."""
    if overlay is None:
        return None
    said = [(ours.adds if ours else None) or overlay.adds, overlay.not_known]
    return " ".join(text.strip() for text in said if text) or None


def _add_to(parts: dict[str, Any], overlay: Overlay, in_council: str) -> None:
    """A council's parts that do not replace the national ones stand after them, under its name."""
    for name in PARTS:
        if name in overlay.replaces or not (theirs := getattr(overlay, name)):
            continue
        national = parts[name]
        if name == "rights":
            parts[name] = (*(national or ()), *theirs)
        elif name == "ages":
            parts[name] = {
                **(national or {}),
                **{a: _after((national or {}).get(a), t, in_council) for a, t in theirs.items()},
            }
        else:
            parts[name] = _after(national, theirs, in_council)


def _after(national: str | None, theirs: str, in_council: str) -> str:
    return f"{national.strip()}\n\n{in_council.strip()} {theirs}" if national else theirs


def _sources(base: Base, facts: tuple[str, ...]) -> tuple[Source, ...]:
    found = [s for f in dict.fromkeys(facts) if f in base.fact for s in base.fact[f].sources]
    return tuple(dict.fromkeys(found))
