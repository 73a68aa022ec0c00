"""What can this person get? Everything that fits what is known of them, most urgent first. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from bot.domain.people import About
from bot.knowledge.base import Base
from bot.knowledge.offers import Entitlement, Whom
from bot.knowledge.variants import fits

IN_CARE = frozenset({"eligible", "relevant"})  # statuses that end at 18
NO_STATUS = "none"  # never in care at 16 or over: no duty is owed, the rest of the list still is
EVERY_STATUS = frozenset({*IN_CARE, "former-relevant", "qualifying", NO_STATUS})
OLDEST = 200
AGES = {"eligible": (16, 17), "relevant": (16, 17), "former-relevant": (18, OLDEST), "qualifying": (16, OLDEST)}


@dataclass(frozen=True, slots=True)
class Situation:
    """How somebody lives just now, as far as they have tapped it. Used for one list and not kept."""

    statuses: frozenset[str] | None = None  # those that they can have; None: only what `About` says
    study: str | None = None  # college | university | apprenticeship | no
    work: str | None = None  # yes | no
    home: str | None = None
    parent: str | None = None  # yes | no


@dataclass(frozen=True, slots=True)
class Offer:
    """One entitlement of one person; `unsure` when it turns on an age, status or district that is not known."""

    item: Entitlement
    unsure: bool


class Fit(Enum):
    YES = "yes"
    UNSURE = "unsure"
    NO = "no"


@dataclass(frozen=True, slots=True)
class _Person:
    about: About
    situation: Situation
    statuses: frozenset[str]
    ages: tuple[int, int]  # the youngest and the oldest that they can be


def what_can_i_get(base: Base, about: About, situation: Situation, today: date) -> tuple[Offer, ...]:
    """All that fits, by urgency, then by what it is worth."""
    statuses = statuses_of(about, situation)
    ages = (about.age, about.age) if about.age is not None else _ages(statuses)
    person, found = _Person(about, situation, statuses, ages), []
    for item in base.entitlements:
        if any(_fit(whom, person, base, today) is Fit.YES for whom in item.unless):
            continue
        fit = _fit(item.when, person, base, today)
        if fit is Fit.YES or (fit is Fit.UNSURE and item.unsure):
            found.append(Offer(item, unsure=fit is Fit.UNSURE))
    return tuple(sorted(found, key=lambda offer: (offer.item.urgency, -offer.item.money)))


def statuses_of(about: About, situation: Situation) -> frozenset[str]:
    """The legal statuses that somebody can have, by what they said and by their age."""
    said = situation.statuses or (frozenset({about.status}) if about.status else EVERY_STATUS)
    if about.age is None:
        return said
    if about.age < 16:
        return frozenset({NO_STATUS})
    if about.age >= 18:  # who was eligible or relevant is former relevant now
        return frozenset("former-relevant" if status in IN_CARE else status for status in said)
    return said - {"former-relevant"} or IN_CARE


def _ages(statuses: frozenset[str]) -> tuple[int, int]:
    """The ages at which somebody can have one of these statuses."""
    ranges = [AGES.get(status, (0, OLDEST)) for status in statuses]
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _fit(whom: Whom, person: _Person, base: Base, today: date) -> Fit:
    """NO when one condition is not met. How one lives must be known to fit; age, status and district may be unsure."""
    each = (_age(whom, person), _status(whom, person), _district(whom, person.about))
    if Fit.NO in each or not _lives(whom, person.situation):
        return Fit.NO
    if whom.fixed and not fits(whom.fixed, person.about, base, today):
        return Fit.NO
    return Fit.UNSURE if Fit.UNSURE in each else Fit.YES


def _lives(whom: Whom, situation: Situation) -> bool:
    if (whom.study and situation.study not in whom.study) or (whom.home and situation.home not in whom.home):
        return False
    return whom.work in (None, situation.work) and whom.parent in (None, situation.parent)


def _age(whom: Whom, person: _Person) -> Fit:
    if whom.age is None:
        return Fit.YES
    low, high = person.ages
    if high < whom.age[0] or low > whom.age[1]:
        return Fit.NO
    return Fit.YES if whom.age[0] <= low and high <= whom.age[1] else Fit.UNSURE


def _status(whom: Whom, person: _Person) -> Fit:
    if not whom.status or person.statuses.issubset(whom.status):
        return Fit.YES
    return Fit.NO if person.statuses.isdisjoint(whom.status) else Fit.UNSURE


def _district(whom: Whom, about: About) -> Fit:
    if not whom.district or about.district in whom.district:
        return Fit.YES
    return Fit.UNSURE if about.district is None else Fit.NO
