"""`telegram.Bot` as we use it: updates as they come, and nothing that people wrote in its logs or exceptions."""

from __future__ import annotations

import json
import logging
import os
import ssl
from datetime import timedelta
from typing import Any, cast

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
UPDATES_AT_MOST = 100  # in one answer, and so unconfirmed at once; source: Bot API, getUpdates


def quiet_libraries() -> None:
    """Stops the libraries from logging the token (httpx, in every address) and people's words (telegram).

    python-telegram-bot writes answers and updates that it cannot read to its log as errors, whole; what of that we
    need to know reaches us as an exception. It also asks, by a variable, whether lengths of time may be timedeltas.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)


class Api(Bot):
    """The Bot API of one bot."""

    def __init__(self, token: str, api_base: str | None = None) -> None:
        base = (api_base or "https://api.telegram.org").rstrip("/")
        self._ours = (_Request(base, connections=2), _Request(base, connections=4 * UPDATES_AT_MOST))
        super().__init__(token, f"{base}/bot", get_updates_request=self._ours[0], request=self._ours[1])

    async def updates(self, offset: int | None, wait: timedelta, limit: int = UPDATES_AT_MOST) -> list[Any]:
        """Waiting updates, unparsed: one that cannot be read must not take its batch with it.

        Confirms those below the offset; without one, nothing. Raises TelegramError.
        """
        seconds = int(wait.total_seconds())
        asked = {"offset": offset, "limit": limit, "timeout": seconds, "allowed_updates": WANTED}
        given = cast("object", await self._post("getUpdates", asked, read_timeout=seconds + 10))
        if not isinstance(given, list):
            raise TelegramError("Invalid server response")
        return given

    async def close_connections(self) -> None:
        for request in self._ours:
            await request.shutdown()


class _Request(HTTPXRequest):
    def __init__(self, base: str, connections: int) -> None:
        # a server without TLS needs no certificates: reading them takes 50 ms
        tls = {} if base.startswith("https:") else {"verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
        super().__init__(
            connections, read_timeout=10, write_timeout=5, connect_timeout=5, pool_timeout=5, httpx_kwargs=tls
        )

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As in the base class, but what cannot be read is neither logged nor put into an exception."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer
