"""Text as numbers: which character and word n-grams it holds, weighted by TF-IDF. Serving needs numpy only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

GRAMS = range(2, 6)  # lengths of character n-grams, within one word and the space on either side of it
LONGEST_WORD = 32  # letters looked at; what is longer is not a word
TAG = "="  # begins a word that is no word but a feature found elsewhere ("=carer"); no normalised word does

Ids = NDArray[np.int32]
Weights = NDArray[np.float32]
Arrays = dict[str, NDArray[Any]]

_EMPTY: tuple[Ids, Weights] = (np.zeros(0, np.int32), np.zeros(0, np.float32))


def character_grams(word: str) -> Iterator[str]:
    """The n-grams of one word with a space before and after: "u r" never runs into its neighbours."""
    padded = f" {word[:LONGEST_WORD]} "
    for n in GRAMS:
        for at in range(len(padded) - n + 1):
            yield padded[at : at + n]


def word_grams(words: Sequence[str]) -> Iterator[str]:
    """Each word, and each two neighbours."""
    yield from words
    for a, b in pairwise(words):
        yield f"{a} {b}"


def _parted(text: str) -> tuple[list[str], list[str]]:
    """The words of a text, and its tags."""
    parts = text.split()
    if TAG not in text:
        return parts, []
    return [part for part in parts if part[0] != TAG], [part for part in parts if part[0] == TAG]


class Vocabulary:
    """The features that are known, by id: word n-grams first, then tags, then character n-grams.

    It is given normalised texts (words with one space between). A vector has three parts, each brought to the same
    length before they are joined, so that the many character n-grams do not drown the words.
    """

    def __init__(
        self, words: Sequence[str], tags: Sequence[str], grams: Sequence[str], idf: NDArray[np.floating[Any]]
    ) -> None:
        self._cuts = (len(words), len(words) + len(tags))
        self._words = {gram: at for at, gram in enumerate(chain(words, tags))}
        self._grams = {gram: at for at, gram in enumerate(grams, start=self._cuts[1])}
        self._idf = np.asarray(idf, np.float32)
        self._of_known_word: dict[str, list[int]] = {}  # words of the texts fitted on only: nobody's message stays

    @classmethod
    def fit(cls, texts: Iterable[str], min_df: int = 2) -> Vocabulary:
        """Learn the features that stand in at least min_df of the texts."""
        counts: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
        size = 0
        for text in texts:
            size += 1
            words, tags = _parted(text)
            counts[0].update(set(word_grams(words)))
            counts[1].update(set(tags))
            counts[2].update({gram for word in set(words) for gram in character_grams(word)})
        kept = [sorted(feature for feature, df in part.items() if df >= min_df) for part in counts]
        df = [part[feature] for part, features in zip(counts, kept, strict=True) for feature in features]
        return cls(kept[0], kept[1], kept[2], np.log((1 + size) / (1 + np.array(df, np.float64))) + 1)

    def __len__(self) -> int:
        return len(self._idf)

    @property
    def words(self) -> int:
        """How many of the features are word n-grams: the first ones."""
        return self._cuts[0]

    def knows(self, word: str) -> bool:
        return word in self._words

    def word_counts(self) -> dict[str, int]:
        """In about how many parts per million of the texts each single word stands: for the spelling repair."""
        single = [(word, at) for word, at in self._words.items() if " " not in word and word[0] != TAG]
        return {word: max(1, round(1e6 * float(np.exp(1 - self._idf[at])))) for word, at in single}

    def ids(self, text: str) -> tuple[Ids, Weights]:
        """Which features the text holds, in order of id, and how often each."""
        words, tags = _parted(text)
        known = self._words
        found = [known[gram] for gram in chain(word_grams(words), tags) if gram in known]
        for word in words:
            found.extend(self._of_word(word))
        if not found:
            return _EMPTY
        indices, counts = np.unique(np.array(found, np.int32), return_counts=True)
        return indices, counts.astype(np.float32)

    def vector(self, text: str) -> tuple[Ids, Weights]:
        """The text as a sparse TF-IDF vector of unit length (sublinear counts)."""
        indices, counts = self.ids(text)
        weights = (1 + np.log(counts)) * self._idf[indices]
        first, second = np.searchsorted(indices, self._cuts)
        parts = [part for part in (weights[:first], weights[first:second], weights[second:]) if len(part)]
        for part in parts:
            part /= np.sqrt(len(parts) * (part @ part))
        return indices, weights

    def matrix(self, texts: Sequence[str]) -> Any:
        """The vectors of many texts as a scipy CSR matrix: for building, never for serving."""
        from scipy.sparse import csr_matrix

        vectors = [self.vector(text) for text in texts]
        starts = np.cumsum([0, *(len(indices) for indices, _ in vectors)])
        indices = np.concatenate([_EMPTY[0], *(indices for indices, _ in vectors)])
        weights = np.concatenate([_EMPTY[1], *(weights for _, weights in vectors)])
        return csr_matrix((weights, indices, starts), shape=(len(vectors), len(self)))

    def to_arrays(self) -> Arrays:
        """All of it as plain arrays, to be stored without pickle."""
        words = list(self._words)
        cut = self._cuts[0]
        arrays = {"words": words[:cut], "tags": words[cut:], "grams": self._grams}
        return {name: _packed(features) for name, features in arrays.items()} | {"idf": self._idf.astype(np.float16)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
        words, tags, grams = (_unpacked(arrays[name]) for name in ("words", "tags", "grams"))
        return cls(words, tags, grams, arrays["idf"])

    def _of_word(self, word: str) -> list[int]:
        found = self._of_known_word.get(word)
        if found is None:
            found = [at for gram in character_grams(word) if (at := self._grams.get(gram)) is not None]
            if word in self._words:
                self._of_known_word[word] = found
        return found


def _packed(features: Iterable[str]) -> NDArray[np.uint8]:
    return np.array(bytearray("\n".join(features).encode("utf-8")), np.uint8)


def _unpacked(packed: NDArray[Any]) -> list[str]:
    text = packed.tobytes().decode("utf-8")
    return text.split("\n") if text else []
