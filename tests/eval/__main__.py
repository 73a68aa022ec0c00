"""`make eval`: the tables for the development sets. `--worst N` shows misses; `--noisy` edits 10% of letters."""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

from bot.asking import answer, question_from
from bot.knowledge.load import package_knowledge
from bot.ready import bundle_for
from tests.eval.noise import noisy
from tests.eval.questions import out_of_scope, questions


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--worst", type=int, default=0)
    options.add_argument("--json", type=Path, help="write the headline figures to this file")
    given = options.parse_args()
    bundle = bundle_for(package_knowledge())
    took: list[float] = []

    def ask(text: str) -> dict[str, Any]:
        found = answer(question_from({"text": text}, bundle), bundle)
        took.append(found["ms"])
        return found

    figures = {
        "questions": questions(ask, worst=given.worst),
        "questions, noisy": questions(lambda text: ask(noisy(text)), note=" with 10% of letters edited"),
        "out of scope": out_of_scope(ask, worst=given.worst),
    }
    took.sort()
    print(f"\nms a message: median {statistics.median(took):.2f}, p99 {took[int(len(took) * 0.99)]:.2f}")
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
