"""What is said to us and what we say back, the same for every channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Urgency(Enum):
    """How soon a person is needed. Ordered: `URGENT > NONE`."""

    NONE = "none"
    URGENT = "urgent"  # a person today or the next working day
    EMERGENCY = "emergency"  # life or safety at risk now

    @property
    def rank(self) -> int:
        return ("none", "urgent", "emergency").index(self.value)

    def __lt__(self, other: Urgency) -> bool:
        return self.rank < other.rank


class Outcome(Enum):
    """What a message came to. Names are those of the published contract."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    UNKNOWN = "unknown"
    SMALL_TALK = "small_talk"
    PERSON = "person"


class Kind(Enum):
    """What a reply is, so that a channel can show it as such."""

    DANGER = "danger"  # helplines and the one thing to do now
    ANSWER = "answer"  # a checked entry
    NOTICE = "notice"  # everything else: welcome, menu, questions of ours


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as their channel knows them. Never kept as it is: see `store`."""

    channel: str  # "telegram", "web", "terminal"
    account: str

    def __repr__(self) -> str:
        return f"Sender({self.channel!r}, …)"


@dataclass(frozen=True, slots=True)
class Action:
    """A button: what it says, and the short key that pressing it sends back.

    A key says all that pressing it needs (`t:money.council-tax`), so it works after a restart and a month later.
    At most 64 bytes (Bot API, InlineKeyboardButton.callback_data).
    """

    label: str
    key: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file that goes with a reply: made when it is fetched, and nothing in it is about the person.

    key names it at `bot.ports.Documents`: `devon/18-21`.
    """

    key: str
    filename: str
    title: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message from us: light markup (`**bold**`, `*italic*`, `- ` lists, `[words](https://…)`) and its buttons."""

    text: str
    actions: tuple[Action, ...] = ()
    kind: Kind = Kind.NOTICE
    language: str | None = None  # BCP 47, of all but the last paragraph, where it is not English
    document: Document | None = None


class Form(Enum):
    """In what form a message came."""

    TEXT = "text"
    ACTION = "action"  # a button; `Message.action` holds its key
    EDITED = "edited"  # a text that was changed after it was sent
    MEDIA = "media"  # a picture, voice note, sticker; `text` holds its caption, perhaps empty


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a channel hands it on.

    ref names what happened at the channel (`telegram:123456`), so that the same thing twice is the same thing.
    sent_at is aware, in UTC.
    """

    ref: str
    sender: Sender
    text: str
    sent_at: datetime
    form: Form = Form.TEXT
    action: str | None = None
    media: str | None = None  # "photo", "voice", "sticker" …: for the polite answer
    again: bool = False  # the client lost our answer and asks with the same ref: it is said again, and kept once

    def __repr__(self) -> str:
        return f"Message(ref={self.ref!r}, form={self.form.value})"


@dataclass(frozen=True, slots=True)
class Assessment:
    """How urgent the words are, and why."""

    urgency: Urgency = Urgency.NONE
    category: str | None = None  # topic id of the danger
    reasons: tuple[str, ...] = ()  # the words of the text that put it there
    about_other: bool = False  # somebody else is at risk
    check_in: bool = False  # no alarm, but the reply ends with one soft line
    matched: tuple[str, ...] = field(default=(), repr=False)  # rule ids or exemplars that fired: for staff and `why`

    def __repr__(self) -> str:
        return f"Assessment({self.urgency.value}, {self.category})"


@dataclass(frozen=True, slots=True)
class Miss:
    """A message that there was no answer for: nothing of its words, only what they were nearest to."""

    nearest: str  # topic id, or the id of what is not covered
    sure: float  # 0 to 1: that this was what was asked


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one message: what a channel may tell its client beside the replies."""

    outcome: Outcome
    urgency: Urgency = Urgency.NONE
    topic: str | None = None
    miss: Miss | None = None
