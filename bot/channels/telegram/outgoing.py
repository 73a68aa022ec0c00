"""A reply of ours as messages of the Bot API, and what became of sending them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter

from bot.channels.markup import split_reply, to_html, to_plain
from bot.channels.telegram.pace import Pace
from bot.domain.delivery import Sent
from bot.domain.messages import Action, Reply
from bot.ports import Documents, Say

TEXT_LIMIT = 4096  # UTF-16 code units after entity parsing; source: Bot API, sendMessage
CAPTION_LIMIT = 1024  # UTF-16 code units after entity parsing; source: Bot API, sendDocument
KEY_LIMIT = 64  # bytes; source: Bot API, InlineKeyboardButton.callback_data
BUTTON_LIMIT = 100  # in one message; the server refuses more
WIDE = 18  # characters of a label that still fits half a phone's width

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """One message: its words as HTML, the same without marks, and its buttons."""

    html: str
    plain: str
    keyboard: InlineKeyboardMarkup | None = None
    file: InputFile | None = None  # a document, whose caption the words are


def lay_out(reply: Reply, file: InputFile | None = None) -> list[Part]:
    """The messages that make up a reply; its file and its buttons stand with the last one."""
    texts = split_reply(reply.text, TEXT_LIMIT)
    if file is not None:  # the last words that fit become its caption
        texts[-1:] = split_reply(texts[-1], CAPTION_LIMIT)
    parts = [Part(to_html(text), to_plain(text)) for text in texts]
    parts[-1:] = [replace(last, keyboard=keyboard(reply.actions), file=file) for last in parts[-1:]]
    return parts


def keyboard(actions: Sequence[Action]) -> InlineKeyboardMarkup | None:
    """Short labels two in a row, long ones alone."""
    assert all(action.label and 0 < len(action.key.encode()) <= KEY_LIMIT for action in actions), "see Action.key"
    rows: list[list[InlineKeyboardButton]] = []
    room = False  # for a second one in the last row
    for action in actions[:BUTTON_LIMIT]:
        button, short = InlineKeyboardButton(action.label, callback_data=action.key), len(action.label) <= WIDE
        if short and room:
            rows[-1].append(button)
        else:
            rows.append([button])
        room = short and not room
    return InlineKeyboardMarkup(rows) if rows else None


class Outgoing:
    """Sends replies, one after another in each chat."""

    def __init__(self, api: Bot, pace: Pace, documents: Documents | None = None) -> None:
        self._api, self._pace, self._documents = api, pace, documents

    def say_to(self, account: str) -> Say:
        async def say(replies: Sequence[Reply]) -> Sent:
            outcome = Sent.OK
            for reply in replies:
                sent = await self.send(account, reply)
                if sent is Sent.LATER:
                    return sent
                if sent is Sent.NEVER:  # of this one; the next may be well formed
                    outcome = sent
            return outcome

        return say

    async def send(self, account: str, reply: Reply) -> Sent:
        """Never raises. LATER when none or only the first parts went out."""
        if not account.lstrip("-").isdecimal():
            return Sent.NEVER
        outcome = Sent.NEVER  # of a reply without words
        for part in _lay_out_somehow(*await self._with_file(reply)):
            outcome = await self._send_part(int(account), part)
            if outcome is not Sent.OK:
                return outcome
        return outcome

    async def _with_file(self, reply: Reply) -> tuple[Reply, InputFile | None]:
        """The reply and its file; where that cannot be had, what stands in it, in words."""
        if reply.document is None or self._documents is None:
            return reply, None
        try:
            made = await self._documents.file(reply.document.key)
            return reply, InputFile(made, filename=reply.document.filename)
        except Exception as fault:
            log.warning("document not made", extra={"error": type(fault).__name__})
        instead = self._documents.instead(reply.document.key)
        return (replace(instead, actions=reply.actions) if instead else reply), None

    async def _send_part(self, chat: int, part: Part) -> Sent:
        waits = iter(self._pace.send_again)
        as_html = True
        while True:
            fault = await self._attempt(chat, part, as_html)
            if fault is None:
                return Sent.OK
            if as_html and _is_about_markup(fault):
                as_html = False
                continue
            sent = _sorted(fault, waits, self._pace.flood_wait)
            if isinstance(sent, Sent):
                log.warning("reply not sent", extra={"error": type(fault).__name__, "outcome": sent.value})
                return sent
            await asyncio.sleep(sent.total_seconds())

    async def _attempt(self, chat: int, part: Part, as_html: bool) -> Exception | None:
        try:
            await self._post(chat, part, part.html if as_html else part.plain, ParseMode.HTML if as_html else None)
        except Exception as fault:
            return fault
        return None

    async def _post(self, chat: int, part: Part, words: str, mode: ParseMode | None) -> None:
        if part.file is not None:
            await self._api.send_document(chat, part.file, caption=words, parse_mode=mode, reply_markup=part.keyboard)
            return
        preview = LinkPreviewOptions(is_disabled=True)
        await self._api.send_message(
            chat, words, parse_mode=mode, link_preview_options=preview, reply_markup=part.keyboard
        )


def _sorted(fault: Exception, waits: Iterator[timedelta], longest: timedelta) -> Sent | timedelta:
    """What a failure comes to, or how long to wait before the next try.

    A bad request is a kind of NetworkError in python-telegram-bot; it is no better the second time.
    """
    if isinstance(fault, Forbidden | BadRequest | ChatMigrated):
        return Sent.NEVER
    wait = next(waits, None)
    if wait is None:
        return Sent.LATER
    if isinstance(fault, RetryAfter):
        asked = retry_after(fault)
        return Sent.LATER if asked > longest else max(asked, wait)
    return wait


def retry_after(fault: RetryAfter) -> timedelta:
    """How long Telegram asks us to wait."""
    asked = fault.retry_after
    return asked if isinstance(asked, timedelta) else timedelta(seconds=asked)


def _is_about_markup(fault: Exception) -> bool:
    return isinstance(fault, BadRequest) and "can't parse entities" in str(fault).lower()


def _lay_out_somehow(reply: Reply, file: InputFile | None) -> list[Part]:
    """Words that cannot be laid out are our fault; they go out all the same, bare, for they may be helplines."""
    try:
        return lay_out(reply, file)
    except Exception as fault:
        log.warning("reply cannot be laid out", extra={"error": type(fault).__name__})
        plain, room = to_plain(reply.text), TEXT_LIMIT // 2  # every character may be two units
        cuts = [plain[at : at + room] for at in range(0, len(plain), room)]
        return [Part(escape(cut), cut) for cut in cuts if cut.strip()]
