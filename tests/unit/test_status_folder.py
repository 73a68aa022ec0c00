"""The folder's `status.yaml`: lent where there is none, and each slip in it named with file and line."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.dialogue.decide import decide
from bot.knowledge.base import Base
from bot.knowledge.check import check
from bot.knowledge.checks.status import status
from bot.knowledge.load import Loaded, load, package_knowledge
from bot.knowledge.status import faults
from tests.support.knowledge import loaded, package, turn
from tests.support.status import TALK, press, tree, whole


def test_a_folder_without_one_lends_the_packages_own_with_its_figures(tmp_path: Path) -> None:
    own = loaded(tmp_path, {"a.yaml": "id: money.x\ntitle: X\nask: [x]\nanswer: Yes.\n"}).base(package())
    assert own.status == tree()
    decision = press("s:19.care.left", base=own)
    assert "13 weeks" in decision.say_now[0].text
    end = press("s:19.care.left.yes.no", base=own)
    assert end.topic is None
    assert not [a for a in end.say_now[0].actions if a.key.startswith("t:")]


def test_without_any_check_the_command_and_old_buttons_show_the_menu() -> None:
    none: Base = package().model_copy(update={"status": None})
    assert package().words.menu in decide(turn("/status", base=none, conversation=TALK)).say_now[0].text
    assert package().words.old_button in press("s:17.care", base=none).say_now[0].text


def test_the_packages_own_has_no_fault() -> None:
    assert not list(faults(tree()))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("not-sure: {label: Not sure}", "perhaps: {label: Perhaps}", "has an answer 'not-sure'"),
        ("next: {wales: other-nation,", "next: {wales: gone,", "there is no 'gone'"),
        ("next: {wales: other-nation,", "next: {wales: which-nation,", "leads back to itself"),
        ("next: {wales: other-nation,", "next: {", "must say for each answer"),
        (
            "facts: [moved-area.other-nations, care-files.right]",
            "facts: [moved-area.gone]",
            "there is no fact 'moved-area.gone'",
        ),
        ("topics: [status.moved-area,", "topics: [status.gone,", "no entry 'status.gone'"),
        ("{care-leaver.thirteen-weeks}", "{care-leaver.gone}", "there is no fact 'care-leaver.gone'"),
        ("{line:become}", "{line:gone}", "no helpline 'gone'"),
        ("until you're 25.", "of £40 until you're 25.", "an amount is typed here"),
        ("- may: You can ask for your status in writing.", "- will: Devon does.", "no council's offer"),
        ("wales: {label: Wales", "wa.les: {label: Wales", "cannot be named"),
        ("question: signs\n", "question: sings\n", "there is no question 'sings'"),
        ("  no-care:\n    title", "  unled:\n    title", "there is no 'no-care'"),
    ],
)
def test_a_slip_in_it_is_named_with_file_and_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    found = [*(faulty := slipped(tmp_path, old, new)).faults, *status(faulty)]
    shown = [str(f) for f in found]
    assert any(re.match(r"status\.yaml:\d+: ", f) and says in f for f in shown), shown


def test_check_names_its_faults_and_in_a_release_that_it_is_overdue(tmp_path: Path) -> None:
    faulty = slipped(tmp_path, "next: {wales: other-nation,", "next: {wales: gone,")
    found = check(faulty, draft=True, today=date(2027, 6, 1), release=True)
    ours = [str(f) for f in found if f.path == "status.yaml"]
    assert len(ours) == 2
    assert any("there is no 'gone'" in f for f in ours)
    assert any("to be checked again by 2027-05-24" in f for f in ours)


def slipped(folder: Path, old: str, new: str) -> Loaded:
    """The package's knowledge with a slip in status.yaml."""
    text = (package_knowledge() / "status.yaml").read_text("utf-8")
    assert old in text
    (folder / "status.yaml").write_text(text.replace(old, new), "utf-8")
    alone = load(folder)
    parts = {**whole().parts, "status": alone.parts.get("status")}
    return replace(whole(), parts=parts, documents={**whole().documents, **alone.documents}, faults=alone.faults)
