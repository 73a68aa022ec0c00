"""`waymark council new`: a copy of the made-up council that cannot be mistaken for a real one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.knowledge.check import check
from bot.knowledge.load import load, package_knowledge
from bot.knowledge.newcouncil import Refused, new_council, usual_place
from tests.support.knowledge import package
from tests.unit.test_knowledge_check import TODAY


def with_kent(folder: Path) -> Path:
    shutil.copytree(package_knowledge(), folder, ignore=shutil.ignore_patterns("*.ask.yaml", "triage", "not-covered"))
    new_council("kent", package().councils, folder / "councils" / "kent")
    return folder


def test_the_copy_bears_the_councils_own_name_and_says_what_to_fill_in(tmp_path: Path) -> None:
    said = new_council("kent", package().councils, tmp_path / "kent")
    text = "".join(p.read_text("utf-8") for p in (tmp_path / "kent").rglob("*.yaml"))
    assert "xampleshire" not in text
    assert "Kent" in text
    assert "confirmed: true" not in text
    assert any("council.yaml" in line and "leaving_care: whom a young person rings" in line for line in said)
    assert any("participation: fill in, or null" in line for line in said)


def test_a_copy_is_read_refused_in_a_release_and_not_served(tmp_path: Path) -> None:
    found = load(with_kent(tmp_path / "all"))
    assert found.faults == []
    assert "kent" not in found.base(None).pack
    assert "kent" not in found.base(None).overlays
    assert any("this is still the template" in str(f) for f in check(found, draft=False, today=TODAY))


def test_without_the_mark_every_made_up_number_and_link_is_named(tmp_path: Path) -> None:
    folder = with_kent(tmp_path / "all")
    pack = folder / "councils" / "kent" / "council.yaml"
    pack.write_text(pack.read_text("utf-8").replace("example: true", "example: false"), "utf-8")
    kent = [str(f) for f in check(load(folder), draft=False, today=TODAY) if f.path.startswith("councils/kent/")]
    assert any("'01632 960100' is a number for films" in f for f in kent)
    assert any("'kent.example' is not a known host" in f for f in kent)
    assert any("there is no district 'northdale'" in f for f in kent)


def test_a_council_that_is_not_there_is_answered_with_those_that_are_like_it(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="did you mean kent"):
        new_council("kentt", package().councils, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is there already"):
        new_council("kent", package().councils, tmp_path)


def test_nothing_is_written_into_the_installed_program(tmp_path: Path) -> None:
    assert usual_place(tmp_path / "_knowledge", "kent") == Path("kent")
    assert usual_place(tmp_path, "kent") == tmp_path / "councils" / "kent"


def test_the_command_prints_the_list_and_says_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["council", "new", "devon", "--to", str(tmp_path / "devon")]) == 0
    assert "To fill in:" in capsys.readouterr().out
    assert main(["council", "new", "devon", "--to", str(tmp_path / "devon")]) == 2
    assert "is there already" in capsys.readouterr().err
