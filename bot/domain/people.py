"""What is known of a person, and of a conversation: as little as possible, and no words of theirs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

ONE_TALK = timedelta(hours=12)  # of silence, after which what was said in passing is forgotten
FORGET_AFTER = timedelta(days=30)  # of silence; said in /privacy


@dataclass(frozen=True, slots=True)
class About:
    """What a person has chosen to tell us. Everything may be unknown."""

    age: int | None = None  # years
    council: str | None = None  # slug of the council that looked after them
    status: str | None = None  # eligible | relevant | former-relevant | qualifying
    district: str | None = None  # slug
    lives_in: str | None = None  # slug of a council or district, or any place name
    nation: str | None = None  # "wales", "scotland", "northern-ireland" when said; else England

    def with_(self, **changes: object) -> About:
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a conversation stands. `version` counts what was kept, so that two writers cannot overwrite each other."""

    about: About = field(default_factory=About)
    version: int = 0  # 0: never kept
    greeted: bool = False
    asked: str | None = None  # what we asked last and wait for: "council" | "age" | "status" | "word:pa" … | None
    topic: str | None = None  # entry shown last
    misses: int = 0  # "don't know" in a row
    council_declined: bool = False  # said "I'd rather not say"
    district_declined: bool = False  # said "not sure"
    explained: tuple[str, ...] = ()  # words of the glossary that were explained: ours, never theirs
    passing: tuple[str, ...] = ()  # names of what of `about` was said in passing, and not chosen to be kept
    last_active: datetime | None = None

    def __post_init__(self) -> None:
        for name in ("explained", "passing"):
            object.__setattr__(self, name, tuple(getattr(self, name)))  # as JSON hands it back, it is a list

    def is_stale(self, now: datetime) -> bool:
        return self.last_active is not None and now - self.last_active > FORGET_AFTER

    def as_of(self, now: datetime) -> Conversation:
        """Without what was said in passing, once that talk is over."""
        if not self.passing or self.last_active is None or now - self.last_active <= ONE_TALK:
            return self
        about = self.about.with_(**dict.fromkeys(self.passing))
        if about.council is None:
            about = about.with_(district=None)
        return replace(self, about=about, passing=())


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer to "was this helpful": about an entry, never about a person."""

    topic: str
    version: str
    helpful: bool
