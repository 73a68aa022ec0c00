"""Compiled knowledge: damage is noticed, nothing of another folder or of an older package is served."""

from __future__ import annotations

import asyncio
import os
import random
from datetime import date
from pathlib import Path

import pytest

from bot import archive, bundle, minilm
from bot import keeper as keeper_module
from bot.bundle import FORMAT, BundleUnreadable, cache_name, compile_folder, read, save, state_of
from bot.dialogue.turn import Mode
from bot.keeper import PAUSED, Keeper, paused
from tests.support import small
from tests.support.model import needs_model

QUESTION = "do i have to pay council tax"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small.write(tmp_path / "knowledge")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's words are read once, not for each keeper."""
    monkeypatch.setattr(keeper_module, "danger_only", small.danger)


def compiled_file(folder: Path, state: Path) -> Path:
    small.keep_compiled(folder, state)
    return state / "compiled" / cache_name(folder, state_of(folder))


def break_(folder: Path) -> None:
    (folder / "entries.yaml").write_text("- id: [", "utf-8")


def test_a_damaged_file_is_unreadable_and_never_anything_else(folder: Path, state: Path) -> None:
    path = compiled_file(folder, state)
    whole, chance = path.read_bytes(), random.Random(1)  # the same damage every time
    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 20])):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        with pytest.raises(BundleUnreadable):
            read(path)


@pytest.mark.parametrize("keep", [0, 1, 100, -1])
def test_half_a_file_is_unreadable(folder: Path, state: Path, keep: int) -> None:
    path = compiled_file(folder, state)
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(BundleUnreadable):
        read(path)


@pytest.mark.parametrize("everything", [{}, {"format": 0}, {"format": FORMAT}, {"format": FORMAT, "base": 1}])
def test_a_file_of_another_version_is_unreadable(tmp_path: Path, everything: dict[str, object]) -> None:
    save(tmp_path / "x.bin", everything, {})

    with pytest.raises(BundleUnreadable):
        read(tmp_path / "x.bin")


def test_a_file_is_saved_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_padded", full)
    with pytest.raises(OSError, match="No space"):
        save(tmp_path / "x.bin", {}, {})

    assert list(tmp_path.iterdir()) == []


def without_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "encoder", lambda: None)


