"""Help is there even when the package's own words are broken: part by part, down to the last resort."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import bundle, last_resort
from bot.bundle import Bundle, danger_only
from bot.dialogue.danger import danger_reply, help_now
from bot.dialogue.decide import decide
from bot.dialogue.flows import welcome_reply
from bot.dialogue.turn import Mode, Turn
from bot.domain.messages import Form, Kind, Message, Sender, Urgency
from bot.domain.people import About, Conversation
from bot.knowledge.index import Found, Thresholds
from bot.knowledge.load import package_knowledge
from bot.triage.assess import Triage, assess
from bot.triage.load import load_rules

NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DANGER = "i want to die"
BROKEN = "a: [\n"
NEEDED = ("words.yaml", "helplines.yaml", "danger.yaml", "triage/rules.yaml", "language/textspeak.yaml")
TRIFLES = ("small-talk.yaml", "menu.yaml", "councils/england.yaml", "answers/x.yaml", "facts/x.yaml")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What danger is heard with, copied out of the package."""
    folder = tmp_path_factory.mktemp("package")
    for name in (*NEEDED, "councils/england.yaml"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(package_knowledge() / name, folder / name)
    (folder / "triage" / "rules.yaml").write_text(json.dumps(last_resort.RULES), "utf-8")  # the real ones take a second
    return folder


@pytest.fixture
def package(copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package whose knowledge can be broken."""
    folder = tmp_path / "knowledge"
    shutil.copytree(copied, folder)
    monkeypatch.setattr(bundle, "package_knowledge", lambda: folder)
    yield folder


def helps(found: Bundle, text: str = DANGER) -> str:
    """What is said to somebody in danger; it must be help, whatever else."""
    assessment = assess(text, About(), found.triage)
    assert assessment.urgency is not Urgency.NONE
    for about in (About(), About(age=16), About(age=24)):
        said = danger_reply(found.base, assessment, about, NIGHT).text
        assert "999" in said
        assert "116 123" in said or about.age is not None
        assert help_now(found.base, about, NIGHT).kind is Kind.DANGER
    assert found.index is None
    return danger_reply(found.base, assessment, About(), NIGHT).text


def gone(path: Path) -> None:
    path.unlink(missing_ok=True)


def not_yaml(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(BROKEN, "utf-8")


def empty(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("", "utf-8")


def wrong_keys(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("- {wrong: key}\n", "utf-8")


def dangling(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to("/nowhere/at/all")


@pytest.mark.parametrize("harm", [gone, not_yaml, empty, wrong_keys, dangling])
@pytest.mark.parametrize("name", NEEDED)
def test_help_is_there_though_a_file_it_needs_is_broken(package: Path, name: str, harm: Callable[[Path], None]) -> None:
    harm(package / name)

    helps(danger_only())


@pytest.mark.parametrize("name", TRIFLES)
def test_a_slip_in_another_file_takes_nothing_from_what_is_said_in_danger(package: Path, name: str) -> None:
    whole = helps(danger_only())
    not_yaml(package / name)

    assert helps(danger_only()) == whole


def test_a_slip_in_one_helpline_takes_only_that_one(package: Path) -> None:
    before = danger_only().base.line
    with (package / "helplines.yaml").open("a", encoding="utf-8") as file:
        file.write("\n- {id: a-new-one, nam: mistyped}\n")

    assert danger_only().base.line.keys() == before.keys()


def test_with_no_package_at_all_there_is_still_help(package: Path) -> None:
    shutil.rmtree(package)

    said = helps(danger_only())

    assert last_resort.NOW in said


@pytest.fixture
def nothing() -> Bundle:
    """The last resort alone."""
    base = last_resort.base()
    return Bundle(base, None, Triage(load_rules(last_resort.RULES, "last resort"), None, {}), "")


@pytest.mark.parametrize(
    "text",
    ["i want to die", "im gonna kill myself", "suicidal", "ive took an overdose", "I CUT MYSELF", "he hits me",
     "nowhere to sleep tonight", "dont want to be alive"],
)  # fmt: skip
def test_the_last_resort_hears_the_plainest_words(nothing: Bundle, text: str) -> None:
    helps(nothing, text)


@pytest.mark.parametrize("text", ["do i have to pay council tax", "hello", "how do i see a doctor", "", "🙂"])
def test_the_last_resort_is_calm_about_ordinary_words(nothing: Bundle, text: str) -> None:
    assert assess(text, About(), nothing.triage).urgency is Urgency.NONE


@pytest.mark.parametrize("mode", [Mode.BROKEN, Mode.STARTING, Mode.HELPLINES])
@pytest.mark.parametrize(
    "said", ["do i have to pay council tax", "/start", "/delete", "/privacy", "", "lines", "person"]
)
def test_every_message_is_answered_from_the_last_resort(nothing: Bundle, mode: Mode, said: str) -> None:
    by_key, form = (said, Form.ACTION) if said in ("lines", "person") else (None, Form.TEXT)
    message = Message("1", Sender("web", "x"), "" if by_key else said, NIGHT, form, by_key)
    assessment = assess(message.text, About(), nothing.triage)
    turn = Turn(message, Conversation(), assessment, Found(), Thresholds(), nothing.base, NIGHT, mode=mode)

    decision = decide(turn)

    texts = [reply.text for reply in (*decision.say_now, *decision.say_after)]
    assert texts
    assert all(text.strip() for text in texts)
    assert all(action.label for reply in decision.say_now for action in reply.actions)


def test_the_last_resort_can_say_welcome(nothing: Bundle) -> None:
    assert welcome_reply(nothing.base, "Waymark").text


def test_numbers_known_by_heart_are_those_of_the_helplines(package: Path) -> None:
    """Fails when a number changes in knowledge/helplines.yaml and not here."""
    ours, theirs = last_resort.base().line, danger_only().base.line

    for id_, line in ours.items():
        known = theirs[id_]
        assert line.call == known.call or line.call is None, id_
        assert line.text is None or (known.text and (line.text.to, line.text.word) == (known.text.to, known.text.word))
