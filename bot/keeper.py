"""Holds what answering needs: loads it, watches the folder, swaps it whole or not at all, knows when we are paused."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import math
import os
import re
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path

from watchfiles import awatch

from bot.bundle import (
    FORMAT,
    Bundle,
    BundleUnreadable,
    assemble,
    cache_name,
    cache_prefix,
    compile_folder,
    danger_only,
    read,
    state_of,
)
from bot.dialogue.turn import Mode
from bot.domain.errors import KnowledgeBroken
from bot.knowledge.helplines import LONDON, is_bank_holiday
from bot.service.receive import Answers

log = logging.getLogger("waymark.knowledge")

KEPT_BUILDS = 3  # compiled files kept beside the newest: the last good one is among them
PAUSED = "paused.json"
AT_A_LINE = re.compile(r".+:\d+: ")
TRY_AGAIN = 60.0  # seconds until a folder without a fault, that could not be loaded all the same, is tried again
LOOK_AGAIN = 5_000  # milliseconds between looks at the folder when nothing is told of it


class Keeper:
    """What answering needs just now. `answers` is cheap and never waits."""

    def __init__(self, folder: Path, state_dir: Path, *, mode: str = "on") -> None:
        self.folder = folder
        self._cache = state_dir / "compiled"
        self._pause_note = state_dir / PAUSED
        self._why_paused = paused(self._pause_note)
        self._helplines_only = mode == "helplines"
        self._bundle: Bundle = danger_only()
        self.loaded = asyncio.Event()  # set once the first load is over, well or badly
        self._loading = asyncio.Lock()
        self._tried: str | None = None  # hash of what was loaded or found broken last
        self._settled_until = math.inf  # a moment of the monotonic clock
        self.problems: tuple[str, ...] = ("answers are being made ready",)

    def answers(self) -> Answers:
        """The newest whole state. A missing or broken index means danger and helplines only."""
        bundle, (mode, why) = self._bundle, self._mode()
        return Answers(bundle.base, bundle.index, bundle.triage, mode, why)

    @property
    def hash(self) -> str:
        return self._bundle.hash

    def _mode(self) -> tuple[Mode, str]:
        why = self._why_paused
        if self._helplines_only or why is not None:
            return Mode.HELPLINES, why or ""
        if self._bundle.index is None:
            return (Mode.BROKEN if self.loaded.is_set() else Mode.STARTING), ""
        return Mode.ON, ""

    async def load(self) -> None:
        """Loads what the folder holds now, building it first when it was never built. Never raises.

        When it cannot be had, the last good one goes on serving, else danger and helplines alone.
        """
        async with self._loading:  # one after the other, so that an older state never replaces a newer one
            await self._load()
        self.loaded.set()

    async def _load(self) -> None:
        digest = await asyncio.to_thread(state_of, self.folder)
        if digest == self._tried and time.monotonic() < self._settled_until:
            return
        self._tried, self._settled_until = digest, math.inf
        try:
            bundle = await self._current(digest)
            await asyncio.to_thread(_warm, bundle)
            self._bundle, self.problems = bundle, ()
            log.info(
                "knowledge loaded", extra={"hash": self._bundle.hash[:12], "entries": len(self._bundle.base.entries)}
            )
        except KnowledgeBroken as broken:
            self.problems = tuple(broken.faults) or ("the knowledge base is broken",)
            log.error("knowledge broken", extra={"faults": len(self.problems), "first": self.problems[0]})  # noqa: TRY400
            self._last_good()
        except Exception as error:  # whatever it was, danger is still heard, and it is tried again
            self._settled_until = time.monotonic() + TRY_AGAIN
            self.problems = (f"the knowledge base could not be loaded ({type(error).__name__})",)
            log.error("knowledge not loaded", extra={"error": type(error).__name__})  # noqa: TRY400
            self._last_good()

    async def watch(self, stop: asyncio.Event) -> None:
        """Loads again whenever the folder changes, until stopped: told by the system, or seen by looking now and then,
        for a folder that was moved away and put back is not told of.
        """
        while not stop.is_set():
            try:
                async for _ in awatch(
                    self.folder, stop_event=stop, debounce=400, step=100, rust_timeout=LOOK_AGAIN, yield_on_timeout=True
                ):
                    await self.load()
            except Exception as error:
                log.warning("knowledge folder not watched", extra={"error": type(error).__name__})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_AGAIN / 1000)
            if not stop.is_set():
                await self.load()

    async def heed_pause(self, stop: asyncio.Event) -> None:
        """Looks every second whether we are paused, so that no reply waits for a disk."""
        while not stop.is_set():
            self._why_paused = await asyncio.to_thread(paused, self._pause_note)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 1)

    async def _current(self, digest: str) -> Bundle:
        kept = self._cache / await asyncio.to_thread(cache_name, self.folder, digest)
        try:
            bundle = await asyncio.to_thread(read, kept)
        except BundleUnreadable:
            return await self._built(kept)
        if bundle.hash != digest:  # the folder changed while it was being compiled
            return await self._built(kept)
        with contextlib.suppress(OSError):
            kept.touch()  # the newest is the one that was served last
        return bundle

    async def _built(self, kept: Path) -> Bundle:
        """Built in a process of its own, so that no reply waits for it; in this one when no file can be written."""
        if _can_be_written(kept.parent) and (bundle := await self._built_at(kept)) is not None:
            self._tidy()
            return bundle
        with contextlib.suppress(OSError), tempfile.TemporaryDirectory(prefix="waymark-") as own:
            if (bundle := await self._built_at(Path(own, kept.name))) is not None:
                return bundle
        everything, arrays = await asyncio.to_thread(compile_folder, self.folder, date.today())  # noqa: DTZ011
        return assemble(everything, arrays)

    async def _built_at(self, out: Path) -> Bundle | None:
        """None when it could not be built there. Raises KnowledgeBroken."""
        command = [sys.executable, "-m", "bot", "build", "--knowledge", str(self.folder), "--out", str(out)]
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, env=environ)
        try:
            _, faults = await process.communicate()
        finally:
            if process.returncode is None:  # we are being stopped
                process.kill()
        said = [line for line in faults.decode(errors="replace").splitlines() if line.strip()]
        if process.returncode == 1 and said and AT_A_LINE.match(said[0]):  # else it failed for a reason of its own
            raise KnowledgeBroken(said)
        try:
            return await asyncio.to_thread(read, out)
        except BundleUnreadable:
            return None

    def _last_good(self) -> None:
        """The newest compiled file of this folder that can be read, when nothing is being served yet."""
        if self._bundle.index is not None:
            return
        for path in _newest_first(self._cache, f"{cache_prefix(self.folder)}{FORMAT}-*.bin"):
            try:
                self._bundle = read(path)
            except BundleUnreadable:
                continue
            log.warning("serving the last good knowledge", extra={"hash": self._bundle.hash[:12]})
            return

    def _tidy(self) -> None:
        with contextlib.suppress(OSError):
            for path in _newest_first(self._cache, f"{cache_prefix(self.folder)}*.bin")[KEPT_BUILDS + 1 :]:
                path.unlink(missing_ok=True)


def _warm(bundle: Bundle) -> None:
    """What the first message would wait for: patterns compiled, the calendar of bank holidays read."""
    bundle.triage.rules.warm()
    is_bank_holiday(datetime.now(LONDON).date())


def paused(path: Path) -> str | None:
    """Why the bot is paused, or None when it is not. A damaged note still means paused."""
    try:
        return str(json.loads(path.read_text("utf-8"))["why"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _newest_first(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern), key=lambda p: p.stat().st_mtime, reverse=True)
    except OSError:
        return []


def _can_be_written(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
