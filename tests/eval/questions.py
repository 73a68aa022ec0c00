"""How well questions find their answer, and how honestly others are turned away: printed with counts and intervals.

Run with `make eval`. The development sets are a guide; messages that nobody here wrote are the judge.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from math import sqrt
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Row = dict[str, Any]
Ask = Callable[[str], Row]


def rows(name: str) -> list[Row]:
    """The messages of one development set."""
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines() if line.strip()]


def rate(hits: int, of: int) -> str:
    """A share with its count and Wilson's 95% interval."""
    if not of:
        return "     –"
    low, high = wilson(hits, of)
    return f"{hits / of:6.3f}  {hits:>4}/{of:<4} [{low:.2f} {high:.2f}]"


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval for a share."""
    share, unit = hits / of, z * z / of
    middle = (share + unit / 2) / (1 + unit)
    half = z * sqrt(share * (1 - share) / of + unit / (4 * of)) / (1 + unit)
    return max(0.0, middle - half), min(1.0, middle + half)


def topic_of(found: str | None, wanted: Iterable[str]) -> bool:
    """Whether a topic, or the one that a finer id counts as, is among those wanted."""
    return found is not None and any(found == w or found.startswith(f"{w}.") for w in wanted)


def questions(ask: Ask, name: str = "questions_dev.jsonl", *, worst: int = 0, note: str = "") -> dict[str, float]:
    """Prints best guess, answered at once, among three, wrong; by style. Returns the headline figures."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    missed: list[str] = []
    for row in rows(name):
        found, wanted = ask(row["text"]), (row["topic"], *row["also"])
        offered = found["offered"] if found["outcome"] == "clarify" else []
        given = "bot.human" if found["outcome"] == "person" else found["topic"]
        right = topic_of(given, wanted)
        guess = given or (offered[0] if offered else None)
        hits = {
            "best guess": topic_of(guess, wanted),
            "best guess, topic alone": topic_of(guess, [row["topic"]]),
            "answered at once": right,
            "answered or offered": right or any(topic_of(o, wanted) for o in offered),
            "wrong answer given": given is not None and not right,
            "said unknown": guess is None,
        }
        for style in ("all", row["style"]):
            counts[style]["of"] += 1
            counts[style].update(name for name, hit in hits.items() if hit)
        if not hits["best guess"]:
            missed.append(f"  {row['text']!r}: wanted {row['topic']}, guessed {guess}")
    print(f"\nquestions{note}")
    names = list(hits)
    for style, count in counts.items():
        for measure in names if style == "all" else names[:1]:
            print(f"  {style:<9} {measure:<24} {rate(count[measure], count['of'])}")
    print(*missed[:worst], sep="\n") if worst else None
    return {measure: counts["all"][measure] / counts["all"]["of"] for measure in names}


def out_of_scope(ask: Ask, name: str = "oos_dev.jsonl", *, worst: int = 0) -> dict[str, float]:
    """Prints how often a message that is not ours is not answered as if it were."""
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    for row in rows(name):
        found = ask(row["text"])
        outcomes[found["outcome"]] += 1
        if found["outcome"] == "answer":
            wrong.append(f"  {row['text']!r} ({row['why']}): answered {found['topic']}")
    of = sum(outcomes.values())
    honest = outcomes["unknown"] + outcomes["small_talk"]
    print("\nout of scope")
    print(f"  {'honest: unknown or small talk':<34} {rate(honest, of)}")
    print(f"  {'not answered (offers count)':<34} {rate(of - outcomes['answer'], of)}")
    print(f"  {dict(outcomes)}")
    print(*wrong[:worst], sep="\n") if worst else None
    return {"honest": honest / of, "not answered": 1 - outcomes["answer"] / of}
