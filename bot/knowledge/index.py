"""A compiled knowledge base: which topic does a message ask about, and how sure is that. Pure; numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.language.features import Vocabulary
from bot.language.normalise import normalise
from bot.language.normalise import words as words_of
from bot.language.repair import Repairer, common_words

Arrays = dict[str, NDArray[Any]]
Floats = NDArray[np.float32]

LOOKED_AT = 8  # best classes whose phrases are compared one by one
READ = 1_500  # characters at either end of a long message that the search reads; triage reads all of it
ANSWER, NOT_COVERED, SMALL_TALK = "answer", "not-covered", "small-talk"  # kinds of class


@dataclass(frozen=True, slots=True)
class Class:
    """One thing that a message can be about."""

    kind: str  # ANSWER | NOT_COVERED | SMALL_TALK
    id: str  # entry id, or the id of what is not covered or of small talk


@dataclass(frozen=True, slots=True)
class Match:
    """One class and its share of the evidence, 0 to 1."""

    of: Class
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: classes best first, and how likely the best is right."""

    matches: tuple[Match, ...] = ()
    sure: float = 0.0  # 0 to 1: the best match is what was asked
    near: float = 0.0  # 0 to 1: what was asked is among the first three
    known: float = 0.0  # share of the words that the knowledge base or common English has
    text: str = ""  # as it was read: normalised and repaired

    def answers(self, most: int) -> tuple[Match, ...]:
        """The best answers, leaving out small talk and what is not covered."""
        return tuple(m for m in self.matches if m.of.kind == ANSWER)[:most]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure is sure enough; chosen at build time on our own phrases, each left out in turn."""

    answer: float = 0.5
    offer: float = 0.35


class Index:
    """Searches a compiled knowledge base. Built by `build`, loaded from its arrays."""

    def __init__(
        self, meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], textspeak: Mapping[str, str]
    ) -> None:
        self.classes = [Class(kind, id_) for kind, id_ in meta["classes"]]
        self.thresholds = Thresholds(**meta["thresholds"])
        self._textspeak = textspeak
        self._vocabulary = Vocabulary.from_arrays(within(arrays, "vocabulary"))
        self._weights = arrays["weights"].astype(np.float32)  # (features, classes)
        self._bias = arrays["bias"].astype(np.float32)
        self._starts = arrays["phrase_starts"]  # where each phrase begins in what follows
        self._features = arrays["phrase_features"]
        self._values = arrays["phrase_values"].astype(np.float32)
        self._class_starts = arrays["class_starts"]  # where each class begins among the phrases
        self._is_answer = np.array([c.kind == ANSWER for c in self.classes])
        self._gate = arrays["gate"].astype(np.float64)  # two rows: sure, near; the last column is the intercept
        counts = dict(zip(meta["words"], arrays["word_counts"].tolist(), strict=True))
        self._repairer = Repairer(counts, common_words())

    def search(self, text: str) -> Found:
        """Classes by how well they fit a message. A message without a known word finds nothing."""
        if not self.classes:
            return Found()
        read = self._repairer.text(normalise(shorten(text), self._textspeak))
        words = words_of(read)
        ids, weights = self._vocabulary.vector(read)
        if not words or not len(ids):
            return Found(text=read)
        margins = self._bias + weights @ self._weights[ids]
        scores, order = share(margins), np.argsort(-margins)[:LOOKED_AT]
        near_phrases = self._nearest(ids, weights, order)
        known = sum(self._repairer.knows(w) or w.isdigit() for w in words) / len(words)
        signs = gate_features(scores, order, near_phrases, known, self._is_answer)
        sure, near = share(self._gate[:, :-1] @ signs + self._gate[:, -1])
        return Found(
            matches=tuple(Match(self.classes[i], float(scores[i])) for i in order),
            sure=float(sure),
            near=float(near),
            known=known,
            text=read,
        )

    def _nearest(self, ids: NDArray[Any], weights: Floats, classes: NDArray[Any]) -> Floats:
        """Cosine with the nearest phrase of each of some classes."""
        message = np.zeros(self._weights.shape[0], np.float32)
        message[ids] = weights
        found = np.zeros(len(classes), np.float32)
        for at, each in enumerate(classes):
            first, last = self._class_starts[each], self._class_starts[each + 1]
            if first == last:
                continue
            start, end = self._starts[first], self._starts[last]
            products = message[self._features[start:end]] * self._values[start:end]
            found[at] = np.add.reduceat(products, self._starts[first:last] - start).max()
        return found


def shorten(text: str) -> str:
    """Both ends of a very long message: needs stand at the beginning or at the end."""
    return text if len(text) <= 2 * READ else f"{text[:READ]} {text[-READ:]}"


def share(margins: NDArray[np.floating[Any]]) -> Floats:
    """One-against-rest margins as probabilities of each class, not made to add up to one."""
    return np.asarray(1 / (1 + np.exp(-np.clip(margins, -20, 20))), np.float32)


def gate_features(
    scores: Floats, order: NDArray[Any], near: Floats, known: float, is_answer: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """What tells a right best guess from a wrong one, and a question of ours from any other.

    order holds the best classes, best first, and near the cosine with the nearest phrase of each.
    """
    first, second = order[0], order[1] if len(order) > 1 else order[0]
    rest = float(scores[~is_answer].max(initial=0.0))
    best = float(scores[is_answer].max(initial=0.0))
    total = float(scores.sum()) or 1.0
    return np.array(
        [
            np.log(scores[first] + 1e-4),
            float(scores[first] - scores[second]) if first != second else float(scores[first]),
            np.log(best / total + 1e-4),
            np.log(rest + 1e-4) - np.log(best + 1e-4),
            float(near[0]),
            float(near[0]) - float(near[1:].max(initial=0.0)),
            float(near.max()),
            known,
        ]
    )


def within(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Arrays:
    """The arrays whose names begin with `prefix/`, without it."""
    return {name.removeprefix(prefix + "/"): a for name, a in arrays.items() if name.startswith(prefix + "/")}
