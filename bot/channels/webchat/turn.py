"""One turn of a conversation: what was asked becomes a Message, each reply is shown as it is said."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from bot.channels.webchat import words
from bot.domain.delivery import Sent
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Form, Kind, Message, Outcome, Received, Reply, Sender, Urgency
from bot.ports import Receive, Tokens

log = logging.getLogger(__name__)

CHANNEL = "web"
TOKEN_LIMIT = 512  # characters; longer is not a token of ours

Show = Callable[[Reply], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person sent: a text, or the key of a button."""

    text: str = ""
    action: str | None = None
    token: str | None = None  # of their conversation, as they gave it
    ref: str | None = None  # their own id of this message


@dataclass(frozen=True, slots=True)
class Place:
    """Whose conversation a turn belongs to."""

    token: str
    is_restart: bool = False  # a token was given that is not ours, so this is a new conversation


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a turn."""

    received: Received
    kept: bool


class NothingSaid(Exception):
    """A turn broke before a single reply was said."""


@dataclass(slots=True)
class Saying:
    """The `Say` of one turn. A call for help is answered with help before anything of ours."""

    show: Show
    opening: tuple[Reply, ...] = ()  # said first, or last when what comes first is help
    said: list[Reply] = field(default_factory=list)

    async def __call__(self, replies: Sequence[Reply]) -> Sent:
        if self.opening and replies and replies[0].kind is not Kind.DANGER and not self.said:
            replies, self.opening = (*self.opening, *replies), ()
        return await self._out(replies)

    async def end(self) -> None:
        opening, self.opening = self.opening, ()
        await self._out(opening)

    async def _out(self, replies: Sequence[Reply]) -> Sent:
        try:
            for reply in replies:
                self.said.append(reply)
                await self.show(reply)
        except OSError:  # the person's line broke; what the message caused is still to be kept
            return Sent.LATER
        return Sent.OK


class Turns:
    """Hands messages to the use case, which keeps one person's in order."""

    def __init__(
        self,
        receive: Receive,
        tokens: Tokens,
        help_now: Callable[[], Sequence[Reply]],
        now: Callable[[], datetime],
    ) -> None:
        self._receive = receive
        self._tokens = tokens
        self._help_now = help_now
        self._now = now

    def knows(self, token: str | None) -> bool:
        return bool(token and len(token) <= TOKEN_LIMIT and token.isascii() and self._tokens.ours(token))

    def new_token(self) -> str:
        return self._tokens.make()

    def place(self, token: str | None) -> Place:
        if token and self.knows(token):
            return Place(token)
        return Place(self.new_token(), is_restart=bool(token))

    async def take(self, asked: Asked, place: Place, show: Show) -> Ended:
        """One message to its end. Raises NothingSaid when it broke and the person has heard nothing."""
        say = Saying(show, opening=(words.OVER,) if place.is_restart else ())
        ended = await self._handled(self._message(asked, place), say)
        await say.end()
        return ended

    async def _handled(self, message: Message, say: Saying) -> Ended:
        try:
            return Ended(await self._receive(message, say), kept=True)
        except StoreUnavailable:
            if not say.said:
                await say(tuple(self._help_now()))
        except Exception as error:  # our bug: what was said stands, and its words stay out of the log
            log.error("a web message could not be handled", extra={"error": type(error).__name__})  # noqa: TRY400
            if not say.said:
                raise NothingSaid from None
        return Ended(_judged_by(say.said), kept=False)

    def _message(self, asked: Asked, place: Place) -> Message:
        return Message(
            ref=f"{CHANNEL}:{sha256((place.token + (asked.ref or secrets.token_hex(16))).encode()).hexdigest()}",
            sender=Sender(CHANNEL, place.token),
            text=asked.text,
            sent_at=self._now(),
            form=Form.TEXT if asked.action is None else Form.ACTION,
            action=asked.action,
            again=asked.ref is not None,  # who names a message may have lost our answer to it
        )


def _judged_by(said: Sequence[Reply]) -> Received:
    """The most that can be told of a turn that broke: by what it said."""
    kinds = {reply.kind for reply in said}
    return Received(
        outcome=Outcome.ANSWER if Kind.ANSWER in kinds else Outcome.UNKNOWN,
        urgency=Urgency.EMERGENCY if Kind.DANGER in kinds else Urgency.NONE,
    )
