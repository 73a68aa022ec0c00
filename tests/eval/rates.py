"""Shares with their counts and Wilson intervals, and how well a score tells two kinds of message apart."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95% interval of a share; of nothing, nothing is known."""
    if not of:
        return 0.0, 1.0
    share, unit = hits / of, z * z / of
    middle = (share + unit / 2) / (1 + unit)
    half = z * sqrt(share * (1 - share) / of + unit / (4 * of)) / (1 + unit)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate(hits: int, of: int) -> str:
    """A share with its count and interval, as the tables print it."""
    if not of:
        return "    –"
    low, high = wilson(hits, of)
    return f"{hits / of:6.3f}  {hits:>4}/{of:<4} [{low:.2f} {high:.2f}]"


def auroc(ours: Sequence[float], others: Sequence[float]) -> float:
    """The chance that one of ours scores higher than one of the others; a tie is half a win."""
    right = np.sort(np.asarray(others, np.float64))
    below, upto = (np.searchsorted(right, np.asarray(ours, np.float64), side) for side in ("left", "right"))
    return float((below + upto).sum() / (2 * len(ours) * len(right)))


def recall_at(ours: Sequence[float], others: Sequence[float], refused: float = 0.1) -> int:
    """How many of the others score below the score at which that share of ours is refused."""
    return int((np.asarray(others) < np.quantile(np.asarray(ours), refused)).sum())
