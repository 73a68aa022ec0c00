"""What can I get, asked with a button or of the knowledge itself."""

from __future__ import annotations

from datetime import date
from functools import cache

from bot.dialogue.decide import decide
from bot.dialogue.turn import Decision
from bot.domain.people import About, Conversation
from bot.knowledge.base import Base
from bot.knowledge.entitlements import Situation, what_can_i_get
from bot.knowledge.load import Loaded, load, package_knowledge
from tests.support.knowledge import package, turn

TODAY = date(2026, 11, 24)


def press(key: str, about: About | None = None, **more: object) -> Decision:
    talk = Conversation(about=about or About(), greeted=True, version=1, **more)  # type: ignore[arg-type]
    return decide(turn(action=key, conversation=talk))


def ids(about: About, situation: Situation, base: Base | None = None, today: date = TODAY) -> list[str]:
    return [offer.item.id for offer in what_can_i_get(base or package(), about, situation, today)]


@cache
def whole() -> Loaded:
    return load(package_knowledge())
