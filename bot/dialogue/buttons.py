"""What one can press under an answer: what would make it exact, its parts, what is near it, whether it helped."""

from __future__ import annotations

from bot.dialogue import keys
from bot.dialogue.parts import part_text
from bot.dialogue.translated import PART, language_name, languages
from bot.dialogue.turn import Turn
from bot.domain.messages import Action
from bot.knowledge.answer import Answer

MOST = 9  # buttons, beside the two that ask whether it helped; related topics give way
MOST_RELATED = 2
PARTS = ("more", "how", "how_much", "who", "ring", "easy")  # in the order of their buttons


def buttons(turn: Turn, answer: Answer, but: str | None = None) -> list[Action]:
    """Everything that can be pressed under an answer; `but` is the part that is being shown."""
    words, entry = turn.base.words.buttons, answer.entry
    found = [
        *_checks(turn, answer),
        *(Action(getattr(words, name), keys.part(name, entry.id)) for name in _parts(turn, answer) if name != but),
        *_in_languages(turn, answer, but),
        *_exact(turn, answer),
    ]
    related = [turn.base.entry[t] for t in entry.related if t in turn.base.entry][
        : max(min(MOST_RELATED, MOST - len(found)), 0)
    ]
    return [
        *found,
        *(Action(other.label, keys.topic(other.id)) for other in related),
        Action(words.helped, keys.vote(True, entry.id, answer.version)),
        Action(words.not_helped, keys.vote(False, entry.id, answer.version)),
    ]


def _checks(turn: Turn, answer: Answer) -> list[Action]:
    base, found = turn.base, []
    if base.status and answer.entry.id in base.status.shown_on:
        found.append(Action(base.status.button, keys.STATUS))
    if base.words.entitlements and base.entitlements and answer.entry.id in base.words.list_topics:
        found.append(Action(base.words.entitlements.button, keys.ENTITLEMENTS))
    return found


def _parts(turn: Turn, answer: Answer) -> list[str]:
    """The parts that have something to say. How to get it is there when it says more than "do this"."""
    there = [name for name in PARTS if part_text(turn, answer, name)]
    route = answer.overlay.route if answer.overlay else None
    says_how = answer.part("how") or answer.part("say") or route
    return [name for name in there if name != "how" or says_how]


def _in_languages(turn: Turn, answer: Answer, but: str | None) -> list[Action]:
    return [
        Action(language_name(turn.base, code), keys.part(f"{PART}{code}", answer.entry.id))
        for code in languages(answer)
        if f"{PART}{code}" != but
    ]


def _exact(turn: Turn, answer: Answer) -> list[Action]:
    words, council = turn.base.words.buttons, turn.about.council
    found = []
    if "age" in answer.turns_on:
        found.append(Action(words.age, keys.ASK_AGE))
    if "council" in answer.turns_on:
        found.append(Action(words.council, keys.ASK_COUNCIL))
    if "district" in answer.turns_on and council and turn.conversation.district_declined:  # else it is asked
        found.append(Action(words.district, keys.ask_district(council)))
    return found
