"""The steps on the way to an assessment, as values: what `assess` goes by, and what `waymark why` shows."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.messages import Assessment
from bot.triage.level import Level
from bot.triage.model import Guess
from bot.triage.reading import Reading
from bot.triage.rules import Hit
from bot.triage.weigh import Evidence, Weighing


@dataclass(frozen=True, slots=True)
class Stretch:
    """What the words of one stretch of a message say."""

    guess: Guess
    first: int
    last: int
    seen: str  # as the model saw it
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the examples say, and what it comes to together with the rules."""

    found: Evidence
    weighing: Weighing
    whole: Stretch
    loudest: Stretch | None
    before_age: Level  # what it comes to, whatever the age of whoever has nowhere to sleep
    topic: str

    @property
    def stretch(self) -> Stretch:
        """The one that the danger is in."""
        return self.whole if self.found.part is self.found.whole or self.loudest is None else self.loudest

    @property
    def other(self) -> float:
        """Log-odds that somebody else is at risk."""
        part = self.found.part
        return part.said.other if part.meant is None else (part.said.other + part.meant.other) / 2


@dataclass(frozen=True, slots=True)
class Explained:
    """Each step on the way to an assessment."""

    assessment: Assessment
    reading: Reading
    hits: tuple[tuple[Hit, tuple[str, ...]], ...]  # each rule that fired, and the words it was found in
    ruled: Level  # by the rules alone
    decided: Level
    weighed: Weighed | None = None  # None: no examples, or none in the language of the message
