"""Would the search find each entry by words it was not given? Phrases left out by folds, lexical engine only."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.base import Base
from bot.knowledge.build import SEED, Phrases, phrases, train
from bot.knowledge.entry import Entry
from bot.knowledge.index import ANSWER, share
from bot.knowledge.load import Loaded
from bot.knowledge.yamltext import Fault
from bot.language.features import Vocabulary
from bot.language.normalise import normalise

FOLDS = 3
AT_ONCE = 2  # folds in training side by side
AMONG = 3  # answers that are offered
FEWEST = 0.7  # of an entry's phrases must find it among those

Scores = NDArray[np.float32]


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

    def lines(self) -> list[str]:
        """What `check --coverage` prints."""
        asked = sum(e.asked for e in self.entries)
        found = [sum(getattr(e, name) for e in self.entries) / max(asked, 1) for name in ("among", "first")]
        rows = [f"  {e.share:6.1%} {e.first / max(e.asked, 1):7.1%} {e.asked:6}  {e.id}" for e in self.entries]
        return [
            f"Phrases left out by {FOLDS} folds: share found among {AMONG}, share found first, how many (worst first):",
            *rows,
            f"{asked} phrases: {found[0]:.1%} among {AMONG}, {found[1]:.1%} first",
        ]


def coverage(loaded: Loaded, base: Base) -> Coverage:
    """Leaves out each phrase once and counts what is found; then asks by each entry's own title and question."""
    said = phrases(loaded, base)
    titles = [
        (entry, normalise(text)) for entry, _, _ in loaded.entries for text in (entry.title, entry.question) if text
    ]
    part = np.random.default_rng(SEED).permutation(len(said.texts)) % FOLDS
    with ThreadPoolExecutor(AT_ONCE) as pool:
        folds = list(pool.map(lambda n: _fold(said, part == n, [text for _, text in titles]), range(FOLDS)))
    rank = np.zeros(len(said.texts), np.int32)
    for n, (left, _) in enumerate(folds):
        rank[part == n] = left
    by_title = sum(titled for _, titled in folds)
    found = sorted(_covered(said, rank), key=lambda c: (c.share, c.id))
    places = {entry.id: (document.path, document.line(loc)) for entry, document, loc in loaded.entries}
    faults = [*_uncovered(found, places), *_fights(said, titles, by_title, places)]
    return Coverage(tuple(found), tuple(sorted(faults)))


def _fold(said: Phrases, left: NDArray[np.bool_], titles: list[str]) -> tuple[NDArray[np.int32], Scores]:
    """The rank among answers of the right one for each phrase left out (0: first), and each title's share by class."""
    kept = np.flatnonzero(~left)
    texts = [said.texts[i] for i in kept]
    vocabulary = Vocabulary.fit(texts)
    weights, bias = train(vocabulary.matrix(texts), said.of[kept], len(said.classes))

    def scores(asked: list[str]) -> Scores:
        found = share(np.asarray(vocabulary.matrix(asked) @ weights) + bias)
        return np.where(_is_answer(said), found, -1.0).astype(np.float32)

    asked = np.flatnonzero(left)
    each = scores([said.texts[i] for i in asked])
    right = each[np.arange(len(asked)), said.of[asked]]
    return (each > right[:, None]).sum(axis=1).astype(np.int32), scores(titles)


def _is_answer(said: Phrases) -> NDArray[np.bool_]:
    return np.array([c.kind == ANSWER for c in said.classes])


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
    said: Phrases, titles: list[tuple[Entry, str]], by_title: Any, places: dict[str, tuple[str, int]]
) -> Iterator[Fault]:
    """Titles and questions by which another entry is found first."""
    for (entry, text), row in zip(titles, by_title, strict=True):
        first = said.classes[int(np.argmax(row))].id
        if first != entry.id:
            yield Fault(
                *places[entry.id],
                f"asked by its own '{text}', the search finds '{first}' first; reword one of the two",
            )
