"""The status check says on every path what the Act says. The expected values are typed in `status_table.yaml`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.dialogue.turn import Decision
from bot.domain.messages import Action, Assessment, Kind, Outcome, Urgency
from bot.domain.people import About, Conversation
from bot.knowledge.answer import fill
from bot.knowledge.base import Base
from bot.knowledge.check import check, with_bars
from bot.knowledge.checks.status import status
from bot.knowledge.load import Loaded, load, package_knowledge
from bot.knowledge.status import MOST_TAPS, NOT_SURE, StatusTree, faults, texts
from bot.knowledge.yamltext import read
from bot.language.plain import Measure, Plainness
from tests.support.knowledge import NOON, loaded, package, turn

TALK = Conversation(greeted=True, version=1)


@cache
def table() -> Any:
    document = read(Path(__file__).parent / "status_table.yaml", "status_table.yaml")
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


# what the law says


def test_the_table_holds_every_path_and_no_other() -> None:
    assert set(by_law()) == set(ends())


def test_every_path_comes_to_what_the_act_says() -> None:
    wrong = {path: (reached(path), law) for path, law in by_law().items() if reached(path) != law}
    assert not wrong


def test_every_outcome_is_kept_as_the_status_that_the_act_gives_it() -> None:
    assert set(table()["outcomes"]) == set(tree().results)
    for path, decision in ends().items():
        expected = table()["outcomes"][by_law()[path]]
        assert decision.conversation.about.status == expected["status"], path


def test_the_words_to_use_name_the_section() -> None:
    for path, decision in ends().items():
        expected = table()["outcomes"][by_law()[path]]
        legal = decision.say_now[0].text.partition("**The words to use:**")[2].partition("\n\n")[0]
        assert expected["cites"] in legal, path


def test_only_the_law_and_what_can_be_asked_for_is_named() -> None:
    for name, result in tree().results.items():
        for right in result.gives:
            assert right.will is None
            text = right.must or right.may or ""
            assert re.search(r"\bmust\b" if right.must else r"\b(?:can|may)\b", text), (name, text)


def test_a_status_of_18_and_over_is_never_given_to_a_child_nor_the_other_way_about() -> None:
    for path, decision in ends().items():
        status = decision.conversation.about.status
        if path[0] in ("under-16", "16", "17"):
            assert status != "former-relevant", path
        elif path[0] != NOT_SURE:
            assert status not in ("eligible", "relevant"), path


def test_every_result_is_in_plain_words() -> None:
    """As a whole entry is measured: grade 7 at most, 20 words a sentence. The law's own words are left out."""
    bars = with_bars(whole()).reading
    assert bars is not None
    measure = Measure({*bars.names, *(line.name for line in package().helplines)})
    by_part: dict[str, Plainness] = defaultdict(Plainness)
    for loc, text in texts(tree()):
        if loc[-1] != "legal":
            plain = measure(fill(text, package(), NOON.date()))
            assert plain.longest_words <= bars.sentence, (loc, plain.longest)
            by_part[str(loc[1])] += plain
    assert not {name: plain.grade for name, plain in by_part.items() if plain.words > 40 and plain.grade > bars.entry}


# how it goes


def test_no_path_takes_more_than_six_taps() -> None:
    assert max(len(path) for path in ends()) <= MOST_TAPS == 6


def test_not_sure_can_be_pressed_at_every_question() -> None:
    for key, (_, decision) in pressed().items():
        if decision.say_now[0].kind is not Kind.ANSWER:
            names = [keys.Key.parse(a.key).rest.split(".")[-1] for a in answers(decision, key)]
            assert NOT_SURE in names, key


def test_no_path_ends_without_words_to_use_help_and_a_way_on() -> None:
    words = tree().words
    for path, decision in ends().items():
        reply = decision.say_now[0]
        for part in (words.may, "**The words to use:**", words.say):
            assert part in reply.text, path
        assert len(re.findall(r"^- ", reply.text, re.M)) >= 3, path
        topics = [a for a in reply.actions if keys.Key.parse(a.key).verb == "t"]
        assert topics and all(keys.Key.parse(a.key).rest in package().entry for a in topics), path
        assert {keys.PERSON, keys.MENU, keys.STATUS} <= {a.key for a in reply.actions}, path


