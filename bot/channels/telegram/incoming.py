"""An update of the Bot API as a message of ours. Pure.

The JSON is read as it is, and only what is needed of it: a field that is new or odd elsewhere in an update must not
keep somebody's words from being read. Source: Bot API 10.3, Update, Message, CallbackQuery.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.errors import BotError
from bot.domain.messages import Form, Message, Sender

_ADDRESSED = re.compile(r"(/\w{1,32})@\w+(?!\S)")  # a command with the bot's name: /start@waymark_bot
_MEDIA = {"photo": "photo", "voice": "voice", "sticker": "sticker"} | dict.fromkeys(
    ("animation", "audio", "checklist", "contact", "dice", "document", "game", "invoice", "live_photo", "location",
     "paid_media", "poll", "story", "venue", "video", "video_note"), "other")  # fmt: skip
_RICH = ("text", "blocks", "items", "cells", "summary", "caption", "credit", "expression", "alternative_text")


class Unreadable(BotError):
    """An update is not of the form that the Bot API describes."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """An update that asks for no answer, and the group or channel that the bot should leave, if any."""

    leave: int | None = None


def update_id(update: object) -> int | None:
    match update:
        case {"update_id": int(number)}:
            return number
    return None


def pressed(update: Mapping[str, Any]) -> str | None:
    """The callback query to be answered, so that the button stops its spinner."""
    match update:
        case {"callback_query": {"id": str(query)}}:
            return query
    return None


def read(update: Mapping[str, Any], now: datetime) -> Message | Ignored:
    """What an update says to us, if anything. Raises Unreadable.

    now stands in where an update has no date of its own: a button says when its message was sent, not when it was
    pressed.
    """
    try:
        match update:
            case {"message": message}:
                return _message(update, message, now)
            case {"edited_message": message}:
                return _edited(update, message, now)
            case {"callback_query": query}:
                return _action(update, query, now)
            case {"my_chat_member": {"chat": chat, "new_chat_member": {"status": status}}}:
                return Ignored() if status in ("left", "kicked") else _elsewhere(chat)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Unreadable from None
    return Ignored()


def _message(update: Mapping[str, Any], message: Mapping[str, Any], now: datetime) -> Message | Ignored:
    if message["chat"]["type"] != "private":
        return _elsewhere(message["chat"])
    words, media = _words(message), _media(message)
    if words is None and media is None:
        return Ignored()  # a service message: pinned, timer changed …
    form = Form.TEXT if media is None else Form.MEDIA
    sent_at = _when(message.get("date"), now)
    return Message(_ref(update), _sender(message["chat"]), words or "", sent_at, form, media=media)


def _edited(update: Mapping[str, Any], message: Mapping[str, Any], now: datetime) -> Message | Ignored:
    if message["chat"]["type"] != "private":
        return _elsewhere(message["chat"])
    words = _words(message)
    if words is None:
        return Ignored()  # a live location that moved, a game that was played
    sent_at = _when(message.get("edit_date"), now)
    return Message(_ref(update), _sender(message["chat"]), words, sent_at, Form.EDITED, media=_media(message))


def _action(update: Mapping[str, Any], query: Mapping[str, Any], now: datetime) -> Message | Ignored:
    match query:
        case {"message": {"chat": {"type": kind} as chat}} if kind != "private":
            return _elsewhere(chat)
        case {"data": str(key), "from": person}:  # a private chat has its person's id, also when its message is gone
            return Message(_ref(update), _sender(person), "", now, Form.ACTION, action=key)
    return Ignored()


def _elsewhere(chat: Mapping[str, Any]) -> Ignored:
    return Ignored(leave=None if chat["type"] == "private" else _id(chat))


def _words(message: Mapping[str, Any]) -> str | None:
    match message:
        case {"text": str(words)} | {"caption": str(words)}:
            return _ADDRESSED.sub(r"\1", words, count=1) if words.startswith("/") else words
        case {"rich_message": {"blocks": list(blocks)}}:
            return "\n".join(_flat(block) for block in blocks)
        case {"text": _} | {"caption": _}:
            raise Unreadable
    return None


def _flat(rich: object) -> str:
    """The words of a rich message's block or text, one after another."""
    match rich:
        case str():
            return rich
        case list():
            return "".join(_flat(each) for each in rich)
        case dict():
            return " ".join(_flat(rich[name]) for name in _RICH if name in rich)
    return ""


def _media(message: Mapping[str, Any]) -> str | None:
    kinds = [kind for name, kind in _MEDIA.items() if name in message]
    return kinds[0] if kinds else "other" if "caption" in message else None


def _ref(update: Mapping[str, Any]) -> str:
    return f"telegram:{update['update_id']}"


def _sender(chat: Mapping[str, Any]) -> Sender:
    return Sender("telegram", str(_id(chat)))


def _id(chat: Mapping[str, Any]) -> int:
    if not isinstance(chat["id"], int):
        raise Unreadable
    return chat["id"]


def _when(date: object, now: datetime) -> datetime:
    """date is Unix time in seconds."""
    try:
        return datetime.fromtimestamp(date, UTC) if isinstance(date, int) and date > 0 else now
    except (OverflowError, ValueError, OSError):
        return now
