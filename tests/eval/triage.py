"""How well danger is heard: `python -m tests.eval.triage [--rules-only] [--noisy] [--misses] [--file PATH]`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.domain.messages import Assessment
from bot.domain.people import About
from bot.knowledge.load import package_knowledge
from bot.ready import bundle_for
from bot.triage import Rules, Triage, assess, load_rules
from tests.eval.noise import noisy
from tests.eval.rates import rate
from tests.eval.sets import DANGER, HERE

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"
LEVELS = ("emergency", "urgent", "none")


@dataclass(frozen=True, slots=True)
class Row:
    """One message of the set, and what was made of it."""

    id: str
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
    def is_quiet(self) -> bool:
        return not self.is_heard

    @property
    def is_danger(self) -> bool:
        return self.level != "none"

    @property
    def is_plain_none(self) -> bool:
        return self.level == "none" and "urgent" not in self.also

    @property
    def is_hard(self) -> bool:
        return self.level == "none" and self.tricky.startswith("hard negative")


def read_yaml(path: Path) -> Any:
    """A YAML file with every scalar as text, as the knowledge loader gives it."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


@cache
def textspeak() -> dict[str, str]:
    return dict(read_yaml(KNOWLEDGE / "language" / "textspeak.yaml"))


@cache
def rules() -> Rules:
    return load_rules(read_yaml(KNOWLEDGE / "triage" / "rules.yaml"), "rules.yaml", textspeak())


def make_triage(rules_only: bool = False) -> Triage:
    return Triage(rules(), None, textspeak()) if rules_only else bundle_for(package_knowledge()).triage


def judged(triage: Triage, typed: Callable[[str], str] = str, path: Path = HERE / DANGER) -> list[Row]:
    """Every message of a set; `typed` puts slips into it."""
    return [_judged(json.loads(line), triage, typed) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _judged(row: dict[str, Any], triage: Triage, typed: Callable[[str], str]) -> Row:
    got = assess(typed(row["text"]), About(), triage)
    also, tricky = tuple(row.get("also_level") or ()), row.get("tricky") or ""
    return Row(row["id"], row["text"], row["level"], also, row.get("category"), row["who"], tricky, got)


def share(name: str, found: Iterable[Row], test: str) -> str:
    counted = [bool(getattr(row, test)) for row in found]
    return f"  {name:<42} {rate(sum(counted), len(counted))}"


def lines(found: list[Row]) -> Iterator[str]:
    """The whole table."""
    yield f"  {'':12}" + "".join(f"{level:>11}" for level in LEVELS) + "   <- called"
    for level in LEVELS:
        of_level = [row for row in found if row.level == level]
        yield f"  {level:12}" + "".join(f"{sum(r.called == to for r in of_level):>11}" for to in LEVELS)
    danger, none = [r for r in found if r.is_danger], [r for r in found if not r.is_danger]
    emergencies = [r for r in found if r.level == "emergency"]
    yield share("danger heard (emergency + urgent)", danger, "is_heard")
    yield share("emergency heard", emergencies, "is_heard")
    yield share("emergency called emergency (or allowed)", emergencies, "is_right")
    yield share("urgent heard", [r for r in found if r.level == "urgent"], "is_heard")
    yield share("false alarms on none", [r for r in none if r.is_plain_none], "is_heard")
    yield share("false alarms on hard negatives", [r for r in none if r.is_hard], "is_heard")
    yield f"  {'soft line on none':<42} {rate(sum(r.got.check_in for r in none), len(none))}"
    for who in ("self", "other"):
        yield share(f"heard, {who}", [r for r in danger if r.who == who], "is_heard")
    yield share("heard, second language", [r for r in danger if "ESL" in r.tricky], "is_heard")
    yield share("heard, emoji only", [r for r in danger if "emoji" in r.tricky], "is_heard")
    heard = [r for r in danger if r.is_heard]
    right = sum(r.got.about_other == (r.who == "other") for r in heard)
    yield f"  {'self or other told apart':<42} {rate(right, len(heard))}"


def category_lines(found: list[Row]) -> Iterator[str]:
    """By kind of danger: how many are heard, and how many of those as what they are."""
    danger = [r for r in found if r.is_danger]
    for category in sorted({r.category or "-" for r in danger}):
        of_category = [r for r in danger if (r.category or "-") == category]
        same = sum(r.got.category == category for r in of_category)
        yield share(f"  {category}", of_category, "is_heard") + f"  same topic {same}"


def misses(found: Iterable[Row], most: int) -> Iterator[str]:
    """What was got wrong, missed danger first; not for tuning on single messages."""
    wrong = sorted((r for r in found if not r.is_right), key=lambda r: (r.is_heard, LEVELS.index(r.level)))
    for row in wrong[:most]:
        why = "; ".join((*row.got.reasons, *row.got.matched))
        yield f"    {row.id} {row.level} called {row.called}: {row.text!r} [{why}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules-only", action="store_true")
    parser.add_argument("--noisy", action="store_true", help="one letter in ten edited")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="how many of what was got wrong to show")
    parser.add_argument("--file", type=Path, default=HERE / DANGER)
    options = parser.parse_args()
    found = judged(make_triage(options.rules_only), noisy if options.noisy else str, options.file)
    print(*lines(found), *category_lines(found), *misses(found, options.misses), sep="\n")


if __name__ == "__main__":
    main()
