"""The web chat in a real browser, against a real server that can be killed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request

from bot.channels.webchat import web_chat, words
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Action, Kind, Message, Outcome, Received, Reply, Sender, Urgency
from bot.ports import Say

WELCOME = Reply(
    "**I'm Waymark.** Ask me anything.", (Action("What can I ask", "menu"), Action("My council", "council"))
)
HELP = Reply("If you're in danger, ring 999.\n**Samaritans**: ring 116 123. Free, any time.", kind=Kind.DANGER)
ANSWER = Reply(
    "**You may not have to pay.**\nSend them your bill. See [GOV.UK](https://www.gov.uk/council-tax).",
    (Action("I share with others", "share"), Action("I already owe some and they have written to me twice", "owe")),
    Kind.ANSWER,
)
SHARE = Reply("Then it depends on them.", (Action("Menu", "menu"),), Kind.ANSWER)
DANGER = Reply(
    "**If you're hurt, ring 999 now.**\n- **Samaritans**: 116 123 (free, any time)\n- **Shout**: text SHOUT to 85258",
    (Action("I'm safe, carry on", "safe"), Action("I want a person", "person")),
    Kind.DANGER,
)
LATER = Reply("Hi, it's Sam. I can ring you at 10.", (Action("Yes please", "yes"),))


# The server: `python chromium.py PORT`


class Service:
    """Answers by a word in the text; who wrote "pa" gets a reply later."""

    def __init__(self) -> None:
        self._waiting: set[Sender] = set()

    async def receive(self, message: Message, say: Say) -> Received:
        if "pa" in message.text.split():
            self._waiting.add(message.sender)
        if "slow" in message.text:
            await asyncio.sleep(4)
        if "die" in message.text:
            await say([DANGER])
            await asyncio.sleep(1)
            await say([ANSWER])
            return Received(Outcome.ANSWER, Urgency.EMERGENCY, "safety.suicide")
        if "bug" in message.text:
            raise RuntimeError
        await say([SHARE if message.action == "share" else ANSWER])
        if "unkept" in message.text:
            raise StoreUnavailable
        return Received(Outcome.ANSWER, topic="money.council-tax")

    async def fetch(self, sender: Sender, after: str | None) -> list[tuple[str, Reply]]:
        return [("1", LATER)] if sender in self._waiting and after is None else []

    def make(self) -> str:
        return f"t{secrets.token_hex(16)}"

    def ours(self, token: str) -> bool:
        return re.fullmatch("t[0-9a-f]{32}", token) is not None


def serve(port: int) -> None:
    import uvicorn

    service = Service()
    chat = web_chat(service.receive, service, service, lambda: [WELCOME], lambda: [HELP], "Waymark")
    uvicorn.run(chat, host="127.0.0.1", port=port, log_level="error")


class Server:
    """The server in a process of its own, so that it can be killed and started again."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        root = Path(__file__).parents[2]
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(self.port)], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
        )
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("the web chat did not start")

    def kill(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


# The browser

Open = Callable[..., Page]


def ask(page: Page, text: str) -> None:
    page.get_by_label(words.LABEL).fill(text)
    page.keyboard.press("Enter")


def posts(page: Page) -> list[dict[str, Any]]:
    """What the page sends from now on, as it is sent."""
    sent: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(json.loads(request.post_data or "{}"))

    page.on("request", note)
    return sent


if __name__ == "__main__":
    serve(int(sys.argv[1]))
