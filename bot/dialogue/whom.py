"""Whom a council's offer is for: a line for each condition that it sets."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.naming import council_name, day, listed, status_name
from bot.knowledge.base import Base
from bot.knowledge.entry import Eligible, Fact


def conditions(base: Base, facts: tuple[Fact, ...], council: str | None) -> list[str]:
    """One block for each fact that says whom it is for."""
    name = council_name(base, council)
    intro = base.words.fill(base.words.whom.intro, council=name)
    blocks = [
        "\n".join([intro, *(f"- {line}" for line in _lines(base, fact.whom, name)), *_ends(base, fact.whom)])
        for fact in facts
        if fact.whom
    ]
    return list(dict.fromkeys(blocks))


def _lines(base: Base, whom: Eligible, council: str) -> Iterator[str]:
    words, fill = base.words.whom, base.words.fill
    yield from _ages(base, whom)
    if whom.status:
        names = [status_name(base.status, s) if base.status else s.replace("-", " ") for s in whom.status]
        yield fill(words.status, statuses=listed(names, words.either))
    for name in ("turned_18_from", "turned_18_until"):
        if (on := getattr(whom, name)) is not None:
            yield fill(getattr(words, name), date=day(on))
    if whom.home:
        yield fill(words.home, homes=listed(list(whom.home), words.either))
    for name in ("looked_after_by", "lives", "study", "work", "parent", "custody"):
        if (answer := getattr(whom, name)) is not None:
            yield fill(getattr(words, name)[answer], council=council)
    yield from (text for text in (whom.immigration, whom.means) if text)


def _ages(base: Base, whom: Eligible) -> Iterator[str]:
    words, fill, low, high = base.words.whom, base.words.fill, whom.age_from, whom.age_to
    if low is not None and high is not None:
        yield fill(words.ages, low=low, high=high)
    elif low is not None:
        yield fill(words.age_from, low=low)
    elif high is not None:
        yield fill(words.age_to, high=high)


def _ends(base: Base, whom: Eligible) -> list[str]:
    words, last = base.words.whom, whom.age_to
    return [base.words.fill(words.ends[whom.ends], next=last + 1)] if last is not None else []
