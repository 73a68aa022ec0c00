"""Health says whether and why not, figures are told to this machine only, and neither tells one person from another."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette

from bot.domain.messages import Message, Outcome, Received, Sender, Urgency
from bot.health import Figures, routes
from tests.support.receiving import NOW

MARKER = "ZEBEDEE-SAID-THIS"


class Server:
    """The routes, asked over ASGI from an address of our choice."""

    def __init__(self) -> None:
        self.why: list[str] = []
        self.figures = Figures()
        self.app = Starlette(routes=list(routes(self._why, self.figures)))

    async def _why(self) -> list[str]:
        return self.why

    async def get(self, path: str, *, client: str = "127.0.0.1", **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, client=(client, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as asking:
            return await asking.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.fixture
def server() -> Server:
    return Server()


async def test_live_is_live_whatever_is_wrong(server: Server) -> None:
    server.why = ["store: it is locked"]

    assert (await server.get("/health/live")).json() == {"live": True}


async def test_ready_says_200_when_nothing_is_wrong(server: Server) -> None:
    answer = await server.get("/health/ready")

    assert (answer.status_code, answer.json()) == (200, {"ready": True, "why": []})


async def test_ready_says_503_and_why_when_something_is(server: Server) -> None:
    server.why = ["knowledge: a.yaml:3: this is not YAML"]

    answer = await server.get("/health/ready")

    assert (answer.status_code, answer.json()) == (503, {"ready": False, "why": server.why})


async def test_figures_count_messages_by_channel_outcome_and_urgency(server: Server) -> None:
    message = Message("web:1", Sender("web", MARKER), MARKER, NOW)
    for _ in range(2):
        server.figures.count(message, Received(Outcome.ANSWER, Urgency.URGENT, "money.council-tax"))
    server.figures.alarm("the store cannot be written")

    text = (await server.get("/metrics")).text

    assert 'waymark_messages_total{channel="web",outcome="answer",urgency="urgent"} 2.0' in text
    assert 'waymark_alarms_total{what="the store cannot be written"} 1.0' in text
    assert MARKER not in text
    assert "council-tax" not in text


async def test_figures_follow_readiness(server: Server) -> None:
    await server.get("/health/ready")
    assert "waymark_ready 1.0" in (await server.get("/metrics")).text

    server.why = ["x"]
    await server.get("/health/ready")
    assert "waymark_ready 0.0" in (await server.get("/metrics")).text


@pytest.mark.parametrize("client", ["10.0.0.7", "203.0.113.9", "2001:db8::1", "unknown"])
async def test_figures_are_told_to_this_machine_only(server: Server, client: str) -> None:
    assert (await server.get("/metrics", client=client)).status_code == 404


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip"])
async def test_figures_are_not_told_through_a_proxy(server: Server, header: str) -> None:
    assert (await server.get("/metrics", **{header: "127.0.0.1"})).status_code == 404


async def test_figures_are_told_over_ipv6_too(server: Server) -> None:
    assert (await server.get("/metrics", client="::1")).status_code == 200
