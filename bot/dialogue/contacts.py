"""Whom to ring at the council about a topic: what each number really is, and whether somebody answers it now."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.naming import council_name, day, under
from bot.knowledge.base import Base
from bot.knowledge.entry import Contact, CouncilPack, Partner
from bot.knowledge.hours import open_now

MOST = 4  # contacts, beside the emergency ones


def ring(base: Base, council: str | None, topic: str, now: datetime) -> str | None:
    """The council's contacts for a topic; None where there are none, or no number of a council helps."""
    pack = base.pack.get(council or "")
    if pack is None or not (by_day := contacts_for(base, pack, topic)):
        return None
    words, fill, name = base.words.ring, base.words.fill, council_name(base, council)
    blocks = ["\n".join([fill(words.intro, council=name), *(line(base, each, now) for each in by_day)])]
    if night := _emergency(pack):
        blocks.append("\n".join([words.emergency, *(line(base, each, now) for each in night)]))
    blocks += [_partner(base, each) for each in pack.partners if _decides(each, topic)]
    if pack.local_offer:
        blocks.append(fill(words.offer, council=name, address=pack.local_offer))
    checked = fill(words.checked, council=name, date=day(pack.checked))
    late = [base.words.being_checked] if now.date() > pack.review_by else []
    return "\n\n".join([*blocks, *late, checked])


def contacts_for(base: Base, pack: CouncilPack, topic: str) -> list[Contact]:
    """Who deals with the topic first, then the leaving care team by each way there is."""
    words = base.words.ring
    if under(topic, words.not_on):
        return []
    roles = [getattr(pack, role) for role, topics in words.topics.items() if under(topic, topics)]
    others = [c for c in pack.contacts if c.kind != "emergency" and (not c.topics or under(topic, c.topics))]
    named = [c for c in others if c.topics]
    plain = [c for c in others if not c.topics]
    return [c for c in (*roles, *named, pack.leaving_care, *plain) if c is not None][:MOST]


def line(base: Base, contact: Contact, now: datetime) -> str:
    """One contact: its ways, its hours and whether it is open, what it really is, and whether a person confirmed it."""
    words, fill = base.words.ring, base.words.fill
    ways = [
        fill(getattr(words, name), number=value, address=value)
        for name in ("call", "text", "email", "web")
        if (value := getattr(contact, "phone" if name == "call" else name))
    ]
    says = [_sentence(", ".join(ways)), *_hours(base, contact, now), *_what(base, contact)]
    if not contact.confirmed:
        says.append(words.unconfirmed)
    return f"- **{contact.name}**: {' '.join(text for text in says if text)}"


def _hours(base: Base, contact: Contact, now: datetime) -> list[str]:
    if not contact.hours:
        return []
    is_open = open_now(contact.hours, now)
    state = None if is_open is None else base.words.ring.open if is_open else base.words.ring.closed
    hours = contact.hours.rstrip(".")
    return [f"{hours} ({state})." if state else f"{hours}."]


def _what(base: Base, contact: Contact) -> list[str]:
    """What it is in its own words; where it has none, by its kind."""
    if contact.what_it_is:
        return [contact.what_it_is]
    kind = base.words.ring.kinds.get(contact.kind or "")
    return [_sentence(kind)] if kind else []


def _emergency(pack: CouncilPack) -> list[Contact]:
    return [c for c in (pack.out_of_hours, *(c for c in pack.contacts if c.kind == "emergency")) if c is not None]


def _decides(partner: Partner, topic: str) -> bool:
    return under(topic, partner.topics)


def _partner(base: Base, partner: Partner) -> str:
    name = f"[{partner.name}]({partner.web})" if partner.web else partner.name
    return base.words.fill(base.words.ring.partner, name=name, does=partner.does)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""
