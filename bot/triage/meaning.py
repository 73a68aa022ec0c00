"""What the examples make of a message's meaning: a small network over sentence vectors. Numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Arrays = dict[str, NDArray[Any]]
LEAST = 1e-5  # share below which a level counts as ruled out


@dataclass(frozen=True, slots=True)
class Meant:
    """What one stretch of words means, in log-odds."""

    danger: float  # that a person is needed
    emergency: float  # and then, that life or safety is at risk now
    other: float  # and then, that it is somebody else's
    topics: Floats  # log share of each topic


@dataclass(frozen=True)
class Meaning:
    """hidden and levels are the layers' weights with the bias as the last row; topics and other are linear heads."""

    hidden: Floats  # (size + 1, units)
    levels: Floats  # (units + 1, 3): no danger, urgent, emergency
    topics: Floats  # (size + 1, topics)
    other: Floats  # (size + 1, 1)

    def of(self, vector: Floats) -> Meant:
        units = np.maximum(vector @ self.hidden[:-1] + self.hidden[-1], 0)
        none, urgent, emergency = _shares(units @ self.levels[:-1] + self.levels[-1]) + LEAST
        topics = _shares(vector @ self.topics[:-1] + self.topics[-1])
        return Meant(
            danger=float(np.log((urgent + emergency) / none)),
            emergency=float(np.log(emergency / urgent)),
            other=float((vector @ self.other[:-1] + self.other[-1])[0]),
            topics=np.asarray(np.log(topics + LEAST), np.float32),
        )

    def to_arrays(self) -> Arrays:
        return {name: getattr(self, name).astype(np.float16) for name in ("hidden", "levels", "topics", "other")}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Meaning:
        return cls(**{name: arrays[name].astype(np.float32) for name in ("hidden", "levels", "topics", "other")})


def _shares(margins: Floats) -> Floats:
    raised = np.exp(margins - margins.max())
    return np.asarray(raised / raised.sum(), np.float32)
