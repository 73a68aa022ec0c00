"""`make test`: every stage, one line each, the whole output of one that fails, and at the end a count."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
PYTEST = [PYTHON, "-m", "pytest"]

STATE = ROOT / ".venv" / "waymark-state"  # what the eval stage compiles is kept for the next time

Stage = tuple[str, list[str]]

# Two lanes side by side, as machines have two cores; then what drives the whole program, one after the other.
LANES: list[list[Stage]] = [
    [
        ("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        ("lint", [PYTHON, "-m", "ruff", "check", "."]),
        ("knowledge", [PYTHON, "-m", "bot", "check", "--release"]),
        ("unit", [*PYTEST, "tests/unit"]),
        ("contract", [*PYTEST, "tests/contract"]),
    ],
    [
        ("rooms", [str(Path(PYTHON).with_name("lint-imports")), ".ci/importlinter.ini", "--no-cache"]),
        ("types", [PYTHON, "-m", "mypy"]),
        ("coverage", [PYTHON, "-m", "bot", "check", "--coverage", "--sentences"]),
        ("eval", [PYTHON, "-m", "tests.eval", "--check"]),
    ],
]
LAST: list[Stage] = [("journeys", [*PYTEST, "tests/journeys"]), ("package", [*PYTEST, "tests/package"])]
TELLING = threading.Lock()


def main(wanted: list[str]) -> int:
    lanes = [[stage for stage in lane if not wanted or stage[0] in wanted] for lane in (*LANES, LAST)]
    with ThreadPoolExecutor(len(LANES)) as pool:
        results = [result for lane in pool.map(_run, lanes[:-1]) for result in lane]
    results += _run(lanes[-1])
    _keep_newest()
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


def _run(stages: list[Stage]) -> list[bool]:
    return [_passes(*stage) for stage in stages]


def _passes(name: str, command: list[str]) -> bool:
    environ = {"BOT_STATE_DIR": str(STATE), **os.environ, "NO_COLOR": "1"}
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environ)
    lines = (done.stdout + done.stderr).strip().splitlines()
    verdict = "ok  " if done.returncode == 0 else "FAIL"
    with TELLING:
        print(f"{verdict} {name:<10} {time.monotonic() - started:5.0f} s  {(lines or [''])[-1][:90]}", flush=True)
        if done.returncode:
            print(*lines, sep="\n", flush=True)
    return done.returncode == 0


def _keep_newest() -> None:
    """Of what was compiled for an earlier state of the knowledge nothing is needed any more."""
    for old in sorted(STATE.glob("compiled/*.bin"), key=lambda path: path.stat().st_mtime)[:-1]:
        old.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
