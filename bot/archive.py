"""Named arrays and one JSON text in one file, read by memory map: what is not looked at costs no memory.

The layout is much like that of safetensors: eight bytes with the length of the header, eight with the CRC-32 of all
that follows, the header as JSON (for each array its dtype, shape and place), then the arrays, each at a multiple of
64 bytes.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

ALIGNED = 64  # bytes
META = "__meta__"
FRONT = 16  # bytes before the header
AT_ONCE = 1 << 20  # bytes


def save(path: Path, meta: Any, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Whole or not at all: written beside the place and moved there. Raises OSError, or ValueError for no numbers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), np.uint8)
    parts = {META: text, **{name: np.asarray(array, order="C") for name, array in arrays.items()}}
    if any(array.dtype.hasobject for array in parts.values()):
        raise ValueError("only plain numbers can be kept")
    header, at = {}, 0
    for name, array in parts.items():
        header[name] = {"dtype": array.dtype.str, "shape": array.shape, "at": at}
        at = _aligned(at + array.nbytes)
    head = json.dumps(header).encode()
    head += b" " * (_aligned(len(head) + FRONT) - len(head) - FRONT)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(bytes(FRONT))
            check = _written(file, [head, *_padded(parts.values())])
            file.seek(0)
            file.write(len(head).to_bytes(8, "little") + check.to_bytes(8, "little"))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _padded(arrays: Iterable[NDArray[Any]]) -> Iterator[bytes]:
    for array in arrays:
        yield array.tobytes() + bytes(_aligned(array.nbytes) - array.nbytes)


def _written(file: BinaryIO, parts: Iterable[bytes]) -> int:
    """The CRC-32 of what was written."""
    check = 0
    for part in parts:
        file.write(part)
        check = crc32(part, check)
    return check


def read(path: Path) -> tuple[Any, dict[str, NDArray[Any]]]:
    """The JSON and the arrays, which are read-only views of the file.

    Raises OSError, ValueError or KeyError. The whole file is read once to see that it is not damaged.
    """
    with path.open("rb") as file:
        size, expected = (int.from_bytes(file.read(8), "little") for _ in range(2))
        check = 0
        while part := file.read(AT_ONCE):
            check = crc32(part, check)
    if check != expected or not size:
        raise ValueError(f"{path.name} is damaged")
    whole = np.memmap(path, np.uint8, "r")
    header = json.loads(whole[FRONT : FRONT + size].tobytes())
    arrays = {name: _view(whole, FRONT + size, **place) for name, place in header.items()}
    return json.loads(arrays.pop(META).tobytes()), arrays


def _view(whole: NDArray[np.uint8], start: int, *, dtype: str, shape: list[int], at: int) -> NDArray[Any]:
    kind, size = np.dtype(dtype), int(np.prod(shape, dtype=np.int64))
    return np.asarray(whole[start + at : start + at + size * kind.itemsize]).view(kind).reshape(shape)


def _aligned(size: int) -> int:
    return -(-size // ALIGNED) * ALIGNED
