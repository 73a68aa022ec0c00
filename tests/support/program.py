"""The real program, as whoever runs it starts it: a process of its own, asked over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
LONG = 90.0  # seconds; a machine that is busy with other things
END_WITHIN = 10.0  # seconds from SIGTERM to the end: a promise


def environment(home: Path, **settings: str) -> dict[str, str]:
    """Nothing of ours but the settings given."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    path = os.pathsep.join([p for p in (settings.pop("PYTHONPATH", ""), str(ROOT)) if p])
    return {**kept, "HOME": str(home), "PYTHONPATH": path, **settings}


def command(home: Path, *words: str, given: str | bytes = b"", **settings: str) -> subprocess.CompletedProcess[str]:
    """One command run to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        env=environment(home, **settings),
        cwd=home,
        timeout=LONG,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def eventually(holds: Callable[[], Any], why: str = "", within: float = LONG) -> Any:
    """What `holds` gives once it is true. Polled, for a busy machine needs long and an idle one does not."""
    ends = time.monotonic() + within
    while not (found := holds()):
        assert time.monotonic() < ends, f"never came true: {why or holds}"
        time.sleep(0.05)
    return found


class Program:
    """`python -m bot run` with a state folder of its own."""

    def __init__(self, place: Path, knowledge: Path, *, state: Path | None = None, **settings: str) -> None:
        self.place, self.state = place, state or place / "state"
        self.out, self.err = place / "stdout", place / "stderr"
        self.address = f"http://127.0.0.1:{free_port()}"
        self._settings = {
            "BOT_STATE_DIR": str(self.state),
            "BOT_KNOWLEDGE": str(knowledge),
            "BOT_LISTEN": self.address.removeprefix("http://"),
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.web = httpx.Client(base_url=self.address, timeout=LONG)

    @property
    def database(self) -> Path:
        return self.state / "waymark.db"

    def start(self, *, out: Path | None = None, err: Path | None = None) -> Program:
        with (out or self.out).open("ab") as stdout, (err or self.err).open("ab") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                stdout=stdout,
                stderr=stderr,
                stdin=subprocess.DEVNULL,
                env=environment(self.place, **self._settings),
                cwd=self.place,
            )
        eventually(self._is_live, "the program listens")
        return self

    def _is_live(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.err.read_text()}"
        try:
            return self.web.get("/health/live").status_code == 200
        except httpx.TransportError:
            return False

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return command(self.place, *words, **self._settings)

    def say(self, text: str, token: str | None = None, **more: object) -> dict[str, Any]:
        return self.post({"text": text, "conversation": token, **more})

    def press(self, action: str, token: str | None = None) -> dict[str, Any]:
        return self.post({"action": action, "conversation": token})

    def post(self, body: dict[str, object]) -> dict[str, Any]:
        answer = self.web.post("/api/v1/messages", json={k: v for k, v in body.items() if v is not None})
        assert answer.status_code == 200, (answer.status_code, answer.text)
        found: dict[str, Any] = answer.json()
        return found

    def ready(self) -> tuple[int, list[str]]:
        answer = self.web.get("/health/ready")
        return answer.status_code, answer.json()["why"]

    def until_ready(self) -> None:
        eventually(lambda: self.ready() == (200, []), f"ready, and not {self.ready()}")

    def until_not_ready(self, why: str) -> str:
        """Waits for a 503 with a reason that holds these words; gives the reason."""

        def reason() -> str:
            status, reasons = self.ready()
            return next((r for r in reasons if why in r), "") if status == 503 else ""

        return str(eventually(reason, f"not ready because of {why}, and not {self.ready()}"))

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(END_WITHIN)

    def kill(self) -> None:
        """As a power cut would, for the process. Nothing when it has ended."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def said(self) -> str:
        return self.out.read_text("utf-8") + self.err.read_text("utf-8")


def texts(answer: dict[str, Any]) -> list[str]:
    return [reply["text"] for reply in answer["replies"]]


def kinds(answer: dict[str, Any]) -> list[str]:
    return [reply["kind"] for reply in answer["replies"]]
