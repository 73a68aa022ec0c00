"""Makes leaflets for the channels: each once, in a process of its own, kept by a mark of what stands in it.

In a process of its own because laying out takes a second or two of the processor and a library in C: help must not
wait for the one, nor end with the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
import tempfile
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

from bot.domain.errors import DocumentUnavailable
from bot.domain.messages import Reply
from bot.knowledge.base import Base
from bot.knowledge.leaflet import as_text, leaflet_for, leaflet_words
from bot.knowledge.leafletpages import Leaflet
from bot.printing.page import mark_of

log = logging.getLogger("waymark.printing")

NATIONAL = "england"  # stands in a key where no council does
LONGEST = 60.0  # seconds that one leaflet may take
TRY_AGAIN = 60.0  # seconds until it is tried again after none could be made
IN_MEMORY, ON_DISK = 8, 200  # leaflets that are kept
HEAD = b"%PDF-"

Print = Callable[[Leaflet, str | None], Awaitable[bytes]]


async def in_a_process(leaflet: Leaflet, address: str | None) -> bytes:
    """The PDF, made by `python -m bot.printing`. Raises DocumentUnavailable."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}  # it needs no secret
    environ["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.printing", stdin=pipe, stdout=pipe, stderr=pipe, env=environ
    )
    asked = json.dumps({"leaflet": leaflet.model_dump(mode="json"), "address": address}).encode()
    try:
        made, said = await asyncio.wait_for(process.communicate(asked), LONGEST)
    except TimeoutError as error:
        raise DocumentUnavailable("making the leaflet took too long") from error
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode != 0 or not made.startswith(HEAD):
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise DocumentUnavailable(*last)
    return made


class Press:
    """Leaflets by key (`bot.ports.Documents`): `devon/18-21`, `england/at-18`."""

    def __init__(
        self,
        base: Callable[[], Base | None],
        address: str | None,
        folder: Path,
        today: Callable[[], date],
        *,
        print_: Print = in_a_process,
    ) -> None:
        """base gives None while no answers are given, and then there are no leaflets either."""
        self._base, self._address, self._folder, self._today, self._print = base, address, folder, today, print_
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._making: dict[str, asyncio.Task[bytes]] = {}
        self._one_at_a_time = asyncio.Semaphore()
        self._resting_until = 0.0
        self._choices: dict[str, tuple[Leaflet, str]] = {}
        self._of_base: Base | None = None
        self._of_day: date | None = None

    def mark(self, key: str) -> str | None:
        chosen = self._chosen(key)
        return chosen[1] if chosen else None

    async def file(self, key: str) -> bytes:
        if (chosen := self._chosen(key)) is None:
            raise DocumentUnavailable
        leaflet, mark = chosen
        if mark in self._kept:
            self._kept.move_to_end(mark)
            return self._kept[mark]
        if mark not in self._making:
            self._making[mark] = task = asyncio.create_task(self._made(mark, leaflet))
            task.add_done_callback(lambda _: self._making.pop(mark, None))
        return await asyncio.shield(self._making[mark])  # who goes away does not take it from the others

    def instead(self, key: str) -> Reply | None:
        try:
            base, chosen = self._base(), self._chosen(key)
        except DocumentUnavailable:
            return None
        words = leaflet_words(base) if base else None
        return Reply(f"{words.failed}\n\n{as_text(chosen[0])}") if words and chosen else None

    def _chosen(self, key: str) -> tuple[Leaflet, str] | None:
        """What stands in a leaflet today, and its mark: chosen once a day and state of the knowledge base."""
        base, today = self._base(), self._today()
        if base is None:
            raise DocumentUnavailable
        if base is not self._of_base or today != self._of_day:
            self._choices, self._of_base, self._of_day = {}, base, today
        if key not in self._choices:
            council, _, stage = key.partition("/")
            leaflet = leaflet_for(base, None if council == NATIONAL else council, stage, today)
            if leaflet is None:
                return None
            self._choices[key] = leaflet, mark_of(leaflet, self._address)
        return self._choices[key]

    async def _made(self, mark: str, leaflet: Leaflet) -> bytes:
        path = self._folder / f"{mark}.pdf"
        made = await asyncio.to_thread(_read, path)
        if made is None:
            async with self._one_at_a_time:
                made = await self._printed(leaflet)
            await asyncio.to_thread(_keep, path, made)
        self._kept[mark] = made
        while len(self._kept) > IN_MEMORY:
            self._kept.popitem(last=False)
        return made

    async def _printed(self, leaflet: Leaflet) -> bytes:
        if time.monotonic() < self._resting_until:
            raise DocumentUnavailable
        try:
            return await self._print(leaflet, self._address)
        except (DocumentUnavailable, OSError) as error:
            self._resting_until = time.monotonic() + TRY_AGAIN
            log.warning("leaflet not made", extra={"why": str(error)[:200]})  # our own words, or the system's
            raise DocumentUnavailable from error


def _read(path: Path) -> bytes | None:
    try:
        made = path.read_bytes()
    except OSError:
        return None
    return made if made.startswith(HEAD) else None


def _keep(path: Path, made: bytes) -> None:
    """On the disk under its name only once it is whole; a disk that takes nothing is no reason to fail."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(made)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
        for old in sorted(path.parent.glob("*.pdf"), key=lambda p: p.stat().st_mtime, reverse=True)[ON_DISK:]:
            old.unlink(missing_ok=True)
