"""What can this person get? Everything that fits what is known of them, most urgent first. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from bot.domain.people import About
from bot.knowledge.answer import fits
from bot.knowledge.base import Base
from bot.knowledge.offers import Entitlement, Whom

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


def what_can_i_get(base: Base, about: About, situation: Situation, today: date) -> tuple[Offer, ...]:
    """All that fits, by urgency, then by what it is worth."""
    found = []
    for item in base.entitlements:
        if any(_fit(whom, about, situation, base, today) is Fit.YES for whom in item.unless):
            continue
        fit = _fit(item.when, about, situation, base, today)
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
    grown = about.age >= 18
    return frozenset(s for status in said for s in _at_age(status, grown))


def _at_age(status: str, grown: bool) -> frozenset[str]:
    """Who was eligible or relevant is former relevant from 18; nobody is former relevant before."""
    if grown and status in IN_CARE:
        return frozenset({"former-relevant"})
    if not grown and status == "former-relevant":
        return IN_CARE
    return frozenset({status})


def _fit(whom: Whom, about: About, situation: Situation, base: Base, today: date) -> Fit:
    """NO when one condition is not met. How one lives must be known to fit; age, status and district may be unsure."""
    lives = ((whom.study, situation.study), (whom.home, situation.home))
    if any(wanted and is_ not in wanted for wanted, is_ in lives):
        return Fit.NO
    if any(wanted and is_ != wanted for wanted, is_ in ((whom.work, situation.work), (whom.parent, situation.parent))):
        return Fit.NO
    rest = whom.model_copy(update={"age": None, "status": (), "district": ()})
    if not fits(rest, about, base, today):
        return Fit.NO
    each = (_age(whom, about, situation), _status(whom, about, situation), _district(whom, about))
    return next((fit for fit in (Fit.NO, Fit.UNSURE) if fit in each), Fit.YES)


def _age(whom: Whom, about: About, situation: Situation) -> Fit:
    if whom.age is None:
        return Fit.YES
    low, high = (about.age, about.age) if about.age is not None else _ages(statuses_of(about, situation))
    if high < whom.age[0] or low > whom.age[1]:
        return Fit.NO
    return Fit.YES if whom.age[0] <= low and high <= whom.age[1] else Fit.UNSURE


def _ages(statuses: frozenset[str]) -> tuple[int, int]:
    """The ages at which somebody can have one of these statuses."""
    ranges = [AGES.get(status, (0, OLDEST)) for status in statuses]
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _status(whom: Whom, about: About, situation: Situation) -> Fit:
    can_be = statuses_of(about, situation)
    if not whom.status or can_be <= set(whom.status):
        return Fit.YES
    return Fit.UNSURE if can_be & set(whom.status) else Fit.NO


def _district(whom: Whom, about: About) -> Fit:
    if not whom.district or about.district in whom.district:
        return Fit.YES
    return Fit.UNSURE if about.district is None else Fit.NO
