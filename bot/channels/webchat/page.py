"""The chat as a page that works with no script: each exchange is a form that comes back with its replies."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.webchat import words
from bot.channels.webchat.request import KEY_LIMIT, body, form_fields, sent_as
from bot.channels.webchat.streamed import Streamed, Write
from bot.channels.webchat.templates import Templates
from bot.channels.webchat.turn import CHANNEL, Asked, Place, Turns
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Action, Reply, Sender
from bot.ports import Inbox

_NUMBER = re.compile(r"\s*(\d{1,2})\s*[.)]?\s*")

Replies = Callable[[], Sequence[Reply]]


@dataclass(frozen=True, slots=True)
class Form:
    """What a page sent. The page carries what a server without a memory of it must know again."""

    text: str = ""
    pressed: str | None = None
    is_check: bool = False
    token: str | None = None
    ref: str | None = None
    after: str = ""  # id of the last reply that came later
    offered: tuple[Action, ...] = ()  # the buttons that were on the page

    @classmethod
    def read(cls, raw: bytes) -> Form:
        fields = form_fields(raw)

        def first(name: str) -> str:
            return fields.get(name, [""])[0]

        return cls(
            text=first("text"),
            pressed=first("action")[:KEY_LIMIT] or None,
            is_check="check" in fields,
            token=first("conversation") or None,
            ref=first("ref")[:KEY_LIMIT] or None,
            after=first("after"),
            offered=tuple(map(Action, fields.get("label", []), fields.get("key", []))),
        )

    @property
    def chosen(self) -> Action | None:
        """The button that was pressed, or whose number was typed."""
        if self.pressed:
            known = (*self.offered, Action(words.ASK_PERSON, "person"))
            return next((action for action in known if action.key == self.pressed), Action("", self.pressed))
        number = _NUMBER.fullmatch(self.text)
        if number and 1 <= int(number[1]) <= len(self.offered):
            return self.offered[int(number[1]) - 1]
        return None

    @property
    def draft(self) -> str:
        """What was typed but not sent, because a button was pressed."""
        return self.text if self.pressed or self.is_check else ""


class Page:
    def __init__(self, turns: Turns, inbox: Inbox, welcome: Replies, templates: Templates) -> None:
        self._turns = turns
        self._inbox = inbox
        self._welcome = welcome
        self._templates = templates

    async def get(self, request: Request) -> Response:
        pieces: list[str] = []

        async def write(piece: str) -> None:
            pieces.append(piece)

        telling = _Telling(write, self._templates)
        for reply in self._welcome():
            await telling.reply(reply)
        await telling.end(self._turns.new_token())
        return HTMLResponse("".join(pieces))

    async def post(self, request: Request) -> Response:
        sent_as(request, "application/x-www-form-urlencoded", words.WANTS_FORM)
        form = Form.read(await body(request))
        place = self._turns.place(form.token)

        async def tell(write: Write) -> None:
            await (self._check if form.is_check else self._turn)(form, place, _Telling(write, self._templates))

        return Streamed(tell, "text/html")

    async def _turn(self, form: Form, place: Place, telling: _Telling) -> None:
        chosen = form.chosen
        telling.theirs = chosen.label if chosen else form.text
        asked = Asked("" if chosen else form.text, chosen.key if chosen else None, ref=form.ref)
        ended = await self._turns.take(asked, place, telling.reply)
        if not telling.has_begun:
            await telling.reply(Reply(words.NOTHING_NEW))
        if not ended.kept:
            await telling.end(place.token, draft=form.text, ref=form.ref, after=form.after, kept=False)
            return
        after = await self._later(form, place, telling)
        await telling.end(place.token, draft=form.draft, after=after, is_begun=True)

    async def _check(self, form: Form, place: Place, telling: _Telling) -> None:
        after = await self._later(form, place, telling)
        if not telling.has_begun:
            await telling.reply(words.NOTHING_LATE if after is not None else words.LATE_FAILED)
        await telling.end(place.token, draft=form.draft, after=after or form.after, is_begun=True)

    async def _later(self, form: Form, place: Place, telling: _Telling) -> str | None:
        """Shows replies that came later; the id of the last one, or None when they could not be had."""
        try:
            later = await self._inbox.fetch(Sender(CHANNEL, place.token), form.after or None)
        except StoreUnavailable:
            return None
        for _, reply in later:
            await telling.reply(reply)
        return later[-1][0] if later else form.after


@dataclass(slots=True)
class _Telling:
    """Writes one page: what comes above the first reply, each reply, and the rest."""

    write: Write
    templates: Templates
    theirs: str = ""  # what the person sent, shown above our replies
    offered: list[Action] = field(default_factory=list)
    has_begun: bool = False

    async def reply(self, reply: Reply) -> None:
        piece = self.templates.reply(reply, is_first=not self.has_begun, numbered_from=len(self.offered) + 1)
        await self.write(piece if self.has_begun else self.templates.top(self.theirs) + piece)
        self.has_begun = True
        self.offered += reply.actions

    async def end(
        self,
        token: str,
        *,
        draft: str = "",
        ref: str | None = None,
        after: str | None = "",
        kept: bool = True,
        is_begun: bool = False,
    ) -> None:
        await self.write(
            self.templates.bottom(
                token=token,
                ref=ref or secrets.token_hex(8),
                after=after or "",
                draft=draft,
                kept=kept,
                is_begun=is_begun,
                offered=self.offered,
            )
        )
