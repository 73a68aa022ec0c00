"""Which variant of an entry or overlay is for a person on a day, and what would decide it that is not known. Pure."""

from __future__ import annotations

from datetime import date

from bot.domain.people import About
from bot.knowledge.base import Base
from bot.knowledge.entry import Entry, Overlay, Variant, When

ELSEWHERE = "elsewhere"  # as `lives_in`: anywhere that is not the council's own area


def fitting(variants: tuple[Variant, ...], about: About, base: Base, today: date) -> Variant | None:
    return next((v for v in variants if fits(v.when, about, base, today)), None)


def fits(when: When, about: About, base: Base, today: date) -> bool:
    """Everything named fits; what is not known about the person does not fit."""
    if when.age and not (about.age is not None and when.age[0] <= about.age <= when.age[1]):
        return False
    for name in ("status", "council", "district", "nation"):
        if (wanted := getattr(when, name)) and getattr(about, name) not in wanted:
            return False
    if when.lives_in and not (
        about.lives_in in when.lives_in or (ELSEWHERE in when.lives_in and _elsewhere(about, base))
    ):
        return False
    if when.in_force and not base.fact[when.in_force].in_force(today):
        return False
    return not (when.not_in_force and base.fact[when.not_in_force].in_force(today))


def _elsewhere(about: About, base: Base) -> bool:
    """They have said where they live, and it is not in their council's area."""
    council = base.council.get(about.council or "")
    own = {about.council, *(d.slug for d in council.districts)} if council else {about.council}
    return about.lives_in not in own if about.lives_in else about.nation is not None


def in_district(about: About, base: Base) -> About:
    """Who lives in a district of their own council need not name it twice."""
    council = base.council.get(about.council or "")
    if council and about.district is None and any(d.slug == about.lives_in for d in council.districts):
        return about.with_(district=about.lives_in)
    return about


def turns_on(entry: Entry, overlay: Overlay | None, about: About, base: Base, today: date) -> frozenset[str]:
    found = set()
    variants = (*entry.variants, *(overlay.variants if overlay else ()))
    if about.age is None and any(v.when.age for v in variants):
        found.add("age")
    if about.council is None and any(o.id == entry.id for pack in base.overlays.values() for o in pack):
        found.add("council")
    if overlay and about.district is None and about.nation is None and about.lives_in in (None, about.council):
        districts = base.council[about.council].districts if about.council in base.council else ()
        told = (about.with_(district=d.slug) for d in districts)
        if len({_short(fitting(overlay.variants, each, base, today)) for each in told}) > 1:
            found.add("district")
    return frozenset(found)


def _short(variant: Variant | None) -> tuple[str | None, ...]:
    """What a variant changes in the short answer: what stands behind a button is no reason to ask."""
    return tuple(getattr(variant, name, None) for name in ("answer", "do", "if_no", "adds"))
