"""One turn of a conversation: what is known when deciding, and what is decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from bot.domain.messages import Assessment, Message, Outcome, Reply
from bot.domain.people import About, Conversation, Vote
from bot.knowledge.base import Base
from bot.knowledge.helplines import LONDON
from bot.knowledge.index import Found, Thresholds


class Mode(Enum):
    """What the bot does just now."""

    ON = "on"
    HELPLINES = "helplines"  # switched off: danger and helplines only
    BROKEN = "broken"  # no answers can be given; danger and helplines only
    STARTING = "starting"  # answers are being made ready; danger and helplines only


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything that a decision may look at. `now` is aware, UTC; the person's day is London's."""

    message: Message
    conversation: Conversation
    assessment: Assessment
    found: Found
    thresholds: Thresholds
    base: Base
    now: datetime
    name: str = "Waymark"
    mode: Mode = Mode.ON
    why_off: str = ""

    @property
    def about(self) -> About:
        """What is known of the person; a council that is not known (any more) counts as none."""
        about = self.conversation.about
        known = about.council is None or about.council in self.base.council
        return about if known else about.with_(council=None, district=None)

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said at once, what is recorded, and what is said only after that is kept."""

    say_now: tuple[Reply, ...]
    conversation: Conversation
    outcome: Outcome
    say_after: tuple[Reply, ...] = ()
    say_if_not_kept: tuple[Reply, ...] = ()
    vote: Vote | None = None
    forget: bool = False
    topic: str | None = None
    offered: tuple[str, ...] = ()
    version: str | None = None
    score: float = 0.0
    assessment: Assessment = field(default_factory=Assessment)
