"""The web chat over HTTP, page and API, with a use case that remembers what it was handed."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels import webchat
from bot.channels.webchat import web_chat, words
from bot.channels.webchat.request import BODY_LIMIT
from bot.domain.delivery import Sent
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Action, Form, Kind, Message, Outcome, Received, Reply, Sender, Urgency
from bot.ports import Say

NOW = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
MARKER = "zebra-crossing-77"  # a word of a young person's that must never come out where it should not

WELCOME = Reply("**I'm Waymark.** Ask me.", (Action("See what I can ask", "menu"), Action("My council", "council")))
HELP = Reply("Ring 999. **Samaritans** 116 123", kind=Kind.DANGER)
ANSWER = Reply("**Yes.** Until 25.", (Action("How?", "how:tax"), Action("If they say no", "no:tax")), Kind.ANSWER)
DANGER = Reply("**Ring 999 now.**", (Action("I'm safe", "safe"),), Kind.DANGER)
LATER = Reply("Hi, it's your PA.")

Behave = Callable[[Message, Say], Awaitable[Received]]


async def answers(message: Message, say: Say) -> Received:
    await say([ANSWER])
    return Received(Outcome.ANSWER, topic="money.council-tax")


async def helps(message: Message, say: Say) -> Received:
    await say([DANGER])
    return Received(Outcome.UNKNOWN, Urgency.EMERGENCY, "safety.suicide")


async def helps_with_a_broken_store(message: Message, say: Say) -> Received:
    await say([DANGER])
    raise StoreUnavailable


async def says_nothing_with_a_broken_store(message: Message, say: Say) -> Received:
    raise StoreUnavailable


async def breaks(message: Message, say: Say) -> Received:
    raise RuntimeError(message.text)


@dataclass
class Chat:
    """The use case, the inbox and the tokens of one web chat."""

    behave: Behave = answers
    messages: list[Message] = field(default_factory=list)
    inbox: list[tuple[str, Reply]] = field(default_factory=list)
    inbox_works: bool = True
    made: int = 0

    async def receive(self, message: Message, say: Say) -> Received:
        self.messages.append(message)
        return await self.behave(message, say)

    async def fetch(self, sender: Sender, after: str | None) -> list[tuple[str, Reply]]:
        if not self.inbox_works:
            raise StoreUnavailable
        ids = [id_ for id_, _ in self.inbox]
        return self.inbox[ids.index(after) + 1 if after in ids else 0 :]

    def make(self) -> str:
        self.made += 1
        return f"token-{self.made}"

    def ours(self, token: str) -> bool:
        return re.fullmatch(r"token-\d+", token) is not None

    def app(self, welcome: Callable[[], Sequence[Reply]] = lambda: [WELCOME]) -> Starlette:
        return web_chat(self.receive, self, self, welcome, lambda: [HELP], "Waymark", now=lambda: NOW)


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
async def web(chat: Chat) -> AsyncIterator[httpx.AsyncClient]:
    async with client(chat.app()) as made:
        yield made


def client(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://web")


async def post(web: httpx.AsyncClient, **body: Any) -> Any:
    response = await web.post("/api/v1/messages", json=body)
    assert response.status_code == 200, response.text
    return response.json()


class Fields(HTMLParser):
    """The hidden fields, buttons and text box of a page, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: list[tuple[str, str]] = []
        self.presses: list[str] = []
        self.in_template = 0
        self.box = ""
        self._in_box = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.in_template += tag == "template"
        if given.get("type") == "hidden":
            self.hidden.append((given["name"], given["value"]))
        if tag == "button" and given.get("name") == "action" and not self.in_template:
            self.presses.append(given["value"])
        self._in_box = tag == "textarea"

    def handle_endtag(self, tag: str) -> None:
        self.in_template -= tag == "template"
        self._in_box = False

    def handle_data(self, data: str) -> None:
        if self._in_box:
            self.box += data

    def __getitem__(self, name: str) -> str:
        return dict(self.hidden)[name]


async def submit(web: httpx.AsyncClient, page: str, **fields: str) -> str:
    """Sends a page's form as a browser with no script would."""
    data: dict[str, list[str]] = {}
    for name, value in [*Fields(page).hidden, *fields.items()]:
        data.setdefault(name, []).append(value)
    response = await web.post("/", data=data)
    assert response.status_code == 200, response.text
    return response.text


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


# The page


