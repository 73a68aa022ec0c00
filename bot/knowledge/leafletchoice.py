"""Which of all that can be got stands in a leaflet: what matters most at a stage, as far as there is room. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.domain.people import About
from bot.knowledge.answer import fill
from bot.knowledge.base import Base
from bot.knowledge.entitlements import Offer, Situation, what_can_i_get
from bot.knowledge.leafletpages import KINDS, Item, Section
from bot.knowledge.leafletwords import LeafletWords, Stage
from bot.knowledge.offers import Entitlement, Whom

SHARES = {"must": 0.5, "will": 0.27, "may": 0.23}  # of the room for what can be got; the next may use what one leaves


def offers_of(base: Base, about: About, stage: Stage, today: date) -> list[Offer]:
    """All that fits anybody of the stage, most urgent first; `unsure` where not everybody of the stage gets it.

    Asked once for each age of the stage and each way of living that an entitlement asks for.
    """
    statuses, ages = frozenset(stage.statuses), range(stage.ages[0], stage.ages[1] + 1)
    seen: dict[str, list[Offer]] = {}
    for situation in _situations(base.entitlements, statuses):
        for age in ages:
            found = what_can_i_get(base, about.with_(age=age), situation, today)
            for offer in found:
                if _witness(offer.item.when, statuses) == situation:
                    seen.setdefault(offer.item.id, []).append(offer)
    offers = [Offer(each[0].item, len(each) < len(ages) or any(o.unsure for o in each)) for each in seen.values()]
    current = [offer for offer in offers if not _expired(base, offer.item, today)]
    return _one_of_each_title(sorted(current, key=lambda offer: _rank(offer, stage.leads)))


def _rank(offer: Offer, leads: Sequence[str]) -> tuple[int, int, bool, int]:
    """What leads at this stage, then by urgency and worth; what hangs on how one lives is one step less urgent."""
    item, hangs = offer.item, bool(_ways(offer.item.when))
    lead = leads.index(item.id) if item.id in leads else len(leads)
    return lead, item.urgency + hangs, hangs, -item.money


def _situations(items: Iterable[Entitlement], statuses: frozenset[str]) -> list[Situation]:
    return list(dict.fromkeys(_witness(item.when, statuses) for item in items))


def _witness(whom: Whom, statuses: frozenset[str]) -> Situation:
    """Somebody who lives as an entitlement asks, and of whom nothing else is known."""
    study, home = whom.study[0] if whom.study else None, whom.home[0] if whom.home else None
    return Situation(statuses, study, whom.work, home, whom.parent)


def _expired(base: Base, item: Entitlement, today: date) -> bool:
    entry = base.entry.get(item.topic)
    return entry is not None and entry.expires is not None and today > entry.expires


def _one_of_each_title(offers: Sequence[Offer]) -> list[Offer]:
    """Of several forms of one thing, the one that most people get."""
    best: dict[str, Offer] = {}
    for offer in offers:
        if offer.item.title not in best or _is_conditional(best[offer.item.title]) > _is_conditional(offer):
            best[offer.item.title] = offer
    return [offer for offer in offers if best[offer.item.title] is offer]


def _is_conditional(offer: Offer) -> bool:
    return offer.unsure or bool(_ways(offer.item.when))


def first_of(offers: Sequence[Offer]) -> Entitlement:
    return next((offer for offer in offers if not _is_conditional(offer)), offers[0]).item


def sections_of(
    base: Base, words: LeafletWords, council_name: str, offers: Sequence[Offer], whole: float, today: date
) -> tuple[Section, ...]:
    """The three parts, each as long as there is room for, in lines of print."""
    sections, room = [], 0.0
    kinds = [kind for kind in KINDS if any(offer.item.kind == kind for offer in offers)]
    for kind in kinds:
        room += whole * SHARES[kind] / sum(SHARES[each] for each in kinds)
        items = []
        for offer in offers:
            item = _item(base, words, offer, today)
            if offer.item.kind == kind and offer.item.id != words.if_no_item and item.lines <= room:
                items.append(item)
                room -= item.lines
        heading = base.words.fill(getattr(words, kind), council=council_name)
        if items:
            sections.append(
                Section(kind=kind, heading=heading, note=getattr(words, f"{kind}_note"), items=tuple(items))
            )
    return tuple(sections)


def _item(base: Base, words: LeafletWords, offer: Offer, today: date) -> Item:
    item = offer.item
    barred = [way for whom in item.unless for way in _ways(whom) if way in words.not_ways]
    not_if = base.words.fill(words.not_if, ways=_either(words, barred)) if barred else ""
    text = f"{fill(item.text, base, today)} {not_if}".strip()
    return Item(id=item.id, title=item.title, text=text, condition=_condition(base, words, offer))


def _condition(base: Base, words: LeafletWords, offer: Offer) -> str | None:
    ways, unsure = _ways(offer.item.when), offer.item.unsure if offer.unsure else None
    if not ways:
        return unsure
    said = _either(words, ways)
    return base.words.fill(words.if_both if unsure else words.if_lives, unsure=unsure, ways=said)


def _ways(whom: Whom) -> list[str]:
    """The ways of living that are asked for, as the words name them."""
    studies = ["not-studying" if study == "no" else study for study in whom.study]
    work = {"yes": ["working"], "no": ["not-working"]}.get(whom.work or "", [])
    parent = {"yes": ["parent"], "no": ["not-parent"]}.get(whom.parent or "", [])
    return [*studies, *work, *whom.home, *parent]


def _either(words: LeafletWords, ways: Iterable[str]) -> str:
    *said, last = [words.ways.get(way, way) for way in dict.fromkeys(ways)]
    return words.or_.replace("{these}", ", ".join(said)).replace("{that}", last) if said else last
