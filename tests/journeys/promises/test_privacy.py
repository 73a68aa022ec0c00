"""What people write is told nowhere, what is deleted is gone, and no token opens what is not its own."""

from __future__ import annotations

import contextlib
import json
import socket
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import httpx

from bot.domain.messages import Sender
from bot.store.sealing import Seals
from tests.support import small
from tests.support.program import Program, texts
from tests.support.promises import DANGER, QUESTION, Start

MARKER = "ZEBEDEEMARKER77"


def bytes_under(folder: Path) -> dict[str, bytes]:
    found = {}
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file():
                found[str(path.relative_to(folder))] = path.read_bytes()
    return found


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


def holding(bot: Program, things: Sequence[bytes]) -> list[str]:
    """Files of the state folder in which one of the things stands."""
    return [name for name, content in bytes_under(bot.state).items() if any(thing in content for thing in things)]


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
