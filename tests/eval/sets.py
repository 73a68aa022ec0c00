"""The development sets: messages by other authors. A guide; messages that nobody here has seen are the judge."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
QUESTIONS, OTHERS, DANGER = "questions_dev.jsonl", "oos_dev.jsonl", "triage_dev.jsonl"
Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    """The messages of one set."""
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines() if line.strip()]


def texts() -> dict[str, str]:
    """Every message by its id."""
    return {row["id"]: row["text"] for name in (QUESTIONS, OTHERS, DANGER) for row in rows(name)}


def is_topic(found: str | None, wanted: Iterable[str]) -> bool:
    """Whether a topic, or the one that a finer id counts as, is among those wanted."""
    return found is not None and any(found == w or found.startswith(f"{w}.") for w in wanted)
