"""A leaflet as PDF/UA: tagged, with language, title and words for its picture, on two pages."""

from __future__ import annotations

import contextlib
import io
import logging
from typing import TYPE_CHECKING

from bot.domain.errors import BotError
from bot.knowledge.leafletpages import Leaflet
from bot.printing.page import html_of

if TYPE_CHECKING:
    from weasyprint import Document

PAGES = 2
VARIANT = "pdf/ua-1"
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class CannotPrint(BotError):
    """A PDF needs Pango, which this machine lacks. On Debian: apt-get install {packages}"""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__).format(packages=PACKAGES))


def print_leaflet(leaflet: Leaflet, address: str | None) -> bytes:
    """The PDF. What does not fit two pages in the fonts of this machine is left out, the least important first.

    Takes a second or two of processor time. Raises CannotPrint.
    """
    document = _laid_out(leaflet, address)
    while len(document.pages) > PAGES and (shorter := leaflet.shorter()) is not None:
        leaflet = shorter
        document = _laid_out(leaflet, address)
    return document.write_pdf(pdf_variant=VARIANT) or b""


def _laid_out(leaflet: Leaflet, address: str | None) -> Document:
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it writes a page of its own when Pango is missing
            from weasyprint import HTML  # loads Pango: only here, for it takes its time
    except OSError as error:
        raise CannotPrint from error
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return HTML(string=html_of(leaflet, address), url_fetcher=_nothing).render(pdf_variant=VARIANT)


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    """The page is whole in itself: nothing is fetched, whatever it names."""
    raise ValueError("a leaflet fetches nothing")
