"""Vectors in little room: half a byte a number, and kept by what they are the vectors of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.language.encode import Floats

STEPS = 7  # on either side of nothing: four bits a number. Measured: best guess 0.9412, unpacked 0.9422
Encode = Callable[[Sequence[str]], Floats]
Packed = NDArray[np.uint8]


def pack(vectors: Floats) -> Packed:
    """(n, size) unit vectors as (n, size / 2) bytes; size is even. Their length is not kept: it is one."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    steps = (np.round(vectors / largest * STEPS) + STEPS + 1).astype(np.uint8)
    return np.asarray(steps[:, ::2] << 4 | steps[:, 1::2], np.uint8)


def unpack(packed: NDArray[Any]) -> Floats:
    """(n, size) float32 unit vectors."""
    vectors = np.empty((packed.shape[0], packed.shape[1] * 2), np.float32)
    vectors[:, ::2], vectors[:, 1::2] = packed >> 4, packed & 15
    vectors -= STEPS + 1
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return np.asarray(vectors / lengths[:, None], np.float32)


class Once:
    """Encodes each text once: made for one message and gone with it, for triage and search often read the same."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._found: dict[str, Floats] = {}

    def __call__(self, texts: Sequence[str]) -> Floats:
        if missing := [text for text in dict.fromkeys(texts) if text not in self._found]:
            self._found.update(zip(missing, self._encode(missing), strict=True))
        return np.stack([self._found[text] for text in texts]) if texts else self._encode(texts)


class Known:
    """Vectors that were worked out before, by the text they belong to (its BLAKE2, eight bytes)."""

    def __init__(self, keys: NDArray[np.uint64], packed: Packed) -> None:
        self.keys, self.packed = keys, packed  # keys ascend

    @classmethod
    def of(cls, texts: Sequence[str], packed: Packed) -> Known:
        keys = np.array([_key(text) for text in texts], np.uint64)
        _, first = np.unique(keys, return_index=True)
        return cls(keys[first], packed[first])

    @classmethod
    def nothing(cls) -> Known:
        return cls(np.zeros(0, np.uint64), np.zeros((0, 0), np.uint8))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {"keys": self.keys, "packed": self.packed}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Known:
        return cls(arrays["keys"], arrays["packed"])

    def has(self, text: str) -> bool:
        place = int(np.searchsorted(self.keys, np.uint64(_key(text))))
        return place < len(self.keys) and int(self.keys[place]) == _key(text)

    def with_(self, texts: Sequence[str], encode: Encode) -> Known:
        """These and those of some more texts."""
        keys = np.array([_key(text) for text in texts], np.uint64)
        packed = pack(encode(texts))
        every = np.concatenate([self.keys, keys])
        _, first = np.unique(every, return_index=True)
        together = np.concatenate([self.packed.reshape(-1, packed.shape[1]), packed])
        return Known(every[first], together[first])

    def packed_of(self, texts: Sequence[str], encode: Encode) -> Packed:
        """The packed vectors of some texts; those not known are encoded, the shortest first."""
        keys = np.array([_key(text) for text in texts], np.uint64)
        places = np.minimum(np.searchsorted(self.keys, keys), max(len(self.keys) - 1, 0))
        is_known = self.keys[places] == keys if len(self.keys) else np.zeros(len(texts), bool)
        missing = sorted(np.flatnonzero(~is_known).tolist(), key=lambda at: len(texts[at]))
        fresh = pack(encode([texts[at] for at in missing]))
        found = np.empty((len(texts), fresh.shape[1]), np.uint8)
        found[is_known] = self.packed[places[is_known]] if is_known.any() else 0
        found[missing] = fresh
        return found


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
