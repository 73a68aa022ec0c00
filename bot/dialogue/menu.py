"""The topic menu: at most three taps to any answer."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue import keys
from bot.domain.messages import Action, Reply
from bot.knowledge.base import Base
from bot.knowledge.entry import Area


def menu(base: Base) -> Reply:
    """The first level: what one can get, the areas, what is new, then a person."""
    actions = [Action(area.title, keys.area(area.id)) for area in areas(base)]
    if base.words.entitlements and base.entitlements:
        actions.insert(0, Action(base.words.entitlements.button, keys.ENTITLEMENTS))
    if base.words.news and any(entry.changes for entry in base.entries):
        actions.append(Action(base.words.news.button, keys.NEW))
    return Reply(base.words.menu, (*actions, Action(base.words.buttons.person, keys.PERSON)))


def area_menu(base: Base, area_id: str) -> Reply | None:
    """An area's groups or topics; None when there is no such area."""
    area = next((a for a in _all(areas(base)) if a.id == area_id), None)
    if area is None:
        return None
    actions = [Action(group.title, keys.area(group.id)) for group in area.groups]
    actions += [Action(base.entry[t].label, keys.topic(t)) for t in area.topics if t in base.entry]
    if base.status and base.status.menu_area == area_id:
        actions.insert(0, Action(base.status.button, keys.STATUS))
    title = base.words.fill(base.words.menu_area, area=area.title)
    return Reply(title, (*actions, Action(base.words.buttons.back, keys.MENU)))


def areas(base: Base) -> tuple[Area, ...]:
    """The menu as written; for a base without one, its entries by the first word of their id."""
    if base.menu:
        return base.menu
    by_area: dict[str, list[str]] = {}
    for entry in base.entries:
        by_area.setdefault(entry.id.partition(".")[0], []).append(entry.id)
    return tuple(Area(id=name, title=name.capitalize()[:40], topics=tuple(ids)) for name, ids in by_area.items())


def _all(found: tuple[Area, ...]) -> Iterator[Area]:
    for area in found:
        yield area
        yield from _all(area.groups)
