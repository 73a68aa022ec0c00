"""The least HTTP/1.1 that a Bot API client speaks, so that it can also be spoken badly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class Manner(Enum):
    """How an answer reaches the client."""

    WHOLE = "whole"
    CUT = "cut"  # half of the body, then the connection closes
    DROP = "drop"  # the connection closes without a byte
    HANG = "hang"  # nothing, for as long as the client cares to wait


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    manner: Manner = Manner.WHOLE


@dataclass(frozen=True, slots=True)
class File:
    """A file that came in a form."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    params: dict[str, Any]  # text or a File where they came as a form, else as in the JSON


class Wire:
    """Listens on 127.0.0.1 and hands each request to `handle`."""

    def __init__(self, handle: Callable[[Request], Awaitable[Answer]]) -> None:
        self._handle = handle
        self._open: set[asyncio.Task[Any]] = set()
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while (request := await _read(reader)) is not None:
                answer = await self._handle(request)
                if not await self._write(writer, answer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _write(self, writer: asyncio.StreamWriter, answer: Answer) -> bool:
        """True when the connection goes on."""
        if answer.manner is Manner.HANG:
            await asyncio.Event().wait()
        if answer.manner is Manner.DROP:
            return False
        kind = "application/json" if answer.body[:1] in b"{[" else "text/html"
        head = f"HTTP/1.1 {answer.status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(answer.body)}\r\n\r\n"
        body = answer.body[: len(answer.body) // 2] if answer.manner is Manner.CUT else answer.body
        writer.write(head.encode() + body)
        await writer.drain()
        return answer.manner is Manner.WHOLE


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode() if not reader.at_eof() else ""
    if not head:
        return None
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    url = urlsplit(first.split()[1])
    params: dict[str, Any] = dict(parse_qsl(url.query, keep_blank_values=True))
    kind = headers.get("content-type", "")
    if kind.startswith("application/json"):
        params |= json.loads(body or b"{}")
    elif kind.startswith("multipart/form-data"):
        params |= _parts(kind, body)
    else:
        params |= parse_qsl(body.decode(), keep_blank_values=True)
    return Request(url.path, params)


def _parts(kind: str, body: bytes) -> dict[str, Any]:
    """The fields and files of a form with files."""
    form = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=policy.HTTP)
    found: dict[str, Any] = {}
    for part in form.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        file = part.get_filename()
        name = str(part.get_param("name", header="content-disposition"))
        found[name] = content.decode() if file is None else File(file, content)
    return found
