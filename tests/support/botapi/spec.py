"""What the Bot API takes: names and types from aiogram's models of it, lengths from its text."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from aiogram import methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import Update
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from tests.support.botapi.wire import File

MODELS: dict[str, type[BaseModel]] = {
    model.__api_method__.lower(): model
    for model in vars(methods).values()
    if inspect.isclass(model) and issubclass(model, TelegramMethod) and model is not TelegramMethod
}
UPDATES = set(Update.model_fields) - {"update_id"}
ACTIONS = {
    "typing", "choose_sticker", "find_location", "upload_photo", "upload_document", "upload_video", "record_video",
    "upload_voice", "record_voice", "upload_video_note", "record_video_note",
}  # fmt: skip


def faults(method: str, params: dict[str, Any]) -> list[str]:
    """Everything in which a call departs from the Bot API; empty when it may be carried out."""
    fields = {field.alias or name: field for name, field in MODELS[method.lower()].model_fields.items()}
    found = [f"{name}: there is no such parameter" for name in params if name not in fields]
    found += [f"{name}: missing" for name, field in fields.items() if field.is_required() and name not in params]
    for name in params.keys() & fields.keys():
        found += _misfits(name, fields[name].annotation, params[name])
    return found or [fault for name in params if name in _LIMITS for fault in _LIMITS[name](parsed(params[name]))]


def parsed(value: Any) -> Any:
    """A value that came as text: the JSON in it, or itself."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _misfits(where: str, annotation: Any, value: Any) -> list[str]:
    if isinstance(value, File):
        return [] if "InputFile" in str(annotation) else [f"{where}: a file is not taken here"]
    for reading in (value, parsed(value)):
        try:
            read = _reader(annotation).validate_json(json.dumps(reading), strict=True)
        except ValidationError:
            continue
        return list(_unknown(where, read))
    return [f"{where}: wrong type"]


@cache
def _reader(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation, config=ConfigDict(arbitrary_types_allowed=True))


def _unknown(where: str, value: Any) -> Iterator[str]:
    """Fields, however deep, that the models do not know; they let them pass, and keep them apart."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _unknown(f"{where}[{number}]", each)
    elif isinstance(value, BaseModel):
        yield from (f"{where}.{name}: there is no such field" for name in value.model_extra or ())
        for name in type(value).model_fields:
            yield from _unknown(f"{where}.{name}", getattr(value, name))


def _keyboard(markup: Any) -> Iterator[str]:
    buttons = [button for row in markup.get("inline_keyboard", ()) for button in row]
    if len(buttons) > 100:
        yield "reply_markup: more than 100 buttons"
    for button in buttons:
        if not str(button["text"]).strip():
            yield "reply_markup: text of a button is empty"
        if len(button.keys() - {"text", "icon_custom_emoji_id", "style"}) != 1:
            yield "reply_markup: a button does exactly one thing"
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            yield "reply_markup: BUTTON_DATA_INVALID"


def _commands(commands: Any) -> Iterator[str]:
    if len(commands) > 100:
        yield "commands: more than 100"
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            yield "commands: BOT_COMMAND_INVALID"
        if not 1 <= len(command["description"]) <= 256:
            yield "commands: BOT_COMMAND_DESCRIPTION_INVALID"


def _must(what: str, holds: Callable[[Any], bool]) -> Callable[[Any], Iterator[str]]:
    def check(value: Any) -> Iterator[str]:
        if not holds(value):
            yield what

    return check


_LIMITS: dict[str, Callable[[Any], Iterator[str]]] = {
    "reply_markup": _keyboard,
    "commands": _commands,
    "limit": _must("limit: 1 to 100", lambda value: 1 <= value <= 100),
    "timeout": _must("timeout: not below 0", lambda value: value >= 0),
    "action": _must("wrong parameter action in request", lambda value: value in ACTIONS),
    "secret_token": _must("secret_token: 1-256 of A-Z a-z 0-9 _ -", re.compile(r"[\w-]{1,256}", re.A).fullmatch),  # type: ignore[arg-type]
    "chat_id": _must("chat_id is empty", lambda value: value != ""),
}
