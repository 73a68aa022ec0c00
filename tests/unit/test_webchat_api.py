"""The API of the web chat: what is sent, what comes back at once, and the replies that come later."""

from __future__ import annotations

import logging
from hashlib import sha256
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.webchat import words
from bot.channels.webchat.request import BODY_LIMIT
from bot.domain.delivery import Sent
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Form, Message, Outcome, Received, Sender, Urgency
from bot.ports import Say
from tests.support import webchat as support
from tests.support.webchat import ANSWER, DANGER, LATER, NOW, Chat, answers, helps, helps_with_a_broken_store

MARKER = "zebra-crossing-77"  # a word of a young person's that must never come out where it should not

chat, web = support.chat, support.web


async def says_nothing_with_a_broken_store(message: Message, say: Say) -> Received:
    raise StoreUnavailable


async def breaks(message: Message, say: Say) -> Received:
    raise RuntimeError(message.text)


async def post(web: httpx.AsyncClient, **body: Any) -> Any:
    response = await web.post("/api/v1/messages", json=body)
    assert response.status_code == 200, response.text
    return response.json()


# The API


async def test_a_text_gets_its_replies_and_a_token_back(chat: Chat, web: httpx.AsyncClient) -> None:
    answer = await post(web, text="do i pay council tax")

    assert answer["conversation"] == "token-1"
    assert [(r["text"], r["kind"]) for r in answer["replies"]] == [("Yes. Until 25.", "answer")]
    assert answer["replies"][0]["actions"][0] == {"label": "How?", "action": "how:tax"}
    assert (answer["urgency"], answer["outcome"], answer["topic"]) == ("none", "answer", "money.council-tax")
    assert answer["kept"] is True
    assert chat.messages[0].text == "do i pay council tax"
    assert chat.messages[0].sender == Sender("web", "token-1")
    assert chat.messages[0].sent_at == NOW


async def test_the_token_leads_back_into_the_conversation(chat: Chat, web: httpx.AsyncClient) -> None:
    first = await post(web, text="hi")
    again = await post(web, text="more", conversation=first["conversation"])

    assert again["conversation"] == first["conversation"]
    assert len({message.sender for message in chat.messages}) == 1


async def test_a_button_is_handed_on_as_its_key(chat: Chat, web: httpx.AsyncClient) -> None:
    await post(web, action="how:tax", conversation="token-9")

    assert (chat.messages[0].form, chat.messages[0].action) == (Form.ACTION, "how:tax")


async def test_the_same_message_sent_again_is_the_same_thing(chat: Chat, web: httpx.AsyncClient) -> None:
    for _ in range(2):
        await post(web, text="hi", conversation="token-9", ref="abc")
    await post(web, text="hi", conversation="token-9")

    assert chat.messages[0].ref == chat.messages[1].ref == f"web:{sha256(b'token-9abc').hexdigest()}"
    assert chat.messages[2].ref != chat.messages[0].ref
    assert [message.again for message in chat.messages] == [True, True, False]


async def test_an_unknown_token_starts_fresh_and_says_so_first(chat: Chat, web: httpx.AsyncClient) -> None:
    answer = await post(web, text="hi", conversation="from another time")

    assert answer["conversation"] == "token-1"
    assert [reply["text"] for reply in answer["replies"]] == [words.OVER.text, "Yes. Until 25."]


async def test_help_comes_before_the_notice_that_we_start_fresh(chat: Chat, web: httpx.AsyncClient) -> None:
    chat.behave = helps
    answer = await post(web, text="i want to die", conversation="from another time")

    assert [reply["kind"] for reply in answer["replies"]] == ["danger", "notice"]


@pytest.mark.parametrize("token", ["", "t" * 600, "é", "token-1\n", "\x00"])
async def test_no_token_can_break_anything(token: str, web: httpx.AsyncClient) -> None:
    assert (await post(web, text="hi", conversation=token))["conversation"].startswith("token-")


