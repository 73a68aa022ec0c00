"""Text as numbers: which character and word n-grams it holds, weighted by TF-IDF. Serving needs numpy only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

GRAMS = range(2, 6)  # lengths of character n-grams, within one word and the space on either side of it
LONGEST_WORD = 32  # letters looked at; what is longer is not a word
TAG = "="  # begins a word that is no word but a feature found elsewhere ("=carer"); no normalised word does

Ids = NDArray[np.int32]
Weights = NDArray[np.float32]
Hashes = NDArray[np.uint32]  # sorted
Arrays = dict[str, NDArray[Any]]
PARTS = ("words", "tags", "grams")

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

    A feature is known by its CRC-32, so that what is stored is three sorted arrays and serving builds no table; of two
    features in four thousand million that share one, the first is taken for the other. It is given normalised texts
    (words with one space between). A vector has three parts, each brought to the same length before they are joined,
    so that the many character n-grams do not drown the words.
    """

    def __init__(self, parts: Sequence[Hashes], idf: NDArray[np.floating[Any]], singles: NDArray[np.uint8]) -> None:
        self._parts = tuple(parts)
        self._cuts = (len(parts[0]), len(parts[0]) + len(parts[1]))
        self._idf = np.asarray(idf, np.float32)
        self._singles = singles  # the single words, packed
        self._of_known_word: dict[str, Ids] = {}  # words of the texts fitted on only: nobody's message stays

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
        kept = [{_hash(f): df for f, df in part.items() if df >= min_df} for part in counts]
        parts = [np.array(sorted(part), np.uint32) for part in kept]
        df = [each[h] for each, part in zip(kept, parts, strict=True) for h in part.tolist()]
        singles = sorted(f for f, count in counts[0].items() if count >= min_df and " " not in f)
        idf = np.log((1 + size) / (1 + np.array(df, np.float64))) + 1
        return cls(parts, idf, _packed(singles))

    def __len__(self) -> int:
        return len(self._idf)

    @property
    def words(self) -> int:
        """How many of the features are word n-grams: the first ones."""
        return self._cuts[0]

    def knows(self, word: str) -> bool:
        return word in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(_unpacked(self._singles))

    def word_counts(self) -> dict[str, int]:
        """In about how many parts per million of the texts each single word stands: for the spelling repair."""
        words = sorted(self._known)
        places = np.searchsorted(self._parts[0], np.array([_hash(w) for w in words], np.uint32))
        counts = np.maximum(1, np.round(1e6 * np.exp(1 - self._idf[places]))).astype(int)
        return dict(zip(words, counts.tolist(), strict=True))

    def ids(self, text: str) -> tuple[Ids, Weights]:
        """Which features the text holds, in order of id, and how often each."""
        words, tags = _parted(text)
        found = [self._places(0, word_grams(words)), self._places(1, tags), *map(self._of_word, words)]
        together = np.concatenate(found) if words or tags else _EMPTY[0]
        if not len(together):
            return _EMPTY
        indices, counts = np.unique(together, return_counts=True)
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
        return dict(zip(PARTS, self._parts, strict=True)) | {
            "idf": self._idf.astype(np.float16),
            "singles": self._singles,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
        return cls([arrays[name] for name in PARTS], arrays["idf"], arrays["singles"])

    def _places(self, part: int, features: Iterable[str]) -> Ids:
        """The ids of those of some features that are known, in their order."""
        hashes = np.array([_hash(feature) for feature in features], np.uint32)
        known = self._parts[part]
        if not len(known) or not len(hashes):
            return _EMPTY[0]
        places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
        found: Ids = (places[known[places] == hashes] + (0, *self._cuts)[part]).astype(np.int32)
        return found

    def _of_word(self, word: str) -> Ids:
        found = self._of_known_word.get(word)
        if found is None:
            found = self._places(2, character_grams(word))
            if word in self._known:
                self._of_known_word[word] = found
        return found


def _hash(feature: str) -> int:
    return crc32(feature.encode("utf-8", "surrogatepass"))


def _packed(features: Iterable[str]) -> NDArray[np.uint8]:
    return np.array(bytearray("\n".join(features).encode("utf-8")), np.uint8)


def _unpacked(packed: NDArray[Any]) -> list[str]:
    text = packed.tobytes().decode("utf-8")
    return text.split("\n") if text else []
