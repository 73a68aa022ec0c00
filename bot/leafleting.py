"""`waymark leaflet`: one leaflet into a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from rapidfuzz import process

from bot.bundle import danger_only, read_folder
from bot.config import Settings, is_address
from bot.domain.errors import BotError, KnowledgeBroken
from bot.knowledge.base import Base
from bot.knowledge.leaflet import leaflet_for, leaflet_words
from bot.printing.pdf import print_leaflet
from bot.printing.press import NATIONAL


class WrongUse(BotError):
    """No leaflet was made, and why not."""


def leaflet_file(
    folder: Path, council: str | None, stage: str, today: date, out: Path | None, address: str | None
) -> Path:
    """Makes the leaflet and says where it is. Raises WrongUse, KnowledgeBroken and CannotPrint."""
    base = _base(folder)
    slug = None if council in (None, NATIONAL) else council
    words = leaflet_words(base)
    if slug is not None and slug not in base.council:
        raise WrongUse(f"there is no council '{slug}'; did you mean {_near(slug, base.council)}?")
    if words is None:
        raise WrongUse(f"{folder} has no list of what can be got, and so no leaflet")
    if stage not in words.stages:
        raise WrongUse(f"there is no stage '{stage}'; the stages are {', '.join(words.stages)}")
    if address is not None and not is_address(address):
        raise WrongUse("--address: must be an address that begins with http:// or https://")
    leaflet = leaflet_for(base, slug, stage, today)
    if leaflet is None:
        raise WrongUse("there is nothing to put into this leaflet")
    made = print_leaflet(leaflet, address or Settings.read(os.environ).public_url)
    path = out or Path(f"waymark-{slug or NATIONAL}-{stage}.pdf")
    try:
        path.write_bytes(made)
    except OSError as error:
        raise WrongUse(f"{path} cannot be written ({error.strerror}); name another with --out") from error
    return path


def _base(folder: Path) -> Base:
    loaded = read_folder(folder)
    if loaded.faults:
        raise KnowledgeBroken([str(fault) for fault in loaded.faults])
    return loaded.base(danger_only().base)


def _near(slug: str, slugs: Iterable[str]) -> str:
    return ", ".join(match[0] for match in process.extract(slug, list(slugs), limit=3))