async def test_help_is_on_its_way_before_the_turn_is_kept(chat: Chat) -> None:
    sent: list[bytes] = []
    was_out: list[bool] = []

    async def keeps_slowly(message: Message, say: Say) -> Received:
        await say([DANGER])
        was_out.append(b"Ring" in b"".join(sent).partition(b"<form")[0])
        return Received(Outcome.UNKNOWN, Urgency.EMERGENCY)

    chat.behave = keeps_slowly
    for path, kind, body in (
        ("/api/v1/messages", b"application/json", b'{"text": "x"}'),
        ("/", b"application/x-www-form-urlencoded", b"text=x"),
    ):
        sent.clear()
        await _raw(chat.app(), path, kind, body, sent)

    assert was_out == [True, True]


async def _raw(app: Starlette, path: str, kind: bytes, body: bytes, sent: list[bytes]) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    headers = [(b"content-type", kind), (b"host", b"web")]
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": headers, "scheme": "http", "server": ("web", 80), "root_path": "", "http_version": "1.1",
    }  # fmt: skip
    await app(scope, receive, send)


async def test_what_a_message_caused_is_kept_when_the_line_breaks(chat: Chat) -> None:
    became: list[Sent] = []

    async def says_twice(message: Message, say: Say) -> Received:
        became.append(await say([DANGER]))
        became.append(await say([ANSWER]))
        return Received(Outcome.ANSWER)

    class BrokenLine(list[bytes]):
        def append(self, piece: bytes) -> None:
            if b"Ring" in piece:
                raise OSError

    chat.behave = says_twice
    await _raw(chat.app(), "/api/v1/messages", b"application/json", b'{"text": "x"}', BrokenLine())

    assert became == [Sent.LATER, Sent.OK]


async def test_what_was_said_stands_when_the_store_is_broken(chat: Chat, web: httpx.AsyncClient) -> None:
    chat.behave = helps_with_a_broken_store
    answer = await post(web, text="i want to die")

    assert [reply["kind"] for reply in answer["replies"]] == ["danger"]
    assert (answer["kept"], answer["urgency"]) == (False, "emergency")


async def test_a_broken_store_that_said_nothing_still_gives_helplines(chat: Chat, web: httpx.AsyncClient) -> None:
    chat.behave = says_nothing_with_a_broken_store
    answer = await post(web, text="hi")

    assert "116 123" in answer["replies"][0]["text"]
    assert answer["kept"] is False


async def test_our_own_bug_is_plain_words_with_helplines_and_none_of_theirs(
    chat: Chat, web: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    chat.behave = breaks
    with caplog.at_level(logging.DEBUG):
        api = await web.post("/api/v1/messages", json={"text": MARKER})
        page = await web.post("/", data={"text": MARKER})

    assert (api.status_code, page.status_code) == (500, 500)
    assert "999" in api.json()["error"]
    assert "116 123" in api.json()["error"]
    assert "116 123" in page.text
    for told in (api.text, page.text, caplog.text, *(str(vars(record)) for record in caplog.records)):
        assert MARKER not in told
        assert "Traceback" not in told


async def test_no_words_and_no_token_reach_the_log(
    chat: Chat, web: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="bot"):
        for behave in (answers, helps_with_a_broken_store, breaks):
            chat.behave = behave
            await web.post("/api/v1/messages", json={"text": MARKER, "conversation": "token-4242"})
            await web.post("/api/v1/messages", json={"text": MARKER, "conversation": MARKER, "ref": MARKER})

    told = "".join(str(vars(record)) for record in caplog.records if record.name.startswith("bot"))
    assert MARKER not in told
    assert "token-4242" not in told


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"text": ' + b"9" * 5000 + b"}", 400),
        (b"null", 422),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"text": null}', 422),
        (b'{"text": 1}', 422),
        (b'{"text": ["a"]}', 422),
        (b'{"text": "a", "action": "b"}', 422),
        (b'{"action": ""}', 422),
        (b'{"action": false}', 422),
        (b'{"text": "a", "conversation": 1}', 422),
        (b'{"text": "a", "ref": {}}', 422),
        (b'{"text": "a", "ref": "' + b"r" * 65 + b'"}', 422),
    ],
)
async def test_what_cannot_be_used_is_refused_with_what_to_do(
    body: bytes, status: int, chat: Chat, web: httpx.AsyncClient
) -> None:
    response = await web.post("/api/v1/messages", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == status
    assert len(response.json()["error"]) > 20
    assert chat.messages == []


async def test_no_message_is_bounced_for_its_length(chat: Chat, web: httpx.AsyncClient) -> None:
    text = "help " * 100_000
    await post(web, text=text)

    assert chat.messages[0].text == text


@pytest.mark.parametrize("path", ["/api/v1/messages", "/"])
@pytest.mark.parametrize("length", [BODY_LIMIT + 1, 9 * 1024 * 1024])
async def test_a_body_over_the_limit_is_413(path: str, length: int, web: httpx.AsyncClient) -> None:
    kind = "application/json" if path != "/" else "application/x-www-form-urlencoded"
    response = await web.post(path, content=b"x" * length, headers={"Content-Type": kind})

    assert response.status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "", "application/jsonp"])
