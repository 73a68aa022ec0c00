"""Any text, body, button or line gets a reply or a clear error, and the next one works."""

from __future__ import annotations

import json
import time

import pytest

from tests.support import small
from tests.support.program import Program, command, texts
from tests.support.promises import QUESTION

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
