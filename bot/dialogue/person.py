"""Who to ring: the council's own team where its numbers are known, and the lines for care leavers that are open now."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import keys
from bot.dialogue.contacts import line
from bot.dialogue.naming import council_name
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Action, Outcome, Reply
from bot.knowledge.entry import CouncilPack
from bot.knowledge.helplines import choose, describe

TOPIC = "bot.human"
NATIONAL = ("become", "become-care-advice", "coram-voice", "childline", "the-mix", "samaritans", "shout")
MOST_LINES = 3


def person(turn: Turn) -> Decision:
    """Numbers of people. Nothing is promised: no message is passed on."""
    words, base, slug = turn.base.words, turn.base, turn.about.council
    blocks = [words.person]
    pack = base.pack.get(slug or "")
    if pack:
        blocks += _team(turn, pack)
    elif slug:
        blocks.append(words.fill(words.person_no_pack, council=council_name(base, slug)))
    else:
        blocks.append(words.person_no_council)
    if lines := choose(_national(turn), base.line, turn.about.age, turn.now, MOST_LINES):
        blocks.append(
            "\n".join([words.person_lines, *(f"- {describe(line, turn.now, turn.about.age)}" for line in lines)])
        )
    actions = [Action(words.buttons.help_now, keys.HELP_NOW), Action(words.buttons.menu, keys.MENU)]
    if slug is None:
        actions.insert(0, Action(words.buttons.council, keys.ASK_COUNCIL))
    return Decision(
        say_now=(Reply("\n\n".join(blocks), tuple(actions)),),
        conversation=replace(turn.conversation, asked=None, misses=0, topic=TOPIC if TOPIC in base.entry else None),
        outcome=Outcome.PERSON,
        topic=TOPIC if TOPIC in base.entry else None,
        score=1.0,
    )


def _national(turn: Turn) -> tuple[str, ...]:
    named = [h.id for h in turn.base.helplines if TOPIC in h.needs]
    return tuple(dict.fromkeys([*named, *NATIONAL]))


def _team(turn: Turn, pack: CouncilPack) -> list[str]:
    """The leaving care team by every way there is, then the team for the night, each said to be what it is."""
    base, team = turn.base, pack.leaving_care
    others = [c for c in pack.contacts if team and c.team == team.name and c.kind != "emergency" and not c.topics]
    blocks = ["\n".join(line(base, c, turn.now) for c in (team, *others) if c is not None)]
    if pack.out_of_hours:
        blocks.append(f"{base.words.ring.emergency}\n{line(base, pack.out_of_hours, turn.now)}")
    return [block for block in blocks if block]
