"""What a council's figures come to: the amount, what it is made of, when it comes, and where sources differ."""

from __future__ import annotations

from datetime import date

from bot.dialogue.naming import council_name, listed
from bot.knowledge.answer import Answer
from bot.knowledge.base import Base
from bot.knowledge.entry import Amount, Fact, Share


def amounts(base: Base, answer: Answer, council: str | None, today: date) -> list[str]:
    """A block for each fact of the answer that has an amount and holds today."""
    return [
        f"{base.words.fill(base.words.in_council, council=council_name(base, council))} {_whole(base, fact.amount)}"
        for fact in answer.facts
        if fact.amount and fact.in_force(today)
    ]


def disputes(base: Base, answer: Answer) -> list[str]:
    """What another source says of a fact, and why it is not what we give."""
    return [
        base.words.fill(base.words.amount.disputed, says=each.says, why=each.why)
        for fact in answer.facts
        for each in fact.disputed
    ]


def planned(base: Base, answer: Answer, today: date) -> list[str]:
    """What has been announced and does not hold yet."""
    ahead = (fact for fact in answer.facts if fact.state == "planned" and not fact.in_force(today))
    return [base.words.fill(base.words.amount.planned, says=fact.says) for fact in ahead]


def whose(base: Base, facts: tuple[Fact, ...]) -> str | None:
    """Whose decision it is, where a fact says so."""
    tiers = base.words.route.tiers
    return next((tiers[fact.tier] for fact in facts if fact.tier in tiers), None)


def figure(number: float, unit: str) -> str:
    """`£3,200`, `£12.50`, `100%`, `10 lessons`."""
    if unit == "£":
        return f"£{number:,.0f}" if number == int(number) else f"£{number:,.2f}"
    return f"{number:g}%" if unit == "%" else f"{number:g} {unit}"


def _whole(base: Base, amount: Amount) -> str:
    words, fill = base.words.amount, base.words.fill
    of = f" {fill(words.of, what=amount.of)}" if amount.of else ""
    per = f" {words.per[amount.per]}" if amount.per in words.per else ""
    said = fill(words.kinds[amount.kind], figure=figure(amount.number, amount.unit), of=of, per=per)
    said = said[:1].upper() + said[1:]
    blocks = [f"{said} {fill(words.year, year=amount.year)}." if amount.year else f"{said}."]
    if amount.parts:
        blocks.append(fill(words.parts, parts=_shares(base, words.part, amount.parts, amount.unit)))
    if amount.stages:
        blocks.append(fill(words.stages, stages=_shares(base, words.stage, amount.stages, amount.unit)))
    return "\n".join(blocks)


def _shares(base: Base, template: str, shares: tuple[Share, ...], unit: str) -> str:
    return listed([base.words.fill(template, figure=figure(s.number, unit), what=s.for_) for s in shares])