@needs_model
def test_without_the_sentence_model_letters_and_words_have_a_gate_of_their_own(
    folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = compiled_file(folder, state)
    everything, arrays = archive.read(path)
    everything["index"]["thresholds"] = {"lexical": {"answer": 0.11}, "both": {"answer": 0.22}}
    archive.save(path, everything, {**arrays, "index/gate/lexical": arrays["index/gate/lexical"] * 0})

    whole = read(path).index
    without_the_model(monkeypatch)
    words = read(path).index

    assert whole is not None
    assert words is not None
    assert (whole.uses_sentences, words.uses_sentences) == (True, False)
    assert (whole.thresholds.answer, words.thresholds.answer) == (0.22, 0.11)
    assert words.search(QUESTION).sure == 0.5  # a gate of nothing but noughts
    assert whole.search(QUESTION).sure != 0.5


@needs_model
def test_a_file_built_without_the_sentence_model_is_served_only_while_there_is_none(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that is installed and is not the pinned one counts as none: else every start would build again."""
    with monkeypatch.context() as patched:
        without_the_model(patched)
        save(tmp_path / "x.bin", *compile_folder(folder, date(2026, 11, 24)))
        served = read(tmp_path / "x.bin")

    assert served.index is not None
    assert served.index.search(QUESTION).matches[0].of.id == small.COUNCIL_TAX
    with pytest.raises(BundleUnreadable, match="another version"):
        read(tmp_path / "x.bin")


@needs_model
def test_a_file_with_the_vectors_of_another_model_is_not_served_with_ours(
    folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = compiled_file(folder, state)
    everything, arrays = archive.read(path)
    save(path, {**everything, "sentences": "0123456789abcdef"}, arrays)

    with pytest.raises(BundleUnreadable, match="another version"):
        read(path)
    without_the_model(monkeypatch)
    assert read(path).index is not None


def test_what_a_folder_inherits_is_built_anew_when_the_package_changes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new helpline number in the package must not wait until the council edits its own folder."""
    package = small.write(tmp_path / "package")
    monkeypatch.setattr(bundle, "package_knowledge", lambda: package)
    before = cache_name(folder, "digest")

    (package / "helplines.yaml").write_text("[]", "utf-8")

    assert cache_name(folder, "digest") != before


async def test_what_was_compiled_is_served(folder: Path, state: Path) -> None:
    compiled_file(folder, state)
    keeper = Keeper(folder, state)

    assert keeper.answers().mode is Mode.STARTING
    await keeper.load()

    assert keeper.answers().mode is Mode.ON
    assert keeper.problems == ()
    assert keeper.answers().index is not None


async def test_a_broken_folder_is_answered_from_the_last_good_one(folder: Path, state: Path) -> None:
    compiled_file(folder, state)
    break_(folder)
    keeper = Keeper(folder, state)

    await keeper.load()

    assert keeper.answers().mode is Mode.ON
    assert keeper.problems[0].startswith("entries.yaml:")


async def test_the_last_good_one_of_another_folder_is_not_served(folder: Path, state: Path, tmp_path: Path) -> None:
    compiled_file(folder, state)
    broken = small.write(tmp_path / "another")
    break_(broken)
    keeper = Keeper(broken, state)

    await keeper.load()

    assert keeper.answers().mode is Mode.BROKEN
    assert keeper.answers().index is None


async def test_a_file_that_cannot_be_read_is_named_with_its_line(folder: Path, state: Path) -> None:
    (folder / "gone.yaml").symlink_to("/nowhere/at/all")
    keeper = Keeper(folder, state)

    await keeper.load()

    assert keeper.answers().mode is Mode.BROKEN
    assert keeper.problems == ("gone.yaml:1: cannot be read (No such file or directory); mend or remove it",)


async def test_where_nothing_can_be_kept_it_is_compiled_elsewhere_and_leaves_nothing_there(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "tmp"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    (tmp_path / "file").touch()
    keeper = Keeper(folder, tmp_path / "file" / "state")

    await keeper.load()

    assert (keeper.answers().mode, keeper.problems) == (Mode.ON, ())
    assert list(elsewhere.iterdir()) == []


async def test_being_stopped_stops_a_build_as_well(folder: Path, state: Path) -> None:
    keeper = Keeper(folder, state)
    loading = asyncio.ensure_future(keeper.load())
    async with asyncio.timeout(30):
        while not (built := _children()):
            await asyncio.sleep(0.02)

    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)

    async with asyncio.timeout(30):
        while _children() & built:
            await asyncio.sleep(0.02)


async def test_a_pause_is_heeded_and_its_reason_said(folder: Path, state: Path) -> None:
    compiled_file(folder, state)
    (state / PAUSED).write_text('{"why": "We are moving."}', "utf-8")
    keeper = Keeper(folder, state)
    await keeper.load()

    assert (keeper.answers().mode, keeper.answers().why_off) == (Mode.HELPLINES, "We are moving.")


@pytest.mark.parametrize("note", ["", "{", "[]", '{"reason": 1}', "\x00"])
def test_a_damaged_note_still_means_paused(tmp_path: Path, note: str) -> None:
    (tmp_path / PAUSED).write_text(note, "utf-8")

    assert paused(tmp_path / PAUSED) == ""


def test_no_note_means_not_paused(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()

    assert paused(tmp_path / PAUSED) is None
    assert paused(tmp_path / "a file" / PAUSED) is None


async def test_no_reply_waits_for_the_disk_that_the_note_stands_on(folder: Path, state: Path) -> None:
    """A pipe that nobody writes to hangs whoever reads it, as a disk does that is gone."""
    compiled_file(folder, state)
    keeper = Keeper(folder, state)
    os.mkfifo(state / PAUSED)
    stop = asyncio.Event()
    heeding = asyncio.ensure_future(keeper.heed_pause(stop))
    await asyncio.sleep(0.1)

    assert keeper.answers().mode is Mode.STARTING

    stop.set()
    (state / PAUSED).write_text("{}", "utf-8")  # lets the reader go
    await asyncio.wait_for(heeding, 10)


def _children() -> set[int]:
    """The processes that this one has started and that still run."""
    ours = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(pid) for path in ours for pid in path.read_text().split()}
