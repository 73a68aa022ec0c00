"""The web chat over HTTP, with a use case that remembers what it was handed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.webchat import web_chat
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Action, Kind, Message, Outcome, Received, Reply, Sender, Urgency
from bot.ports import Say

NOW = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)

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


# A test file takes these by assignment: an import that only pytest uses is flagged.


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
async def web(chat: Chat) -> AsyncIterator[httpx.AsyncClient]:
    async with client(chat.app()) as made:
        yield made


def client(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://web")


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
