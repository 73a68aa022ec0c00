"""The status check pressed as a person would, and what the Act says of each path (`tests/unit/status_table.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.dialogue.turn import Decision
from bot.domain.messages import Action, Kind
from bot.domain.people import Conversation
from bot.knowledge.load import Loaded, load, package_knowledge
from bot.knowledge.status import StatusTree
from bot.knowledge.yamltext import read
from tests.support.knowledge import package, turn

TALK = Conversation(greeted=True, version=1)
TABLE = Path(__file__).parents[1] / "unit" / "status_table.yaml"


@cache
def table() -> Any:
    document = read(TABLE, TABLE.name)
    assert not document.faults
    return document.data


@cache
def tree() -> StatusTree:
    found = package().status
    assert found is not None
    return found


def ways(written: str) -> Iterator[tuple[str, ...]]:
    """`<looked-after>|adopted > left` as each path that it stands for."""
    steps = []
    for step in written.split(" > "):
        names: list[str] = []
        for name in step.split("|"):
            names += table()["ways"][name[1:-1]] if name.startswith("<") else [name]
        steps.append(names)
    for path in product(*steps):
        yield tuple(part for name in path for part in name.split("."))


@cache
def by_law() -> dict[tuple[str, ...], str]:
    """Every path of the table, and what the law makes of it."""
    found: dict[tuple[str, ...], str] = {}
    for row in table()["rows"]:
        assert row["law"]
        for group, outcome in row["is"].items():
            for age, path in product(table()["ages"][group], ways(row["path"])):
                assert (age, *path) not in found, f"{age} {path} stands twice in the table"
                found[age, *path] = outcome
    return found


def press(key: str, conversation: Conversation = TALK, **more: Any) -> Decision:
    return decide(turn(action=key, conversation=conversation, **more))


def actions(decision: Decision) -> dict[str, str]:
    return {a.label: a.key for reply in decision.say_now for a in reply.actions}


def answers(decision: Decision, key: str) -> list[Action]:
    """The buttons that answer the question just asked: they go one step further than the key that asked it."""
    depth = len(rest.split(".")) if (rest := keys.Key.parse(key).rest) else 0
    found = [a for reply in decision.say_now for a in reply.actions if keys.Key.parse(a.key).verb == keys.STATUS]
    return [a for a in found if (r := keys.Key.parse(a.key).rest) and r != "age" and len(r.split(".")) == depth + 1]


@cache
def pressed() -> dict[str, tuple[str, Decision]]:
    """Every button of the check pressed once, as a person would come to it: key -> its label and what it brought.

    Each press is a fresh conversation: the key alone carries the answers so far.
    """
    found = {keys.STATUS: ("", press(keys.STATUS))}
    waiting = [keys.STATUS]
    while waiting:
        key = waiting.pop()
        for action in answers(found[key][1], key):
            assert action.key not in found
            found[action.key] = (action.label, press(action.key))
            waiting.append(action.key)
    return found


def ends() -> dict[tuple[str, ...], Decision]:
    """What stands at the end of every path, by the answers that led there."""
    found = {k: d for k, (_, d) in pressed().items() if d.say_now[0].kind is Kind.ANSWER}
    return {tuple(keys.Key.parse(key).rest.split(".")): decision for key, decision in found.items()}


def reached(path: tuple[str, ...]) -> str:
    stop = tree().walk(path)
    assert stop is not None and stop.result is not None
    return stop.name


@cache
def whole() -> Loaded:
    return load(package_knowledge())
