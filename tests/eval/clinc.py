"""CLINC150's validation part through our engine: 150 topics that nobody here wrote, and messages that are none of them.

The data are not part of this repository (Larson and others, 2019, CC BY 3.0). They are looked for where
WAYMARK_CLINC150 says, else beside the repository.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from bot import last_resort
from bot.bundle import Bundle, BundleUnreadable, compile_folder, read, save, state_of
from bot.config import Settings
from tests.eval.rates import auroc, rate, recall_at

ROOT = Path(__file__).resolve().parents[2]
SEED = 1
SIZES = {"full": None, "20 phrases": 20}  # phrases learnt from, a topic
BUILDING = (
    *(f"knowledge/{name}" for name in ("build", "fuse", "gate", "learn")),
    *(f"language/{name}" for name in ("features", "normalise", "repair", "vectors")),
)
Pairs = list[tuple[str, str]]  # message, topic


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of the validation part: scores of how sure the engine was, and how many best guesses were right."""

    right: int
    ours: list[float]
    others: list[float]

    def lines(self, name: str) -> Iterator[str]:
        recall = recall_at(self.ours, self.others)
        yield f"  {name:<11} accuracy in scope              {rate(self.right, len(self.ours))}"
        yield f"  {name:<11} AUROC in or out of scope       {auroc(self.ours, self.others):6.3f}"
        yield f"  {name:<11} out of scope told, 10% refused {rate(recall, len(self.others))}"


def place() -> Path:
    """Where the data should be."""
    return Path(os.environ.get("WAYMARK_CLINC150") or ROOT.parent / "shared" / "eval" / "external" / "clinc150")


def report(folder: Path) -> Iterator[str]:
    """The lines of the table; one line where the data are not to be had."""
    try:
        data = json.loads((folder / "train_val.json").read_text("utf-8"))
    except OSError:
        yield f"\nCLINC150 is not at {folder}; name its folder in WAYMARK_CLINC150"
        return
    yield f"\nCLINC150, validation part: {len(data['val'])} messages in scope, {len(data['oos_val'])} out of it"
    for name, size in SIZES.items():
        yield from judged(compiled(data, size), data).lines(name)


def judged(bundle: Bundle, data: dict[str, Pairs]) -> Judged:
    index = bundle.index
    assert index is not None
    found = [(index.search(text), topic) for text, topic in data["val"]]
    right = sum(bool(f.answers(1)) and f.answers(1)[0].of.id == topic_id(topic) for f, topic in found)
    return Judged(right, [f.sure for f, _ in found], [index.search(text).sure for text, _ in data["oos_val"]])


def topic_id(intent: str) -> str:
    """An intent's name as a topic of ours."""
    return f"clinc.{intent.replace('_', '-')}"


def compiled(data: dict[str, Pairs], size: int | None) -> Bundle:
    """Compiled once for each state of data and engine, and kept in the state folder: it takes some minutes."""
    state = Settings.read(os.environ).state_dir / "clinc150"
    folder = written(state / f"knowledge-{size or 'full'}", data, size)
    kept = state / f"{size or 'full'}-{sha256((state_of(folder) + engine()).encode()).hexdigest()[:16]}.bin"
    try:
        return read(kept)
    except BundleUnreadable:
        save(kept, *compile_folder(folder, date(2026, 11, 24)))
        return read(kept)


def engine() -> str:
    """A hash of the code that builds."""
    return sha256(b"".join((ROOT / "bot" / f"{name}.py").read_bytes() for name in BUILDING)).hexdigest()


def written(folder: Path, data: dict[str, Pairs], size: int | None) -> Path:
    """The training part as a knowledge folder. Messages out of scope are one thing that is not covered."""
    asks = phrases(data["train"], size)
    entries = [
        {"id": topic_id(intent), "title": intent.replace("_", " "), "ask": said, "answer": f"This is {intent}."}
        for intent, said in asks.items()
    ]
    others = [{"id": "other", "reply": "Not covered.", "ask": [text for text, _ in data["oos_train"]]}]
    files: dict[str, Any] = {
        "entries.yaml": entries,
        "not-covered/other.yaml": others,
        "small-talk.yaml": [],
        "triage/rules.yaml": last_resort.RULES,
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return folder


def phrases(train: Pairs, size: int | None) -> dict[str, list[str]]:
    """The phrases of each intent, or some of them, picked at random and the same each time.

    One that was there before, whatever its signs, is left out.
    """
    asks: dict[str, list[str]] = {intent: [] for _, intent in train}
    seen: set[str] = set()
    for text, intent in train if size is None else random.Random(SEED).sample(train, len(train)):
        key = re.sub(r"[^\w£]+", " ", text.lower()).strip()
        if key not in seen and len(asks[intent]) < (size or len(train)):
            seen.add(key)
            asks[intent].append(text)
    return asks
