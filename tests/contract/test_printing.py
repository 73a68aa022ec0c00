"""The printed leaflet: two pages that a screen reader can read, and a QR code that leads where it says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import segno
from pypdf import PdfReader
from pypdf.generic import ContentStream

from bot.__main__ import main
from bot.knowledge.leaflet import leaflet_for
from bot.knowledge.leafletpages import Item, Leaflet, Section
from bot.printing.page import html_of, mark_of, qr_code
from bot.printing.pdf import print_leaflet
from tests.support.knowledge import package

TODAY = date(2026, 11, 24)
ADDRESS = "https://waymark.example.org/"
LONG_NAME = max((council.slug for council in package().councils), key=lambda slug: len(package().council[slug].name))
COUNCILS = ("devon", "northumberland", "central-bedfordshire", LONG_NAME, None)
PAINTS = {b"Tj", b"TJ", b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"Do", b"sh", b"'", b'"'}


def leaflet(council: str | None = "devon", stage: str = "18-21") -> Leaflet:
    found = leaflet_for(package(), council, stage, TODAY)
    assert found is not None
    return found


@cache
def printed(council: str | None = "devon", stage: str = "18-21", address: str | None = ADDRESS) -> PdfReader:
    return PdfReader(BytesIO(print_leaflet(leaflet(council, stage), address)))


def tree(pdf: PdfReader) -> Iterator[Any]:
    """Every element of the structure tree, in reading order."""

    def below(node: Any) -> Iterator[Any]:
        element = node.get_object()
        if not hasattr(element, "get") or "/S" not in element:
            return
        yield element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if not isinstance(kid, int):
                yield from below(kid)

    for top in root(pdf)["/StructTreeRoot"]["/K"]:
        yield from below(top)


def root(pdf: PdfReader) -> Any:
    return pdf.trailer["/Root"]


every = pytest.mark.parametrize(
    ("council", "stage"), [(c, s) for c in COUNCILS for s in ("before-18", "at-18", "18-21", "21-25")]
)


@every
def test_every_leaflet_is_two_pages_and_nothing_had_to_be_left_out(council: str | None, stage: str) -> None:
    pdf = printed(council, stage)
    assert len(pdf.pages) == 2
    assert [tuple(map(round, page.mediabox[2:])) for page in pdf.pages] == [(595, 842)] * 2
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    for item in leaflet(council, stage).items:
        assert item.title in text, item.id


@every
def test_it_is_tagged_and_says_its_language_and_title(council: str | None, stage: str) -> None:
    pdf = printed(council, stage)
    assert root(pdf)["/MarkInfo"]["/Marked"]
    assert root(pdf)["/Lang"] == "en-GB"
    assert root(pdf)["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"{leaflet(council, stage).title}. {leaflet(council, stage).place}"
    assert all(str(page["/Tabs"]) == "/S" for page in pdf.pages)
    assert b'pdfuaid:part="1"' in root(pdf)["/Metadata"].get_data()


@every
def test_headings_lists_links_and_the_picture_are_tagged_as_such(council: str | None, stage: str) -> None:
    elements = list(tree(printed(council, stage)))
    kinds = [element["/S"] for element in elements]
    headings = [kind for kind in kinds if re.fullmatch(r"/H\d", kind)]
    made = leaflet(council, stage)
    assert headings == ["/H1", *["/H2"] * (len(made.sections) + 4)]
    assert kinds.count("/LI") == kinds.count("/LBody") == len(made.items) + len(made.ring)
    assert kinds.count("/L") >= len(made.sections) + 1  # one that runs over a page end is two
    (figure,) = [element for element in elements if element["/S"] == "/Figure"]
    assert figure["/Alt"] == f"QR code that opens Waymark: {ADDRESS}"
    for page in printed(council, stage).pages:
        for link in page.get("/Annots", []):
            assert link.get_object()["/Contents"]
            assert "/StructParent" in link.get_object()


@every
def test_nothing_is_painted_that_is_neither_tagged_nor_marked_as_decoration(council: str | None, stage: str) -> None:
    pdf = printed(council, stage)
    for page in pdf.pages:
        depth = painted = 0
        for _, operator in ContentStream(page.get_contents(), pdf).operations:
            depth += operator in (b"BDC", b"BMC")
            depth -= operator == b"EMC"
            painted += operator in PAINTS
            assert depth > 0 or operator not in PAINTS, operator
        assert painted > 20


@every
def test_every_font_is_embedded(council: str | None, stage: str) -> None:
    for page in printed(council, stage).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & described.keys()


def test_the_qr_code_is_that_of_the_address() -> None:
    """Each dark square of the drawing is one of the code's, and no other."""
    svg = ElementTree.fromstring(qr_code(ADDRESS, "Alt"))
    _, _, width, _ = map(int, (svg.get("viewBox") or "").split())
    wanted = segno.make(ADDRESS, error="q", micro=False, boost_error=False).matrix
    border = (width - len(wanted)) // 2
    assert border == 4  # ISO/IEC 18004: the quiet zone
    assert drawn(svg) == {
        (x + border, y + border) for y, row in enumerate(wanted) for x, dark in enumerate(row) if dark
    }


