"""Which council, and how old: asked for, never demanded, and "I'd rather not say" works everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from bot.dialogue import keys
from bot.dialogue.naming import council_name
from bot.domain.messages import Action, Reply
from bot.domain.people import About
from bot.knowledge.base import Base
from bot.knowledge.entry import Council
from bot.knowledge.places import Place, bare
from bot.language.normalise import normalise

CLOSE = 82  # fuzz.ratio, 0 to 100, from which a typed name is offered
YOUNGEST, OLDEST = 16, 25
PER_PAGE = 24
_AGE = re.compile(r"(?:im |i am |i turned |just turned |aged? )?(\d{1,2})(?: ?(?:years?|yrs?|yo)(?: old)?)?(?: now)?")


_ODD_AGE = re.compile(
    r"\b(?:im|i am|aged?) (\d{1,2})(?: (?:years?|yrs?|yo)\b| ?$| and\b| but\b| do\b| can\b| what\b| how\b)"
)


def ask_council(base: Base) -> Reply:
    words = base.words
    groups = letter_groups(base)
    actions = [Action(f"{first}–{last}" if first != last else first, keys.letters(first)) for first, last, _ in groups]
    return Reply(words.ask_council, (*actions, Action(words.buttons.rather_not, keys.NO_COUNCIL)))


def letter_page(base: Base, first: str) -> Reply | None:
    """The councils of one group of letters as buttons; None when there is no such group."""
    for start, end, councils in letter_groups(base):
        if start == first:
            letters = f"{start}–{end}" if start != end else start
            actions = [Action(c.short or c.name, keys.council(c.slug)) for c in councils]
            text = base.words.fill(base.words.council_letter, letters=letters)
            return Reply(text, (*actions, Action(base.words.buttons.rather_not, keys.NO_COUNCIL)))
    return None


def letter_groups(base: Base) -> list[tuple[str, str, list[Council]]]:
    """Councils by first letter, neighbouring letters together while they fit on a page."""
    by_letter: dict[str, list[Council]] = {}
    for council in sorted(base.councils, key=_name):
        by_letter.setdefault(_name(council)[0].upper(), []).append(council)
    groups: list[tuple[str, str, list[Council]]] = []
    for letter, councils in by_letter.items():
        if groups and len(groups[-1][2]) + len(councils) <= PER_PAGE:
            start, _, before = groups[-1]
            groups[-1] = (start, letter, before + councils)
        else:
            groups.append((letter, letter, councils))
    return groups


def find_places(base: Base, typed: str) -> list[Place]:
    """The councils or districts that a typed name means: one when it is plain, at most five when it is not."""
    wanted = bare(typed)
    if not wanted:
        return []
    names = base.places
    if wanted in names:
        return names[wanted]
    close = process.extract(wanted, names.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE, limit=5)
    found = [place for name, _, _ in close for place in names[name]]
    if not found and len(wanted) >= 4:
        found = [place for name, places in names.items() if name.startswith(wanted) for place in places]
    return list(dict.fromkeys(found))[:5]


def choose_council(base: Base, place: Place) -> Reply:
    """Said when a council has been chosen."""
    words = base.words
    name = council_name(base, place.council.slug)
    local = place.council.slug in base.pack or place.council.slug in base.overlays
    text = words.fill(words.council_set if local else words.council_set_national, council=name)
    if place.district:
        text = f"{words.fill(words.council_district, district=place.district.name, council=name)}\n{text}"
    if place.council.not_this_council:
        text = f"{text.strip()}\n*{place.council.not_this_council}*"
    return Reply(text, (Action(words.buttons.age, keys.ASK_AGE), Action(words.buttons.menu, keys.MENU)))


def which_place(base: Base, places: Iterable[Place]) -> Reply:
    actions = []
    for place in places:
        if place.district:
            key = keys.district(place.council.slug, place.district.slug)
            actions.append(Action(f"{place.district.name} ({place.council.short or place.council.name})", key))
        else:
            actions.append(Action(place.council.name, keys.council(place.council.slug)))
    return Reply(base.words.council_which, (*actions, Action(base.words.buttons.rather_not, keys.NO_COUNCIL)))


def nation_of(base: Base, typed: str) -> str | None:
    """The other nation that a typed place is in, or None."""
    wanted = f" {normalise(typed)} "
    return next((n for n, nation in base.words.nations.items() if any(f" {w} " in wanted for w in nation.names)), None)


def other_nation(base: Base, nation: str) -> Reply:
    words = base.words
    name = nation.replace("-", " ").title()
    text = words.fill(words.council_other_nation, nation=name, pointer=words.nations[nation].pointer)
    return Reply(text, (Action(words.buttons.menu, keys.MENU),))


def ask_age(base: Base) -> Reply:
    ages = [Action(str(a), keys.age(a)) for a in range(YOUNGEST, OLDEST + 1)]
    return Reply(base.words.ask_age, (*ages, Action(base.words.buttons.rather_not, keys.NO_AGE)))


def typed_age(text: str) -> int | None:
    """The age in a message that is nothing but an age ("19", "im 19"), or None."""
    match = _AGE.fullmatch(normalise(text))
    return int(match[1]) if match else None


def age_reply(base: Base, age: int) -> Reply:
    """Said when an age has been given, in range or not."""
    words = base.words
    text = words.fill(words.age_set, age=age) if 14 <= age <= OLDEST else odd_age(base, age)
    return Reply(text, (Action(words.buttons.menu, keys.MENU),))


def odd_age_said(text: str) -> int | None:
    """An age said in passing that most of this is not for: "im 12 can i", "I am 70 and". None for any other."""
    match = _ODD_AGE.search(normalise(text))
    return int(match[1]) if match and not 14 <= int(match[1]) <= 30 else None


def odd_age(base: Base, age: int) -> str:
    """What there is for somebody that most of this is not for."""
    return base.words.age_young if age < YOUNGEST else base.words.age_over


def at_place(about: About, place: Place) -> About:
    """What is known with a council chosen; a district stays only where it is one of that council's."""
    own = {d.slug for d in place.council.districts}
    district = place.district.slug if place.district else about.district if about.district in own else None
    return about.with_(council=place.council.slug, district=district)


def _name(council: Council) -> str:
    return council.short or council.name
