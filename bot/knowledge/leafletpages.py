"""What stands on the two pages of a leaflet, as values."""

from __future__ import annotations

from typing import Literal

from bot.knowledge.entry import Part

LINE, NAME = 72, 23  # characters of a line of print, and of a name beside it
BETWEEN = 0.45  # lines

Kind = Literal["must", "will", "may"]
KINDS: tuple[Kind, ...] = ("must", "will", "may")


class Item(Part):
    """One thing that can be got. Texts are in our light markup."""

    id: str
    title: str
    text: str
    condition: str | None = None  # "If you're at university"; None: for everybody of the stage

    @property
    def lines(self) -> float:
        """How many lines of print it takes, about."""
        return _lines(self.title, f"{self.condition or ''} {self.text}")


class Section(Part):
    kind: Kind
    heading: str
    note: str
    items: tuple[Item, ...]  # the most important first

    @property
    def in_order(self) -> tuple[Item, ...]:
        """As they are read: what is for everybody first."""
        return tuple(sorted(self.items, key=lambda item: item.condition is not None))


class Ring(Part):
    """Whom to ring: a team or a line, its ways, and what it really is."""

    name: str
    ways: str
    note: str = ""

    @property
    def lines(self) -> float:
        return _lines(self.name, f"{self.ways} {self.note}")


class Leaflet(Part):
    """Everything that stands on the two pages, but for the bot's address."""

    council: str | None
    stage: str
    title: str
    place: str
    whom: str
    first_heading: str
    first: str
    sections: tuple[Section, ...]
    custody: str
    if_no_heading: str
    if_no: str
    ring_heading: str
    ring: tuple[Ring, ...]
    ring_note: str
    local_offer_name: str
    local_offer: str | None  # an address
    more_heading: str
    more: str
    address: str  # with `{address}` in it
    no_address: str
    alt: str  # with `{address}` in it
    small_print: str

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)

    def shorter(self) -> Leaflet | None:
        """Without the least important thing of its longest part; None when there is no more to leave out."""
        longest = max(self.sections, key=lambda section: len(section.items))
        if len(longest.items) < 2:
            return None
        cut = longest.model_copy(update={"items": longest.items[:-1]})
        sections = tuple(cut if section is longest else section for section in self.sections)
        return self.model_copy(update={"sections": sections})


def _lines(name: str, text: str) -> float:
    return max(-(-len(name) // NAME), -(-len(text) // LINE)) + BETWEEN
