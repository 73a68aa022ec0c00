"""How sure is sure enough: learnt from phrases that the heads were not given. Building only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.fuse import LEXICAL_SHARE, LOOKED_AT, Evidence, evidence, log_shares, signs
from bot.knowledge.index import BOTH, LEXICAL
from bot.knowledge.learn import SEED, Phrases, learn
from bot.language.encode import Floats
from bot.language.normalise import words as words_of
from bot.language.repair import common_words
from bot.language.vectors import Packed, unpack

PARTS = 4  # one part in four of the phrases is left out
FEWEST = 40  # phrases below which there is nothing to learn from
PLAIN_LIMITS = {"answer": 0.5, "offer": 0.35}
LIMITS = {"answer": 0.62, "offer": 0.33}  # measured on questions by three authors: see the README
AT_ONCE = 256  # phrases compared with all others together
SIGNS = 13  # what `fuse.signs` gives
NEAR_AT, KNOWN_AT = 5, 12  # places among them of the nearest phrase's cosine, and of the share of words known


def gates_of(said: Phrases, matrix: Any, packed: Packed | None) -> dict[str, tuple[NDArray[Any], dict[str, float]]]:
    """For each tier two logistic regressions on left-out phrases (best guess right; right one among three), and their
    thresholds.
    """
    tiers = [LEXICAL] if packed is None else [LEXICAL, BOTH]
    if len(said.texts) < FEWEST or len(said.classes) < 3:
        return dict.fromkeys(tiers, (_plain(), PLAIN_LIMITS))
    judged = _judged(said, matrix, packed)
    return {tier: _gate(each) for tier, each in zip(tiers, judged, strict=True)}


def _gate(seen: _Tier) -> tuple[NDArray[Any], dict[str, float]]:
    from sklearn.linear_model import LogisticRegression

    rows = []
    for target in (np.array(seen.right), np.array(seen.close)):
        if target.all() or not target.any():
            return _plain(), PLAIN_LIMITS
        model = LogisticRegression(C=10.0, max_iter=1000).fit(np.array(seen.signs), target)
        rows.append([*model.coef_[0], model.intercept_[0]])
    return np.array(rows), LIMITS


def _plain() -> NDArray[np.float64]:
    """For a base too small to learn from: the nearest phrase must be near."""
    row = np.zeros(SIGNS + 1)
    row[NEAR_AT], row[KNOWN_AT], row[SIGNS] = 8.0, 2.0, -5.0
    return np.array([row, row])


@dataclass(slots=True)
class _Tier:
    """What one tier made of each phrase left out: signs, whether its best guess was right, and whether the right one
    was among three answers.
    """

    signs: list[NDArray[np.float64]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    close: list[bool] = field(default_factory=list)


def _judged(said: Phrases, matrix: Any, packed: Packed | None) -> tuple[_Tier, ...]:
    """Every fourth phrase as it is seen by heads that were not given it."""
    left = np.random.default_rng(SEED).permutation(len(said.texts)) % PARTS == 0
    words = frozenset(w for at in np.flatnonzero(~left) for w in words_of(said.texts[at]))
    known_words, is_answer = words | common_words(), said.is_answer
    tiers = (_Tier(),) if packed is None else (_Tier(), _Tier())
    for at, found in zip(np.flatnonzero(left), without(said, matrix, packed, left), strict=True):
        asked, truth = words_of(said.texts[at]), said.of[at]
        known = sum(w in known_words or w.isdigit() for w in asked) / max(len(asked), 1)
        for tier, each in zip(tiers, found, strict=True):
            answers = [c for c in each.order if is_answer[c]]
            tier.signs.append(signs(each, known, is_answer))
            tier.right.append(bool(is_answer[truth] and each.order[0] == truth))
            tier.close.append(bool(is_answer[truth] and truth in answers[:3]))
    return tiers


def without(
    said: Phrases, matrix: Any, packed: Packed | None, left: NDArray[np.bool_]
) -> Iterator[tuple[Evidence, ...]]:
    """What heads learnt without the phrases left out make of each of those, in order: letters and words alone, and,
    with sentence vectors, both tiers together.
    """
    kept = said.only(np.flatnonzero(~left))
    heads = learn(kept, matrix[~left], None if packed is None else packed[~left])
    others, starts = matrix[~left].T.tocsr(), kept.class_starts
    vectors = None if packed is None else unpack(packed)
    is_answer = said.is_answer
    for rows in np.array_split(np.flatnonzero(left), max(1, left.sum() // AT_ONCE)):
        asked = matrix[rows]
        margins = np.asarray(asked @ heads.weights) + heads.bias
        near = _by_class((asked @ others).toarray(), starts)
        alone = [_evidence(margins[at], None, near[at], None, is_answer) for at in range(len(rows))]
        if vectors is None:
            yield from zip(alone, strict=True)
            continue
        meanings = vectors[rows] @ heads.meaning + heads.meaning_bias
        meant = _by_class(vectors[rows] @ vectors[~left].T, starts)
        for at in range(len(rows)):
            yield alone[at], _evidence(margins[at], meanings[at], near[at], meant[at], is_answer)


def _evidence(
    margins: Floats, meanings: Floats | None, near: Floats, meant: Floats | None, is_answer: NDArray[np.bool_]
) -> Evidence:
    shares, agree = log_shares(margins), 1.0
    if meanings is not None:
        agree = float(margins.argmax() == meanings.argmax())
        shares = LEXICAL_SHARE * shares + (1 - LEXICAL_SHARE) * log_shares(meanings)
    looked_at = np.argsort(-shares, kind="stable")[:LOOKED_AT]
    meant = np.zeros_like(near) if meant is None else meant
    return evidence(shares, looked_at, margins, near[looked_at], meant[looked_at], agree, is_answer)


def _by_class(cosines: Floats, starts: NDArray[np.int32]) -> Floats:
    """(texts, phrases) to (texts, classes): the nearest phrase of each class, 0 for a class that has none."""
    found = np.zeros((len(cosines), len(starts) - 1), np.float32)
    some = starts[:-1] < starts[1:]
    found[:, some] = np.maximum.reduceat(cosines, starts[:-1][some], axis=1)
    return found
