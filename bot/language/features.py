"""Text as numbers: which character and word n-grams it holds, weighted by TF-IDF. Serving needs numpy only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

GRAMS = range(2, 6)  # lengths of character n-grams, within one word and the space on either side of it
LONGEST_WORD = 32  # letters looked at; what is longer is not a word

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


class Vocabulary:
    """The n-grams that are known, by id: word n-grams first, then character n-grams.

    It is given normalised texts (words with one space between). A vector has two halves, words and characters, each
    of unit length before they are joined, so that the many character n-grams do not drown the words.
    """

    def __init__(self, words: Sequence[str], grams: Sequence[str], idf: NDArray[np.floating[Any]]) -> None:
        self._words = {gram: at for at, gram in enumerate(words)}
        self._grams = {gram: at for at, gram in enumerate(grams, start=len(words))}
        self._idf = np.asarray(idf, np.float32)
        self._of_known_word: dict[str, list[int]] = {}  # words of the texts fitted on only: nobody's message stays

    @classmethod
    def fit(cls, texts: Iterable[str], min_df: int = 2) -> Vocabulary:
        """Learn the n-grams that stand in at least min_df of the texts."""
        words: Counter[str] = Counter()
        grams: Counter[str] = Counter()
        size = 0
        for size, text in enumerate(texts, start=1):  # noqa: B007
            parts = text.split()
            words.update(set(word_grams(parts)))
            grams.update({gram for word in set(parts) for gram in character_grams(word)})
        kept = [sorted(gram for gram, df in counts.items() if df >= min_df) for counts in (words, grams)]
        df = [words[gram] for gram in kept[0]] + [grams[gram] for gram in kept[1]]
        idf = np.log((1 + size) / (1 + np.array(df, np.float64))) + 1
        return cls(kept[0], kept[1], idf)

    def __len__(self) -> int:
        return len(self._idf)

    def knows(self, word: str) -> bool:
        return word in self._words

    def word_counts(self) -> dict[str, int]:
        """In about how many parts per million of the texts each single word stands: for the spelling repair."""
        single = [(word, at) for word, at in self._words.items() if " " not in word]
        return {word: max(1, round(1e6 * float(np.exp(1 - self._idf[at])))) for word, at in single}

    def ids(self, text: str) -> tuple[Ids, Weights]:
        """Which n-grams the text holds, in order of id, and how often each."""
        words = text.split()
        found = [at for gram in word_grams(words) if (at := self._words.get(gram)) is not None]
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
        cut = int(np.searchsorted(indices, len(self._words)))
        for half in (weights[:cut], weights[cut:]):
            half /= np.sqrt(2 * (half @ half)) or 1
        if cut in (0, len(weights)):
            weights *= np.sqrt(2, dtype=np.float32)
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
        return {"words": _packed(self._words), "grams": _packed(self._grams), "idf": self._idf.astype(np.float16)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
        return cls(_unpacked(arrays["words"]), _unpacked(arrays["grams"]), arrays["idf"])

    def _of_word(self, word: str) -> list[int]:
        found = self._of_known_word.get(word)
        if found is None:
            found = [at for gram in character_grams(word) if (at := self._grams.get(gram)) is not None]
            if word in self._words:
                self._of_known_word[word] = found
        return found


def _packed(names: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode("utf-8"), np.uint8)


def _unpacked(packed: NDArray[Any]) -> list[str]:
    text = packed.tobytes().decode("utf-8")
    return text.split("\n") if text else []
