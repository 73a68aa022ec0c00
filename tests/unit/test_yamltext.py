"""YAML read as text, with lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.yamltext import read


def document(tmp_path: Path, text: str):  # type: ignore[no-untyped-def]
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    return read(path, "x.yaml")


def test_scalars_stay_as_they_were_written(tmp_path: Path) -> None:
    found = document(tmp_path, "time: 10:30\nphone: 0117\nanswer: NO\nday: 2026-11-24\nnothing: null\nempty:\n")
    assert found.data == {
        "time": "10:30",
        "phone": "0117",
        "answer": "NO",
        "day": "2026-11-24",
        "nothing": None,
        "empty": None,
    }


def test_a_quoted_null_is_a_word(tmp_path: Path) -> None:
    assert document(tmp_path, "a: 'null'\nb: \"\"\n").data == {"a": "null", "b": ""}


def test_two_equal_keys_are_refused_with_the_line_of_the_second(tmp_path: Path) -> None:
    found = document(tmp_path, "id: a\ntitle: b\nid: c\n")
    assert [str(f) for f in found.faults] == ["x.yaml:3: the key 'id' stands here twice; keep one of the two"]
    assert found.data is None


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: [1, 2\nb: c\n", 2), ("a: b\n\tc: d\n", 2), ("a: 'b\n", 2), ("a: b: c\n", 1), ("? [a]\n: b\n", 1)],
)
def test_what_is_no_yaml_is_a_fault_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    found = document(tmp_path, text)
    assert found.faults[0].line == line
    assert found.data is None


def test_a_file_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a: \xff\xfe\n")
    assert "UTF-8" in read(path, "x.yaml").faults[0].says


def test_each_value_knows_its_line(tmp_path: Path) -> None:
    found = document(tmp_path, "a: 1\nb:\n  - x\n  - y: z\n")
    assert (found.line(("a",)), found.line(("b", 0)), found.line(("b", 1, "y")), found.line(("b", 1, "no"))) == (
        1,
        3,
        4,
        4,
    )


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        path.write_text(text, "utf-8", errors="replace")
        found = read(path, "x.yaml")
        assert found.data is None or not found.faults
