"""`pip install .` is all it takes: the program and its knowledge work from any folder, for somebody new."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import __version__
from tests.support.program import ROOT

BUILD = 600.0  # seconds; the first answer waits for the whole knowledge base to be compiled
QUESTION = "do i have to pay council tax"


class Installed:
    """A fresh environment with the program in it, used from an empty folder by somebody with an empty home."""

    def __init__(self, place: Path) -> None:
        self.environment, self.home, self.folder = place / "venv", place / "home", place / "empty"
        self.knowledge = {p.relative_to(ROOT / "knowledge") for p in (ROOT / "knowledge").rglob("*.yaml")}
        self.files = {p.name for p in (ROOT / "bot").rglob("*") if p.is_file() and p.suffix != ".pyc"}
        self.home.mkdir()
        self.folder.mkdir()
        subprocess.run([sys.executable, "-m", "venv", self.environment], check=True)
        pip = [str(self.environment / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*pip, "install", str(ROOT)], capture_output=True, text=True, cwd=self.folder)
        assert done.returncode == 0, done.stderr

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.environment / "bin" / words[0]), *words[1:]]
        known = {"PATH": os.environ["PATH"], "HOME": str(self.home)}
        return subprocess.run(command, capture_output=True, text=True, env=known, cwd=self.folder, timeout=BUILD)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    yield Installed(tmp_path_factory.mktemp("package"))


def test_the_installed_command_says_its_version(installed: Installed) -> None:
    done = installed.run("waymark", "--version")

    assert (done.returncode, done.stdout.strip()) == (0, __version__)


def test_the_knowledge_travels_in_the_package(installed: Installed) -> None:
    done = installed.run("python", "-c", "from bot.knowledge.load import package_knowledge as k; print(k())")
    folder = Path(done.stdout.strip())

    assert folder.is_relative_to(installed.environment)
    assert {p.relative_to(folder) for p in folder.rglob("*.yaml")} >= installed.knowledge
    assert (folder / "LICENSE").is_file()


def test_the_tables_and_pages_travel_in_the_package(installed: Installed) -> None:
    code = "import bot; from pathlib import Path; print(*(p.name for p in Path(bot.__file__).parent.rglob('*')))"
    names = set(installed.run("python", "-c", code).stdout.split())

    assert names >= installed.files
    assert names >= {"0001_first.py", "rules.yaml", "helplines.yaml"}


def test_the_installed_knowledge_has_no_faults(installed: Installed) -> None:
    done = installed.run("waymark", "check")

    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("no faults")


def test_one_question_is_answered_and_the_second_time_at_once(installed: Installed) -> None:
    first = installed.run("waymark", "ask", QUESTION)
    assert first.returncode == 0, first.stderr
    assert "council" in first.stdout.lower()

    started = time.monotonic()
    second = installed.run("waymark", "ask", QUESTION)

    assert (second.returncode, second.stdout) == (0, first.stdout)
    assert second.stderr == "", "nothing is made ready any more"
    assert time.monotonic() - started < 15
    assert list(installed.folder.iterdir()) == [], "it leaves nothing where it is used"
