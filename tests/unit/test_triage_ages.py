"""The age that a message tells decides whether no bed tonight is an emergency."""

from __future__ import annotations

import pytest

from bot.triage.ages import others_age, own_age
from bot.triage.pattern import framed


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("im 17 and outside", 17),
        ("turned 16 last week sleeping in a car tonight", 16),
        ("just turned 18 they put my bags out", 18),
        ("16 no bed leeds now", 16),
        ("they locked the door and left me here 17", 17),
        ("16 weeks pregnant and nowhere to go", None),
        ("17 others are in this hostel", None),
        ("bus 16 goes past my old house", None),
        ("40 quid left and no bed", None),
    ],
)
def test_the_writers_age(text: str, age: int | None) -> None:
    assert own_age(framed(text)) == age


def test_somebody_elses_age_is_not_the_writers() -> None:
    assert others_age(framed("my brother hes 15 and outside")) == 15
    assert own_age(framed("my brother hes 15 and outside")) is None
