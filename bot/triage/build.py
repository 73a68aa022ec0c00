"""The model out of example messages. Needs scikit-learn, so only the build step calls it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.domain.errors import BotError
from bot.language.features import Vocabulary
from bot.triage.level import Level
from bot.triage.model import Model, Weighing
from bot.triage.reading import read
from bot.triage.rules import Rules
from bot.triage.stretch import hear

SHARPNESS = 15.0  # inverse of regularisation, for every head
MOST_WEIGHT = 5.0  # of one harmless example, against one dangerous one
SETTLED = 1e-2  # change in the loss below which a head is learnt
MOST_ORDINARY = 9000  # ordinary questions learnt from


class ExamplesFaulty(BotError):
    """The example messages have faults; each is named with its place in the file."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    level: Level
    topic: str | None = None
    other: bool = False
    hand: str = ""  # who wrote it: the file it stands in


def read_examples(data: object, hand: str) -> list[Example]:
    """The examples of one file. Raises ExamplesFaulty with every fault named."""
    if not isinstance(data, list):
        raise ExamplesFaulty([f"{hand}: must be a list of groups with topic, level, who and says"])
    faults: list[str] = []
    found: list[Example] = []
    for at, group in enumerate(data):
        try:
            found += _group(group, hand)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            faults.append(f"{hand}: group {at + 1}: {error} is missing or is not what it should be")
    if faults:
        raise ExamplesFaulty(faults)
    return found


def _group(group: Mapping[str, Any], hand: str) -> list[Example]:
    topic = group["topic"] if group["topic"] not in ("null", "", None) else None
    level, who = Level.named(group["level"]), group.get("who", "self")
    if who not in ("self", "other"):
        raise ValueError(f"who: {who}")
    return [Example(str(text), level, topic, who == "other", hand) for text in group["says"]]


def build_model(
    examples: Sequence[Example],
    ordinary: Sequence[str],
    rules: Rules,
    textspeak: Mapping[str, str] | None = None,
    weighing: Weighing | None = None,
) -> Model:
    """Learn from examples, and from ordinary questions as messages without danger."""
    step = max(1, len(ordinary) // MOST_ORDINARY)
    known = [*examples, *(Example(text, Level.NONE) for text in ordinary[::step])]
    texts = [learnt(example.text, rules, textspeak or {}) for example in known]
    vocabulary = Vocabulary.fit(texts)
    matrix = vocabulary.matrix(texts)
    at_risk = [at for at, example in enumerate(known) if example.level > Level.CHECK]
    danger = matrix[at_risk]
    topics = sorted({str(known[at].topic) for at in at_risk})
    heads = [
        _head(matrix, [example.level > Level.CHECK for example in known], _weights(known)),
        _head(danger, [known[at].level is Level.EMERGENCY for at in at_risk]),
        _head(danger, [known[at].other for at in at_risk]),
        *_topic_heads(danger, [topics.index(str(known[at].topic)) for at in at_risk], len(topics)),
    ]
    by_word = danger[:, : vocabulary.words].tocsc()
    return Model(
        vocabulary=vocabulary,
        weights=np.ascontiguousarray(np.vstack([weights for weights, _ in heads]).T, np.float32),
        bias=np.array([bias for _, bias in heads], np.float32),
        topics=tuple(topics),
        says=tuple(known[at].text for at in at_risk),
        starts=by_word.indptr.astype(np.int32),
        rows=by_word.indices.astype(np.int32),
        values=by_word.data.astype(np.float32),
        weighing=weighing or Weighing(),
    )


def learnt(text: str, rules: Rules, textspeak: Mapping[str, str]) -> str:
    """A text as the model sees it: normalised, figures of speech taken out, with what its words are about."""
    words = read(text, textspeak, None).words
    return hear(rules, words).features(0, len(words))


def _weights(known: Sequence[Example]) -> list[float]:
    """How much each example counts: harmless ones more where a hand wrote fewer of them than of dangerous ones."""
    danger = Counter(example.hand for example in known if example.level > Level.CHECK)
    harmless = Counter(example.hand for example in known if example.level <= Level.CHECK)
    share = {hand: min(MOST_WEIGHT, max(1.0, danger[hand] / count)) for hand, count in harmless.items()}
    return [1.0 if example.level > Level.CHECK else share[example.hand] for example in known]


def _head(matrix: Any, is_so: Sequence[bool], weights: Sequence[float] | None = None) -> tuple[Any, float]:
    """Weights and bias that tell the messages of which something is so from those of which it is not."""
    from sklearn.linear_model import LogisticRegression

    if len(set(is_so)) < 2:
        return np.zeros(matrix.shape[1]), 20.0 if any(is_so) else -20.0
    fitted = LogisticRegression(C=SHARPNESS, solver="liblinear", tol=SETTLED).fit(matrix, is_so, sample_weight=weights)
    return fitted.coef_[0], float(fitted.intercept_[0])


def _topic_heads(matrix: Any, topics: Sequence[int], size: int) -> list[tuple[Any, float]]:
    """Least squares, one against the rest, solved over the examples, who are fewer than the n-grams."""
    if not topics:
        return []
    wanted = np.where(np.arange(size) == np.array(topics)[:, None], 1.0, -1.0)
    alike = (matrix @ matrix.T).toarray()
    shares = np.linalg.solve(alike + np.eye(len(topics)) / SHARPNESS, wanted - wanted.mean(axis=0))
    return list(zip((matrix.T @ shares).T, wanted.mean(axis=0).tolist(), strict=True))
