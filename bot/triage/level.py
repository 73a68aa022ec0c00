"""How loud one hit is. `CHECK` raises no alarm: the reply only ends with one soft line."""

from __future__ import annotations

from enum import IntEnum

from bot.domain.messages import Urgency


class Level(IntEnum):
    NONE = 0
    CHECK = 1
    URGENT = 2
    EMERGENCY = 3

    @property
    def urgency(self) -> Urgency:
        return (Urgency.NONE, Urgency.NONE, Urgency.URGENT, Urgency.EMERGENCY)[self]

    @classmethod
    def named(cls, name: str) -> Level:
        """Raises KeyError when there is no such level."""
        return cls[name.upper()]
