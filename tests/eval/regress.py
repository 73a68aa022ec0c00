"""Headline figures against those that are committed in `eval.json`: none may fall by more than one message in 100."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.eval.run import Headline
from tests.eval.sets import HERE

COMMITTED = HERE / "eval.json"
NOISE = 0.01  # of the messages
Figures = Mapping[str, Mapping[str, Headline]]  # by engine, then by name


@dataclass(frozen=True, slots=True)
class Change:
    """One headline figure then and now."""

    name: str
    then: Headline
    now: Headline

    @property
    def is_worse(self) -> bool:
        return self.now.share < self.then.share - NOISE

    @property
    def is_better(self) -> bool:
        return self.now.share > self.then.share

    @property
    def lost(self) -> list[str]:
        """Ids of the messages that went from right to wrong."""
        return [id_ for id_ in self.now.missed if id_ not in self.then.missed]

    @property
    def won(self) -> list[str]:
        return [id_ for id_ in self.then.missed if id_ not in self.now.missed]

    def lines(self, texts: Mapping[str, str]) -> Iterator[str]:
        yield f"{self.name}: {self.then.right}/{self.then.of} was committed, now {self.now.right}/{self.now.of}"
        yield from (f"  now wrong  {id_}  {texts.get(id_, '')}" for id_ in self.lost)
        yield from (f"  now right  {id_}  {texts.get(id_, '')}" for id_ in self.won)


def changes(committed: Figures, found: Figures) -> list[Change]:
    """Every figure that is in both, of the engines that could be run."""
    return [
        Change(f"{engine}: {name}", committed[engine][name], figure)
        for engine, figures in found.items()
        for name, figure in figures.items()
        if name in committed.get(engine, {})
    ]


def verdict(committed: Figures, found: Figures, texts: Mapping[str, str]) -> tuple[bool, list[str]]:
    """Whether nothing fell, and what there is to say of it; the last line sums it up."""
    looked_at = changes(committed, found)
    new = [name for engine, figures in found.items() for name in figures if name not in committed.get(engine, {})]
    worse = [change for change in looked_at if change.is_worse]
    said = [line for change in worse for line in change.lines(texts)]
    said += [f"not in eval.json: {name}" for name in new]
    if worse or new:
        said.append("If this is meant to be so: python -m tests.eval --update, and say why in the commit")
    better = sum(change.is_better for change in looked_at)
    said.append(f"{len(looked_at)} figures: {len(worse)} fell, {better} rose, {', '.join(found)}")
    return not worse and not new, said


def read(path: Path = COMMITTED) -> Figures:
    """What is committed; nothing where there is no such file yet."""
    if not path.is_file():
        return {}
    data = json.loads(path.read_text("utf-8"))
    return {
        engine: {name: Headline(figure["of"], tuple(figure["missed"])) for name, figure in figures.items()}
        for engine, figures in data.items()
    }


def write(figures: Figures, path: Path = COMMITTED) -> None:
    """A line for each figure: how many were right, of how many, and the ids of those that were not."""
    engines = [f" {json.dumps(engine)}: {{\n" + ",\n".join(_rows(rows)) + "\n }" for engine, rows in figures.items()]
    path.write_text("{\n" + ",\n".join(engines) + "\n}\n", "utf-8")


def _rows(figures: Mapping[str, Headline]) -> Iterator[str]:
    for name, figure in figures.items():
        kept = {"right": figure.right, "of": figure.of, "missed": sorted(figure.missed)}
        yield f"  {json.dumps(name)}: {json.dumps(kept)}"
