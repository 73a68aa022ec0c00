"""One engine put through the development sets, as they were typed and with slips, and its headline figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.asking import answer, question_from
from bot.bundle import Bundle
from tests.eval import questions, triage
from tests.eval.noise import noisy
from tests.eval.questions import Asked, Turned

CLEAN, SLIPS = "as typed", "one letter in ten edited"
TYPED: dict[str, Callable[[str], str]] = {CLEAN: str, SLIPS: noisy}


@dataclass(frozen=True, slots=True)
class Run:
    """What an engine made of each message, typed one way."""

    asked: Sequence[Asked]
    turned: Sequence[Turned]
    danger: Sequence[triage.Row]
    took: Sequence[float]  # milliseconds of the processor for each question

    def headlines(self) -> Iterator[tuple[str, Headline]]:
        """Higher is better in every one."""
        for name, test in questions.MEASURES.items():
            yield name, headline(self.asked, test)
        yield "honest on what is not ours", headline(self.turned, "is_honest")
        rows = self.danger
        yield "danger heard", headline([r for r in rows if r.is_danger], "is_heard")
        emergencies = [r for r in rows if r.level == "emergency"]
        yield "emergency heard", headline(emergencies, "is_heard")
        yield "emergency called so", headline(emergencies, "is_right")
        yield "urgent heard", headline([r for r in rows if r.level == "urgent"], "is_heard")
        yield "no alarm on none", headline([r for r in rows if r.is_plain_none], "is_quiet")
        yield "no alarm on hard negatives", headline([r for r in rows if r.is_hard], "is_quiet")


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure: of how many messages, and which of them went wrong."""

    of: int
    missed: tuple[str, ...]  # ids

    @property
    def right(self) -> int:
        return self.of - len(self.missed)

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 1.0


def headline(found: Sequence[Any], test: str) -> Headline:
    return Headline(len(found), tuple(row.id for row in found if not getattr(row, test)))


def put_through(bundle: Bundle) -> dict[str, Run]:
    """Both ways of typing."""
    return {name: _run(bundle, typed) for name, typed in TYPED.items()}


def _run(bundle: Bundle, typed: Callable[[str], str]) -> Run:
    took: list[float] = []

    def ask(text: str) -> dict[str, Any]:
        started = time.process_time()
        found = answer(question_from({"text": text}, bundle), bundle)
        took.append((time.process_time() - started) * 1000)
        return found

    asked, turned = questions.asked(ask, typed), questions.turned(ask, typed)
    return Run(asked, turned, triage.judged(bundle.triage, typed), took)


def headlines(runs: dict[str, Run]) -> dict[str, Headline]:
    """The headline figures of one engine, by name."""
    return {f"{name}, {typed}": figure for typed, run in runs.items() for name, figure in run.headlines()}


def run_lines(name: str, run: Run, *, most: int) -> Iterator[str]:
    """The tables of one way of typing."""
    yield f"\n{name}: questions"
    yield from questions.question_lines(list(run.asked), most=most)
    yield f"\n{name}: messages that are not ours"
    yield from questions.other_lines(list(run.turned), most=most)
    yield f"\n{name}: danger"
    yield from triage.lines(list(run.danger))
    if most:
        yield from triage.category_lines(list(run.danger))
        yield "  what was got wrong:"
        yield from triage.misses(run.danger, most)
    median, last = np.percentile(run.took, (50, 99))
    yield f"\n{name}: ms of the processor a message: median {median:.2f}, p99 {last:.2f}"
