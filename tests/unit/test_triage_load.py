"""Rules kept by the loader of `rules.yaml`."""

from typing import Any

import pytest

from bot.triage import RulesFaulty, load_rules
from tests.eval.triage import rules as own_rules


def rule(**changes: Any) -> dict[str, Any]:
    return {"id": "a.b", "topic": "safety.suicide", "level": "urgent", "says": "want to die"} | changes


def faults(data: Any) -> list[str]:
    with pytest.raises(RulesFaulty) as raised:
        load_rules(data, "rules.yaml")
    return raised.value.faults


def test_the_rules_of_the_knowledge_base_have_no_faults() -> None:
    assert len(own_rules().rules) > 40


def test_every_fault_is_named_at_once() -> None:
    found = faults({"sets": {"a": 3}, "rules": [rule(level="loud"), rule(id="", says="(a|"), rule(who="them")], "x": 1})
    text = "\n".join(found)
    assert len(found) >= 6
    for part in ("sets.a", "rules.0.level", "rules.1.id", "rules.1.says", "rules.2.who", "x"):
        assert f"rules.yaml: {part}: " in text


def test_two_rules_of_one_name_are_refused() -> None:
    assert "two rules are named 'a.b'" in faults({"rules": [rule(), rule()]})[0]


@pytest.mark.parametrize("data", [None, [], "rules", {}, {"rules": []}, {"rules": [3]}, {"rules": {"a": 1}}])
def test_a_file_that_is_no_list_of_rules_is_refused(data: Any) -> None:
    assert faults(data)


def test_patterns_are_spelt_as_messages_are() -> None:
    rules = load_rules({"rules": [rule(says="don't wanna live")]}, textspeak={"wanna": "want to"})
    assert rules.hits(("i", "dont", "want", "to", "live"))


def test_a_block_holds_patterns_by_line_or_by_comma() -> None:
    rules = load_rules({"rules": [rule(says="want to die, end it\nkill (me|myself)")]})
    assert [p.source for p in rules.rules[0].says] == ["want to die", "end it", "kill (me|myself)"]