def test_nobody_is_told_that_they_get_nothing() -> None:
    never = re.compile(r"\b(nothing|no rights?|not entitled|don't qualify|not a care leaver|no help|get none)\b", re.I)
    for key, (label, decision) in pressed().items():
        for reply in decision.say_now:
            said = " ".join([label, reply.text, *(a.label for a in reply.actions if a.key.startswith("s"))])
            assert not never.search(said), (key, never.search(said))


def test_no_key_is_longer_than_64_bytes() -> None:
    assert max(len(key.encode()) for key in pressed()) <= keys.LONGEST


def test_every_figure_and_name_is_filled_in() -> None:
    for key, (_, decision) in pressed().items():
        for reply in decision.say_now:
            assert not re.search(r"[{}]|a figure we are checking", reply.text), key
            assert len(reply.text) < 4096, key


def test_labels_fit_a_button() -> None:
    assert max(len(label) for label, _ in pressed().values()) <= 45


def test_a_button_works_in_a_conversation_that_knows_nothing_any_more() -> None:
    decision = press("s:17.care.left.yes.no", Conversation())
    assert decision.conversation.about == About(age=17, status="relevant")


def test_a_button_that_leads_nowhere_any_more_begins_again_and_says_so() -> None:
    for key in ("s:17.care.gone", "s:nobody", "s:17.care.left.yes.no.more", "s:.", "s:17..", "s:" + "x" * 62):
        reply = press(key).say_now[0]
        assert reply.text.startswith(tree().words.old), key
        assert answers(press(key), keys.STATUS) or reply.actions, key


# age


def test_the_age_that_is_known_is_used_and_said_and_can_be_changed() -> None:
    known = replace(TALK, about=About(age=19))
    decision = press(keys.STATUS, known)
    assert tree().questions["kind"].asks.strip() in decision.say_now[0].text
    assert "19" in decision.say_now[0].text
    again = press(actions(decision)[tree().words.other_age], known)
    assert set(actions(again)) >= {"16", "24"}
    assert press(actions(again)["17"], known).conversation.about.age == 17


def test_an_age_that_was_tapped_is_kept_and_said_at_the_end() -> None:
    assert press("s:18").conversation.about.age == 18
    decision = press("s:18.care.at-18.yes")
    assert decision.conversation.about == About(age=18, status="former-relevant")
    assert "age 18, status former relevant" in decision.say_now[0].text
    assert "/status" in decision.say_now[0].text


def test_an_age_known_more_exactly_than_the_button_says_is_left_as_it_is() -> None:
    decision = press("s:25.care.at-18.yes", replace(TALK, about=About(age=28)))
    assert decision.conversation.about.age == 28
    assert "age 28" in decision.say_now[0].text


def test_an_age_told_after_the_button_was_sent_is_the_better_one() -> None:
    decision = press("s:18.care.at-18.yes", replace(TALK, about=About(age=23)))
    assert "23CZB" in decision.say_now[0].text
    assert decision.conversation.about.age == 23


def test_a_path_that_does_not_fit_a_newer_age_begins_again() -> None:
    decision = press("s:17.care.now.yes", replace(TALK, about=About(age=18)))
    assert decision.say_now[0].text.startswith(tree().words.old)
    assert decision.conversation.about == About(age=18)


def test_rather_not_say_takes_the_age_away_and_goes_on() -> None:
    decision = press("s:not-sure", replace(TALK, about=About(age=19)))
    assert decision.conversation.about.age is None
    assert len(answers(decision, "s:not-sure")) == 10


@pytest.mark.parametrize(("said", "kept"), [("im 19", 19), ("16", 16), ("27", 27), ("40", 25), ("12", 15)])
def test_an_age_can_be_typed_as_well(said: str, kept: int) -> None:
    asked = decide(turn("/status", conversation=TALK))
    decision = decide(turn(said, conversation=asked.conversation))
    assert decision.conversation.about.age == kept
    assert tree().questions["kind"].asks.strip() in decision.say_now[0].text


def test_anything_else_typed_at_the_first_question_is_a_question_like_any_other() -> None:
    asked = decide(turn("/status", conversation=TALK))
    decision = decide(turn("do i pay council tax", conversation=asked.conversation, best="money.council-tax"))
    assert decision.topic == "money.council-tax"


# what is kept


def test_a_status_that_cannot_be_told_any_more_is_taken_out_and_that_is_said() -> None:
    before = replace(TALK, about=About(age=19, status="qualifying"))
    decision = press("s:19.care.not-sure", before)
    assert decision.conversation.about.status is None
    assert tree().words.cleared in decision.say_now[0].text


