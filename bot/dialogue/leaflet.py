"""The leaflet of a stage: by button, by `/leaflet`, or asked for in a few words.

A key is `pdf:<stage>:<council>`; the stage is empty until it is chosen, the council `-` where none is said.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import keys
from bot.dialogue.follow import bare, bare_all
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Action, Document, Outcome, Reply
from bot.domain.people import About
from bot.knowledge.base import Base
from bot.knowledge.leaflet import leaflet_for, leaflet_words, stage_at

NO_COUNCIL, NATIONAL = "-", "england"


def asks_for_leaflet(base: Base, text: str) -> bool:
    """Whether a message is one of the ways of asking for a leaflet."""
    words = leaflet_words(base)
    return words is not None and bare(text) in bare_all(words.ask)


def leaflet_button(base: Base, about: About) -> tuple[Action, ...]:
    """The button under the list; none past the last stage, and none in a folder that has no leaflet."""
    words = leaflet_words(base)
    stage = "" if about.age is None else stage_at(base, about.age)
    return (
        (Action(words.button, keys.leaflet(stage, about.council or NO_COUNCIL)),) if words and stage is not None else ()
    )


def leaflet(turn: Turn, rest: str | None = None) -> Decision | None:
    """The leaflet, or which one. None where there is none, or the key means nothing any more."""
    base, words = turn.base, leaflet_words(turn.base)
    if words is None:
        return None
    stage, slug = _asked_for(turn) if rest is None else rest.split(":", 1) if ":" in rest else (rest, NO_COUNCIL)
    if slug != NO_COUNCIL and slug not in base.council:
        return None
    if not stage:
        which = [Action(named.button, keys.leaflet(name, slug)) for name, named in words.stages.items()]
        return _said(turn, Reply(words.which, (*which, Action(base.words.buttons.menu, keys.MENU))))
    found = leaflet_for(base, None if slug == NO_COUNCIL else slug, stage, turn.today)
    if found is None:
        return None
    place = found.council or NATIONAL
    title = base.words.fill(words.file, title=f"{found.title}. {found.place}")
    document = Document(f"{place}/{stage}", f"waymark-{place}-{stage}.pdf", title)
    actions = (Action(base.words.buttons.menu, keys.MENU),)
    return _said(turn, Reply(words.ready, actions, document=document))


def _asked_for(turn: Turn) -> tuple[str, str]:
    """By what is known of the person; past the last stage they choose."""
    age = turn.about.age
    return (stage_at(turn.base, age) or "" if age is not None else ""), turn.about.council or NO_COUNCIL


def _said(turn: Turn, reply: Reply) -> Decision:
    conversation = replace(turn.conversation, asked=None, misses=0)
    return Decision(say_now=(reply,), conversation=conversation, outcome=Outcome.SMALL_TALK)