async def test_another_content_type_is_415(kind: str, web: httpx.AsyncClient) -> None:
    for path in ("/api/v1/messages", "/"):
        response = await web.post(path, content=b'{"text": "a"}', headers={"Content-Type": kind})
        assert response.status_code == 415


async def test_another_method_is_405_and_another_address_404(web: httpx.AsyncClient) -> None:
    refused = await web.request("DELETE", "/api/v1/messages")
    assert refused.status_code == 405
    assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert "error" in refused.json()
    assert (await web.get("/api/v2")).json()["error"] == words.REFUSED[404]
    assert "116 123" in (await web.get("/nowhere")).text


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000", "a\\udfffb", "\\ud83d\\ude00", "\\u202e\\u0000"])
async def test_no_character_can_break_anything(text: str, chat: Chat, web: httpx.AsyncClient) -> None:
    body = f'{{"text": "{text}", "ref": "{text}", "conversation": "{text}"}}'.encode()
    response = await web.post("/api/v1/messages", content=body, headers={"Content-Type": "application/json"})
    form = await web.post(
        "/", content=b"text=%00%ED%A0%80%ff", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )

    assert (response.status_code, form.status_code) == (200, 200)
    for message in chat.messages:
        message.text.encode()
        assert "\x00" not in message.text


async def test_an_empty_text_is_handed_on(chat: Chat, web: httpx.AsyncClient) -> None:
    await post(web, text="")
    await web.post("/", data={"text": ""})

    assert [message.text for message in chat.messages] == ["", ""]


async def test_unknown_fields_are_tolerated(web: httpx.AsyncClient) -> None:
    await post(web, text="hi", conversation=None, action=None, ref=None, lang="ur")


# Replies that come later


async def test_later_replies_come_oldest_first_after_the_last_one_seen(chat: Chat, web: httpx.AsyncClient) -> None:
    chat.inbox = [("1", LATER), ("2", ANSWER)]
    headers = {"Authorization": "Bearer token-1"}

    both = (await web.get("/api/v1/messages", headers=headers)).json()["replies"]
    rest = (await web.get("/api/v1/messages?after=1", headers=headers)).json()["replies"]

    assert [(reply["id"], reply["text"]) for reply in both] == [("1", "Hi, it's your PA."), ("2", "Yes. Until 25.")]
    assert rest == both[1:]
    assert set(rest[0]) == {"id", "text", "html", "kind", "actions"}


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer stranger", "Basic token-1", "token-1"])
async def test_later_replies_need_the_token(header: str | None, web: httpx.AsyncClient) -> None:
    response = await web.get("/api/v1/messages", headers={} if header is None else {"Authorization": header})

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert "error" in response.json()


async def test_later_replies_say_so_when_the_store_is_broken(chat: Chat, web: httpx.AsyncClient) -> None:
    chat.inbox_works = False
    response = await web.get("/api/v1/messages", headers={"Authorization": "Bearer token-1"})

    assert response.status_code == 503
    assert "116 123" in response.json()["error"]
