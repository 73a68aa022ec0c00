"""Help goes out though knowledge is broken, the bot is switched off, or the store cannot keep."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support import small
from tests.support.program import Program, eventually, kinds, texts
from tests.support.promises import DANGER, QUESTION, Start, helped

HELD_UP = 3.0  # seconds in which help must be out on a busy machine; on an idle one it takes a few milliseconds


# Needs root and Linux for disks that are full or read-only; fails where that is missing and `CI` is set, else skips.
@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], capture_output=True, text=True)
    if done.returncode:
        told = f"a disk cannot be mounted here ({done.stderr.strip()}); run this as root with CAP_SYS_ADMIN"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def first_words_after(program: Program, text: str, token: str | None = None) -> tuple[float, str]:
    """Seconds until the first piece of an answer is there, and the piece: the rest may still be on its way."""
    body = {"text": text} | ({"conversation": token} if token else {})
    started = time.monotonic()
    with program.web.stream("POST", "/api/v1/messages", json=body) as answer:
        piece = next(answer.iter_text())
        return time.monotonic() - started, piece


# --- knowledge


def test_broken_knowledge_never_takes_help_away_and_mending_it_is_enough(start: Start, knowledge: Path) -> None:
    entries = knowledge / "entries.yaml"
    entries.write_text(small.ENTRIES.replace("title: Seeing a GP", "titel: Seeing a GP"), "utf-8")
    bot = start(built=False)

    # broken from the start: danger is heard, anything else is told the truth and given helplines
    assert "'titel' is not a key" in bot.until_not_ready("entries.yaml:9: ")
    assert helped(bot.say(DANGER))
    told = bot.say(QUESTION)
    assert told["outcome"] == "unknown"
    assert kinds(told)[-1] == "danger"

    # mended: it answers, without a restart
    entries.write_text(small.ENTRIES, "utf-8")
    small.keep_compiled(knowledge, bot.state)  # so that it need not be built; the last change below is
    bot.until_ready()
    assert bot.say(QUESTION)["topic"] == small.COUNCIL_TAX

    # broken while running: the last good answers go on, and it is told
    entries.write_text("- id: [", "utf-8")
    assert "entries.yaml:" in bot.until_not_ready("entries.yaml:")
    assert bot.say(QUESTION)["topic"] == small.COUNCIL_TAX
    assert helped(bot.say(DANGER))

    # the whole folder gone, then an empty one: the same
    shutil.rmtree(knowledge)
    bot.until_not_ready("knowledge: ")
    assert bot.say(QUESTION)["topic"] == small.COUNCIL_TAX
    knowledge.mkdir()
    bot.until_not_ready("no *.yaml file")
    assert helped(bot.say(DANGER))

    # put back with other words: the new answer
    small.write(knowledge, small.ENTRIES.replace("It depends on your council.", "It depends, says the new one."))
    bot.until_ready()
    assert "says the new one" in texts(bot.say(QUESTION))[0]


def test_a_bot_that_is_switched_off_gives_helplines(start: Start) -> None:
    bot = start(BOT_MODE="helplines")
    bot.until_ready()

    answer = bot.say(QUESTION)

    assert helped(bot.say(DANGER))
    assert answer["outcome"] == "unknown"
    assert kinds(answer)[-1] == "danger"


def test_a_pause_takes_effect_while_running_and_ends_with_resume(bot: Program) -> None:
    done = bot.command("pause", "--why", "We're moving to a new server.")
    assert done.returncode == 0, done.stderr
    eventually(lambda: bot.say(QUESTION)["outcome"] == "unknown", "paused")
    assert "We're moving to a new server." in texts(bot.say(QUESTION))[0]
    assert helped(bot.say(DANGER))

    assert bot.command("resume").returncode == 0
    eventually(lambda: bot.say(QUESTION)["outcome"] == "answer", "answering again")
    assert bot.command("resume").returncode == 0, "twice is no fault"


# --- the store


def test_a_locked_database_holds_up_neither_help_nor_answers(start: Start) -> None:
    bot = start()
    bot.until_ready()
    token, elsewhere = (bot.say("hello")["conversation"] for _ in range(2))
    bot.press("a:19", token)

    with contextlib.closing(sqlite3.connect(bot.database, isolation_level=None)) as other, ThreadPoolExecutor() as all_:
        other.execute("BEGIN EXCLUSIVE")
        asked = all_.submit(bot.say, QUESTION, token)
        deleting = all_.submit(bot.say, "/delete", elsewhere)
        waited, piece = first_words_after(bot, DANGER)
        assert waited < HELD_UP
        assert '"kind": "danger"' in piece
        waited, piece = first_words_after(bot, DANGER, token)
        assert waited < HELD_UP, "though an earlier message of the same person is still waiting"
        assert '"kind": "danger"' in piece
        bot.until_not_ready("store: ")
        assert (asked.result()["outcome"], asked.result()["kept"]) == ("answer", False)
        assert deleting.result()["kept"] is False
        assert "couldn't" in texts(deleting.result())[0]

    bot.until_ready()
    assert bot.say(QUESTION, token)["kept"] is True
    assert "19" in texts(bot.say("/mydata", token))[0], "nothing was lost that had been kept"


def test_a_database_that_is_locked_from_the_start_holds_up_neither_help_nor_answers(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()
    with contextlib.closing(sqlite3.connect(tmp_path / "state" / "waymark.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        bot = start()
        waited, piece = first_words_after(bot, DANGER)
        assert waited < HELD_UP
        assert '"kind": "danger"' in piece
        eventually(lambda: bot.say(QUESTION)["outcome"] == "answer")
        bot.until_not_ready("store: ")

    bot.until_ready()
    assert bot.say(QUESTION)["kept"] is True


def test_a_database_that_cannot_be_used_holds_up_neither_help_nor_answers(start: Start, tmp_path: Path) -> None:
    database = tmp_path / "state" / "waymark.db"
    database.parent.mkdir()
    with contextlib.closing(sqlite3.connect(database)) as newer:
        newer.executescript("CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('9999')")
    bot = start()

    bot.until_not_ready("store: ")

    assert helped(bot.say(DANGER))
    eventually(lambda: bot.say(QUESTION)["outcome"] == "answer")
    assert bot.say(QUESTION)["kept"] is False
    assert bot.stop() == 0


def test_a_disk_that_is_full_stops_nothing_and_when_there_is_room_it_keeps_again(start: Start, disk: Path) -> None:
    bot = start(state=disk)
    bot.until_ready()
    token = bot.say("hello")["conversation"]

    _fill(disk)
    bot.until_not_ready("store: ")
    assert helped(bot.say(DANGER, token))
    answer = bot.say(QUESTION, token)
    assert (answer["outcome"], answer["kept"]) == ("answer", False)

    (disk / "filler").unlink()
    bot.until_ready()
    assert bot.say(QUESTION, token)["kept"] is True
    assert bot.stop() == 0


def test_a_disk_that_is_full_from_the_start_leaves_no_half_a_secret(start: Start, disk: Path, knowledge: Path) -> None:
    small.keep_compiled(knowledge, disk)
    _fill(disk)
    bot = start(built=False, state=disk)

    assert helped(bot.say(DANGER))
    bot.until_not_ready("secret key: ")
    bot.until_not_ready("store: ")
    eventually(lambda: bot.say(QUESTION)["outcome"] == "answer", "answering")
    assert bot.stop() == 0
    assert not (disk / "secret.key").exists()

    (disk / "filler").unlink()
    bot.start()
    bot.until_ready()
    assert bot.say(QUESTION)["kept"] is True


def test_a_state_folder_that_is_read_only_stops_nothing(start: Start, disk: Path, knowledge: Path) -> None:
    small.keep_compiled(knowledge, disk)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    bot = start(built=False, state=disk)

    assert helped(bot.say(DANGER))
    eventually(lambda: bot.say(QUESTION)["outcome"] == "answer")
    answer = bot.say(QUESTION)
    assert (answer["outcome"], answer["kept"]) == ("answer", False)
    bot.until_not_ready("store: ")
    assert bot.command("pause", "--why", "x").returncode == 1
    assert "Traceback" not in bot.command("resume").stderr

    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    eventually(lambda: bot.say(QUESTION)["kept"], "kept again")


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x" * 512)
