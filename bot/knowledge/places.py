"""Councils and districts by each of their names, as typed names compare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.knowledge.entry import Council, District
from bot.language.normalise import normalise

_FILLER = re.compile(
    r"\b(?:county|city|borough|london|royal|metropolitan|district|council|councils|unitary|authority|of|the|im|in|from|i|am|was|by|it|is|its|my|near)\b"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A council, or a district and the council that it hangs under."""

    council: Council
    district: District | None = None


Names = Mapping[str, list[Place]]


def bare(name: str) -> str:
    return " ".join(_FILLER.sub(" ", normalise(name)).split()) or normalise(name)


def names_of(councils: Iterable[Council]) -> Names:
    """Some 20 ms for all of England: `Base.places` keeps it."""
    found: dict[str, list[Place]] = {}
    for council in councils:
        for name in {bare(n) for n in (council.name, council.short or council.name, council.slug, *council.aliases)}:
            found.setdefault(name, []).append(Place(council))
        for district in council.districts:
            for name in {bare(n) for n in (district.name, district.slug, *district.aliases)}:
                if Place(council) not in found.get(name, []):
                    found.setdefault(name, []).append(Place(council, district))
    return found
