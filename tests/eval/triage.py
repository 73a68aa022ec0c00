"""How well danger is heard: `python -m tests.eval.triage [--rules-only] [--noisy] [--misses] [--file PATH]`."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

import yaml

from bot.bundle import ordinary_messages
from bot.domain.messages import Assessment
from bot.domain.people import About
from bot.knowledge.load import load
from bot.triage import Example, Model, Rules, Triage, assess, build_model, load_rules, read_examples
from tests.eval.noise import noisy

ROOT = Path(__file__).resolve().parents[2]
KNOWLEDGE = ROOT / "knowledge"
DEV = Path(__file__).with_name("triage_dev.jsonl")
LEVELS = ("emergency", "urgent", "none")


@dataclass(frozen=True, slots=True)
class Row:
    """One message of the set, and what was made of it."""

    text: str
    level: str
    also: tuple[str, ...]
    category: str | None
    who: str
    tricky: str
    got: Assessment

    @property
    def called(self) -> str:
        return self.got.urgency.value

    @property
    def is_right(self) -> bool:
        return self.called in (self.level, *self.also)

    @property
    def is_heard(self) -> bool:
        return self.called != "none"

    @property
    def is_hard(self) -> bool:
        return self.tricky.startswith("hard negative")


def read_yaml(path: Path) -> Any:
    """A YAML file with every scalar as text, as the knowledge loader gives it."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


@cache
def textspeak() -> dict[str, str]:
    return dict(read_yaml(KNOWLEDGE / "language" / "textspeak.yaml"))


@cache
def rules() -> Rules:
    return load_rules(read_yaml(KNOWLEDGE / "triage" / "rules.yaml"), "rules.yaml", textspeak())


def examples() -> list[Example]:
    """Every example message of every hand."""
    files = sorted((KNOWLEDGE / "triage" / "exemplars").glob("*.yaml"))
    return [example for path in files for example in read_examples(read_yaml(path), path.stem)]


def ordinary() -> list[str]:
    """What the model that is served learns from as no danger."""
    loaded = load(KNOWLEDGE)
    return ordinary_messages(loaded, loaded.base(None))


@cache
def model() -> Model:
    return build_model(examples(), ordinary(), rules(), textspeak())


def make_triage(rules_only: bool = False) -> Triage:
    return Triage(rules(), None if rules_only else model(), textspeak())


def judged(path: Path, triage: Triage, slips: bool = False) -> Iterator[Row]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        got = assess(noisy(row["text"]) if slips else row["text"], About(), triage)
        also = tuple(row.get("also_level") or ())
        yield Row(row["text"], row["level"], also, row.get("category"), row["who"], row.get("tricky") or "", got)


def wilson(hits: int, size: int) -> tuple[float, float]:
    """The 95% interval of a share (Wilson)."""
    if not size:
        return 0.0, 1.0
    z, share = 1.96, hits / size
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(name: str, rows: Iterable[Row], test: str) -> str:
    counted = [bool(getattr(row, test)) for row in rows]
    low, high = wilson(sum(counted), len(counted))
    said = sum(counted) / len(counted) if counted else 0.0
    return f"{name:44} {sum(counted):4}/{len(counted):<4} {said:6.1%}  ({low:.1%} to {high:.1%})"


def report(rows: list[Row]) -> Iterator[str]:
    """The whole table."""
    yield f"{'':12}" + "".join(f"{level:>11}" for level in LEVELS) + "   <- called"
    for level in LEVELS:
        of_level = [row for row in rows if row.level == level]
        yield f"{level:12}" + "".join(f"{sum(r.called == to for r in of_level):>11}" for to in LEVELS)
    danger = [row for row in rows if row.level != "none"]
    none = [row for row in rows if row.level == "none"]
    yield share("danger heard (emergency + urgent)", danger, "is_heard")
    yield share("emergency heard", [r for r in rows if r.level == "emergency"], "is_heard")
    yield share("emergency called emergency (or allowed)", [r for r in rows if r.level == "emergency"], "is_right")
    yield share("urgent heard", [r for r in rows if r.level == "urgent"], "is_heard")
    yield share("false alarms on none", [r for r in none if "urgent" not in r.also], "is_heard")
    yield share("false alarms on hard negatives", [r for r in none if r.is_hard], "is_heard")
    for who in ("self", "other"):
        yield share(f"heard, {who}", [r for r in danger if r.who == who], "is_heard")
    yield share("heard, second language", [r for r in danger if "ESL" in r.tricky], "is_heard")
    yield share("heard, emoji only", [r for r in danger if "emoji" in r.tricky], "is_heard")
    other = [r for r in danger if r.is_heard]
    right = sum(r.got.about_other == (r.who == "other") for r in other)
    yield f"{'self or other told apart':44} {right:4}/{len(other):<4}"
    yield f"{'soft line on none':44} {sum(r.got.check_in for r in none):4}/{len(none):<4}"
    for category in sorted({r.category or "-" for r in danger}):
        of_category = [r for r in danger if (r.category or "-") == category]
        same = sum(r.got.category == category for r in of_category)
        yield share(f"  {category}", of_category, "is_heard") + f"  same topic {same}"


def timed(rows: list[Row], triage: Triage) -> float:
    """Mean milliseconds of the processor a message, after one pass that warms the rules up."""
    begin = time.process_time()
    for row in rows:
        assess(row.text, About(), triage)
    return (time.process_time() - begin) / max(1, len(rows)) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules-only", action="store_true")
    parser.add_argument("--noisy", action="store_true", help="one letter in ten edited")
    parser.add_argument(
        "--misses", action="store_true", help="show what was got wrong (not for tuning on single messages)"
    )
    parser.add_argument("--file", type=Path, default=DEV)
    options = parser.parse_args()
    triage = make_triage(options.rules_only)
    rows = list(judged(options.file, triage, options.noisy))
    print("\n".join(report(rows)))
    print(f"{timed(rows, triage):.2f} ms a message")
    for row in rows if options.misses else ():
        if not row.is_right:
            print(f"{row.level} called {row.called}: {row.text}  [{'; '.join(row.got.reasons)} | {row.got.matched}]")


if __name__ == "__main__":
    main()