def test_another_nation_is_kept_and_pointed_to() -> None:
    decision = press("s:20.nation.wales")
    assert decision.conversation.about.nation == "wales"
    assert "gov.wales" in decision.say_now[0].text
    assert "care in Wales" in decision.say_now[0].text
    assert press("s:20.care.at-18.yes", decision.conversation).conversation.about.nation is None


def test_all_three_nations_are_pointed_to_when_it_is_not_known_which() -> None:
    text = press("s:20.nation.not-sure").say_now[0].text
    assert all(site in text for site in ("gov.wales", "mygov.scot", "nidirect.gov.uk"))


def test_my_data_names_status_and_nation() -> None:
    about = About(age=19, status="former-relevant", nation="wales")
    text = press(keys.MY_DATA, replace(TALK, about=about)).say_now[0].text
    assert "former relevant" in text
    assert "Wales" in text


def test_answers_after_it_are_for_that_status() -> None:
    found = press("s:17.care.left.yes.no").conversation
    assert "you've left care" in press(keys.topic("status.types"), found).say_now[0].text


def test_unaccompanied_and_remanded_people_hear_that_they_count() -> None:
    alone = press("s:18.alone.at-18.yes").say_now[0]
    assert "counts the same for you" in alone.text
    assert keys.topic("rights.immigration") in {a.key for a in alone.actions}
    assert "Remand before 18 counts" in press("s:18.remand.at-18.yes").say_now[0].text


# where it is found


@pytest.mark.parametrize("topic", ["status.am-i-a-care-leaver", "status.types", "status.qualifying"])
def test_entries_on_status_carry_the_button(topic: str) -> None:
    assert actions(press(keys.topic(topic)))["Check which one I am"] == keys.STATUS


def test_the_menu_carries_the_button() -> None:
    assert actions(press(keys.area("status")))["Check which one I am"] == keys.STATUS


def test_no_other_entry_carries_it() -> None:
    assert "Check which one I am" not in actions(press(keys.topic("money.council-tax")))


def test_go_back_one_asks_the_question_before() -> None:
    back = actions(press("s:17.care.left"))["Go back one"]
    assert press(back).say_now[0].text == press("s:17.care").say_now[0].text


def test_a_whole_check_as_a_person_does_it() -> None:
    """At 3 a.m., from an answer, by labels alone, with the conversation that each step leaves."""
    decision = decide(turn("am i a care leaver", conversation=TALK, best="status.am-i-a-care-leaver"))
    for label in (
        "Check which one I am",
        "17",
        "Not sure",
        "Yes, at least one",
        "I left at 16 or 17",
        "Yes, 13 weeks or more",
        "Yes, but it broke down",
    ):
        decision = press(actions(decision)[label], decision.conversation)
    assert decision.outcome is Outcome.ANSWER
    assert decision.topic == "status.types"
    assert decision.conversation.about == About(age=17, status="relevant")
    assert "I am a relevant child under section 23A of the Children Act 1989." in decision.say_now[0].text


def test_danger_comes_first_in_the_middle_of_it() -> None:
    asked = decide(turn("/status", conversation=TALK))
    heard = Assessment(Urgency.EMERGENCY, "safety.suicide", ("took them all",))
    decision = decide(turn("ive took them all", conversation=asked.conversation, assessment=heard))
    assert decision.say_now[0].kind is Kind.DANGER


def test_a_check_that_is_overdue_says_so() -> None:
    text = press("s:17.care.now.yes", now=NOON + timedelta(days=400)).say_now[0].text
    assert package().words.being_checked in text


# the folder


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
        ("facts: [moved-area.other-nations]", "facts: [moved-area.gone]", "there is no fact 'moved-area.gone'"),
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


@cache
def whole() -> Loaded:
    return load(package_knowledge())


def slipped(folder: Path, old: str, new: str) -> Loaded:
    """The package's knowledge with a slip in status.yaml."""
    text = (package_knowledge() / "status.yaml").read_text("utf-8")
    assert old in text
    (folder / "status.yaml").write_text(text.replace(old, new), "utf-8")
    alone = load(folder)
    parts = {**whole().parts, "status": alone.parts.get("status")}
    return replace(whole(), parts=parts, documents={**whole().documents, **alone.documents}, faults=alone.faults)
