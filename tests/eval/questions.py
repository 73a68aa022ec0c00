"""How well questions find their answer, and how honestly others are turned away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.eval.rates import rate
from tests.eval.sets import OTHERS, QUESTIONS, Row, is_topic, rows

Ask = Callable[[str], dict[str, Any]]  # a message to the object of the contract
NOBODY_KNOWS = "(not known)"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and what was made of it."""

    id: str
    text: str
    style: str
    wanted: tuple[str, ...]  # the best topic first
    given: str | None  # topic answered
    offered: tuple[str, ...]
    score: float

    @property
    def guess(self) -> str | None:
        return self.given or (self.offered[0] if self.offered else None)

    @property
    def is_guessed(self) -> bool:
        return is_topic(self.guess, self.wanted)

    @property
    def is_best_topic(self) -> bool:
        return is_topic(self.guess, self.wanted[:1])

    @property
    def is_at_once(self) -> bool:
        return is_topic(self.given, self.wanted)

    @property
    def is_among(self) -> bool:
        return self.is_at_once or any(is_topic(offer, self.wanted) for offer in self.offered)

    @property
    def is_spared(self) -> bool:
        """No wrong answer was given."""
        return self.given is None or self.is_at_once


@dataclass(frozen=True, slots=True)
class Turned:
    """One message that is not ours, and what was made of it."""

    id: str
    text: str
    why: str
    outcome: str
    topic: str | None

    @property
    def is_honest(self) -> bool:
        return self.outcome in ("unknown", "small_talk")

    @property
    def is_unanswered(self) -> bool:
        return self.outcome != "answer"


def asked(ask: Ask, typed: Callable[[str], str] = str) -> list[Asked]:
    """Every question of the set; `typed` puts slips into it."""
    return [_asked(row, ask(typed(row["text"]))) for row in rows(QUESTIONS)]


def _asked(row: Row, found: dict[str, Any]) -> Asked:
    return Asked(
        id=row["id"],
        text=row["text"],
        style=row["style"],
        wanted=(row["topic"], *row["also"]),
        given="bot.human" if found["outcome"] == "person" else found["topic"],
        offered=tuple(found["offered"]) if found["outcome"] == "clarify" else (),
        score=found["score"],
    )


def turned(ask: Ask, typed: Callable[[str], str] = str) -> list[Turned]:
    """Every message that is not ours."""
    found = ((row, ask(typed(row["text"]))) for row in rows(OTHERS))
    return [Turned(row["id"], row["text"], row["why"], f["outcome"], f["topic"]) for row, f in found]


MEASURES = {
    "best guess right": "is_guessed",
    "best guess the best topic": "is_best_topic",
    "answered right at once": "is_at_once",
    "right answer, or among three offered": "is_among",
    "no wrong answer given": "is_spared",
}


def question_lines(found: list[Asked], *, most: int = 0) -> Iterator[str]:
    """Every measure over all, the best guess by style, what is taken for what, and the worst misses."""
    for name, test in MEASURES.items():
        yield f"  {name:<38} {rate(sum(getattr(f, test) for f in found), len(found))}"
    for style in dict.fromkeys(f.style for f in found):
        of_style = [f for f in found if f.style == style]
        yield f"    best guess, {style:<24} {rate(sum(f.is_guessed for f in of_style), len(of_style))}"
    yield from confusions(found, most)
    yield from worst(found, most)


def confusions(found: Iterable[Asked], most: int) -> list[str]:
    """The pairs most often taken for one another: wanted -> guessed."""
    pairs = Counter((f.wanted[0], f.guess or NOBODY_KNOWS) for f in found if not f.is_guessed)
    said = [f"    {count:>3}  {wanted} -> {guess}" for (wanted, guess), count in pairs.most_common(most)]
    return ["  most often taken for another:", *said] if said else []


def worst(found: Iterable[Asked], most: int) -> list[str]:
    """Wrong answers first, the surest of them first."""
    missed = sorted((f for f in found if not f.is_guessed), key=lambda f: (f.is_spared, -f.score))
    said = [f"    {f.score:.2f} {f.id} {f.text!r}: {f.wanted[0]} -> {f.guess or NOBODY_KNOWS}" for f in missed[:most]]
    return ["  worst misses:", *said] if said else []


def other_lines(found: list[Turned], *, most: int = 0) -> Iterator[str]:
    yield f"  {'honest: unknown or small talk':<38} {rate(sum(f.is_honest for f in found), len(found))}"
    yield f"  {'not answered (offers count)':<38} {rate(sum(f.is_unanswered for f in found), len(found))}"
    yield "  " + ", ".join(f"{n} {outcome}" for outcome, n in Counter(f.outcome for f in found).most_common())
    wrong = [f for f in found if not f.is_unanswered][:most]
    yield from (f"    {f.id} {f.text!r} ({f.why}) -> {f.topic}" for f in wrong)
