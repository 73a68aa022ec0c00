"""Two ways of comparing a message with what was learnt: by its letters and words, and by its meaning. Numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.language.encode import Floats
from bot.language.features import Vocabulary
from bot.language.vectors import unpack

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a tier makes of a message: a score for each class, as log-odds, and what the phrases are compared with."""

    margins: Floats
    of: Any


@dataclass(frozen=True, slots=True)
class Nearest:
    """The phrase of a class that is most like a message."""

    phrase: int  # its place among all phrases
    cosine: float


class Lexical:
    """Linear weights over character and word n-grams, and the phrases as sparse vectors."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.vocabulary = Vocabulary.from_arrays(within(arrays, "vocabulary"))
        self._weights = arrays["weights"]  # (features, classes) float16
        self._bias = arrays["bias"].astype(np.float32)
        self._starts = arrays["phrase_starts"]  # where each phrase begins in what follows
        self._features = arrays["phrase_features"]
        self._values = arrays["phrase_values"]
        self._class_starts = arrays["class_starts"]  # where each class begins among the phrases

    def see(self, text: str) -> Seen | None:
        """None when no feature of the text is known."""
        ids, weights = self.vocabulary.vector(text)
        if not len(ids):
            return None
        margins = self._bias + weights @ self._weights[ids].astype(np.float32)
        return Seen(margins, (ids, weights))

    def near(self, seen: Seen, classes: NDArray[Any]) -> Floats:
        """Cosine with the nearest phrase of each of some classes."""
        message = self._message(seen)
        return np.array([self._cosines(message, each).max(initial=0.0) for each in classes], np.float32)

    def nearest(self, seen: Seen, of: int) -> Nearest | None:
        """The nearest phrase of one class."""
        return _nearest(self._cosines(self._message(seen), of), int(self._class_starts[of]))

    def _message(self, seen: Seen) -> Floats:
        ids, weights = seen.of
        message = np.zeros(len(self.vocabulary), np.float32)
        message[ids] = weights
        return message

    def _cosines(self, message: Floats, of: int) -> Floats:
        """With every phrase of one class."""
        first, last = self._class_starts[of], self._class_starts[of + 1]
        if first == last:
            return np.zeros(0, np.float32)
        start, end = self._starts[first], self._starts[last]
        products = message[self._features[start:end]] * self._values[start:end].astype(np.float32)
        return np.asarray(np.add.reduceat(products, self._starts[first:last] - start), np.float32)


class Sentences:
    """A softmax head over sentence vectors, and the phrases' own vectors, packed."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._weights = arrays["weights"].astype(np.float32)  # (size, classes)
        self._bias = arrays["bias"].astype(np.float32)
        self._packed = arrays["packed"]
        self._class_starts = arrays["class_starts"]

    def see(self, vector: Floats) -> Seen:
        return Seen(vector @ self._weights + self._bias, vector)

    def near(self, seen: Seen, classes: NDArray[Any]) -> Floats:
        """Cosine with the nearest phrase of each of some classes."""
        cosines = (self._cosines(seen, each) for each in classes)
        return np.array([each.max() if len(each) else 0.0 for each in cosines], np.float32)

    def nearest(self, seen: Seen, of: int) -> Nearest | None:
        """The nearest phrase of one class."""
        return _nearest(self._cosines(seen, of), int(self._class_starts[of]))

    def _cosines(self, seen: Seen, of: int) -> Floats:
        """With every phrase of one class."""
        return np.asarray(unpack(self._packed[self._class_starts[of] : self._class_starts[of + 1]]) @ seen.of)


def _nearest(cosines: Floats, start: int) -> Nearest | None:
    if not len(cosines):
        return None
    at = int(cosines.argmax())
    return Nearest(start + at, float(cosines[at]))


def within(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Arrays:
    """The arrays whose names begin with `prefix/`, without it."""
    return {name.removeprefix(prefix + "/"): a for name, a in arrays.items() if name.startswith(prefix + "/")}
