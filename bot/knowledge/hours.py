"""A council's opening hours, written in words, read as far as they can be: is somebody there now? Pure."""

from __future__ import annotations

import re
from datetime import datetime

from bot.knowledge.helplines import LONDON, in_office_hours, is_bank_holiday

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = "|".join(_DAYS)
_TIME = r"(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)"
_SPELL = re.compile(rf"\b({_DAY})s?(?: to ({_DAY})s?)?,? (?:from )?{_TIME} (?:to|until) {_TIME}")
_FILLER = re.compile(r"\b(?:answered|open|and)\b|[.,;:]")
_ALWAYS = re.compile(r"\b(?:day and night|24 hours|any time|at any hour)\b")
_OUTSIDE = re.compile(r"^outside office hours\b")


def open_now(hours: str | None, now: datetime) -> bool | None:
    """Whether somebody answers at an aware moment; None when the words do not say it for sure."""
    said = (hours or "").lower().strip()
    if _ALWAYS.search(said):
        return True
    if _OUTSIDE.match(said):
        return not in_office_hours(now)
    spells = list(_SPELL.finditer(said))
    if not spells or _FILLER.sub(" ", _SPELL.sub(" ", said)).strip():
        return None
    local = now.astimezone(LONDON)
    if is_bank_holiday(local.date()):
        return None
    minute = local.hour * 60 + local.minute
    return any(local.weekday() in _days(s[1], s[2]) and _minute(s, 3) <= minute < _minute(s, 6) for s in spells)


def _days(first: str, last: str | None) -> range:
    return range(_DAYS.index(first), _DAYS.index(last or first) + 1)


def _minute(spell: re.Match[str], at: int) -> int:
    hour = int(spell[at]) % 12 + (12 if spell[at + 2] == "pm" else 0)
    return hour * 60 + int(spell[at + 1] or 0)
