"""Logs: one JSON object a line, ids and counts only. A library may say a person's words, so its texts are withheld."""

from __future__ import annotations

import json
import logging
import sys
import threading
from datetime import UTC, datetime

OURS = ("waymark", "bot")
STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
SAID_BY_LIBRARIES = ("uvicorn",)  # whose fixed sentences name no person


class Lines(logging.Formatter):
    """Our own events with their fields; of others' code only where it spoke, and of an exception only its type."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
        }
        room = record.name.partition(".")[0]
        if room in OURS:
            line["event"] = record.getMessage()
            line |= {k: v for k, v in record.__dict__.items() if k not in STANDARD}
        elif room in SAID_BY_LIBRARIES and not record.exc_info:
            line["event"] = str(record.msg).splitlines()[0][:80] if record.msg else ""
        else:
            line["event"] = f"withheld ({record.module}:{record.lineno})"
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, default=str, ensure_ascii=False)


def set_up(level: str) -> None:
    """The root logger writes to standard error, and nothing else does: Python's own last words may hold a person's."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.raiseExceptions = False  # a line that cannot be written is not printed with its arguments instead
    logging.captureWarnings(True)
    sys.excepthook = lambda kind, *_: _last_words(kind)
    sys.unraisablehook = lambda failed: _last_words(failed.exc_type)
    threading.excepthook = lambda failed: _last_words(failed.exc_type)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers[:] = []
        logging.getLogger(name).propagate = True
    for name in ("httpx", "httpcore", "telegram", "uvicorn.access", "watchfiles", "alembic", "sqlalchemy", "aiosqlite"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def _last_words(kind: type[BaseException] | None) -> None:
    logging.getLogger("waymark").critical("uncaught", extra={"error": kind.__name__ if kind else "?"})
