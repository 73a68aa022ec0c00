"""Follow-ups: a bare "how much is it" or "and at 21?" stays on the topic just shown, by rules that one can read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.knowledge.words import FollowUps
from bot.language.normalise import normalise

_EMPTY = "it that this thats its and so ok okay then but please pls plz um well for to the a just actually though tho"
_EMPTY_WORDS = frozenset(_EMPTY.split())
_AGE = re.compile(
    r"(?:what )?(?:about )?(?:if |when |once )?(?:i |im |ill be |i am |i turn |i get to |youre |you are )*"
    r"(?:at |after |aged? |over |turn )?(1[4-9]|2\d)(?: years old| yo)?"
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Which part of the topic just shown is asked for: a name of `Says`, or "ages" with the age."""

    part: str
    age: int | None = None


def follow_up(text: str, phrases: FollowUps) -> FollowUp | None:
    """What a short message asks of the topic just shown, or None when it is not such a message."""
    said = bare(text)
    if not said:
        return None
    if match := _AGE.fullmatch(said):
        return FollowUp("ages", int(match[1]))
    for part in ("how_much", "if_no", "who", "ring", "easy", "how", "more"):
        if said in bare_all(getattr(phrases, part)):
            return FollowUp(part)
    return None


@lru_cache(maxsize=64)
def bare_all(phrases: tuple[str, ...]) -> frozenset[str]:
    """Our own phrases by the words that matter; worked out once."""
    return frozenset(bare(phrase) for phrase in phrases)


def bare(text: str) -> str:
    """The words that matter: no signs, no "it", no "and"."""
    return " ".join(w for w in normalise(text).split() if w not in _EMPTY_WORDS and w not in "?!")
