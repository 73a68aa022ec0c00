"""A leaflet as a page of HTML with its QR code, whole in itself."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.markup import to_html
from bot.knowledge.leafletpages import Leaflet

FOLDER = Path(__file__).parent / "pages"


def html_of(leaflet: Leaflet, address: str | None) -> str:
    """The two pages. address is the bot's: without one there is no QR code, and it says whom to ask."""
    pages = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters.update(marked=_marked, short=_short)
    css = Markup((FOLDER / "leaflet.css").read_text("utf-8"))  # noqa: S704  # our own file
    code = qr_code(address, leaflet.alt.replace("{address}", address)) if address else None
    return pages.get_template("leaflet.html").render(leaflet=leaflet, css=css, address=address, code=code)


def mark_of(leaflet: Leaflet, address: str | None) -> str:
    """Short hex digits that change whenever the printed page would."""
    known = sha256(leaflet.model_dump_json().encode())
    for part in ((address or "").encode(), *(path.read_bytes() for path in sorted(FOLDER.iterdir()))):
        known.update(b"\0" + part)
    return known.hexdigest()[:16]


def qr_code(address: str, alt: str) -> Markup:
    """A QR code as SVG, with words for those who cannot see it; a quarter of it may be worn away."""
    code = segno.make(address, error="q", micro=False, boost_error=False)
    drawn = code.svg_inline(border=4, title=alt, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawn)  # noqa: S704  # drawn by segno, which escapes the title


def _marked(text: str) -> Markup:
    return Markup(to_html(text))  # noqa: S704  # escaped by to_html


def _short(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
