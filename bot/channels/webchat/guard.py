"""What holds for every answer of the web chat: its headers, and plain words with helplines where something broke."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}


class Guard:
    """Puts the headers on, and turns what nobody caught into a 500 in plain words.

    The log gets the kind of error only: its text and its traceback may hold what a person wrote.
    """

    def __init__(self, app: ASGIApp, broke: Callable[[Request], Response]) -> None:
        self._app = app
        self._broke = broke

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _put_headers(MutableHeaders(scope=message))
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except ClientDisconnect:
            return
        except Exception as error:  # a half-sent answer is cut off by the server, and the page tries again
            log.error("the web chat broke", extra={"error": type(error).__name__, "method": scope["method"]})  # noqa: TRY400
            if not started:
                await self._broke(Request(scope))(scope, receive, guarded)


def _put_headers(headers: MutableHeaders) -> None:
    headers.update(HEADERS)
    headers.setdefault("Cache-Control", "no-store")
