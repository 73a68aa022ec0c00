"""The model out of example messages. Needs scikit-learn, so only the build step calls it."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from bot.domain.errors import BotError
from bot.language.features import Vocabulary
from bot.language.normalise import normalise
from bot.language.vectors import Packed, unpack
from bot.triage.level import Level
from bot.triage.meaning import Meaning
from bot.triage.model import Model
from bot.triage.reading import read
from bot.triage.rules import Rules
from bot.triage.stretch import hear

SHARPNESS = 15.0  # inverse of regularisation, for every head
MOST_WEIGHT = 5.0  # of one harmless example, against one dangerous one
SETTLED = 1e-2  # change in the loss below which a head is learnt
MOST_ORDINARY = 25_000  # ordinary questions learnt from
EPOCHS = 5  # over the n-grams, for the topics
NETWORK_EPOCHS = 10  # over the sentence vectors
UNITS = 256
NEVER = -30.0  # log-odds of what was never seen
SEED = 1


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
    packed_of: Callable[[Sequence[str]], Packed] | None = None,
) -> Model:
    """Learn from examples, and from ordinary questions as messages without danger.

    packed_of gives packed sentence vectors; without it the model goes by letters and words alone.
    """
    step = max(1, -(-len(ordinary) // MOST_ORDINARY))
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
    meaning = None
    if packed_of and topics:
        packed = packed_of([normalise(example.text, textspeak or {}) for example in known])
        meaning = build_meaning(known, unpack(packed), topics)
    return Model(
        vocabulary=vocabulary,
        weights=np.ascontiguousarray(np.vstack([weights for weights, _ in heads]).T, np.float32),
        bias=np.array([bias for _, bias in heads], np.float32),
        topics=tuple(topics),
        says=tuple(known[at].text for at in at_risk),
        starts=by_word.indptr.astype(np.int32),
        rows=by_word.indices.astype(np.int32),
        values=by_word.data.astype(np.float32),
        meaning=meaning,
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
    """One linear head a topic, against the rest."""
    from sklearn.linear_model import SGDClassifier

    if len(set(topics)) < 3:
        return [(np.zeros(matrix.shape[1]), 0.0)] * size
    model = SGDClassifier(loss="modified_huber", alpha=1e-4, max_iter=EPOCHS, tol=None, random_state=SEED)
    model.fit(matrix, topics)
    return list(zip(model.coef_, model.intercept_.tolist(), strict=True))


def build_meaning(known: Sequence[Example], vectors: Any, topics: Sequence[str]) -> Meaning:
    """The network over sentence vectors. Measured: 256 units 0.974 heard at 4% false alarms, none 0.95, 128 0.958."""
    at_risk = [at for at, example in enumerate(known) if example.level > Level.CHECK]
    levels = [(Level.URGENT, Level.EMERGENCY).index(e.level) + 1 if e.level > Level.CHECK else 0 for e in known]
    of_topic = [topics.index(str(known[at].topic)) for at in at_risk]
    hidden, three = _network(vectors, levels, (UNITS,), 3)
    (by_topic,) = _network(vectors[at_risk], of_topic, (), len(topics))
    other, bias = _head(vectors[at_risk], [known[at].other for at in at_risk])
    return Meaning(hidden, three, by_topic, np.append(other, bias)[:, None].astype(np.float32))


def _network(vectors: Any, wanted: Sequence[int], units: tuple[int, ...], size: int) -> list[Any]:
    """Layers, each with its bias as the last row; the last one has a column for each of `size` outcomes."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    present = sorted(set(wanted))
    if len(present) < 3:  # too few examples to learn from: the words decide
        widths = (vectors.shape[1], *units, size)
        return [np.zeros((rows + 1, columns), np.float32) for rows, columns in pairwise(widths)]
    net = MLPClassifier(
        units,
        learning_rate_init=0.001 if units else 0.02,
        alpha=1e-2 if units else 1e-5,
        max_iter=NETWORK_EPOCHS,
        batch_size=min(256, len(wanted)),
        random_state=SEED,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it is meant to stop after so many epochs
        net.fit(vectors, wanted)
    layers = [
        np.vstack([weights, bias]).astype(np.float32) for weights, bias in zip(net.coefs_, net.intercepts_, strict=True)
    ]
    last = np.zeros((len(layers[-1]), size), np.float32)
    last[-1] = NEVER
    last[:, present] = layers[-1]
    return [*layers[:-1], last]
