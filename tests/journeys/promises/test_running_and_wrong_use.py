"""It starts, answers and ends in time; wrong use of it is told in plain words."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from tests.support import small
from tests.support.program import Program, command, eventually, texts
from tests.support.promises import DANGER, QUESTION, Start, helped

# --- running and ending


def test_it_answers_over_http(bot: Program) -> None:
    answer = bot.say(QUESTION)

    assert answer["outcome"] == "answer"
    assert answer["topic"] == small.COUNCIL_TAX
    assert answer["kept"] is True
    assert "It depends on your council." in texts(answer)[0]
    eventually(lambda: f"Web chat: {bot.address}" in bot.out.read_text(), "the address is told")


def test_help_is_given_at_once(bot: Program) -> None:
    answer = bot.say(DANGER)

    assert helped(answer)
    assert "116 123" in texts(answer)[0]
    assert answer["kept"] is True


def test_a_conversation_goes_on_after_a_power_cut_and_a_clean_end_takes_no_ten_seconds(start: Start) -> None:
    bot = start()
    bot.until_ready()
    token = bot.say("hello")["conversation"]
    bot.press("c:devon", token)
    bot.press("a:19", token)
    vote = bot.say(QUESTION, token)["replies"][0]["actions"][-2]["action"]
    assert vote.startswith(f"y:{small.COUNCIL_TAX}:")
    assert bot.post({"action": vote, "conversation": token, "ref": "ours"})["kept"]

    bot.kill()
    bot.start()
    bot.until_ready()

    known = texts(bot.say("/mydata", token))[0]
    assert "Devon" in known
    assert "19" in known
    bot.post({"action": vote, "conversation": token, "ref": "ours"})
    with contextlib.closing(sqlite3.connect(bot.database)) as database:
        assert database.execute("SELECT helped FROM votes").fetchall() == [(1,)], "the same again changes nothing"

    with httpx.stream("GET", f"{bot.address}/", timeout=30):  # a line that is still open holds nothing up
        assert bot.stop() == 0


def test_it_ends_in_time_though_somebody_sends_half_a_message_and_stays(start: Start) -> None:
    bot = start()
    host, port = bot.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"POST /api/v1/messages HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n")
        line.sendall(b"Content-Length: 1000\r\n\r\n{")
        time.sleep(0.2)

        assert bot.stop() == 0


def test_it_ends_in_time_though_its_answers_are_still_being_made_ready(start: Start) -> None:
    bot = start(built=False)
    child = eventually(lambda: _children(bot), "it compiles in a process of its own")
    assert helped(bot.say(DANGER)), "danger is heard from the first moment"

    assert bot.stop() == 0

    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in child), "its child ended with it")


def test_a_log_that_cannot_be_written_stops_nothing(start: Start) -> None:
    bot = start(out=Path("/dev/full"))
    bot.until_ready()

    assert bot.say(QUESTION)["outcome"] == "answer"


def test_what_is_kept_is_for_its_own_account_alone(bot: Program) -> None:
    assert [p.name for p in bot.state.iterdir() if p.is_file() and p.stat().st_mode & 0o077] == []


# --- wrong use


def test_a_port_in_use_is_told_in_plain_words(bot: Program, tmp_path: Path) -> None:
    done = command(tmp_path, "run", BOT_LISTEN=bot.address.removeprefix("http://"))

    assert done.returncode == 2
    assert done.stderr.startswith("BOT_LISTEN: cannot listen there")
    assert "Traceback" not in done.stderr


def test_an_address_that_is_not_ours_is_told_in_plain_words(tmp_path: Path) -> None:
    done = command(tmp_path, "run", BOT_LISTEN=f"{'x' * 300}:8080")

    assert done.returncode == 2
    assert "BOT_LISTEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_all_wrong_settings_are_told_together_and_none_is_shown(tmp_path: Path) -> None:
    wrong = {"BOT_MODE": "SHOWN", "BOT_LISTEN": "SHOWN", "BOT_TELEGRAM_TOKEN": "SHOWN", "BOT_TOKN": "SHOWN"}

    done = command(tmp_path, "run", **wrong)

    assert done.returncode == 2
    assert all(name in done.stderr for name in wrong)
    assert "SHOWN" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words", [["fly"], [], ["run", "--fast"], ["pause"], ["ask", "--age", "x", "hi"], ["check", "--today", "tomorrow"]]
)
def test_wrong_use_is_told_in_plain_words(tmp_path: Path, words: list[str]) -> None:
    done = command(tmp_path, *words)

    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def _children(bot: Program) -> list[int]:
    assert bot.process is not None
    tasks = Path(f"/proc/{bot.process.pid}/task").glob("*/children")
    return [int(pid) for path in tasks for pid in path.read_text().split()]
