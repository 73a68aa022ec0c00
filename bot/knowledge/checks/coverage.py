"""Would the search find each entry by words it was not given? Phrases left out by folds, with or without meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.base import Base
from bot.knowledge.build import PackedOf, phrases
from bot.knowledge.entry import Entry
from bot.knowledge.fuse import CHOICES
from bot.knowledge.gate import without
from bot.knowledge.index import ANSWER
from bot.knowledge.learn import SEED, Phrases
from bot.knowledge.load import Loaded
from bot.knowledge.yamltext import Fault
from bot.language.features import Vocabulary
from bot.language.normalise import normalise

FOLDS = 3
NOT_FAR = 2  # first answers among which an entry must be when asked by its own title
MISSED = 99  # rank of what is not among the classes looked at
AMONG = 3  # answers that are offered
FEWEST = 0.7  # of an entry's phrases must find it among those


@dataclass(frozen=True, slots=True)
class Covered:
    """How many of an entry's left-out phrases still found it."""

    id: str
    asked: int
    among: int  # first three answers
    first: int

    @property
    def share(self) -> float:
        return self.among / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the folds came to; worst entry first."""

    entries: tuple[Covered, ...]
    faults: tuple[Fault, ...]
    engine: str = ""

    def lines(self) -> list[str]:
        """What `check --coverage` prints."""
        asked = sum(e.asked for e in self.entries)
        found = [sum(getattr(e, name) for e in self.entries) / max(asked, 1) for name in ("among", "first")]
        rows = [f"  {e.share:6.1%} {e.first / max(e.asked, 1):7.1%} {e.asked:6}  {e.id}" for e in self.entries]
        return [
            f"Phrases left out by {FOLDS} folds, {self.engine}.",
            f"Share found among {AMONG}, share found first, how many (worst first):",
            *rows,
            f"{asked} phrases: {found[0]:.1%} among {AMONG}, {found[1]:.1%} first",
        ]


def coverage(loaded: Loaded, base: Base, packed_of: PackedOf | None = None) -> Coverage:
    """Leaves out each phrase once and counts what is found; then asks by each entry's own title and question.

    With packed_of the sentence vectors count as well, as they do where the sentence model is installed.
    """
    said = phrases(loaded, base)
    titles = [
        (entry, normalise(text, base.textspeak))
        for entry, _, _ in loaded.entries
        for text in dict.fromkeys((entry.title, entry.question))
        if text
    ]
    vocabulary = Vocabulary.fit(said.texts)
    matrix, packed = vocabulary.matrix(said.texts), packed_of(said.texts) if packed_of else None
    part = np.random.default_rng(SEED).permutation(len(said.texts)) % FOLDS
    ways = 1 if packed is None else 1 + len(CHOICES)
    ranks, firsts = np.zeros((2, ways, len(said.texts)), np.int32)
    is_answer = said.is_answer
    for fold in range(FOLDS):
        left = part == fold
        for at, found in zip(np.flatnonzero(left), without(said, matrix, packed, left), strict=True):
            truth = int(said.of[at])
            for way, evidence in enumerate(found):
                answers = [int(c) for c in evidence.order if is_answer[c]]
                ranks[way, at] = answers.index(truth) if truth in answers else MISSED
                firsts[way, at] = answers[0] if answers else truth
    used = 0 if packed is None else 1 + int((ranks[1:] == 0).sum(axis=1).argmax())  # as the build chooses
    rank, first = ranks[used], firsts[used]
    covered = sorted(_covered(said, rank), key=lambda c: (c.share, c.id))
    places = {entry.id: (document.path, document.line(loc)) for entry, document, loc in loaded.entries}
    faults = [*_uncovered(covered, places), *_fights(said, titles, rank, first, places)]
    return Coverage(tuple(covered), tuple(sorted(faults)), "with sentences" if packed_of else "letters and words alone")


def _covered(said: Phrases, rank: NDArray[np.int32]) -> Iterator[Covered]:
    for at, each in enumerate(said.classes):
        if each.kind == ANSWER:
            mine = rank[said.of == at]
            yield Covered(each.id, len(mine), int((mine < AMONG).sum()), int((mine == 0).sum()))


def _uncovered(found: list[Covered], places: dict[str, tuple[str, int]]) -> Iterator[Fault]:
    for entry in found:
        if entry.share < FEWEST and entry.id in places:
            yield Fault(
                *places[entry.id],
                f"only {entry.among} of its {entry.asked} phrases, each left out in turn, find '{entry.id}' among the "
                f"first {AMONG}; add ways of asking, or take out those that belong elsewhere",
            )


def _fights(
    said: Phrases,
    titles: list[tuple[Entry, str]],
    rank: NDArray[np.int32],
    first: NDArray[np.int32],
    places: dict[str, tuple[str, int]],
) -> Iterator[Fault]:
    """Titles and questions that, left out as a phrase, do not find their own entry among the first two."""
    at = {(said.classes[of].id, text): n for n, (text, of) in enumerate(zip(said.texts, said.of, strict=True))}
    for entry, text in titles:
        place = at[entry.id, text]
        if rank[place] >= NOT_FAR:
            found = said.classes[first[place]].id
            yield Fault(
                *places[entry.id],
                f"asked by its own '{text}', the search finds '{found}' first; reword one of the two",
            )
