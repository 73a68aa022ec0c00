"""The words of the printed leaflet, and its stages."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.knowledge.entry import Part, Status, Text, _ages


class Stage(Part):
    """A time of leaving care that has a leaflet of its own."""

    button: Text
    title: Text
    ages: Annotated[tuple[int, int], BeforeValidator(_ages)]  # the youngest and the oldest, in whole years
    statuses: tuple[Status, ...] = Field(min_length=1)  # those that its readers have
    leads: tuple[str, ...] = ()  # entitlements that matter most just then, the first of them first
    whom: Text


class LeafletWords(Part):
    """`ways` are the words for how one lives, by the names that entitlements use: they follow "If you're"."""

    button: Text
    ask: tuple[Text, ...]  # messages that ask for a leaflet
    which: Text
    ready: Text
    file: Text
    failed: Text
    stages: dict[str, Stage] = Field(min_length=1)
    who_else: Text
    in_council: Text
    in_england: Text
    first: Text
    must: Text
    must_note: Text
    will: Text
    will_note: Text
    may: Text
    may_note: Text
    if_lives: Text
    if_both: Text
    not_if: Text
    ways: dict[str, Text]
    not_ways: tuple[str, ...]  # those that are said where they bar somebody; of the others it goes without saying
    or_: Annotated[str, Field(alias="or")]
    custody: Text
    if_no: Text
    if_no_item: str  # the entitlement that says what to do then
    ring: Text
    ring_numbers: Text
    ring_unknown: Text
    ring_england: Text
    ring_text: Text
    ring_text_word: Text
    night: Text
    lines: tuple[str, ...]  # helplines, best first
    most_lines: int
    local_offer: Text
    more: Text
    more_text: Text
    address: Text
    no_address: Text
    alt: Text
    small_print: Text
    being_checked: Text
