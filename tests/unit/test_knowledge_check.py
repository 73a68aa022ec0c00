"""What a knowledge base must hold to be served: every fault by file and line."""

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.check import check
from bot.knowledge.load import content_hash, load, package_knowledge
from bot.knowledge.topics import required_topics
from tests.support.knowledge import loaded, write

TODAY = date(2026, 11, 24)
FACT = """
    - id: grant.amount
      value: £3,000
      says: The grant is at least £3,000.
      confidence: confirmed
      checked: 2026-11-20
      sources: [{title: Guidance, url: "https://www.gov.uk/x"}]
"""
ENTRY = """
    id: money.grant
    title: The grant
    question: How much is the grant?
    basis: guidance
    answer: The grant is {grant.amount}.
    do: Ask your PA.
    if_no: Complain.
    facts: [grant.amount]
    ask: [how much is the grant]
    checked: 2026-11-20
    review_by: 2027-05-20
"""


def faults(folder: Path, files: dict[str, str], *, draft: bool = False) -> list[str]:
    return [str(f) for f in check(loaded(folder, files), draft=draft, today=TODAY)]


def test_a_whole_entry_with_its_fact_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, {"facts/money.yaml": FACT, "answers/money.grant.yaml": ENTRY}) == []


def test_the_least_entry_of_the_contract_is_a_draft_and_not_published(tmp_path: Path) -> None:
    least = {"a.yaml": "id: money.x\ntitle: X\nask: [do i have to]\nanswer: |\n  Yes.\n"}
    assert faults(tmp_path, least, draft=True) == []
    assert "a.yaml:1: a published entry needs 'do'; add it (or check with --draft)" in faults(tmp_path, least)


def test_a_file_may_hold_a_list_of_entries(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        {"all.yaml": "- {id: a.b, title: A, ask: [x], answer: X}\n- {id: a.c, title: B, ask: [y], answer: Y}\n"},
    )
    assert [e.id for e, _, _ in found.entries] == ["a.b", "a.c"]


