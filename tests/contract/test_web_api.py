"""The web API keeps what `/api/openapi.json` says of it, whatever is sent."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, settings

from bot.channels.webchat import web_chat
from bot.channels.webchat.openapi import DESCRIPTION
from bot.domain.messages import Action, Document, Kind, Message, Outcome, Received, Reply, Sender
from bot.ports import Say

TOKEN = "a-token-of-ours"
DOCUMENT = Document("devon/18-21", "waymark-devon-18-21.pdf", "18 to 21 (PDF)")
LINKED = "**Yes.** See [GOV.UK](https://www.gov.uk)"
REPLY = Reply(LINKED, (Action("More", "more:x"),), Kind.ANSWER, document=DOCUMENT)


class Echo:
    """Answers everything with one reply, and has one that came later."""

    async def receive(self, message: Message, say: Say) -> Received:
        message.text.encode()  # whatever came must be able to go on to a database
        (message.action or "").encode()
        await say([REPLY])
        return Received(Outcome.ANSWER, topic="money.council-tax")

    async def fetch(self, sender: Sender, after: str | None) -> list[tuple[str, Reply]]:
        (after or "").encode()
        return [("1", REPLY)]

    def make(self) -> str:
        return TOKEN

    def ours(self, token: str) -> bool:
        return token == TOKEN


def _same_every_time() -> schemathesis.Config:
    config = schemathesis.Config(seed=20261124)
    config.projects.default.generation.update(
        modes=list(schemathesis.GenerationMode),
        deterministic=True,
        allow_extra_parameters=False,  # fields that are not known are tolerated
        with_security_parameters=False,  # given below; the check of refused tokens stays
    )
    return config


api = schemathesis.openapi.from_dict(DESCRIPTION, config=_same_every_time())


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    echo = Echo()
    chat = web_chat(echo.receive, echo, echo, lambda: [REPLY], lambda: [REPLY], "Waymark")
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(chat, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


@api.parametrize()
@settings(
    max_examples=60, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_every_answer_is_one_that_the_description_names(case: schemathesis.Case[Any], address: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"} if case.method.upper() == "GET" else {}

    case.call_and_validate(base_url=address, headers=headers, timeout=10)


def test_the_description_is_served_as_it_was_tested(address: str) -> None:
    assert httpx.get(f"{address}/api/openapi.json").json() == DESCRIPTION


def test_the_description_names_every_field_of_an_answer(address: str) -> None:
    answer = httpx.post(f"{address}/api/v1/messages", json={"text": "hi"}).json()
    schemas = DESCRIPTION["components"]["schemas"]

    assert set(answer) == set(schemas["Answered"]["properties"])
    assert set(answer["replies"][0]) == set(schemas["Reply"]["properties"])
    assert set(answer["replies"][0]["actions"][0]) == set(schemas["Action"]["properties"])
