"""Helplines: who they are for, and whether they are open at an hour. A closed line is never offered as open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import holidays
from pydantic import BeforeValidator, Field

from bot.knowledge.entry import FACT_ID, Part, Source, Text, Topic

LONDON = ZoneInfo("Europe/London")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _days(value: object) -> object:
    """`mon-fri`, `sat, sun`, `daily` as a tuple of weekday numbers, Monday 0."""
    if not isinstance(value, str):
        return value
    if value in ("daily", "every day"):
        return tuple(range(7))
    found: list[int] = []
    for part in re.split(r"\s*,\s*", value):
        first, _, last = part.partition("-")
        if first not in DAYS or (last and last not in DAYS):
            raise ValueError("write days as mon-fri, or sat, sun, or daily")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found += range(start, end + 1) if start <= end else [*range(start, 7), *range(end + 1)]
    return tuple(found)


def _minutes(value: object) -> object:
    """`09:30` as minutes after midnight; `24:00` ends a day."""
    if not isinstance(value, str):
        return value
    if not (match := re.fullmatch(r"([01]\d|2[0-4]):([0-5]\d)", value)) or (match[1] == "24" and match[2] != "00"):
        raise ValueError('write a time as "09:30", at most "24:00"')
    return int(match[1]) * 60 + int(match[2])


class Window(Part):
    """Opening times on some days of the week, London time; one that ends at or before its start runs past midnight."""

    days: Annotated[tuple[int, ...], BeforeValidator(_days)]
    from_: Annotated[int, BeforeValidator(_minutes)] = Field(alias="from")
    to: Annotated[int, BeforeValidator(_minutes)]

    @property
    def runs_past_midnight(self) -> bool:
        return self.to <= self.from_


Hours = Literal["always", "unknown"] | tuple[Window, ...]


def _age_range(value: object) -> object:
    if value in (None, "any"):
        return (0, 200)
    if isinstance(value, str) and (match := re.fullmatch(r"(\d{1,2})(?:-(\d{1,2})|\+)", value)):
        return (int(match[1]), int(match[2] or 200))
    if not isinstance(value, str):
        return value
    raise ValueError("write ages as any, 0-18, 13-25 or 18+")


class TextRoute(Part):
    to: Text
    word: str | None = None


class Helpline(Part):
    """A number, text or chat where somebody answers."""

    id: str = Field(pattern=FACT_ID)
    name: Text
    for_: Text = Field(alias="for")
    needs: tuple[Topic, ...] = ()
    ages: Annotated[tuple[int, int], BeforeValidator(_age_range)] = (0, 200)
    call: str | None = None
    text: TextRoute | None = None
    whatsapp: str | None = None
    chat: str | None = None
    web: str | None = None
    email: str | None = None
    hours: Hours
    chat_hours: Hours | None = None  # of the text and chat routes, where they differ
    bank_holidays: Literal["open", "closed", "unknown"] = "unknown"
    cost: str | None = None
    says: str | None = Field(None, max_length=60)  # said behind the number: "free, any time"
    accessible: str | None = None
    languages: str | tuple[str, ...] | None = None
    nation: str | None = None
    caution: str | None = None
    confidence: Literal["confirmed"]
    checked: date
    sources: tuple[Source, ...] = Field(min_length=1)

    def fits(self, age: int | None) -> bool:
        """Right for an age. With the age not known, right for a 16-year-old: `describe` then says up to which age."""
        low, high = self.ages
        return low <= (16 if age is None else age) <= high

    def phone_open(self, now: datetime) -> bool:
        return self.call is not None and is_open(self.hours, self.bank_holidays, now)

    def text_open(self, now: datetime) -> bool:
        has_route = self.text is not None or self.chat is not None or self.whatsapp is not None
        return has_route and is_open(self.chat_hours or self.hours, self.bank_holidays, now)

    def open(self, now: datetime) -> bool:
        """Open by any way. A web page that is there at any hour counts, where there is no other way."""
        only_web = self.call is None and self.text is None and self.chat is None and self.whatsapp is None
        return self.phone_open(now) or self.text_open(now) or (only_web and bool(self.web) and self.hours == "always")


@lru_cache(maxsize=16)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_bank_holiday(day: date) -> bool:
    """England's; "GB" alone misses Easter Monday and the August bank holiday."""
    return day in _bank_holidays(day.year)


def is_open(hours: Hours, on_bank_holidays: str, now: datetime) -> bool:
    """Whether a line with these hours is open at an aware moment. Unknown hours are never open."""
    if hours == "always":
        return True
    if hours == "unknown":
        return False
    local = now.astimezone(LONDON)
    minute = local.hour * 60 + local.minute
    yesterday = local.date() - timedelta(days=1)
    today_counts = on_bank_holidays == "open" or not is_bank_holiday(local.date())
    yesterday_counts = on_bank_holidays == "open" or not is_bank_holiday(yesterday)
    for window in hours:
        end = 24 * 60 if window.runs_past_midnight else window.to
        if today_counts and local.weekday() in window.days and window.from_ <= minute < end:
            return True
        if yesterday_counts and window.runs_past_midnight and yesterday.weekday() in window.days and minute < window.to:
            return True
    return False


def in_office_hours(now: datetime) -> bool:
    """Monday to Friday, 9 to 5, not on a bank holiday: when a council's daytime number answers."""
    local = now.astimezone(LONDON)
    return local.weekday() < 5 and 9 <= local.hour < 17 and not is_bank_holiday(local.date())


def choose(
    ids: Sequence[str], lines: Mapping[str, Helpline], age: int | None, now: datetime, most: int = 3
) -> list[Helpline]:
    """The lines to offer, best first: those named, right for the age, open now. At most `most`."""
    named = [lines[i] for i in ids if i in lines]
    return [line for line in named if line.fits(age) and line.open(now)][:most]


def describe(line: Helpline, now: datetime, age: int | None = None) -> str:
    """One line of a reply: name, the ways that are open now, what it costs, and its ages when the age is not known."""
    ways: list[str] = []
    if line.phone_open(now):
        ways.append(f"call **{line.call}**")
    if line.text_open(now):
        if line.text:
            ways.append(
                f"text {line.text.word} to **{line.text.to}**" if line.text.word else f"text **{line.text.to}**"
            )
        elif line.whatsapp:
            ways.append(f"WhatsApp **{line.whatsapp}**")
        elif line.chat:
            ways.append(f"chat at {line.chat.removeprefix('https://').removeprefix('www.')}")
    if not ways and line.web and line.hours == "always":
        ways.append(f"go to {line.web}")
    notes = [line.says] if line.says else []
    if age is None and line.ages[1] < 25:
        notes.append(f"up to age {line.ages[1]}")
    tail = f" ({', '.join(notes)})" if notes else ""
    return f"**{line.name}**: {' · '.join(ways)}{tail}"
