"""The hard promises, on the running program: help goes out whatever is broken, what is kept is kept, nobody is told of.

Needs root and Linux for disks that are full or read-only; fails where that is missing and `CI` is set, else skips.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.messages import Sender
from bot.store.sealing import Seals
from tests.support import small
from tests.support.program import Program, command, eventually, kinds, texts

DANGER = "i want to die"
QUESTION = "do i have to pay council tax"
HELD_UP = 3.0  # seconds in which help must be out on a busy machine; on an idle one it takes a few milliseconds
MARKER = "ZEBEDEEMARKER77"

Start = Callable[..., Program]


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    return small.write(tmp_path / "knowledge")


@pytest.fixture
def start(tmp_path: Path, knowledge: Path) -> Iterator[Start]:
    """Starts programs, with their answers compiled beforehand unless told not to, and ends them."""
    started: list[Program] = []

    def start(*, built: bool = True, state: Path | None = None, out: Path | None = None, **settings: str) -> Program:
        program = Program(tmp_path, knowledge, state=state, **settings)
        started.append(program)
        if built:
            small.keep_compiled(knowledge, program.state)
        return program.start(out=out)

    yield start
    for program in started:
        program.kill()
        program.web.close()


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One program for every test that leaves it well."""
    place = tmp_path_factory.mktemp("bot")
    folder = small.write(place / "knowledge")
    program = Program(place, folder)
    small.keep_compiled(folder, program.state)
    program.start()
    program.until_ready()
    yield program
    program.kill()
    program.web.close()


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


def helped(answer: dict[str, Any]) -> bool:
    return kinds(answer)[0] == "danger" and "999" in texts(answer)[0] and answer["urgency"] != "none"


def first_words_after(program: Program, text: str, token: str | None = None) -> tuple[float, str]:
    """Seconds until the first piece of an answer is there, and the piece: the rest may still be on its way."""
    body = {"text": text} | ({"conversation": token} if token else {})
    started = time.monotonic()
    with program.web.stream("POST", "/api/v1/messages", json=body) as answer:
        piece = next(answer.iter_text())
        return time.monotonic() - started, piece


def bytes_under(folder: Path) -> dict[str, bytes]:
    found = {}
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file():
                found[str(path.relative_to(folder))] = path.read_bytes()
    return found


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


# --- privacy


