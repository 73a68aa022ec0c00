"""What the journeys of the hard promises have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.program import Program, kinds, texts

DANGER = "i want to die"
QUESTION = "do i have to pay council tax"

Start = Callable[..., Program]


def helped(answer: dict[str, Any]) -> bool:
    return kinds(answer)[0] == "danger" and "999" in texts(answer)[0] and answer["urgency"] != "none"
