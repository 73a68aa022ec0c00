"""Whose care leaver somebody is and where they live, said in passing: "I'm Devon's but live in Leeds"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.dialogue.place import slug_of
from bot.dialogue.turn import Turn
from bot.domain.people import About
from bot.knowledge.base import Base
from bot.knowledge.places import Names, Place, bare
from bot.language.normalise import normalise

MOST_WORDS = 4  # of a name
MOST_LEFT = 3  # words that two names may have
_NO_MORE = (
    "i im am was in at to from but and now live lives living moved staying based a an care leaver by looked after me "
    "with under of hi hello hey my council is county city the for though so just currently flat house there"
)
_SAYS_NO_MORE = frozenset(_NO_MORE.split())
NOT_PLACES = frozenset({"march"})  # "moved in March" is no move to Fenland
_LIVING = (
    r"(?:live|lives|living|moved|staying|based|am now|im now|my (?:flat|house|place|home|room)) "
    r"(?:now )?(?:in|to|at|over in|down in|up in) "
)
_LIVES_IN = re.compile(rf"\b{_LIVING}((?:[a-z]+ ?){{1,5}})")
_CARE_OF = re.compile(
    r"\b(?:(?:in |under )?care (?:in|of|with|under|to)|looked after (?:by|in)|my council is"
    r"|care leaver (?:from|of|in)) "
    r"((?:[a-z]+ ?){1,5})"
)
_FROM = re.compile(r"\b(?:im|i am|i was) (?:from |under |with )?((?:[a-z]+ ?){1,5})")
_AGED_IN = re.compile(r"\b(?:1[4-9]|2[0-5]) (?:yo |years old )?(?:and )?in ((?:[a-z]+ ?){1,5})")  # "im 19 in exeter"
_OWN = re.compile(r"\b(?:im|i am|i was) (?:a |an )?((?:[a-z]+ ){0,3}[a-z]+)['’]s\b")
_LOOKED_AFTER_ME = re.compile(
    r"\b((?:[a-z]+ ){1,4}?)(?:county |city |borough )?(?:council )?(?:looked after me|care leaver)\b"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says of where somebody lives and whose care leaver they are."""

    council: str | None = None
    lives_in: str | None = None
    nation: str | None = None
    asks_more: bool = False  # the message holds more than that

    @property
    def anything(self) -> bool:
        return bool(self.council or self.lives_in or self.nation)


def said_in_passing(turn: Turn) -> Said:
    """ "I'm Devon's but live in Leeds": only names that we know, spelt right, and only where the words say which."""
    base, text = turn.base, turn.message.text
    if len(text) > 600:
        return Said()
    said = normalise(text)
    here = _AGED_IN.search(said)
    if not (
        here
        or _LIVES_IN.search(said)
        or _CARE_OF.search(said)
        or _LOOKED_AFTER_ME.search(said)
        or _OWN.search(text.lower())
    ):
        return Said()
    names = base.places
    lives, nation = _living(base, names, said)
    own = _OWN.search(text.lower())
    inside = [*([own[1]] if own else []), *(m[1] for m in _LOOKED_AFTER_ME.finditer(said))]
    first = [m[1] for m in (*_CARE_OF.finditer(said), *(_FROM.finditer(said) if lives or nation else ()))]
    found = [
        *(_named(names, each, anywhere=True) for each in inside),
        *(_named(names, each, own=True) for each in first),
    ]
    council = next((place.council.slug for place in found if place), None)
    if here and not council and not lives and turn.about.council is None and (at := _named(names, here[1], own=True)):
        council, lives = at.council.slug, slug_of(at) if at.district else None
    return Said(council, lives, nation, asks_more=_asks_more(said))


def about_with(about: About, said: Said) -> About:
    """What is known of somebody, and what they have just said of it."""
    if said.council and said.council != about.council:
        about = about.with_(council=said.council, district=None)
    if said.lives_in or said.nation:
        about = about.with_(lives_in=said.lives_in, nation=said.nation, district=None)
    return about


def _asks_more(said: str) -> bool:
    """Whether more than a word or two is left when what says where somebody is has been taken out."""
    left = [word for word in said.split() if word not in _SAYS_NO_MORE]
    return len(left) > MOST_LEFT


def _living(base: Base, names: Names, said: str) -> tuple[str | None, str | None]:
    """The slug of the place they live in, or the nation."""
    for match in _LIVES_IN.finditer(said):
        if place := _named(names, match[1]):
            return slug_of(place), None
        begins = f"{match[1].strip()} "
        if found := [
            n for n, each in base.words.nations.items() if any(begins.startswith(f"{w} ") for w in each.names)
        ]:
            return None, found[0]
    return None, None


def _named(names: Names, words: str, *, anywhere: bool = False, own: bool = False) -> Place | None:
    """The longest run of words that is one place's name: the first, or anywhere. own: "devons" is Devon's."""
    each = words.split()
    for start in range(len(each)) if anywhere else (0,):
        for length in range(min(MOST_WORDS, len(each) - start), 0, -1):
            name = bare(" ".join(each[start : start + length]))
            found = names.get(name) or (names.get(name.removesuffix("s")) if own else None) or []
            if len(found) == 1 and name not in NOT_PLACES:
                return found[0]
    return None
