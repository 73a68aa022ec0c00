"""Puts the web chat together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.channels.webchat import words
from bot.channels.webchat.api import Api
from bot.channels.webchat.assets import Assets
from bot.channels.webchat.guard import Guard
from bot.channels.webchat.leaflet import Leaflets
from bot.channels.webchat.openapi import describe
from bot.channels.webchat.page import Page
from bot.channels.webchat.show import guarded
from bot.channels.webchat.templates import Templates
from bot.channels.webchat.turn import Turns
from bot.domain.messages import Reply
from bot.ports import Documents, Inbox, Receive, Tokens

Endpoint = Callable[[Request], Awaitable[Response]]

_API = "/api/"


def _utc_now() -> datetime:
    return datetime.now(UTC)


def web_chat(
    receive: Receive,
    inbox: Inbox,
    tokens: Tokens,
    welcome: Callable[[], Sequence[Reply]],
    help_now: Callable[[], Sequence[Reply]],
    name: str,
    *,
    documents: Documents | None = None,
    now: Callable[[], datetime] = _utc_now,
) -> Starlette:
    """The web chat and its API as an app of its own, to be served at the root of its host.

    welcome and help_now may raise or give nothing: words out of this package stand in. name is the bot's, as shown.
    """

    def helplines() -> Sequence[Reply]:
        return guarded(help_now, words.HELP)

    assets = Assets()
    templates = Templates(assets, helplines, name)
    turns = Turns(receive, tokens, helplines, now)
    page = Page(turns, inbox, lambda: guarded(welcome, words.WELCOME), templates)
    api = Api(turns, inbox)
    refuse = _Refuse(templates)
    return Starlette(
        routes=[
            Route("/", _either(page.get, page.post), methods=["GET", "POST"]),
            Route("/api/v1/messages", _either(api.get, api.post), methods=["GET", "POST"]),
            Route("/api/openapi.json", describe, methods=["GET"]),
            Route("/static/{name}", assets.get, methods=["GET"]),
            Route("/leaflet/{council}/{stage}.pdf", Leaflets(documents, templates).get, methods=["GET"]),
        ],
        middleware=[Middleware(Guard, broke=refuse.broken)],
        exception_handlers={HTTPException: refuse},
    )


def _either(get: Endpoint, post: Endpoint) -> Endpoint:
    """One route for both, so that a refused method names all that are allowed."""

    async def endpoint(request: Request) -> Response:
        return await (post if request.method == "POST" else get)(request)

    return endpoint


class _Refuse:
    """Says what is wrong and what to do: as JSON under /api, as a page with helplines elsewhere."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    async def __call__(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return self._say(request, error.status_code, error.detail, dict(error.headers or {}))

    def broken(self, request: Request) -> Response:
        return self._say(request, 500)

    def _say(self, request: Request, status: int, detail: str = "", headers: dict[str, str] | None = None) -> Response:
        if not detail or detail == HTTPStatus(status).phrase:
            detail = words.REFUSED.get(status, words.REFUSED[400])
        if request.url.path.startswith(_API):
            return JSONResponse({"error": detail}, status, headers)
        page = self._templates.refusal(status, detail, with_back=request.method == "POST")
        return HTMLResponse(page, status, headers)
