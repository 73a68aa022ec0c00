"""What can I get: the data of the list is whole, and a fault in it is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.knowledge.answer import fill
from bot.knowledge.checks.offers import offers
from bot.knowledge.entry import REFERENCE
from tests.support.entitlements import TODAY, whole
from tests.support.knowledge import loaded, package


def test_every_reference_of_every_item_can_be_filled_in() -> None:
    for item in package().entitlements:
        for text in (item.text, item.first_step, item.unsure or ""):
            filled = fill(text, package(), TODAY)
            assert "{" not in filled, item.id
            assert package().words.not_known_fact not in filled, item.id
        assert item.topic in package().entry, item.id
        assert item.facts, item.id


def test_every_figure_stands_in_a_fact_that_the_item_rests_on() -> None:
    for item in package().entitlements:
        for text in (item.text, item.first_step):
            named = {r for r in references(text) if not r.startswith("line:")}
            assert named <= set(item.facts), (item.id, named - set(item.facts))


def references(text: str) -> Iterator[str]:
    yield from REFERENCE.findall(text)


def test_the_list_of_the_package_has_no_fault() -> None:
    assert list(offers(whole())) == []


FAULTY = {
    "answers/money.x.yaml": "{id: money.x, title: X, answer: Ask.}\n",
    "councils/england.yaml": "- {slug: devon, name: Devon County Council, districts: [{slug: exeter, name: Exeter}]}\n",
    "entitlements.yaml": """
        - {id: a, topic: money.x, title: A, text: You get £20., kind: must, urgency: 1, first_step: "Ask {no.such}."}
        - {id: a, topic: money.gone, title: A, text: T, kind: may, urgency: 2, first_step: Ask., when: {age: 18-20}}
        - {id: b, topic: money.x, title: B, text: T, kind: may, urgency: 2, first_step: Ask., when: {council: atlantis}}
        - {id: c, topic: money.x, title: C, text: T, kind: may, urgency: 2, first_step: Ask., unsure: If so,
           when: {council: devon, district: luton, in_force: no.law}, facts: [none.such]}
    """,
}


@pytest.mark.parametrize(
    "says",
    [
        "an amount is typed here",
        "there is no fact 'no.such'",
        "'a' stands here twice",
        "there is no entry 'money.gone'",
        "'unsure' is missing",
        "there is no council 'atlantis'",
        "'luton' is not a district of devon",
        "there is no fact 'no.law'",
        "there is no fact 'none.such'",
    ],
)
def test_a_fault_in_the_list_is_named_with_its_line(tmp_path: Path, says: str) -> None:
    faults = [str(f) for f in offers(loaded(tmp_path, FAULTY))]
    assert any(f.startswith("entitlements.yaml:") and says in f for f in faults), faults
