"""What somebody of one stage can get in one council, chosen so that it fits two printed pages. Pure."""

from __future__ import annotations

from datetime import date

from bot.domain.people import About
from bot.knowledge.answer import fill
from bot.knowledge.base import Base
from bot.knowledge.leafletchoice import first_of, offers_of, sections_of
from bot.knowledge.leafletpages import KINDS, Leaflet
from bot.knowledge.leafletring import ring_note, ring_of, short_name, small_print
from bot.knowledge.leafletwords import LeafletWords

PRINT = 75.0  # lines of print for what can be got and whom to ring, with what is between them
HEADING = 2.2  # lines


def leaflet_for(base: Base, council: str | None, stage: str, today: date) -> Leaflet | None:
    """The leaflet of a stage (`before-18`, `at-18`, `18-21`, `21-25`), national where no council is named.

    None when there is no such stage or council, or nothing to put into it.
    """
    words = leaflet_words(base)
    if words is None or stage not in words.stages or (council is not None and council not in base.council):
        return None
    named = words.stages[stage]
    offers = offers_of(base, About(council=council), named, today)
    if not offers:
        return None
    ring = ring_of(base, words, council, named)
    room = PRINT - sum(who.lines for who in ring) - HEADING * len(KINDS)
    sections = sections_of(base, words, short_name(base, council), offers, room, today)
    shown = {item.id for section in sections for item in section.items}
    items = [offer.item for offer in offers if offer.item.id in shown]
    refuse = next((item for item in base.entitlements if item.id == words.if_no_item), None)
    pack = base.pack.get(council or "")
    return Leaflet(
        council=council,
        stage=stage,
        title=named.title,
        place=base.words.fill(words.in_council, council=base.council[council].name) if council else words.in_england,
        whom=f"{named.whom} {words.who_else}",
        first_heading=words.first,
        first=fill(first_of(offers).first_step, base, today),
        sections=sections,
        custody=words.custody,
        if_no_heading=words.if_no,
        if_no=fill(f"{refuse.text} {refuse.first_step}", base, today) if refuse else "",
        ring_heading=words.ring,
        ring=ring,
        ring_note=ring_note(base, words, council),
        local_offer_name=words.local_offer,
        local_offer=pack.local_offer if pack else None,
        more_heading=words.more,
        more=words.more_text,
        address=words.address,
        no_address=words.no_address,
        alt=words.alt,
        small_print=small_print(base, words, council, items, today),
    )


def leaflet_words(base: Base) -> LeafletWords | None:
    return base.words.entitlements.leaflet if base.words.entitlements and base.entitlements else None


def stage_at(base: Base, age: int) -> str | None:
    """The stage that somebody of an age is in; None past the last."""
    words = leaflet_words(base)
    stages = words.stages.items() if words else ()
    return next((name for name, stage in stages if age <= stage.ages[1]), None)


def as_text(leaflet: Leaflet) -> str:
    """The same in our light markup, where no pages can be made."""
    blocks = [f"**{leaflet.title}**\n{leaflet.place}", f"**{leaflet.first_heading}:** {leaflet.first}"]
    for section in leaflet.sections:
        conditions = [(f"*{item.condition}:* " if item.condition else "", item) for item in section.in_order]
        lines = [f"- **{item.title}.** {condition}{item.text}" for condition, item in conditions]
        blocks.append("\n".join([f"**{section.heading}:**", *lines]))
    ring = [f"- **{who.name}:** {who.ways}" for who in leaflet.ring]
    blocks.append("\n".join([f"**{leaflet.ring_heading}:**", *ring]))
    blocks += [note for note in (leaflet.ring_note, f"*{leaflet.small_print}*") if note]
    return "\n\n".join(blocks)
