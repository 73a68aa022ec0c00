"""A reply with a document on Telegram: one message with the file, its words as caption, its buttons below."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from bot.channels.telegram.api import Api, quiet_libraries
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.pace import Pace
from bot.domain.delivery import Sent
from bot.domain.errors import DocumentUnavailable
from bot.domain.messages import Action, Document, Reply
from tests.support.botapi import FakeBotApi
from tests.support.botapi.markup import utf16
from tests.support.botapi.wire import File

ANN = 42
MADE = Document("devon/18-21", "waymark-devon-18-21.pdf", "18 to 21 (PDF)")
REPLY = Reply("**Here it is.** Keep it.", (Action("Menu", "menu"),), document=MADE)
BYTES = b"%PDF-1.7 \r\n\x00\xff--boundary\r\n"

quiet_libraries()


@dataclass
class Documents:
    works: bool = True
    made: int = 0

    def mark(self, key: str) -> str | None:
        return "abc"

    async def file(self, key: str) -> bytes:
        assert key == MADE.key
        self.made += 1
        if not self.works:
            raise DocumentUnavailable
        return BYTES

    def instead(self, key: str) -> Reply | None:
        return Reply("I can't make it just now. **Your own PA.**")


@pytest_asyncio.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as api:
        api.person(ANN)
        yield api


async def send(api: FakeBotApi, reply: Reply, documents: Documents | None) -> Sent:
    bot = Api(api.token, api.base)
    await bot.initialize()
    try:
        pace = Pace(send_again=(timedelta(), timedelta()))
        return await Outgoing(bot, pace, documents).send(str(ANN), reply)
    finally:
        await bot.close_connections()


async def test_the_file_goes_out_with_its_words_and_buttons(api: FakeBotApi) -> None:
    assert await send(api, REPLY, Documents()) is Sent.OK
    message = await api.person(ANN).reads()
    assert message["caption"] == "Here it is. Keep it."
    assert message["document"]["file_name"] == MADE.filename
    assert message["reply_markup"]["inline_keyboard"][0][0]["text"] == "Menu"
    (call,) = api.made("sendDocument")
    assert call.params["document"] == File(MADE.filename, BYTES)
    assert api.made("sendMessage") == []
    assert api.problems == []


async def test_what_was_lost_on_the_way_is_sent_again_whole(api: FakeBotApi) -> None:
    api.fail("sendDocument", 500)
    documents = Documents()
    assert await send(api, REPLY, documents) is Sent.OK
    assert [call.params["document"].body for call in api.made("sendDocument")] == [BYTES, BYTES]
    assert documents.made == 1


async def test_where_it_cannot_be_made_the_same_goes_out_in_words(api: FakeBotApi) -> None:
    assert await send(api, REPLY, Documents(works=False)) is Sent.OK
    message = await api.person(ANN).hears("I can't make it just now. Your own PA.")
    assert message["reply_markup"]["inline_keyboard"][0][0]["text"] == "Menu"
    assert api.made("sendDocument") == []


async def test_long_words_go_out_before_the_file_and_none_is_lost(api: FakeBotApi) -> None:
    text = "\n\n".join(f"{n} " + "word " * 100 for n in range(12))
    assert await send(api, Reply(text, document=MADE), Documents()) is Sent.OK
    shown = list(api.person(ANN).shown.values())
    assert ["document" in message for message in shown] == [False] * (len(shown) - 1) + [True]
    said = " ".join(message.get("text") or message["caption"] for message in shown)
    assert said.split() == text.split()
    assert utf16(shown[-1]["caption"]) <= 1024
    assert api.problems == []


async def test_a_channel_that_has_no_documents_still_says_the_words(api: FakeBotApi) -> None:
    assert await send(api, REPLY, None) is Sent.OK
    await api.person(ANN).hears("Here it is. Keep it.")


@pytest.mark.parametrize(
    ("method", "field", "says"),
    [
        ("sendMessage", "text", "a file is not taken here"),
        ("sendDocument", "caption", "a file is not taken here"),
        ("sendDocument", "file", "there is no such parameter"),
    ],
)
async def test_the_fake_server_takes_a_file_only_where_the_bot_api_does(
    api: FakeBotApi, method: str, field: str, says: str
) -> None:
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        url = f"{api.base}/bot{api.token}/{method}"
        response = await http.post(url, data={"chat_id": str(ANN)}, files={field: ("x.pdf", BYTES)})
    assert response.status_code == 400
    assert f"{method}: {field}: {says}" in api.problems


@pytest.mark.parametrize(
    ("caption", "body", "says"),
    [
        ("x" * 1025, BYTES, "message caption is too long"),
        ("<b>x", BYTES, "can't parse entities"),
        ("x", b"", "file must be non-empty"),
    ],
)
async def test_the_fake_server_refuses_what_telegram_would(
    api: FakeBotApi, caption: str, body: bytes, says: str
) -> None:
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        asked = {"chat_id": str(ANN), "caption": caption, "parse_mode": "HTML"}
        url = f"{api.base}/bot{api.token}/sendDocument"
        response = await http.post(url, data=asked, files={"document": ("x.pdf", body)})
    assert response.status_code == 400
    assert says in response.json()["description"]
