"""Named arrays in one file: what was kept is what is read, and damage is noticed and never anything else."""

from __future__ import annotations

import random
import resource
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from numpy.typing import NDArray

from bot import archive

UNREADABLE = (OSError, ValueError, KeyError)  # what `read` says it raises
META = {"format": 1, "words": ["né", "ﷺ", "😂"], "nothing": None}
ARRAYS: dict[str, NDArray[Any]] = {
    "whole": np.arange(12, dtype=np.int32).reshape(3, 4),
    "half": np.linspace(-1, 1, 7, dtype=np.float16),
    "empty": np.zeros((0, 4), np.float32),
    "one": np.array(5, np.int64),
    "yes": np.array([True, False]),
    "big-endian": np.arange(3, dtype=">u4"),
    "every other": np.arange(10, dtype=np.uint8)[::2],
}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    archive.save(tmp_path / "x.bin", META, ARRAYS)
    return tmp_path / "x.bin"


def is_same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


def test_what_was_kept_is_what_is_read(kept: Path) -> None:
    meta, arrays = archive.read(kept)
    assert meta == META
    assert arrays.keys() == ARRAYS.keys()
    assert all(is_same(arrays[name], ARRAYS[name]) for name in ARRAYS)


DTYPES = st.one_of(st_np.integer_dtypes(), st_np.unsigned_integer_dtypes(), st_np.floating_dtypes(), st.just(bool))
SHAPES = st_np.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=6)
NAMES = st.text(max_size=8).filter(lambda name: name != archive.META and name.isprintable())


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, st_np.arrays(DTYPES, SHAPES), max_size=5), st.recursive(st.text(), st.lists))
def test_arrays_of_any_kind_and_shape_survive(
    tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, NDArray[Any]], meta: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bin"
    try:
        archive.save(path, meta, arrays)
    except UnicodeEncodeError:  # half a sign in the JSON: the loader lets none in
        return
    again, found = archive.read(path)
    assert again == meta
    assert found.keys() == arrays.keys()
    assert all(is_same(found[name], arrays[name]) for name in arrays)


def test_the_arrays_are_views_of_the_file_that_nobody_can_write_to(kept: Path) -> None:
    _, arrays = archive.read(kept)
    for array in arrays.values():
        assert not array.flags.owndata
        assert not array.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        arrays["whole"][0, 0] = 1


def test_each_array_begins_at_a_place_that_processors_like(kept: Path) -> None:
    _, arrays = archive.read(kept)
    assert all(array.ctypes.data % archive.ALIGNED == 0 for array in arrays.values() if array.size)


def test_one_flipped_bit_anywhere_is_noticed(kept: Path) -> None:
    whole = kept.read_bytes()
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        kept.write_bytes(damaged)
        with pytest.raises(UNREADABLE):
            archive.read(kept)


def test_a_file_that_ends_early_anywhere_is_noticed(kept: Path) -> None:
    whole = kept.read_bytes()
    for size in range(len(whole)):
        kept.write_bytes(whole[:size])
        with pytest.raises(UNREADABLE):
            archive.read(kept)


@pytest.mark.parametrize("more", [b"\0", b"\0" * 64, b"{}"])
def test_a_file_that_goes_on_too_long_is_noticed(kept: Path, more: bytes) -> None:
    kept.write_bytes(kept.read_bytes() + more)
    with pytest.raises(UNREADABLE):
        archive.read(kept)


def test_what_is_no_such_file_is_noticed(tmp_path: Path) -> None:
    chance = random.Random(1)
    for text in (b"", b"id: x\n", b"\0" * 200, b"\x7fELF" * 90, chance.randbytes(5_000)):
        (tmp_path / "x").write_bytes(text)
        with pytest.raises(UNREADABLE):
            archive.read(tmp_path / "x")
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(UNREADABLE):
            archive.read(path)


def test_a_file_is_written_whole_or_not_at_all(kept: Path) -> None:
    """The system lets no file grow beyond a limit, as a full disk does."""
    before = kept.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            archive.save(kept, META, {**ARRAYS, "long": np.zeros(1_000_000, np.uint8)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert kept.read_bytes() == before
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_what_is_no_numbers_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="numbers"):
        archive.save(tmp_path / "x.bin", META, {"objects": np.array([object()], object)})
    assert list(tmp_path.iterdir()) == []


def test_what_is_being_read_stays_when_the_file_is_replaced(kept: Path) -> None:
    _, arrays = archive.read(kept)
    archive.save(kept, META, {"whole": np.zeros(1)})
    assert is_same(arrays["whole"], ARRAYS["whole"])


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    archive.save(tmp_path / "a" / "b" / "x.bin", [], {})
    assert archive.read(tmp_path / "a" / "b" / "x.bin") == ([], {})
