"""A whole knowledge base as one frozen value, as the core reads it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pydantic import Field

from bot.knowledge.ambiguous import Ambiguous
from bot.knowledge.bars import Term
from bot.knowledge.entry import Area, Council, CouncilPack, Entry, Fact, NotCovered, Overlay, Part, SmallTalk, Text
from bot.knowledge.helplines import Helpline
from bot.knowledge.offers import Entitlement
from bot.knowledge.places import Names, names_of
from bot.knowledge.status import StatusTree
from bot.knowledge.words import Words


class FirstWords(Part):
    now: Text
    then: str | None = None


class Levels(Part):
    emergency: FirstWords | None = None
    urgent: FirstWords | None = None


class Danger(Levels):
    """What is said first when a message sounds dangerous, for one topic."""

    heard: str | None = None
    other: Levels | None = None
    under_18: Levels | None = None
    lines: tuple[str, ...]
    other_lines: tuple[str, ...] = ()


class Base(Part):
    """Everything the bot can say. Built by `load`, kept in the compiled file, swapped whole."""

    entries: tuple[Entry, ...] = ()
    facts: tuple[Fact, ...] = ()
    helplines: tuple[Helpline, ...] = ()
    danger: dict[str, Danger] = Field(default_factory=dict)
    councils: tuple[Council, ...] = ()
    packs: tuple[CouncilPack, ...] = ()
    overlays: dict[str, tuple[Overlay, ...]] = Field(default_factory=dict)  # by council slug
    not_covered: tuple[NotCovered, ...] = ()
    small_talk: tuple[SmallTalk, ...] = ()
    menu: tuple[Area, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    glossary: tuple[Term, ...] = ()
    ambiguous: Ambiguous = Ambiguous()
    status: StatusTree | None = None
    words: Words
    triage: dict[str, Any] = Field(default_factory=dict)  # rules as read; compiled by bot.triage
    textspeak: dict[str, str] = Field(default_factory=dict)

    @cached_property
    def entry(self) -> dict[str, Entry]:
        return {e.id: e for e in self.entries}

    @cached_property
    def fact(self) -> dict[str, Fact]:
        lent = self.status.facts if self.status else ()  # another folder may have none of them
        return {f.id: f for f in (*lent, *self.facts)}

    @cached_property
    def line(self) -> dict[str, Helpline]:
        return {h.id: h for h in self.helplines}

    @cached_property
    def council(self) -> dict[str, Council]:
        return {c.slug: c for c in self.councils}

    @cached_property
    def pack(self) -> dict[str, CouncilPack]:
        return {p.slug: p for p in self.packs}

    @cached_property
    def places(self) -> Names:
        return names_of(self.councils)

    def short_name(self, council: str | None) -> str:
        """A council as it is named in a sentence."""
        found = self.council.get(council or "")
        return (found.short or found.name) if found else "your council"

    def overlay(self, council: str | None, topic: str) -> Overlay | None:
        """What a council adds about a topic, or None."""
        return next((o for o in self.overlays.get(council or "", ()) if o.id == topic), None)
