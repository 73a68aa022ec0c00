"""The running programs on which the hard promises are tried."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import small
from tests.support.program import Program
from tests.support.promises import Start


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
