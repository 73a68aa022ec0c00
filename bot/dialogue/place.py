"""Where somebody lives: asked only when an answer turns on it, and said back when it is known."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import keys
from bot.dialogue.council import find_places
from bot.dialogue.naming import council_name, place_name
from bot.domain.messages import Action, Reply
from bot.knowledge.base import Base
from bot.knowledge.places import Place

ASKED = "district"  # `Conversation.asked` while the question stands open


def ask_district(base: Base, council: str) -> Reply:
    """One question with the council's districts as buttons."""
    words, found = base.words, base.council[council]
    actions = [Action(d.name, keys.district(council, d.slug)) for d in found.districts]
    actions.append(Action(words.place.not_sure, keys.district(council, keys.NOT_SURE)))
    return Reply(words.fill(words.place.ask, council=council_name(base, council)), tuple(actions))


def not_sure(base: Base, council: str) -> Reply:
    text = base.words.fill(base.words.place.declined, council=council_name(base, council))
    return Reply(text, (Action(base.words.buttons.menu, keys.MENU),))


def unknown(base: Base, council: str) -> Reply:
    """A name that is no district of the council, nor anywhere else that we know."""
    text = base.words.fill(base.words.place.unknown, council=council_name(base, council))
    return replace(ask_district(base, council), text=text)


def elsewhere(base: Base, council: str, place: Place) -> Reply:
    """Said when the place named is another council's: where it is, and what we take it to mean."""
    words, name = base.words.place, slug_of(place)
    text = words.elsewhere if place.district else words.not_in
    other = council_name(base, place.council.slug)
    said = base.words.fill(text, place=place_name(base, name), other=other, council=council_name(base, council))
    theirs = Action(base.words.fill(words.theirs, council=other), _key(place))
    return Reply(said, (theirs, Action(base.words.buttons.menu, keys.MENU)))


def thanks(base: Base, council: str | None, place: str | None) -> Reply:
    """Said when a message says where somebody lives, and asks nothing that we can answer."""
    words = base.words.place
    text = words.council_and_place if council and place else words.lives_in if place else words.council_said
    menu = Action(base.words.buttons.menu, keys.MENU)
    return Reply(
        base.words.fill(text, council=council_name(base, council), place=place_name(base, place or "")), (menu,)
    )


def typed_place(base: Base, council: str, text: str) -> Place | None:
    """The one place that a typed answer to our question means: a district of the council's own before any other."""
    found = find_places(base, text)
    own = [p for p in found if p.council.slug == council and p.district]
    if len(own) == 1 or (own and own[0] == found[0]):  # the nearest comes first
        return own[0]
    return found[0] if len(found) == 1 else None


def slug_of(place: Place) -> str:
    return place.district.slug if place.district else place.council.slug


def _key(place: Place) -> str:
    return (
        keys.district(place.council.slug, place.district.slug) if place.district else keys.council(place.council.slug)
    )