BROKEN = {
    "an unknown key": ("answers/x.yaml", ENTRY + "    colour: red\n", "'colour' is not a key"),
    "a missing answer": ("answers/x.yaml", "id: a.b\ntitle: A\nask: [x]\n", "'answer' is missing"),
    "an id that is no id": ("answers/x.yaml", "id: Money Grant\ntitle: A\nanswer: A\n", "not written as it must be"),
    "a list where a mapping should be": ("answers/x.yaml", "- just\n- words\n", "must be a mapping"),
    "an unknown fact": (
        "answers/x.yaml",
        ENTRY.replace("grant.amount}", "grant.size}"),
        "there is no fact 'grant.size'",
    ),
    "an unknown fact in the list": (
        "answers/x.yaml",
        ENTRY.replace("[grant.amount]", "[nope]"),
        "there is no fact 'nope'",
    ),
    "an unknown helpline": (
        "answers/x.yaml",
        ENTRY.replace("Complain.", "Ring {line:nobody}."),
        "no helpline 'nobody'",
    ),
    "an unknown related topic": ("answers/x.yaml", ENTRY + "    related: [money.nope]\n", "no entry 'money.nope'"),
    "a typed amount": ("answers/x.yaml", ENTRY.replace("{grant.amount}", "£3,000"), "an amount is typed here"),
    "a typed phone number": (
        "answers/x.yaml",
        ENTRY.replace("Complain.", "Ring 0800 023 2033."),
        "a phone number is typed",
    ),
    "a long answer": ("answers/x.yaml", ENTRY.replace("The grant is", "word " * 70), "at most 60"),
    "a bad date": ("answers/x.yaml", ENTRY.replace("2027-05-20", "next May"), "'review_by'"),
    "a check in the future": (
        "answers/x.yaml",
        ENTRY.replace("checked: 2026-11-20", "checked: 2027-11-20"),
        "lies ahead",
    ),
    "a bad age in a variant": (
        "answers/x.yaml",
        ENTRY + "    variants: [{when: {age: young}, answer: No.}]\n",
        "write an age as 16-17",
    ),
    "two rights in one": (
        "answers/x.yaml",
        ENTRY + "    rights: [{must: a, may: b}]\n",
        "exactly one of must, will, may",
    ),
    "one reviewer": (
        "answers/x.yaml",
        ENTRY + "    reviewed: {on: 2026-11-20, by: [one]}\n",
        "'reviewed.by' has too few items; at least 2",
    ),
    "nobody asks": ("answers/x.yaml", ENTRY.replace("    ask: [how much is the grant]\n", ""), "nobody asks for"),
    "a phrase twice": (
        "answers/x.yaml",
        ENTRY.replace("[how much", "[How much is the grant?, how much"),
        "is asked twice",
    ),
    "phrases for no entry": ("answers/money.other.ask.yaml", "me: [what else]\n", "no entry with that id"),
    "phrases that are no list": ("answers/money.grant.ask.yaml", "me: what else\n", "as a list"),
    "a fact without a source": (
        "facts/y.yaml",
        FACT.replace("grant.amount", "g.b").replace('[{title: Guidance, url: "https://www.gov.uk/x"}]', "[]"),
        "sources",
    ),
    "a fact with a bad address": (
        "facts/y.yaml",
        FACT.replace("grant.amount", "g.b").replace("https://", "www."),
        "url",
    ),
    "the same fact twice": ("facts/y.yaml", FACT, "ids must be unique"),
    "a fact that ends before it starts": (
        "facts/y.yaml",
        FACT.replace("grant.amount", "g.b") + "      from: 2027-01-01\n      until: 2026-01-01\n",
        "'until' lies before 'from'",
    ),
    "a council that weakens the law": (
        "councils/devon/facts.yaml",
        FACT.replace("grant.amount", "devon.grant").replace("£3,000", "£2,000") + "      betters: grant.amount\n",
        "weakens the national fact",
    ),
    "an overlay on nothing": (
        "councils/devon/answers/z.yaml",
        "id: money.nope\nadds: More.\nchecked: 2026-11-20\nreview_by: 2027-05-20\n",
        "does not exist",
    ),
}


@pytest.mark.parametrize(("name", "text", "says"), BROKEN.values(), ids=BROKEN.keys())
def test_a_fault_is_named_with_its_file_and_line(tmp_path: Path, name: str, text: str, says: str) -> None:
    files = {"facts/money.yaml": FACT, "answers/money.grant.yaml": ENTRY.replace("[how", "[so how")}
    if name == "answers/x.yaml":
        del files["answers/money.grant.yaml"]
    found = faults(tmp_path, {**files, name: text})
    assert any(f.startswith(f"{name}:") and says in f for f in found), found


def test_a_fact_that_is_only_recalled_may_not_stand_in_an_answer(tmp_path: Path) -> None:
    files = {"facts/money.yaml": FACT.replace("confirmed", "recalled"), "answers/money.grant.yaml": ENTRY}
    assert any("is only recalled" in f for f in faults(tmp_path, files))


def test_a_folder_that_is_not_there_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    assert [f.says for f in load(tmp_path / "nope").faults] == [
        "there is no such folder; name one that holds *.yaml files"
    ]


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert "no *.yaml file" in str(load(tmp_path).faults[0])


def test_the_hash_changes_with_any_file_and_not_with_time(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": "id: a.b\n"})
    first = content_hash(tmp_path)
    (tmp_path / "a.yaml").touch()
    assert content_hash(tmp_path) == first
    write(tmp_path, {"b.yaml": "id: a.c\n"})
    assert content_hash(tmp_path) != first


def test_every_topic_of_the_contract_has_an_answer_of_ours() -> None:
    ids = {e.id for e, _, _ in load(package_knowledge()).entries}
    assert required_topics() <= ids
    assert len(required_topics()) == 89
