"""A bundle for a command that answers and ends: the compiled one where it is kept, else built and kept."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from bot.bundle import Bundle, BundleUnreadable, assemble, cache_name, compile_folder, danger_only, read, save, state_of
from bot.config import Settings
from bot.domain.errors import KnowledgeBroken


def kept_path(folder: Path, state_dir: Path) -> Path:
    """Where the compiled form of a folder's present state is kept."""
    return state_dir / "compiled" / cache_name(folder, state_of(folder))


def bundle_for(folder: Path) -> Bundle:
    """Never raises for a broken knowledge base: danger and helplines still work, and the faults are told."""
    path = kept_path(folder, Settings.read(os.environ).state_dir)
    try:
        return read(path)
    except BundleUnreadable:
        print("Getting the answers ready (once) …", file=sys.stderr, flush=True)  # noqa: T201
    try:
        everything, arrays = compile_folder(folder, date.today())  # noqa: DTZ011
    except KnowledgeBroken as broken:
        print(*broken.faults, sep="\n", file=sys.stderr)  # noqa: T201
        return danger_only()
    try:
        save(path, everything, arrays)
    except OSError:
        print("They could not be kept in the state folder (BOT_STATE_DIR), so each start is slow.", file=sys.stderr)  # noqa: T201
    return assemble(everything, arrays)