def drawn(svg: ElementTree.Element) -> set[tuple[int, int]]:
    """The squares that segno's path covers: `M x y.5` sets the pen, `m` moves it, `h` draws a line one square high."""
    (path,) = svg.iter("path")
    x, y, found = 0.0, 0.0, set()
    for step, numbers in re.findall(r"([Mmh])([^Mmh]*)", path.get("d") or ""):
        given = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if step == "h":
            found |= {(int(x) + n, int(y)) for n in range(int(given[0]))}
            x += given[0]
        else:
            x, y = (given[0], given[1]) if step == "M" else (x + given[0], y + given[1])
    return found


def test_without_an_address_there_is_no_code_and_it_says_whom_to_ask() -> None:
    page = html_of(leaflet(), None)
    assert "<svg" not in page
    assert "Ask your council for Waymark's address." in page.replace("&#39;", "'")
    assert "/Figure" not in [element["/S"] for element in tree(printed(address=None))]
    assert 'href="https://waymark' not in page


def test_words_of_a_council_are_never_taken_for_markup() -> None:
    item = Item(id="x", title="<b>A&B</b>", text="**Ring** <script>1</script>")
    section = Section(kind="must", heading="H", note="N", items=(item,))
    page = html_of(leaflet().model_copy(update={"sections": (section,)}), ADDRESS)
    assert "&lt;b&gt;A&amp;B&lt;/b&gt;" in page
    assert "<b>Ring</b> &lt;script&gt;" in page


def test_what_does_not_fit_is_left_out_the_least_important_first() -> None:
    item = leaflet().sections[0].items[0]
    many = tuple(item.model_copy(update={"id": f"i{n}", "title": f"Offer {n}."}) for n in range(40))
    full = leaflet().sections[0].model_copy(update={"items": many})
    pdf = PdfReader(BytesIO(print_leaflet(leaflet().model_copy(update={"sections": (full,)}), ADDRESS)))
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert len(pdf.pages) == 2
    assert "Offer 0." in text
    assert "Offer 39." not in text
    assert "There is more" in text


def test_nothing_is_fetched_while_it_is_made() -> None:
    hungry = leaflet().model_copy(update={"local_offer": "file:///etc/passwd"})  # a link, and no more than that
    assert len(PdfReader(BytesIO(print_leaflet(hungry, ADDRESS))).pages) == 2
    assert not re.search(r"<(?:img|link|object|script|iframe)\b|url\(", html_of(hungry, ADDRESS))


def test_the_same_leaflet_is_the_same_file_and_another_has_another_mark() -> None:
    assert print_leaflet(leaflet(), ADDRESS) == print_leaflet(leaflet(), ADDRESS)
    marks = {mark_of(leaflet(c, s), a) for c in ("devon", None) for s in ("at-18", "18-21") for a in (ADDRESS, None)}
    assert len(marks) == 8


# the command


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "leaflet", *arguments]
    paths = {"PYTHONPATH": ":".join([*environ.pop("path", "").split(), str(Path.cwd())]), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, capture_output=True, text=True, env={**paths, **environ}, check=False)


def test_the_command_makes_the_file_it_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "x.pdf"
    asked = ["leaflet", "--council", "devon", "--stage", "18-21", "--today", "2026-11-24"]
    assert main([*asked, "--out", str(out), "--address", ADDRESS]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert out.read_bytes() == print_leaflet(leaflet(), ADDRESS)


def test_the_address_of_the_settings_is_the_one_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_PUBLIC_URL", ADDRESS)
    out = tmp_path / "x.pdf"
    assert main(["leaflet", "--stage", "at-18", "--today", "2026-11-24", "--out", str(out)]) == 0
    assert out.read_bytes() == print_leaflet(leaflet(None, "at-18"), ADDRESS)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--council", "devn", "--stage", "18-21"], "there is no council 'devn'; did you mean devon"),
        (["--council", "devon", "--stage", "17"], "the stages are before-18, at-18, 18-21, 21-25"),
        (["--stage", "at-18", "--address", "waymark"], "--address: must be an address"),
        (["--stage", "at-18", "--out", "/nowhere/x.pdf"], "name another with --out"),
        (["--stage", "at-18", "--today", "soon"], "--today: must be a date"),
    ],
)
def test_wrong_use_is_named_in_a_line(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["leaflet", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_without_pango_one_line_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import cffi\n"
        "real = cffi.FFI.dlopen\n"
        "def dlopen(self, name, *more):\n"
        "    if 'pango' in str(name):\n"
        "        raise OSError('no such library')\n"
        "    return real(self, name, *more)\n"
        "cffi.FFI.dlopen = dlopen\n"
    )
    ran = run("--stage", "at-18", "--out", str(tmp_path / "x.pdf"), path=str(tmp_path), HOME=str(tmp_path))
    assert (ran.returncode, ran.stdout) == (1, "")
    (line,) = ran.stderr.splitlines()
    assert "libpango-1.0-0" in line
    assert not (tmp_path / "x.pdf").exists()


def test_starting_the_bot_loads_no_pango() -> None:
    loads = "import sys, bot.app, bot.printing.press; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loads], check=False).returncode == 0
