"""A response that goes out piece by piece, so that help reaches the person before anything is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Write = Callable[[str], Awaitable[None]]


class Streamed(Response):
    """Runs `tell` within the request itself: a person who goes away does not stop what their message caused.

    Nothing is sent before the first piece, so that a turn that breaks without a word can still be a 500.
    """

    def __init__(self, tell: Callable[[Write], Awaitable[None]], media_type: str) -> None:
        super().__init__(media_type=media_type, headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def write(piece: str) -> None:
            nonlocal started
            if not started:
                started = True
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": piece.encode(errors="replace"), "more_body": True})

        await self._tell(write)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
