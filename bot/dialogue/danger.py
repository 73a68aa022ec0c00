"""What is said first when words sound dangerous: the one thing to do now, who is awake, a human sentence, a choice."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue import keys
from bot.domain.messages import Action, Assessment, Kind, Reply, Urgency
from bot.domain.people import About
from bot.knowledge.base import Base, Danger, FirstWords, Levels
from bot.knowledge.helplines import Helpline, choose, describe, in_office_hours

MOST_LINES = 3
COUNCIL_HELPS = frozenset(  # dangers in which the council's own emergency team has a duty to act
    f"safety.{name}" for name in ("homeless-tonight", "abuse", "exploitation", "missing", "domestic-abuse")
) | {"housing.suitable", "housing.eviction", "support.contact-pa", "money.emergency"}
LAST_RESORT = ("samaritans", "shout", "nhs-111", "childline", "emergency-999")  # open at any hour


def danger_reply(base: Base, assessment: Assessment, about: About, now: datetime) -> Reply:
    """Help before anything else. Needs words and helplines only, so it works with a broken knowledge base."""
    danger = base.danger.get(assessment.category or "") or base.danger["default"]
    first = _first_words(danger, assessment, about) or _first_words(base.danger["default"], assessment, about)
    words = base.words
    blocks = [first.now if first else words.our_fault]
    lines = lines_for(base, danger, assessment, about, now)
    shown = [f"- {describe(line, now, about.age)}" for line in lines]
    if assessment.category in COUNCIL_HELPS and (team := _duty_team(base, about, now)):
        shown.append(f"- {team}")
    blocks.append("\n".join([words.lines_intro, *shown]))
    blocks.append(" ".join(b for b in (first.then if first else None, words.bot_line) if b))
    actions = (Action(words.buttons.safe, keys.SAFE), Action(words.buttons.want_person, keys.PERSON))
    return Reply("\n\n".join(blocks), actions, Kind.DANGER)


def lines_for(base: Base, danger: Danger, assessment: Assessment, about: About, now: datetime) -> list[Helpline]:
    """At most three lines for the need, the age and the hour, best first; never a closed one, never none."""
    named = (*danger.other_lines, *danger.lines) if assessment.about_other else danger.lines
    found = choose(tuple(dict.fromkeys(named)), base.line, about.age, now, MOST_LINES)
    if len(found) < MOST_LINES:
        others = tuple(i for i in LAST_RESORT if i not in {line.id for line in found})
        found += choose(others, base.line, about.age, now, MOST_LINES - len(found))
    return found


def _duty_team(base: Base, about: About, now: datetime) -> str | None:
    """The council's team that answers at this hour, where its number is known."""
    pack = base.pack.get(about.council or "")
    if pack is None:
        return None
    night = pack.out_of_hours
    by_day = in_office_hours(now) and not (night and "24" in (night.hours or ""))
    team = pack.leaving_care if by_day else night
    if team is None or not team.phone:
        return None
    hours = f" ({team.hours})" if team.hours else ""
    return f"**{team.name}**: call **{team.phone}**{hours}"


def help_now(base: Base, about: About, now: datetime) -> Reply:
    """Who is awake, for someone who pressed "Help now"."""
    lines = lines_for(base, base.danger["default"], Assessment(Urgency.URGENT), about, now)
    first = base.danger["default"].emergency
    text = "\n".join([base.words.lines_intro, *(f"- {describe(line, now, about.age)}" for line in lines)])
    actions = (Action(base.words.buttons.person, keys.PERSON), Action(base.words.buttons.menu, keys.MENU))
    return Reply(f"{first.now}\n\n{text}" if first else text, actions, Kind.DANGER)


def _first_words(danger: Danger, assessment: Assessment, about: About) -> FirstWords | None:
    """The most fitting words: about somebody else, then under 18, then the plain ones."""
    levels: list[Levels | None] = [danger]
    if about.age is not None and about.age < 18:
        levels.insert(0, danger.under_18)
    if assessment.about_other:
        levels.insert(0, danger.other)
    for level in levels:
        if level is None:
            continue
        if assessment.urgency is Urgency.EMERGENCY and level.emergency:
            return level.emergency
        if assessment.urgency is Urgency.URGENT and level.urgent:
            return level.urgent
    return danger.emergency or danger.urgent