async def test_the_page_greets_and_holds_help_a_person_and_a_way_out(web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text

    assert "<b>I&#x27;m Waymark.</b>" in page
    assert Fields(page).presses == ["menu", "council", "person"]
    assert 'href="tel:116123"' in page
    assert 'href="https://www.bbc.co.uk/weather" rel="noreferrer"' in page
    assert 'lang="en-GB"' in page


async def test_the_page_works_with_no_script(chat: Chat, web: httpx.AsyncClient) -> None:
    page = await submit(web, (await web.get("/")).text, text="do i pay <b>tax</b>")

    assert chat.messages[0].text == "do i pay <b>tax</b>"
    assert chat.messages[0].sender == Sender("web", "token-1")
    assert "do i pay &lt;b&gt;tax&lt;/b&gt;" in page
    assert "<b>Yes.</b> Until 25." in page
    assert "I&#x27;m Waymark" not in page
    assert Fields(page).presses == ["how:tax", "no:tax", "person"]
    assert Fields(page)["conversation"] == "token-1"


async def test_a_pressed_button_is_echoed_by_its_label_and_keeps_what_was_typed(
    chat: Chat, web: httpx.AsyncClient
) -> None:
    page = await submit(web, (await web.get("/")).text, action="council", text="half a sent")

    assert (chat.messages[0].action, chat.messages[0].text) == ("council", "")
    assert '<div class="t" dir="auto">My council</div>' in page
    assert Fields(page).box == "half a sent"


@pytest.mark.parametrize(("typed", "key"), [("2", "council"), (" 1. ", "menu"), ("2)", "council")])
async def test_a_typed_number_presses_the_button_of_that_number(
    typed: str, key: str, chat: Chat, web: httpx.AsyncClient
) -> None:
    await submit(web, (await web.get("/")).text, text=typed)

    assert chat.messages[0].action == key


@pytest.mark.parametrize("typed", ["3", "0", "17", "2 kids", "22", "-1"])
async def test_another_number_is_a_text(typed: str, chat: Chat, web: httpx.AsyncClient) -> None:
    await submit(web, (await web.get("/")).text, text=typed)

    assert (chat.messages[0].action, chat.messages[0].text) == (None, typed)


async def test_numbers_count_on_over_all_replies_of_a_turn(chat: Chat, web: httpx.AsyncClient) -> None:
    async def both(message: Message, say: Say) -> Received:
        await say([DANGER])
        await say([ANSWER])
        return Received(Outcome.ANSWER, Urgency.EMERGENCY)

    chat.behave = both
    page = await submit(web, (await web.get("/")).text, text="x")
    await submit(web, page, text="3")

    assert re.findall(r'class="n">(\d+)<', page) == ["1", "2", "3"]
    assert chat.messages[1].action == "no:tax"


async def test_danger_is_an_alert_with_a_heading(chat: Chat, web: httpx.AsyncClient) -> None:
    chat.behave = helps
    page = await submit(web, (await web.get("/")).text, text="i want to die")

    assert f'role="alert"><h2>{words.HELP_NOW}</h2>' in page.partition('id="send"')[0]
    assert 'id="latest"' in page


async def test_the_same_form_sent_twice_is_the_same_thing(chat: Chat, web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text
    for _ in range(2):
        await submit(web, page, text="hi")

    assert chat.messages[0].ref == chat.messages[1].ref


async def test_what_could_not_be_kept_is_back_in_the_box_as_the_same_message(
    chat: Chat, web: httpx.AsyncClient
) -> None:
    first = (await web.get("/")).text
    chat.behave = helps_with_a_broken_store
    page = await submit(web, first, text="i want to die")

    assert "nobody has been told" in page
    assert Fields(page).box == "i want to die"
    assert Fields(page)["ref"] == Fields(first)["ref"]


async def test_later_replies_reach_a_page_with_no_script(chat: Chat, web: httpx.AsyncClient) -> None:
    page = await submit(web, (await web.get("/")).text, text="hi")
    chat.inbox = [("41", LATER)]
    page = await submit(web, page, check="1", text="half a sent")
    assert "your PA" in page
    assert Fields(page).box == "half a sent"

    page = await submit(web, page, check="1")
    assert words.NOTHING_LATE.text in page
    assert len(chat.messages) == 1


async def test_the_page_stands_without_a_knowledge_base(chat: Chat) -> None:
    def broken() -> list[Reply]:
        raise RuntimeError

    app = web_chat(chat.receive, chat, chat, broken, broken, "Waymark")
    async with client(app) as web:
        page = await web.get("/")
        missing = await web.get("/nowhere")

    assert page.status_code == 200
    assert "tel:116123" in page.text
    assert "tel:999" in missing.text


# What holds for every answer


async def test_every_answer_carries_the_security_headers(chat: Chat, web: httpx.AsyncClient) -> None:
    style = re.findall(r'href="(/static/[^"]+css)"', (await web.get("/")).text)[0]
    for path in ("/", "/api/openapi.json", "/api/v1/messages", "/nowhere", style):
        headers = (await web.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "geolocation=()" in headers["permissions-policy"]
        assert headers["cache-control"] == ("no-store" if path != style else "public, max-age=31536000, immutable")


async def test_no_cookie_and_no_token_in_an_address(chat: Chat, web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text
    answered = await web.post("/", data=dict(Fields(page).hidden))

    assert "set-cookie" not in answered.headers
    assert not re.findall(r'(?:href|action|src)="[^"]*token-', page + answered.text)


async def test_no_inline_script_no_inline_style_and_nobody_elses_address(web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text

    assert not re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page)
    assert set(re.findall(r"https?://[^\"'\s<]+", page)) == {words.LEAVE_TO}


async def test_a_style_of_another_release_is_served_but_not_kept(web: httpx.AsyncClient) -> None:
    response = await web.get("/static/chat.0123456789ab.css")

    assert (response.status_code, response.headers["cache-control"]) == (200, "no-cache")
    assert (await web.get("/static/chat.py")).status_code == 404
    assert (await web.get("/static/..%2Fwords.py")).status_code == 404


async def test_the_whole_page_is_under_60_kb(web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    sizes = [len(page.encode())]
    for part in parts:
        sizes.append(len((await web.get(part, headers={"Accept-Encoding": "identity"})).content))

    assert len(parts) == 3
    assert sum(sizes) < 60_000


def test_nothing_is_put_into_local_storage() -> None:
    script = (Path(webchat.__file__).parent / "static" / "chat.js").read_text()

    assert "localStorage" not in script
    assert "document.cookie" not in script


async def test_the_api_describes_itself(web: httpx.AsyncClient) -> None:
    described = json.loads((await web.get("/api/openapi.json")).text)

    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]["/api/v1/messages"]) == {"get", "post"}
