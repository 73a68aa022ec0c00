"""The fake Bot API server refuses what Telegram refuses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.support.botapi import FakeBotApi
from tests.support.botapi.markup import Refused, plain
from tests.support.botapi.wire import Manner

ANN = 42


class Client:
    """Calls methods as a bot would: as a form, or as JSON."""

    def __init__(self, api: FakeBotApi, http: httpx.AsyncClient) -> None:
        self.api, self.http = api, http

    async def asks(self, method: str, as_json: bool = False, **params: Any) -> httpx.Response:
        url = f"{self.api.base}/bot{self.api.token}/{method}"
        if as_json:
            return await self.http.post(url, json=params)
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
        return await self.http.post(url, data=form)

    async def gets(self, method: str, **params: Any) -> Any:
        response = await self.asks(method, **params)
        assert response.status_code == 200, response.text
        return response.json()["result"]


@pytest_asyncio.fixture
async def client() -> AsyncIterator[Client]:
    async with FakeBotApi() as api, httpx.AsyncClient(trust_env=False, verify=False) as http:
        api.person(ANN)
        yield Client(api, http)


def markup(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


GOOD: list[tuple[str, dict[str, Any]]] = [
    ("getMe", {}),
    ("getme", {}),
    ("sendMessage", {"chat_id": ANN, "text": "x"}),
    ("sendMessage", {"chat_id": ANN, "text": "12"}),
    ("sendMessage", {"chat_id": ANN, "text": "&" * 4096}),
    ("sendMessage", {"chat_id": ANN, "text": f"<b>{'x' * 4096}</b>", "parse_mode": "HTML"}),
    ("sendMessage", {"chat_id": ANN, "text": "a < b & c"}),
    ("sendMessage", {"chat_id": ANN, "text": "x", "link_preview_options": {"is_disabled": True}}),
    ("sendMessage", {"chat_id": ANN, "text": "x", "reply_markup": markup({"text": "Go", "callback_data": "ü" * 32})}),
    ("sendMessage", {"chat_id": ANN, "text": "x", "reply_markup": {"force_reply": True}}),
    ("sendChatAction", {"chat_id": ANN, "action": "typing"}),
    ("setMyCommands", {"commands": [{"command": "help", "description": "Help"}]}),
    ("setMyCommands", {"commands": [], "scope": {"type": "all_private_chats"}}),
    ("setWebhook", {"url": "https://waymark.example/hook", "secret_token": "abc_1-2"}),
    ("deleteWebhook", {"drop_pending_updates": False}),
    ("getWebhookInfo", {}),
    ("getUpdates", {"timeout": 0, "limit": 100, "allowed_updates": ["message"]}),
]

BAD: list[tuple[str, dict[str, Any], int, str]] = [
    ("sendMesage", {"chat_id": ANN, "text": "x"}, 404, "Not Found"),
    ("sendDice", {"chat_id": ANN}, 501, "Not Implemented"),
    ("sendMessage", {"chat_id": ANN}, 400, "text: missing"),
    ("sendMessage", {"text": "x"}, 400, "chat_id: missing"),
    ("sendMessage", {"chat_id": ANN, "text": "x", "txet": "y"}, 400, "txet: there is no such parameter"),
    ("sendMessage", {"chat_id": [1], "text": "x"}, 400, "chat"),
    ("sendMessage", {"chat_id": ANN, "text": "x", "disable_notification": "yes"}, 400, "wrong type"),
    ("sendMessage", {"chat_id": ANN, "text": "x", "link_preview_options": {"is_disabled": "yes"}}, 400, "wrong type"),
    ("sendMessage", {"chat_id": ANN, "text": "x", "link_preview_options": {"disabled": True}}, 400, "no such field"),
    ("sendMessage", {"chat_id": ANN, "text": "x", "reply_markup": markup({"text": "Go"})}, 400, "exactly one thing"),
    ("sendMessage", {"chat_id": ANN, "text": "x", "reply_markup": {"inline_keyboard": [{"text": "Go"}]}}, 400, "field"),
    ("sendMessage", {"chat_id": ANN, "text": "x", "reply_markup": markup({"callback_data": "a"})}, 400, "field"),
    ("sendMessage", {"chat_id": ANN, "text": "x", "reply_markup": {"keyboards": []}}, 400, "no such field"),
    ("sendMessage", {"chat_id": ANN, "text": "x", "reply_markup": markup({"text": " ", "url": "u"})}, 400, "is empty"),
    ("sendMessage", {"chat_id": ANN, "text": ""}, 400, "message text is empty"),
    ("sendMessage", {"chat_id": ANN, "text": "<b> </b>", "parse_mode": "HTML"}, 400, "message text is empty"),
    ("sendMessage", {"chat_id": ANN, "text": "x" * 4097}, 400, "message is too long"),
    ("sendMessage", {"chat_id": ANN, "text": "😀" * 2049}, 400, "message is too long"),
    ("sendMessage", {"chat_id": ANN, "text": "x", "parse_mode": "HTLM"}, 400, "unsupported parse_mode"),
    ("sendMessage", {"chat_id": ANN, "text": "<b>x", "parse_mode": "HTML"}, 400, "can't parse entities"),
    ("sendMessage", {"chat_id": 7, "text": "x"}, 400, "chat not found"),
    ("sendChatAction", {"chat_id": ANN, "action": "thinking"}, 400, "wrong parameter action"),
    ("getUpdates", {"limit": 101}, 400, "limit"),
    ("getUpdates", {"timeout": "soon"}, 400, "timeout: wrong type"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, 400, "query is too old"),
    ("setMyCommands", {"commands": [{"command": "Help", "description": "x"}]}, 400, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "help"}]}, 400, "wrong type"),
    ("setWebhook", {"url": "http://waymark.example/hook"}, 400, "HTTPS"),
    ("setWebhook", {"url": "https://waymark.example", "secret_token": "a b"}, 400, "secret_token"),
    ("editMessageText", {"chat_id": ANN, "message_id": 1, "text": "x"}, 400, "message to edit not found"),
    ("deleteMessage", {"chat_id": ANN, "message_id": 1}, 400, "message to delete not found"),
    ("leaveChat", {"chat_id": ANN}, 403, "not a member"),
]


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(("method", "params"), GOOD)
async def test_good_requests_are_carried_out(
    client: Client, method: str, params: dict[str, Any], as_json: bool
) -> None:
    response = await client.asks(method, as_json, **params)

    assert (response.status_code, response.json()["ok"]) == (200, True)
    assert client.api.problems == []


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(("method", "params", "status", "says"), BAD)
async def test_bad_requests_are_refused_in_telegrams_way(
    client: Client, method: str, params: dict[str, Any], status: int, says: str, as_json: bool
) -> None:
    response = await client.asks(method, as_json, **params)

    body = response.json()
    assert (response.status_code, body["ok"], body["error_code"]) == (status, False, status)
    assert says in body["description"]
    assert not client.api.person(ANN).unread


@pytest.mark.parametrize("data", ["", "x" * 65, "ü" * 33])
async def test_a_button_holds_1_to_64_bytes(client: Client, data: str) -> None:
    keyboard = markup({"text": "Go", "callback_data": data})
    response = await client.asks("sendMessage", chat_id=ANN, text="x", reply_markup=keyboard)

    assert response.json()["description"].endswith("BUTTON_DATA_INVALID")


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<b>a</b> <i>b</i>", "a b"),
        ('<a href="https://x.test/?a=1&amp;b=2">c</a>', "c"),
        ("&lt;b&gt; &amp; &quot; &#39;", "<b> & \" '"),
        ("&pound;5 & more", "&pound;5 & more"),
        ('<span class="tg-spoiler">x</span>', "x"),
    ],
)
def test_html_is_read_as_telegram_reads_it(html: str, words: str) -> None:
    assert plain(html, "HTML") == words


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'expected "</i>", found "</b>"'),
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("£ < 5", "Unsupported start tag at byte offset 3"),
        ("<br/>", "Unsupported start tag"),
    ],
)
def test_html_that_telegram_refuses_is_refused(html: str, says: str) -> None:
    with pytest.raises(Refused, match="Bad Request: can't parse entities: ") as refused:
        plain(html, "HTML")
    assert says in str(refused.value)


async def test_a_wrong_token_is_refused(client: Client) -> None:
    for token, status in (("1:wrong", 401), ("nonsense", 404)):
        response = await client.http.post(f"{client.api.base}/bot{token}/getMe")
        assert response.status_code == response.json()["error_code"] == status


async def test_updates_stay_until_an_offset_confirms_them(client: Client) -> None:
    first, second = (client.api.person(ANN).sends(text)["update_id"] for text in ("a", "b"))

    assert [u["update_id"] for u in await client.gets("getUpdates")] == [first, second]
    assert [u["update_id"] for u in await client.gets("getUpdates", limit=1)] == [first]
    assert [u["update_id"] for u in await client.gets("getUpdates", offset=-1)] == [second]
    assert await client.gets("getUpdates", offset=second + 1) == []
    assert await client.gets("getUpdates") == []


async def test_a_long_poll_ends_when_something_comes(client: Client) -> None:
    poll = asyncio.create_task(client.gets("getUpdates", timeout=20))
    await client.api.until(lambda: bool(client.api.made("getUpdates")))
    client.api.person(ANN).sends("hello")

    assert [update["message"]["text"] for update in await poll] == ["hello"]


async def test_updates_of_a_kind_that_is_not_wanted_do_not_come(client: Client) -> None:
    await client.gets("getUpdates", allowed_updates=["callback_query"])
    client.api.person(ANN).sends("hello")

    assert await client.gets("getUpdates") == []


async def test_a_second_poller_ends_the_first(client: Client) -> None:
    first = asyncio.create_task(client.asks("getUpdates", timeout=20))
    await client.api.until(lambda: bool(client.api.made("getUpdates")))
    await client.gets("getUpdates", timeout=0)

    assert (await first).json()["description"].startswith("Conflict: terminated by other getUpdates request")


async def test_nobody_polls_while_a_webhook_is_set(client: Client) -> None:
    await client.gets("setWebhook", url="https://waymark.example/hook")
    assert (await client.asks("getUpdates")).status_code == 409

    await client.gets("deleteWebhook")
    assert (await client.gets("getWebhookInfo"))["url"] == ""
    assert await client.gets("getUpdates") == []


async def test_a_button_can_be_pressed_for_ever_and_each_press_answered_once(client: Client) -> None:
    ann = client.api.person(ANN)
    old = await client.gets(
        "sendMessage", chat_id=ANN, text="x", reply_markup=markup({"text": "Go", "callback_data": "g"})
    )
    await client.gets("sendMessage", chat_id=ANN, text="y")

    for query in (ann.presses("Go"), ann.presses("Go", old), ann.presses("Go", gone=True)):
        assert query["callback_query"]["data"] == "g"
        number = query["callback_query"]["id"]
        assert await client.gets("answerCallbackQuery", callback_query_id=number) is True
        assert (await client.asks("answerCallbackQuery", callback_query_id=number)).status_code == 400
    with pytest.raises(LookupError):
        ann.presses("Stop")


async def test_messages_are_edited_and_deleted(client: Client) -> None:
    ann = client.api.person(ANN)
    sent = await client.gets("sendMessage", chat_id=ANN, text="x")
    which = {"chat_id": ANN, "message_id": sent["message_id"]}

    assert (await client.gets("editMessageText", text="y", **which))["text"] == "y"
    assert "not modified" in (await client.asks("editMessageText", text="y", **which)).text
    keyboard = markup({"text": "Go", "callback_data": "g"})
    assert (await client.gets("editMessageReplyMarkup", reply_markup=keyboard, **which))["reply_markup"] == keyboard
    assert await client.gets("deleteMessage", **which) is True
    assert sent["message_id"] not in ann.shown
    theirs = ann.sends("mine")["message"]["message_id"]
    assert "can't be edited" in (await client.asks("editMessageText", chat_id=ANN, message_id=theirs, text="z")).text


async def test_who_has_blocked_the_bot_gets_nothing(client: Client) -> None:
    client.api.person(ANN).blocks()

    response = await client.asks("sendMessage", chat_id=ANN, text="x")
    assert response.json()["description"] == "Forbidden: bot was blocked by the user"


async def test_the_bot_can_leave_a_group_once(client: Client) -> None:
    client.api.group(-100)

    assert await client.gets("leaveChat", chat_id=-100) is True
    assert (await client.asks("leaveChat", chat_id=-100)).status_code == 403


@pytest.mark.parametrize("status", [400, 403, 429, 500, 502])
async def test_it_fails_as_told_and_then_no_more(client: Client, status: int) -> None:
    client.api.fail("sendMessage", status, retry_after=3, chat=ANN)

    failed = await client.asks("sendMessage", chat_id=ANN, text="x")
    assert failed.status_code == status
    if status == 502:
        assert failed.text.startswith("<html>")
    if status == 429:
        assert failed.json()["parameters"] == {"retry_after": 3}
    assert (await client.asks("sendMessage", chat_id=ANN, text="x")).status_code == 200


@pytest.mark.parametrize("manner", [Manner.DROP, Manner.CUT])
async def test_a_connection_can_break(client: Client, manner: Manner) -> None:
    client.api.fail("sendMessage", manner)

    with pytest.raises(httpx.RemoteProtocolError):
        await client.asks("sendMessage", chat_id=ANN, text="x")
    assert not client.api.person(ANN).unread


async def test_an_answer_can_be_lost_when_the_work_is_done(client: Client) -> None:
    client.api.fail("sendMessage", Manner.DROP, lost=True)

    with pytest.raises(httpx.RemoteProtocolError):
        await client.asks("sendMessage", chat_id=ANN, text="x")
    assert (await client.api.person(ANN).reads())["text"] == "x"


async def test_an_answer_can_never_come(client: Client) -> None:
    client.api.fail("getMe", Manner.HANG)

    with pytest.raises(httpx.ReadTimeout):
        await client.http.post(f"{client.api.base}/bot{client.api.token}/getMe", timeout=0.05)
