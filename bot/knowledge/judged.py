"""The messages that the bot is judged by, where the source tree has them: nobody may teach it those."""

from __future__ import annotations

import json
from pathlib import Path

EVAL = Path(__file__).parents[2] / "tests" / "eval"


def messages(folder: Path) -> list[tuple[str, str]]:
    """The text of each line of each *.jsonl file, and where it stands. None where there is no such folder."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if line.strip():
                found.append((str(json.loads(line)["text"]), f"tests/eval/{path.name}:{number}"))
    return found
