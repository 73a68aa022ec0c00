"""`make test`: every stage, one line each, the whole output of one that fails, and at the end a count."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
PYTEST = [PYTHON, "-m", "pytest"]

STATE = ROOT / ".venv" / "waymark-state"  # what the eval stage compiles is kept for the next time

STAGES: list[tuple[str, list[str]]] = [
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
    ("lint", [PYTHON, "-m", "ruff", "check", "."]),
    ("types", [PYTHON, "-m", "mypy"]),
    ("rooms", [str(Path(PYTHON).with_name("lint-imports")), ".ci/importlinter.ini", "--no-cache"]),
    ("knowledge", [PYTHON, "-m", "bot", "check", "--release"]),
    ("coverage", [PYTHON, "-m", "bot", "check", "--coverage", "--sentences"]),
    ("eval", [PYTHON, "-m", "tests.eval", "--check"]),
    ("unit", [*PYTEST, "tests/unit"]),
    ("contract", [*PYTEST, "tests/contract"]),
    ("journeys", [*PYTEST, "tests/journeys"]),
    ("package", [*PYTEST, "tests/package"]),
]


def main(wanted: list[str]) -> int:
    failed = 0
    environ = {"BOT_STATE_DIR": str(STATE), **os.environ, "NO_COLOR": "1"}
    stages = [(name, command) for name, command in STAGES if not wanted or name in wanted]
    for name, command in stages:
        started = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environ)
        lines = (done.stdout + done.stderr).strip().splitlines()
        said = lines[-1] if lines else ""
        verdict = "ok  " if done.returncode == 0 else "FAIL"
        print(f"{verdict} {name:<10} {time.monotonic() - started:5.0f} s  {said[:90]}", flush=True)
        _keep_newest()
        if done.returncode:
            failed += 1
            print(*lines, sep="\n", flush=True)
    print(f"{len(stages) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _keep_newest() -> None:
    """Of what was compiled for an earlier state of the knowledge nothing is needed any more."""
    for old in sorted(STATE.glob("compiled/*.bin"), key=lambda path: path.stat().st_mtime)[:-1]:
        old.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