def test_nothing_a_person_writes_is_told_or_kept_anywhere(start: Start, tmp_path: Path, knowledge: Path) -> None:
    bot = start(BOT_LOG_LEVEL="DEBUG", PYTHONPATH=str(_with_a_bug(tmp_path / "planted")))
    bot.until_ready()
    refused: list[httpx.Response] = []

    def send_everything(token: str) -> None:
        for text in (MARKER, f"{DANGER} {MARKER}", f"/start {MARKER}", f"/{MARKER}", f"PROVOKE {MARKER}"):
            bot.say(text, token)
        bot.say(f"{MARKER} " * 5000, token)
        bot.say(f"ref of ours {MARKER}", token, ref=MARKER)
        for key in (
            MARKER,
            f"t:{MARKER}",
            f"y:{MARKER}:{MARKER}",
            f"y:{small.GP}:{MARKER}",
            f"c:{MARKER}",
            f"a:{MARKER}",
        ):
            bot.press(key, token)
        bot.press("c", token)
        bot.say(MARKER, token)
        web = bot.web
        form = {"text": MARKER, "conversation": token, "label": MARKER, "key": MARKER, "after": MARKER}
        assert web.post("/", data=form).status_code == 200
        assert web.post("/", data=form | {"action": MARKER}).status_code == 200
        assert web.post("/", data=form | {"check": "1"}).status_code == 200
        json_ = {"Content-Type": "application/json"}
        refused.extend(
            [
                web.post("/api/v1/messages", content=f'{{"text": "{MARKER}', headers=json_),
                web.post("/api/v1/messages", content=json.dumps({"text": [MARKER]}), headers=json_),
                web.post("/api/v1/messages", content=json.dumps({MARKER: MARKER}), headers=json_),
                web.post("/api/v1/messages", content=json.dumps({"action": MARKER * 10}), headers=json_),
                web.post("/api/v1/messages", content=MARKER.encode() * 60_000, headers=json_),
                web.post("/api/v1/messages", content=MARKER, headers={"Content-Type": MARKER}),
                web.get("/api/v1/messages", headers={"Authorization": f"Bearer {MARKER}"}),
                web.get("/api/v1/messages", headers={"Authorization": MARKER}),
                web.get(f"/api/v1/messages?after={MARKER * 20}", headers={"Authorization": f"Bearer {token}"}),
                web.get(f"/{MARKER}?{MARKER}={MARKER}", headers={"Cookie": MARKER, "Referer": MARKER}),
                web.request(MARKER, "/api/v1/messages"),
                web.get(f"/static/{MARKER}"),
            ]
        )
        assert bot.say(MARKER, MARKER)["conversation"] != MARKER
        _send_raw(bot, f"{MARKER} / HTTP/1.1\r\nHost: {MARKER}\r\n{MARKER}\r\n\r\n")
        _send_raw(bot, f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\ntext={MARKER}")

    send_everything(bot.say("hello")["conversation"])
    with contextlib.closing(sqlite3.connect(bot.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        bot.say(f"{DANGER} {MARKER}")
        bot.say(f"PROVOKE {MARKER}")
    (knowledge / "entries.yaml").write_text("- id: [", "utf-8")
    bot.until_not_ready("entries.yaml:")
    send_everything(bot.say("hello")["conversation"])
    why = bot.web.get("/health/ready").text
    figures = bot.web.get("/metrics").text
    assert bot.stop() == 0

    assert "turn failed" in bot.said(), "the planted bug was met"
    assert [response.status_code for response in refused if response.status_code < 400] == []
    assert [response.request.url for response in refused if MARKER in response.text] == []
    assert MARKER not in figures + why
    assert MARKER not in bot.said()
    assert [name for name, content in bytes_under(bot.state).items() if MARKER.encode() in content] == []


def test_delete_leaves_nothing_of_a_person_anywhere(start: Start) -> None:
    bot = start()
    bot.until_ready()
    others = [bot.say("hello")["conversation"] for _ in range(3)]
    seals = Seals(bytes.fromhex((bot.state / "secret.key").read_text()))

    for by in (bot.say, bot.press):
        token = bot.say("hello")["conversation"]
        bot.press("c:isles-of-scilly", token)
        bot.press("a:23", token)
        bot.say(QUESTION, token)
        theirs = (seals.key_of(Sender("web", token)), token.encode(), b'"council": "isles-of-scilly"')
        before = b"".join(bytes_under(bot.state).values())
        assert theirs[0] in before, "the search finds what is there"
        assert theirs[2] in before

        told = by("/delete" if by == bot.say else "delete", token)

        assert texts(told) == ["Done. Everything I held about you is gone. If you write again, we start fresh."]
        assert holding(bot, theirs) == []
        assert "Scilly" not in texts(bot.say("/mydata", token))[0]

    assert all(seals.key_of(Sender("web", other)) in b"".join(bytes_under(bot.state).values()) for other in others)
    with contextlib.closing(sqlite3.connect(bot.database)) as database:
        assert database.execute("SELECT count(*) FROM conversations WHERE state LIKE '%scilly%'").fetchone() == (0,)


def test_privacy_and_my_data_answer_at_once(bot: Program) -> None:
    token = bot.say("hello")["conversation"]

    assert len(texts(bot.say("/privacy", token))[0]) > 100
    bot.press("c:devon", token)
    assert "Devon" in texts(bot.press("mydata", token))[0]
    assert "Devon" in texts(bot.say("/mydata", token))[0]


def test_no_token_opens_somebody_elses_conversation(bot: Program) -> None:
    token = bot.say("hello")["conversation"]
    bot.press("c:devon", token)
    changed = token[:-1] + ("0" if token[-1] != "0" else "1")

    for wrong in (changed, token.upper(), token + "x", "x", "🙂", "x" * 5000):
        answer = bot.say("/mydata", wrong)
        assert answer["conversation"] not in (wrong, token)
        assert "Devon" not in "".join(texts(answer))


# --- bad input

ODD = {
    "empty": "",
    "spaces": " \t\r\n ",
    "a little long": "council tax " * 341 + "x" * 5,
    "very long": "council tax, " * 7_692 + "end!",
    "one word 5,000 times": "help " * 5000,
    "one long word": "a" * 50_000,
    "only emoji": "😭😭😭",
    "only signs": "?!?!…",
    "right to left": "هل يجب أن أدفع ضريبة المجلس",
    "hidden": "\u200b\u200c\u200d\ufeff\u2060",
    "zero width inside": "cou\u200bncil t\u200dax",
    "direction marks": "\u202ecouncil tax\u202c",
    "NUL": "council\x00tax",
    "half a pair": "\ud800",
    "half a pair inside": "council \udfff tax",
    "controls": "".join(map(chr, range(32))),
    "every plane": "".join(chr(plane * 0x10000 + 0x61) for plane in range(17)),
    "not characters": "\ufffe\uffff\U0010ffff",
    "many marks": "e" + "\u0301" * 2000,
    "markup": "<script>alert(1)</script> **bold** [x](javascript:1)",
    "braces": "{0} {name} %s %(x)s ${HOME} {{7*7}}",
    "regex": "(a+)+$ " * 200 + "a" * 200 + "!",
    "command": "/",
    "unknown command": "/rm -rf",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_any_text_gets_a_reply_and_the_next_message_works(bot: Program, text: str) -> None:
    started = time.monotonic()
    answer = bot.web.post("/api/v1/messages", content=json.dumps({"text": text}), headers=_JSON)

    assert answer.status_code == 200, answer.text
    assert texts(answer.json())
    assert all(said.strip() for said in texts(answer.json()))
    assert time.monotonic() - started < 10
    assert bot.say(QUESTION, answer.json()["conversation"])["topic"] == small.COUNCIL_TAX


_JSON = {"Content-Type": "application/json"}
WRONG: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b'{"text": "\xff"}',
    "deep": b"[" * 100_000,
    "deep and whole": b'{"text": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "a list": b'["text"]',
    "a number": b"7",
    "null": b"null",
    "neither": b"{}",
    "both": b'{"text": "x", "action": "y"}',
    "text of another type": b'{"text": 7}',
    "action of another type": b'{"action": {}}',
    "token of another type": b'{"text": "x", "conversation": []}',
    "a huge number": b'{"text": ' + b"9" * 5000 + b"}",
    "too long": json.dumps({"text": "x" * 600_000}).encode(),
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_body_is_refused_in_plain_words_and_the_next_one_works(bot: Program, body: bytes) -> None:
    answer = bot.web.post("/api/v1/messages", content=body, headers=_JSON)

    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == {"error"}
    assert bot.say(QUESTION)["outcome"] == "answer"


KEYS = ("", "a:²", "a:99999999999999999999", "y::", "d:devon", "d:devon:nowhere", "p:more", "t:", ":", "m:\x00")


@pytest.mark.parametrize("key", KEYS)
def test_any_button_is_answered(bot: Program, key: str) -> None:
    answer = bot.web.post("/api/v1/messages", json={"action": key})

    assert answer.status_code in ((200,) if key else (422,)), answer.text
    if key:
        assert texts(answer.json())
        assert bot.say(QUESTION, answer.json()["conversation"])["outcome"] == "answer"


LINES: dict[str, tuple[str, bool]] = {  # the line, and whether it can be answered
    **{f"text {name}": (json.dumps({"text": text}), True) for name, text in ODD.items()},
    "id of every kind": ('{"id": {"a": [1, null, "\\ud800"]}, "text": "hi"}', True),
    "unknown council": ('{"text": "council tax", "council": "atlantis"}', True),
    "unknown district": ('{"text": "council tax", "council": "devon", "district": "nowhere"}', True),
    "unknown place": ('{"text": "council tax", "lives_in": "the moon"}', True),
    "unknown status": ('{"text": "council tax", "status": "king"}', True),
    "odd places": (json.dumps({"text": "x", "council": "\x00", "lives_in": "🙂" * 999, "district": "\ud800"}), True),
    "age 12": ('{"text": "council tax", "age": 12}', True),
    "age 70": ('{"text": "council tax", "age": 70}', True),
    "age below nothing": ('{"text": "council tax", "age": -1}', True),
    "age beyond numbers": ('{"text": "council tax", "age": 1' + "0" * 400 + "}", True),
    "2019": ('{"text": "council tax", "today": "2019-01-01"}', True),
    "danger in 2019": ('{"text": "i want to die", "today": "2019-12-25"}', True),
    "a byte order mark": ('\ufeff{"text": "council tax"}', True),
    "year 1": ('{"text": "i want to die", "today": "0001-01-01"}', False),
    "year 9999": ('{"text": "i want to die", "today": "9999-12-31"}', False),
    "no day": ('{"text": "x", "today": "2026-02-30"}', False),
    "age in words": ('{"text": "x", "age": "19"}', False),
    "age is true": ('{"text": "x", "age": true}', False),
    "age in part": ('{"text": "x", "age": 19.5}', False),
    "no text": ('{"id": 1}', False),
    "text of another type": ('{"id": 2, "text": ["x"]}', False),
    "council of another type": ('{"text": "x", "council": {"a": 1}}', False),
    "no object": ("7", False),
    "a list": ("[]", False),
    "no JSON": ("council tax", False),
    "no number": ('{"id": NaN, "text": "x"}', False),
    "endless number": ('{"id": 1e999, "text": "x"}', False),
    "deep": ("[" * 100_000, False),
}


def test_every_line_of_ask_gets_an_answer_or_a_clear_error_in_order(bot: Program) -> None:
    known = '{"id": "known", "text": "do i have to pay council tax"}'
    given = "".join(f"{line}\n{known}\n" for line, _ in LINES.values()).encode() + b"\xff\n" + known.encode()

    done = command(bot.place, "ask", "--jsonl", given=given, **_settings(bot))

    assert done.returncode == 0, done.stderr
    found = [json.loads(line, parse_constant=_refuse) for line in done.stdout.splitlines()]
    assert len(found) == 2 * len(LINES) + 2
    for (name, (_, answered)), answer, after in zip(LINES.items(), found[::2], found[1::2], strict=False):
        assert ("error" not in answer) == answered, (name, answer)
        assert answered or "fault" not in answer["error"], (name, answer)
        assert after["id"] == "known", name
        assert after["topic"] == small.COUNCIL_TAX, name
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("given", [b"", b"\xff\xfe\x00", b"do i have to pay council tax"])
def test_ask_reads_anything_on_standard_input(bot: Program, given: bytes) -> None:
    done = command(bot.place, "ask", given=given, PYTHONIOENCODING="ascii", **_settings(bot))

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr


def _settings(bot: Program) -> dict[str, str]:
    return {"BOT_STATE_DIR": str(bot.state), "BOT_KNOWLEDGE": str(bot.place / "knowledge")}


def _refuse(name: str) -> float:
    raise AssertionError(f"{name} is no JSON")


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x" * 512)


def holding(bot: Program, things: Sequence[bytes]) -> list[str]:
    """Files of the state folder in which one of the things stands."""
    return [name for name, content in bytes_under(bot.state).items() if any(thing in content for thing in things)]


def _children(bot: Program) -> list[int]:
    assert bot.process is not None
    tasks = Path(f"/proc/{bot.process.pid}/task").glob("*/children")
    return [int(pid) for path in tasks for pid in path.read_text().split()]


def _send_raw(bot: Program, text: str) -> None:
    host, port = bot.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line, contextlib.suppress(OSError):
        line.sendall(text.encode())
        line.settimeout(0.3)
        line.recv(1000)


def _with_a_bug(folder: Path) -> Path:
    """A place for Python to look in first, where deciding fails when it is told to, with the person's words."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "import bot.dialogue.decide as room\n"
        "decide = room.decide\n"
        "def planted(turn):\n"
        "    if 'PROVOKE' in turn.message.text:\n"
        "        raise RuntimeError(turn.message.text)\n"
        "    return decide(turn)\n"
        "room.decide = planted\n"
    )
    return folder
