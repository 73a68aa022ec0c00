"""Health and figures over HTTP: nothing personal, figures on the loopback address only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.domain.messages import Message, Received

BANDS = 5  # of how sure, for each miss


class Figures:
    """Counts for `/metrics`: nothing that tells one person from another, and nothing of what they wrote."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._messages = Counter(
            "waymark_messages", "Messages handled", ["channel", "outcome", "urgency"], registry=self.registry
        )
        self._misses = Counter(
            "waymark_misses",
            "Messages without an answer, by what they were nearest to and how sure that was",
            ["nearest", "sure"],
            registry=self.registry,
        )
        self._alarms = Counter("waymark_alarms", "Alarms raised", ["what"], registry=self.registry)
        self._ready = Gauge("waymark_ready", "1 when /health/ready says 200", registry=self.registry)

    def count(self, message: Message, received: Received) -> None:
        self._messages.labels(message.sender.channel, received.outcome.value, received.urgency.value).inc()
        if received.miss is not None:
            self._misses.labels(received.miss.nearest, band(received.miss.sure)).inc()

    def alarm(self, what: str) -> None:
        self._alarms.labels(what).inc()

    def ready(self, ready: bool) -> None:
        self._ready.set(ready)

    def text(self) -> bytes:
        return generate_latest(self.registry)


def band(sure: float) -> str:
    """The fifth that a share lies in: "0.2-0.4"."""
    first = min(int(sure * BANDS), BANDS - 1)
    return f"{first / BANDS:.1f}-{(first + 1) / BANDS:.1f}"


def routes(why_not_ready: Callable[[], Awaitable[list[str]]], figures: Figures) -> list[Route]:
    """`/health/live`, `/health/ready` and `/metrics`. why_not_ready gives reasons in plain words; none: ready."""

    async def live(_: Request) -> Response:
        return JSONResponse({"live": True})

    async def ready(_: Request) -> Response:
        why = await why_not_ready()
        figures.ready(not why)
        return JSONResponse({"ready": not why, "why": why}, status_code=503 if why else 200)

    async def metrics(request: Request) -> Response:
        if not _is_local(request):
            return PlainTextResponse("Not found", status_code=404)
        return Response(figures.text(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", metrics)]


def _is_local(request: Request) -> bool:
    """Asked from this machine and not handed on by a proxy in front."""
    handed_on = any(h in request.headers for h in ("x-forwarded-for", "forwarded", "x-real-ip"))
    host = request.client.host if request.client else ""
    try:
        return ip_address(host).is_loopback and not handed_on
    except ValueError:
        return False
