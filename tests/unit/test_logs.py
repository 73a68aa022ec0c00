"""A log line holds ids and counts; what a library or an exception says is withheld, for it may be a person's."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from bot.logs import set_up

MARKER = "ZEBEDEE-SAID-THIS"


class Log(io.StringIO):
    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """Standard error, with logging set up on it and put back afterwards."""
    stream, root = Log(), logging.getLogger()
    handlers, level, said = root.handlers[:], root.level, logging.raiseExceptions
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    monkeypatch.setattr(sys, "stderr", stream)
    set_up("DEBUG")
    yield stream
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = said
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks


def test_an_event_of_ours_is_one_json_object_with_its_fields(log: Log) -> None:
    logging.getLogger("waymark.receive").info("turn\nkept", extra={"count": 3, "channel": "web"})

    (line,) = log.lines
    assert line | {"at": ""} == {
        "at": "",
        "level": "info",
        "from": "waymark.receive",
        "event": "turn\nkept",
        "count": 3,
        "channel": "web",
    }


@pytest.mark.parametrize("name", ["httpx", "telegram.ext", "sqlalchemy.engine", "asyncio", "multipart.multipart", "x"])
def test_what_a_library_says_is_withheld(log: Log, name: str) -> None:
    logging.getLogger(name).error("sent %s to %s", MARKER, MARKER, extra={"body": MARKER})

    assert MARKER not in log.getvalue()
    assert log.lines[0]["event"].startswith("withheld (test_logs:")
    assert log.lines[0]["from"] == name


def test_what_the_server_says_comes_without_its_arguments(log: Log) -> None:
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received: %s", MARKER)

    assert log.lines[0]["event"] == "Invalid HTTP request received: %s"


@pytest.mark.parametrize("name", ["waymark.x", "bot.channels.webchat.api", "uvicorn.error", "telegram"])
def test_of_an_exception_only_its_kind_is_told(log: Log, name: str) -> None:
    logging.getLogger(name).error("failed", exc_info=ValueError(MARKER))

    assert MARKER not in log.getvalue()
    assert log.lines[0]["error"] == "ValueError"


@pytest.mark.parametrize("hook", ["main", "thread", "unraisable"])
def test_an_exception_that_nobody_caught_is_told_by_its_kind(log: Log, hook: str) -> None:
    error = ValueError(MARKER)
    if hook == "main":
        sys.excepthook(ValueError, error, None)
    elif hook == "thread":
        threading.excepthook(threading.ExceptHookArgs((ValueError, error, None, None)))
    else:
        sys.unraisablehook(_Unraisable(error))  # type: ignore[arg-type]

    assert MARKER not in log.getvalue()
    assert log.lines[0]["error"] == "ValueError"


def test_a_warning_is_withheld(log: Log) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(MARKER, stacklevel=1)

    assert MARKER not in log.getvalue()
    assert log.lines[0]["event"].startswith("withheld")


def test_a_line_that_cannot_be_written_is_not_printed_with_its_arguments(log: Log) -> None:
    logging.getLogger("waymark.x").info("%d", MARKER)

    assert MARKER not in log.getvalue()


def test_a_disk_that_is_full_stops_no_message(monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    def full(_: str) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log, "write", full)

    logging.getLogger("waymark.x").info("an event")


class _Unraisable:
    """What the interpreter hands to its hook."""

    def __init__(self, error: BaseException) -> None:
        self.exc_type, self.exc_value, self.exc_traceback = type(error), error, None
        self.err_msg, self.object = MARKER, MARKER
