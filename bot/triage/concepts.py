"""Words that mean much the same: "dad", "stepdad" and "my old man" are one thing to the example model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.language.features import TAG

SHORTEST_PREFIX, LONGEST_PREFIX = 3, 16  # letters
REACH = 4  # things further apart than this are not paired


@dataclass(frozen=True)
class Concepts:
    """names: for each concept its words ("hit"), beginnings of words ("punch*") and phrases ("black eye")."""

    names: Mapping[str, tuple[str, ...]]
    _words: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _beginnings: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _phrases: dict[str, list[tuple[tuple[str, ...], str]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for name, entries in self.names.items():
            for entry in entries:
                self._enter(name, entry)

    @property
    def entries(self) -> Iterable[str]:
        return (entry for entries in self.names.values() for entry in entries)

    def _enter(self, name: str, entry: str) -> None:
        words = tuple(entry.split())
        if len(words) > 1:
            self._phrases.setdefault(words[0], []).append((words[1:], name))
        elif entry.endswith("*"):
            self._beginnings.setdefault(entry[:-1], []).append(name)
        elif words:
            self._words.setdefault(entry, []).append(name)

    def of(self, words: Sequence[str]) -> list[list[str]]:
        """What each word is about; most words are about nothing."""
        return [self._at(words, at) for at in range(len(words))]

    def _at(self, words: Sequence[str], at: int) -> list[str]:
        word = words[at]
        found = list(self._words.get(word, ()))
        for rest, name in self._phrases.get(word, ()):
            if tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                found.append(name)
        for length in range(SHORTEST_PREFIX, min(len(word), LONGEST_PREFIX) + 1):
            found += self._beginnings.get(word[:length], ())
        return list(dict.fromkeys(found))


def tags(of: Sequence[list[str]]) -> list[str]:
    """What a stretch of words is about, and which two things stand near one another, as tags for `Vocabulary`."""
    at_each = [found for found in of if found]
    single = {name for found in at_each for name in found}
    pairs: set[str] = set()
    for at, found in enumerate(at_each):
        for later in at_each[at + 1 : at + 1 + REACH]:
            pairs.update([f"{TAG}{a}~{b}" for a in found for b in later if a != b])
    return [*[TAG + name for name in single], *pairs]
