"""Days, councils and places as they are said."""

from __future__ import annotations

from datetime import date

from bot.knowledge.base import Base
from bot.knowledge.status import StatusTree

LONGEST_PLACE = 40  # characters of a place that is no council or district of ours


def day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def council_name(base: Base, slug: str | None) -> str:
    return base.short_name(slug)


def place_name(base: Base, place: str) -> str:
    """A council or district by its slug; any other place as it was named."""
    if place in base.council:
        return base.short_name(place)
    districts = (d.name for council in base.councils for d in council.districts if d.slug == place)
    return next(districts, place.replace("-", " ").title()[:LONGEST_PLACE])


def status_name(tree: StatusTree, status: str) -> str:
    """A status as it is said: "former relevant"."""
    return next((said for kind, said in tree.words.statuses.items() if kind == status), status)


def listed(items: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f"{', '.join(items[:-1])} {last} {items[-1]}" if len(items) > 1 else "".join(items)


def under(topic: str, beginnings: tuple[str, ...]) -> bool:
    """Whether a topic is one of those named, or a finer one: `housing.options` is under `housing`."""
    return any(topic == each or topic.startswith(f"{each}.") for each in beginnings)
