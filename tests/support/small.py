"""A small made-up knowledge folder: three answers, a greeting, and the plainest rules: it compiles at once."""

from __future__ import annotations

import atexit
import json
import shutil
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from bot import last_resort
from bot.bundle import Bundle, cache_name, compile_folder, danger_only, read, save, state_of

COUNCIL_TAX, GP, ALLOWANCE = "money.council-tax", "health.gp", "money.setting-up-home"
ENTRIES = f"""\
- id: {COUNCIL_TAX}
  title: Council Tax
  ask:
    - do i have to pay council tax
    - council tax bill help
  answer: |
    **It depends on your council.** Ask it for the care leaver discount.
- id: {GP}
  title: Seeing a GP
  ask:
    - how do i see a doctor
    - register with a gp
  answer: |
    You can register with any GP near you.
- id: {ALLOWANCE}
  title: Setting up home
  ask:
    - money for my first flat
    - setting up home allowance
  answer: |
    Ask your personal adviser for your setting up home allowance.
"""
GREETING = """\
- id: hello
  reply: Hello.
  ask: [hello, hi there]
"""


def write(folder: Path, entries: str = ENTRIES) -> Path:
    """Writes the folder. Words, helplines and what is said first in danger come from the package."""
    (folder / "triage").mkdir(parents=True, exist_ok=True)
    (folder / "entries.yaml").write_text(entries, "utf-8")
    (folder / "small-talk.yaml").write_text(GREETING, "utf-8")
    (folder / "triage" / "rules.yaml").write_text(json.dumps(last_resort.RULES), "utf-8")
    return folder


@lru_cache(maxsize=1)
def compiled() -> Bundle:
    """The folder compiled, once for a whole run of tests."""
    return read(_once()[1])


def keep_compiled(folder: Path, state_dir: Path) -> None:
    """Puts the compiled form of a folder just written where the program looks for it, so that it need not build."""
    _, kept = _once()
    place = state_dir / "compiled" / cache_name(folder, state_of(folder))
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept, place)


@lru_cache(maxsize=1)
def danger() -> Bundle:
    """What is served without any answers, read once for a whole run of tests."""
    return danger_only()


@lru_cache(maxsize=1)
def _once() -> tuple[Path, Path]:
    here = Path(mkdtemp(prefix="waymark-small-"))
    atexit.register(shutil.rmtree, here, ignore_errors=True)
    folder = write(here / "knowledge")
    save(here / "small.bin", *compile_folder(folder, date(2026, 11, 24)))
    return folder, here / "small.bin"
