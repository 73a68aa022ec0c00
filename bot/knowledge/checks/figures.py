"""Figures: none is typed into a text, none contradicts itself, and no council's weakens a national one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.entry import REFERENCE, Fact
from bot.knowledge.load import Loaded
from bot.knowledge.yamltext import Document, Fault, Loc

MONEY = re.compile(r"£\s?\d")
PHONE = re.compile(r"(?<![\d/.-])(?:0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}|116 ?\d{3})(?!\d)")


def typed(text: str, document: Document, loc: Loc) -> Iterator[Fault]:
    """An amount or a phone number that stands in a text itself and not in a fact."""
    bare = REFERENCE.sub("", text)
    if found := MONEY.search(bare):
        yield document.fault(
            loc,
            f"an amount is typed here ('{bare[found.start() : found.end() + 5].strip()}…'); "
            "put it in a fact and write {fact-id}",
        )
    if found := PHONE.search(bare):
        yield document.fault(loc, f"a phone number is typed here ('{found.group()}'); use {{line:helpline}} or a fact")


def figures(loaded: Loaded) -> Iterator[Fault]:
    """What is wrong with the facts' figures and dates."""
    known = {f.id: f for f, _, _ in loaded.facts}
    for fact, document, loc in loaded.facts:
        if fact.from_ and fact.until and fact.until < fact.from_:
            yield document.fault((*loc, "until"), "'until' lies before 'from'")
        if fact.state == "ended" and fact.until is None:
            yield document.fault((*loc, "state"), "this has ended; say on which day with 'until'")
        if fact.amount and _number(fact.value) not in (None, fact.amount.number):
            yield document.fault(
                (*loc, "amount"),
                f"'amount' says {fact.amount.number:g} and 'value' says {fact.value}; make them one",
            )
        if fact.betters is not None:
            yield from _betters(fact, document, loc, known)


def _betters(fact: Fact, document: Document, loc: Loc, known: dict[str, Fact]) -> Iterator[Fault]:
    if fact.betters not in known:
        yield document.fault((*loc, "betters"), f"there is no fact '{fact.betters}' to better")
        return
    other = known[fact.betters]
    ours, national = amount_of(fact), amount_of(other)
    if ours is None or national is None or _unlike(fact, other):
        yield document.fault(
            (*loc, "betters"), f"cannot compare with '{fact.betters}': both need a value with a number, in one unit"
        )
    elif ours < national:
        yield document.fault(
            (*loc, "value"),
            f"weakens the national fact '{fact.betters}' ({other.value}); a council can only better it",
        )


def amount_of(fact: Fact) -> float | None:
    """The number of a fact: its amount, else the first number in its value."""
    return fact.amount.number if fact.amount else _number(fact.value)


def _unlike(fact: Fact, other: Fact) -> bool:
    a, b = fact.amount, other.amount
    return bool(a and b and (a.unit, a.per) != (b.unit, b.per))


def _number(value: str | None) -> float | None:
    found = re.search(r"\d[\d,]*(?:\.\d+)?", value or "")
    return float(found.group().replace(",", "")) if found else None
