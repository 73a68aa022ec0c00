"""Ages that a message tells: "im 17", "my brother hes only 15", "i turn 18 on friday"."""

from __future__ import annotations

import re

_WRITTEN = {
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20,
}  # fmt: skip
_NUMBER = r"(\d\d?|" + "|".join(_WRITTEN) + ")"
_OLD = r"(?: ?(?:yo|yrs?|years?|y o)(?: olds?)?| ?[mf])?"
_NOT_AN_AGE = (
    r"(?! ?(?:weeks?|wks?|months?|mths?|days?|mins?|minutes?|hours?|hrs?|miles?|quid|grand|stone|kg|percent|%|pills?"
    r"|tablets?|times?|k|p|am|pm|others?|of|years? (?:ago|clean|sober|in)|paracetamol|ibuprofen|in the|on the)\b)"
)
_LITTLE = r"(?: (?:only|just|still|like|about|actually|literally|well|now|a|u|currently))*"
_OWN = re.compile(rf" (?:im|i am|am|i turned|aged?|my age is|me){_LITTLE} {_NUMBER}{_OLD}{_NOT_AN_AGE}(?= )")
_BARE = re.compile(rf" {_NUMBER} ?(?:yo|y o|yrs? old|years? old|yr old|[mf])(?= )")
_TURNED = re.compile(rf" (?:i |ive |just )*turned{_LITTLE} {_NUMBER}(?= )")
_YOUNG = r"(1[2-9]|2[0-5])"
_ALONE = re.compile(rf"^ {_YOUNG}{_NOT_AN_AGE}(?= )|(?<= ){_YOUNG} $")  # "16. no bed. leeds", "they locked me out. 17"
_OTHER = re.compile(
    rf" (?:hes|shes|theyre|whos|he is|she is|they are|who is|is|aged?|was){_LITTLE} {_NUMBER}{_OLD}{_NOT_AN_AGE}(?= )"
)
_NOT_YET_18 = re.compile(
    r" (?:(?:not|nearly|almost|under|til|till|until|before) (?:yet )?(?:i turn |im )?(?:18|eighteen)"
    r"|im not (?:even )?(?:18|eighteen)|(?:turn|turning|be) (?:18|eighteen) (?:in|next|on|soon|tomorrow|this|at)"
    r"|(?:18|eighteen) (?:in|next|on) (?:a |the )?(?:\w+ )?(?:days?|weeks?|months?|week|month|monday|tuesday|wednesday"
    r"|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november"
    r"|december)|under age|underage|minor|year (?:9|10|11))(?= )"
)


def own_age(text: str) -> int | None:
    """The writer's age in years when the framed text tells it; 17 for "not 18 yet"."""
    if _NOT_YET_18.search(text):
        return 17
    return next((age for each in (_OWN, _TURNED, _BARE, _ALONE) if (age := _first(each, text))), None)


def others_age(text: str) -> int | None:
    """The age of somebody else when the framed text tells it."""
    return _first(_OTHER, text) or _first(_BARE, text)


def _first(regex: re.Pattern[str], text: str) -> int | None:
    found = regex.search(text)
    if found is None:
        return None
    said = next(group for group in found.groups() if group)
    return _WRITTEN.get(said) or int(said)
