"""The whole program where the sentence model is missing: it answers by letters and words."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from bot import archive, minilm
from bot.bundle import cache_name, state_of
from tests.support import small
from tests.support.model import needs_model
from tests.support.program import command

pytestmark = needs_model

QUESTION = "do i have to pay council tax"
NOT_USED = "sentence model not used"
BUILDING = "Getting the answers ready"
HIDDEN = f"""\
import sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name == "{minilm.WHEEL}" else PathFinder.find_spec(name, path, target)

sys.meta_path[:] = [Without if finder is PathFinder else finder for finder in sys.meta_path]
"""


class Home:
    """A folder of knowledge and what was compiled of it, asked by the real program."""

    def __init__(self, place: Path) -> None:
        self.place, self.state = place, place / "state"
        self.knowledge = small.write(place / "knowledge")
        self.kept = self.state / "compiled" / cache_name(self.knowledge, state_of(self.knowledge))

    def compiled(self) -> None:
        small.keep_compiled(self.knowledge, self.state)

    def ask(self, path: Path | None = None) -> CompletedProcess[str]:
        """path is looked at before all others for what is installed."""
        words = ("ask", "--json", "--knowledge", str(self.knowledge), QUESTION)
        return command(self.place, *words, BOT_STATE_DIR=str(self.state), PYTHONPATH=str(path or ""))

    def sentences(self) -> Any:
        return archive.read(self.kept)[0]["sentences"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    """The wheel is installed and cannot be found."""
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "sitecustomize.py").write_text(HIDDEN, "utf-8")
    return tmp_path / "hidden"


def outcome(done: CompletedProcess[str]) -> tuple[str, str]:
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return found["outcome"], found["topic"]


def test_it_answers_from_a_file_that_has_sentences_in_it(home: Home, hidden: Path) -> None:
    home.compiled()
    done = home.ask(hidden)
    assert outcome(done) == ("answer", small.COUNCIL_TAX)
    assert done.stderr.count(NOT_USED) == 1
    assert BUILDING not in done.stderr


def test_a_file_built_without_the_model_is_used_without_it_and_built_anew_with_it(home: Home, hidden: Path) -> None:
    built = home.ask(hidden)
    assert BUILDING in built.stderr
    assert built.stderr.count(NOT_USED) == 1
    assert outcome(built) == ("answer", small.COUNCIL_TAX)
    assert home.sentences() is None

    again = home.ask(hidden)
    assert BUILDING not in again.stderr
    assert outcome(again) == ("answer", small.COUNCIL_TAX)

    better = home.ask()
    assert BUILDING in better.stderr
    assert NOT_USED not in better.stderr
    assert outcome(better) == ("answer", small.COUNCIL_TAX)
    assert home.sentences() == minilm.SHA256[:16]
