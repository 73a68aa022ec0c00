"""Reads what came over the wire. What cannot be used is refused in plain words that say what to do."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.webchat import words
from bot.channels.webchat.turn import Asked

BODY_LIMIT = 512 * 1024  # bytes
_READ_TO_THE_END = 8 * 1024 * 1024  # bytes; up to here a client gets to read why it was refused
KEY_LIMIT = 64  # characters of a button's key, and of a client's own id of a message
FIELD_LIMIT = 400  # fields of a form

_UNUSABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps no NUL; half a surrogate pair is no character


async def body(request: Request) -> bytes:
    """The whole body. Raises 413 when it is over the limit."""
    kept, length = bytearray(), 0
    async for chunk in request.stream():
        length += len(chunk)
        if length <= BODY_LIMIT:
            kept += chunk
        elif length > _READ_TO_THE_END:
            break
    if length > BODY_LIMIT:
        raise HTTPException(413)
    return bytes(kept)


def sent_as(request: Request, media_type: str, refusal: str) -> None:
    """Raises 415 unless the body is said to be of this type."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media_type:
        raise HTTPException(415, refusal)


def text_of(value: str) -> str:
    return _UNUSABLE.sub("\N{REPLACEMENT CHARACTER}", value)


def asked_in_json(raw: bytes) -> Asked:
    """Raises 400 when it is no JSON, 422 when it is JSON of another shape."""
    try:
        given = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise HTTPException(400, words.NOT_JSON) from None
    if not isinstance(given, dict):
        raise HTTPException(422, words.NOT_AN_OBJECT)
    text, action = given.get("text"), given.get("action")
    if (text is None) == (action is None):
        raise HTTPException(422, words.ONE_OF_TWO)
    if not isinstance(text, str | None):
        raise HTTPException(422, words.NOT_TEXT)
    return Asked(
        text=text_of(text or ""),
        action=_short(given, "action", least=1),
        token=_short(given, "conversation", most=BODY_LIMIT),
        ref=_short(given, "ref"),
    )


def _short(given: dict[str, object], field: str, least: int = 0, most: int = KEY_LIMIT) -> str | None:
    value = given.get(field)
    if value is None:
        return None
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise HTTPException(422, words.WRONG_FIELD.format(field=field, least=least, most=most))
    return text_of(value)


def form_fields(raw: bytes) -> dict[str, list[str]]:
    """Raises 400 when it is no form."""
    try:
        pairs = parse_qsl(raw.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=FIELD_LIMIT)
    except ValueError:
        raise HTTPException(400) from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(text_of(value.replace("\r\n", "\n")))
    return fields
