"""The press: each leaflet made once, kept by what stands in it, and words where none can be made."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import DocumentUnavailable
from bot.knowledge.base import Base
from bot.knowledge.leafletpages import Leaflet
from bot.printing import press as printing
from bot.printing.press import Press, in_a_process
from tests.support.knowledge import package

TODAY = date(2026, 11, 24)
KEY = "devon/18-21"


class Printer:
    """Remembers what it was asked to print, and waits or fails as told."""

    def __init__(self) -> None:
        self.asked: list[Leaflet] = []
        self.fails = False
        self.at_once = self.most_at_once = 0

    async def __call__(self, leaflet: Leaflet, address: str | None) -> bytes:
        self.asked.append(leaflet)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.01)
        self.at_once -= 1
        if self.fails:
            raise DocumentUnavailable("no Pango")
        return f"%PDF-1.7 {leaflet.council} {leaflet.stage} {address}".encode()


@pytest.fixture
def printer() -> Printer:
    return Printer()


def press(printer: Printer, folder: Path, base: Base | None = None, address: str | None = None) -> Press:
    served = package() if base is None else base
    return Press(lambda: served, address, folder, lambda: TODAY, print_=printer)


async def test_the_same_leaflet_is_printed_once_however_many_ask(printer: Printer, tmp_path: Path) -> None:
    made = press(printer, tmp_path)
    found = await asyncio.gather(*(made.file(KEY) for _ in range(50)))
    assert set(found) == {b"%PDF-1.7 devon 18-21 None"}
    assert await made.file(KEY) == found[0]
    assert len(printer.asked) == 1


async def test_different_leaflets_are_printed_one_at_a_time(printer: Printer, tmp_path: Path) -> None:
    made = press(printer, tmp_path)
    await asyncio.gather(*(made.file(f"{c}/{s}") for c in ("devon", "england", "kent") for s in ("at-18", "18-21")))
    assert (len(printer.asked), printer.most_at_once) == (6, 1)


async def test_who_goes_away_does_not_take_it_from_the_others(printer: Printer, tmp_path: Path) -> None:
    made = press(printer, tmp_path)
    first, second = asyncio.ensure_future(made.file(KEY)), asyncio.ensure_future(made.file(KEY))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).startswith(b"%PDF")
    assert len(printer.asked) == 1


async def test_it_is_kept_over_a_restart_and_made_anew_when_what_stands_in_it_changes(
    printer: Printer, tmp_path: Path
) -> None:
    await press(printer, tmp_path).file(KEY)
    await press(printer, tmp_path).file(KEY)
    assert len(printer.asked) == 1
    await press(printer, tmp_path, address="https://waymark.example.org").file(KEY)
    assert len(printer.asked) == 2


def test_what_stands_in_it_is_that_of_the_day_and_of_the_newest_knowledge(printer: Printer, tmp_path: Path) -> None:
    day, served = [TODAY], [package()]
    made = Press(lambda: served[0], None, tmp_path, lambda: day[0], print_=printer)
    first = made.mark(KEY)
    assert made.mark(KEY) == first
    day[0] = date(2029, 1, 1)  # past its day of review, which it says
    later = made.mark(KEY)
    assert later != first
    day[0] = TODAY
    items = tuple(item for item in package().entitlements if item.id != "pa-to-21")
    served[0] = package().model_copy(update={"entitlements": items})
    assert made.mark(KEY) not in (first, later)


async def test_a_damaged_or_unwritable_folder_is_no_reason_to_fail(printer: Printer, tmp_path: Path) -> None:
    made = press(printer, tmp_path)
    (tmp_path / f"{made.mark(KEY)}.pdf").write_bytes(b"half")
    assert (await made.file(KEY)).startswith(b"%PDF")
    (tmp_path / "file").write_text("in the way")
    assert (await press(printer, tmp_path / "file").file(KEY)).startswith(b"%PDF")


async def test_the_folder_does_not_grow_for_ever(
    printer: Printer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "ON_DISK", 3)
    monkeypatch.setattr(printing, "IN_MEMORY", 2)
    made = press(printer, tmp_path)
    for stage in ("before-18", "at-18", "18-21", "21-25"):
        await made.file(f"kent/{stage}")
    assert len(list(tmp_path.glob("*.pdf"))) == 3
    assert not list(tmp_path.glob("*.part"))


async def test_after_a_failure_it_is_not_tried_again_at_once(printer: Printer, tmp_path: Path) -> None:
    made, printer.fails = press(printer, tmp_path), True
    for _ in range(3):
        with pytest.raises(DocumentUnavailable):
            await made.file(KEY)
    assert len(printer.asked) == 1


def test_where_it_cannot_be_made_the_same_is_said_in_words(printer: Printer, tmp_path: Path) -> None:
    instead = press(printer, tmp_path).instead(KEY)
    assert instead is not None
    assert instead.text.startswith("I can't make the leaflet just now.")
    assert "Your own PA" in instead.text


@pytest.mark.parametrize("key", ["atlantis/18-21", "devon/17", "devon", "", "../../etc/passwd"])
async def test_there_is_none_of_what_is_not_known(key: str, printer: Printer, tmp_path: Path) -> None:
    made = press(printer, tmp_path)
    assert made.mark(key) is None
    assert made.instead(key) is None
    with pytest.raises(DocumentUnavailable):
        await made.file(key)


async def test_while_no_answers_are_given_there_are_no_leaflets(printer: Printer, tmp_path: Path) -> None:
    paused = Press(lambda: None, None, tmp_path, lambda: TODAY, print_=printer)
    with pytest.raises(DocumentUnavailable):
        paused.mark(KEY)
    with pytest.raises(DocumentUnavailable):
        await paused.file(KEY)
    assert paused.instead(KEY) is None


async def test_a_real_one_is_made_in_a_process_of_its_own(tmp_path: Path) -> None:
    made = Press(package, "https://waymark.example.org", tmp_path, lambda: TODAY, print_=in_a_process)
    assert (await made.file(KEY)).startswith(b"%PDF-1.7")


async def test_a_process_that_fails_is_a_leaflet_that_cannot_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit(3)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Press(package, None, tmp_path / "kept", lambda: TODAY)
    with pytest.raises(DocumentUnavailable):
        await made.file(KEY)
