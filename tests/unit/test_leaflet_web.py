"""The leaflet in the web chat: a plain link, and the address that it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx
import pytest

from bot.channels.webchat import web_chat, words
from bot.channels.webchat.show import html, shown
from bot.domain.errors import DocumentUnavailable
from bot.domain.messages import Document, Kind, Reply
from tests.support.webchat import Chat

MADE = Document("devon/18-21", "waymark-devon-18-21.pdf", "18 to 21 & more (PDF)")
HELP = Reply("Ring 999. **Samaritans** 116 123", kind=Kind.DANGER)
ADDRESS = "/leaflet/devon/18-21.pdf"


@dataclass
class Documents:
    """One document, made as often as it says."""

    works: bool = True
    paused: bool = False
    made: int = 0
    words: Reply | None = field(default_factory=lambda: Reply("**In words.**\n- Your own PA"))

    def mark(self, key: str) -> str | None:
        if self.paused:
            raise DocumentUnavailable
        return "abc123" if key == MADE.key else None

    async def file(self, key: str) -> bytes:
        self.made += 1
        if not self.works:
            raise DocumentUnavailable
        return b"%PDF-1.7 x"

    def instead(self, key: str) -> Reply | None:
        return self.words


async def get(documents: Documents | None, address: str = ADDRESS, **headers: str) -> httpx.Response:
    chat = Chat()
    app = web_chat(chat.receive, chat, chat, list, lambda: [HELP], "Waymark", documents=documents)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://web") as web:
        return await web.get(address, headers=headers)


def test_a_reply_with_a_document_ends_with_a_plain_link_beside_the_chat() -> None:
    assert html(Reply("Here it is.", document=MADE)) == (
        '<p>Here it is.</p><p><a target="_blank" rel="noopener noreferrer" '
        f'href="{ADDRESS}" class="act">18 to 21 &amp; more (PDF)</a></p>'
    )


def test_the_api_names_the_document_only_where_there_is_one() -> None:
    assert shown(Reply("x", document=MADE))["document"] == {
        "title": MADE.title,
        "address": ADDRESS,
        "filename": MADE.filename,
    }
    assert "document" not in shown(Reply("x"))


async def test_the_address_gives_the_pdf_and_its_mark() -> None:
    response = await get(Documents())
    assert (response.status_code, response.content) == (200, b"%PDF-1.7 x")
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"] == f'inline; filename="{MADE.filename}"'
    assert response.headers["etag"] == '"abc123"'
    assert response.headers["cache-control"] == "no-cache"
    assert "set-cookie" not in response.headers


async def test_one_that_has_not_changed_is_neither_sent_nor_made_again() -> None:
    documents = Documents()
    response = await get(documents, **{"if-none-match": 'W/"other", "abc123"'})
    assert (response.status_code, response.content, documents.made) == (304, b"", 0)
    assert (await get(documents, **{"if-none-match": '"old"'})).status_code == 200


@pytest.mark.parametrize("address", ["/leaflet/atlantis/18-21.pdf", "/leaflet/devon/17.pdf", "/leaflet/devon/18-21"])
async def test_what_is_not_known_is_a_page_with_helplines(address: str) -> None:
    response = await get(Documents(), address)
    assert response.status_code == 404
    assert "116 123" in response.text
    assert response.headers["cache-control"] == "no-store"


async def test_an_unknown_leaflet_says_how_to_get_the_list() -> None:
    assert words.NO_LEAFLET in (await get(Documents(), "/leaflet/devon/17.pdf")).text
    assert (await get(None)).status_code == 404


async def test_one_that_cannot_be_made_is_given_in_words_with_helplines() -> None:
    response = await get(Documents(works=False))
    assert response.status_code == 503
    assert "<b>In words.</b>" in response.text
    assert "<li>Your own PA</li>" in response.text
    assert "116 123" in response.text


async def test_while_the_bot_is_switched_off_there_are_helplines_and_no_leaflet() -> None:
    response = await get(Documents(paused=True, words=None))
    assert response.status_code == 503
    assert "116 123" in response.text
