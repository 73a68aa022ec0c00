"""The example messages, learnt: how dangerous, which topic, about whom, and which example is nearest. Numpy only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.language.features import Arrays, Vocabulary
from bot.triage.meaning import Meaning

Floats = NDArray[np.floating[Any]]
DANGER, EMERGENCY, OTHER, TOPICS = 0, 1, 2, 3  # columns of the weights; the topics from TOPICS on


@dataclass(frozen=True, slots=True)
class Guess:
    """What the examples make of one stretch of words, in log-odds."""

    danger: float  # that a person is needed
    emergency: float  # and then, that life or safety is at risk now
    other: float  # and then, that it is somebody else's
    topics: Floats  # of each topic


@dataclass(frozen=True)
class Model:
    """Linear weights over n-grams, and the dangerous examples themselves by n-gram.

    weights has a row for each n-gram, and columns for danger, emergency, somebody else, and each topic; bias the same
    columns. For the word n-gram i, rows[starts[i]:starts[i + 1]] are the examples that hold it, and values its weights.
    """

    vocabulary: Vocabulary
    weights: Floats
    bias: Floats
    topics: tuple[str, ...]
    says: tuple[str, ...]  # the dangerous examples, as a reader knows them
    starts: NDArray[np.int32]
    rows: NDArray[np.int32]
    values: Floats
    meaning: Meaning | None = None  # None: built without the sentence model

    @cached_property
    def word_counts(self) -> dict[str, int]:
        return self.vocabulary.word_counts()

    def guess(self, text: str) -> Guess:
        indices, weights = self.vocabulary.vector(text)
        scores = weights @ self.weights[indices].astype(np.float32) + self.bias
        danger, emergency, other = scores[:TOPICS].tolist()
        return Guess(danger, emergency, other, scores[TOPICS:])

    def knows(self, words: Sequence[str]) -> float:
        """The share of the words that the examples hold."""
        real = [word for word in words if word.isalpha()]
        return sum(map(self.vocabulary.knows, real)) / len(real) if real else 0.0

    def nearest(self, text: str) -> str:
        """The dangerous example that shares most with the text, by its words."""
        indices, weights = self.vocabulary.vector(text)
        size = int(np.searchsorted(indices, self.vocabulary.words))
        if not size or not self.says:
            return ""
        begins, ends = self.starts[indices[:size]].tolist(), self.starts[indices[:size] + 1].tolist()
        rows = np.concatenate([self.rows[a:b] for a, b in zip(begins, ends, strict=True)])
        each = [
            self.values[a:b].astype(np.float32) * w
            for a, b, w in zip(begins, ends, weights[:size].tolist(), strict=True)
        ]
        return self.says[int(np.argmax(np.bincount(rows, np.concatenate(each), minlength=len(self.says))))]

    def to_arrays(self) -> tuple[Arrays, dict[str, Any]]:
        """Plain arrays, and what goes beside them as JSON."""
        arrays = {f"vocabulary.{name}": array for name, array in self.vocabulary.to_arrays().items()}
        arrays |= {"weights": self.weights.astype(np.float16), "bias": self.bias.astype(np.float32)}
        arrays |= {"starts": self.starts, "rows": self.rows, "values": self.values.astype(np.float16)}
        if self.meaning:
            arrays |= {f"meaning.{name}": array for name, array in self.meaning.to_arrays().items()}
        return arrays, {"topics": [*self.topics], "says": [*self.says]}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> Model:
        meaning = _within(arrays, "meaning.")
        return cls(
            vocabulary=Vocabulary.from_arrays(_within(arrays, "vocabulary.")),
            weights=arrays["weights"],
            bias=arrays["bias"].astype(np.float32),
            topics=tuple(meta["topics"]),
            says=tuple(meta["says"]),
            starts=arrays["starts"],
            rows=arrays["rows"],
            values=arrays["values"],
            meaning=Meaning.from_arrays(meaning) if meaning else None,
        )


def _within(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Arrays:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
