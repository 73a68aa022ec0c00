"""A message, from its arrival to its end: danger heard first, replies said, what it caused kept."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from bot import last_resort
from bot.dialogue.danger import danger_reply
from bot.dialogue.decide import decide
from bot.dialogue.turn import Decision, Mode, Turn
from bot.domain.delivery import Delivery, Sent
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Assessment, Form, Kind, Message, Miss, Outcome, Received, Reply, Sender, Urgency
from bot.domain.people import About, Conversation
from bot.knowledge.base import Base
from bot.knowledge.index import Found, Index, Thresholds
from bot.language.vectors import Encode, Once
from bot.ports import Conversations, Kept, Say
from bot.service.misses import missed
from bot.triage.assess import Triage, assess

log = logging.getLogger("waymark.receive")
T = TypeVar("T")

PATIENCE = 2.0  # seconds that an ordinary message waits for the store before it goes on without it
PATIENCE_IN_DANGER = 0.15  # seconds; help waits for no disk, but a healthy one answers in a few milliseconds
PATIENCE_TO_KEEP = 5.0  # seconds; the wait for another's lock fits in
VERSION = re.compile(r"[0-9a-f]{8}")  # of an entry, as `version_of` gives it
PATIENCE_IN_LINE = 0.5  # seconds that a call for help waits for the same person's earlier message
TRY_AGAIN = timedelta(seconds=5)  # until the relay's first try at what could not go out
REMEMBERED = 10_000  # refs whose replies were said in this process: a message that comes again is not answered twice


@dataclass(frozen=True, slots=True)
class Answers:
    """What answering needs just now; handed out whole, so that a reload swaps all of it at once."""

    base: Base
    index: Index | None
    triage: Triage
    mode: Mode = Mode.ON
    why_off: str = ""
    once: Encode | None = None  # sentence vectors of one message, which is read more than once

    def for_one_message(self) -> Answers:
        return replace(self, once=Once(self.triage.encode)) if self.triage.encode else self


class Known(Enum):
    """What the store says of a message when it is not a conversation."""

    BEFORE = "this message was kept before"
    NOT_IN_TIME = "it said nothing in time"


class ReceiveMessage:
    """The use case behind every channel (`bot.ports.Receive`). One person's messages in order, people side by side."""

    def __init__(
        self,
        answers: Callable[[], Answers],
        conversations: Conversations,
        *,
        name: str = "Waymark",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        alarm: Callable[[str], None] = lambda _: None,
        counted: Callable[[Message, Received], None] = lambda *_: None,
        default_council: str | None = None,
    ) -> None:
        self._answers = answers
        self._conversations = conversations
        self._name = name
        self._clock = clock
        self._alarm = alarm
        self._counted = counted
        self._default = Conversation(about=About(council=default_council))
        self._lanes: dict[Sender, tuple[asyncio.Lock, int]] = {}
        self._said: OrderedDict[str, None] = OrderedDict()

    async def __call__(self, message: Message, say: Say) -> Received:
        answers = self._answers().for_one_message()
        assessment = _assess(message, answers)

        async def held_up() -> None:
            if assessment.urgency is not Urgency.NONE and message.ref not in self._said:
                sent = await say((_help(answers, assessment, self._clock()),))
                self._remember(_helped(message.ref), sent)

        async with self._in_order(message.sender, held_up):
            try:
                return await self._turn(message, say, answers, assessment)
            except StoreUnavailable:
                raise
            except Exception as error:  # our bug: help still goes out, and the next message works
                log.error("turn failed", extra={"error": type(error).__name__, "at": _where(error)})  # noqa: TRY400
                self._alarm("a message could not be processed")
                return await self._despite_our_fault(message, say, answers, assessment)

    async def _turn(self, message: Message, say: Say, answers: Answers, assessment: Assessment) -> Received:
        in_danger = assessment.urgency is not Urgency.NONE
        known = await self._known(message, PATIENCE_IN_DANGER if in_danger else PATIENCE)
        if known is Known.BEFORE:
            return Received(Outcome.SMALL_TALK, assessment.urgency)
        decision, miss = self._decide(message, known, answers, assessment)
        unsent = await self._say_once(message, say, decision.say_now)
        if known is Known.NOT_IN_TIME:  # what the reply could not wait for must not be written over
            known = await self._known(message, PATIENCE)
            if known is Known.BEFORE:
                return Received(Outcome.SMALL_TALK, assessment.urgency)
            decision, miss = self._decide(message, known, answers, assessment)
        await self._keep(message, say, decision, unsent, self._clock())
        received = Received(decision.outcome, decision.assessment.urgency, decision.topic, miss)
        self._counted(message, received)
        return received

    def _decide(
        self, message: Message, known: Conversation | Known, answers: Answers, assessment: Assessment
    ) -> tuple[Decision, Miss | None]:
        now = self._clock()
        conversation = known if isinstance(known, Conversation) else self._default
        if conversation.is_stale(now):
            conversation = replace(self._default, version=conversation.version)
        conversation = conversation.as_of(now)
        if assessment.urgency is not Urgency.NONE:  # the age that was given before may change the level
            assessment = _louder(assessment, assess(message.text, conversation.about, answers.triage, answers.once))
        elif message.form is not Form.ACTION and conversation.about.age is not None:
            assessment = assess(message.text, conversation.about, answers.triage, answers.once)
        turn = self._as_turn(message, conversation, assessment, answers, now)
        decision = _countable(decide(turn), answers.base)
        return decision, missed(turn, decision)

    async def _known(self, message: Message, patience: float) -> Conversation | Known:
        """Where the conversation stands. Never raises for the store."""
        try:
            return await _within(patience, self._look_up(message))
        except StoreUnavailable:
            return Known.NOT_IN_TIME

    async def _look_up(self, message: Message) -> Conversation | Known:
        if not message.again and await self._conversations.was_kept(message.ref):
            return Known.BEFORE
        return await self._conversations.get(message.sender) or self._default

    def _as_turn(
        self, message: Message, conversation: Conversation, assessment: Assessment, answers: Answers, now: datetime
    ) -> Turn:
        searching = answers.index is not None and answers.mode is Mode.ON and message.form is not Form.ACTION
        index = answers.index
        return Turn(
            message=message,
            conversation=conversation,
            assessment=assessment,
            found=index.search(message.text, answers.once) if index is not None and searching else Found(),
            thresholds=index.thresholds if index is not None else Thresholds(),
            base=answers.base,
            now=now,
            name=self._name,
            mode=answers.mode,
            why_off=answers.why_off,
        )

    async def _say_once(self, message: Message, say: Say, replies: Sequence[Reply]) -> tuple[Reply, ...]:
        """Says the replies unless this process has said them for this message; hands back those that must go later."""
        if _helped(message.ref) in self._said:
            replies = tuple(reply for reply in replies if reply.kind is not Kind.DANGER)
        if not replies or (message.ref in self._said and not message.again):
            return ()
        for at, reply in enumerate(replies):  # one at a time, so that what went out is known
            if f"{message.ref}/{at}" in self._said and not message.again:
                continue
            sent = await say((reply,))
            self._remember(f"{message.ref}/{at}", sent)
            if sent is Sent.LATER:
                return tuple(replies[at:])
        self._remember(message.ref, Sent.OK)
        return ()

    def _remember(self, said: str, sent: Sent) -> None:
        """What could not go out is not said: when the message comes again, it is tried again."""
        if sent is Sent.LATER:
            return
        self._said[said] = None
        while len(self._said) > REMEMBERED:
            self._said.popitem(last=False)

    async def _keep(
        self, message: Message, say: Say, decision: Decision, unsent: tuple[Reply, ...], now: datetime
    ) -> None:
        """Keeps the turn, then says what may only be claimed once it is kept. Raises StoreUnavailable."""
        deliveries = tuple(
            Delivery(str(uuid5(NAMESPACE_URL, f"{message.ref}/{at}")), reply, now + TRY_AGAIN)
            for at, reply in enumerate(unsent)
        )
        kept = Kept(message.ref, message.sender, decision.conversation, deliveries, decision.vote, decision.forget)
        try:
            await _within(PATIENCE_TO_KEEP, self._conversations.keep(kept, now))
        except StoreUnavailable:
            log.warning("turn not kept", extra={"channel": message.sender.channel})
            self._alarm("the store cannot be written")
            if decision.say_if_not_kept and f"{message.ref}/not kept" not in self._said:
                self._remember(f"{message.ref}/not kept", await say(decision.say_if_not_kept))
            raise
        if decision.say_after:
            await say(decision.say_after)

    async def _despite_our_fault(
        self, message: Message, say: Say, answers: Answers, assessment: Assessment
    ) -> Received:
        replies = [_our_fault(answers)]
        if assessment.urgency is not Urgency.NONE:
            replies.insert(0, _help(answers, assessment, self._clock()))
        await self._say_once(message, say, replies)
        return Received(Outcome.UNKNOWN, assessment.urgency, assessment.category)

    @asynccontextmanager
    async def _in_order(self, sender: Sender, held_up: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """One person's messages in order; a lane is there only while somebody is in it.

        held_up is called once when the earlier message takes long: a cry for help does not wait behind a question.
        """
        lock, users = self._lanes.get(sender, (asyncio.Lock(), 0))
        self._lanes[sender] = (lock, users + 1)
        in_line = asyncio.ensure_future(lock.acquire())
        try:
            if not (await asyncio.wait({in_line}, timeout=PATIENCE_IN_LINE))[0]:
                await held_up()
            await in_line
            yield
        finally:
            if not in_line.cancel() and not in_line.cancelled():
                lock.release()
            lock, users = self._lanes[sender]
            if users == 1:
                del self._lanes[sender]
            else:
                self._lanes[sender] = (lock, users - 1)


def _assess(message: Message, answers: Answers) -> Assessment:
    """Danger in the words, before anything else is done with them. A button's key is not words."""
    if message.form is Form.ACTION:
        return Assessment()
    try:
        return assess(message.text, About(), answers.triage, answers.once)
    except Exception as error:  # triage is never skipped: what it cannot read gets help
        log.error("triage failed", extra={"error": type(error).__name__, "at": _where(error)})  # noqa: TRY400
        return Assessment(Urgency.URGENT)


async def _within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """What the store gives. One that hangs is left to hang, and not waited for: StoreUnavailable."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
            task.add_done_callback(_unheard)
    if not done:
        raise StoreUnavailable("the store did not answer in time")
    return task.result()


def _unheard(task: asyncio.Task[Any]) -> None:
    """Whatever becomes of it: nobody is waiting any more."""
    if not task.cancelled():
        task.exception()


def _help(answers: Answers, assessment: Assessment, now: datetime) -> Reply:
    """Never raises: words that cannot be put together are no reason to say nothing."""
    try:
        return danger_reply(answers.base, assessment, About(), now)
    except Exception as error:
        log.error("help words failed", extra={"error": type(error).__name__, "at": _where(error)})  # noqa: TRY400
        return Reply(f"{last_resort.NOW}\n\n{last_resort.SORRY}", kind=Kind.DANGER)


def _our_fault(answers: Answers) -> Reply:
    words = getattr(answers.base, "words", None)
    return Reply(getattr(words, "our_fault", None) or last_resort.SORRY)


def _helped(ref: str) -> str:
    return f"{ref}/help"


def _countable(decision: Decision, base: Base) -> Decision:
    """A button's key can be made up by anyone: a vote for what is no entry, or no version, is not kept."""
    vote = decision.vote
    if vote is None or (vote.topic in base.entry and VERSION.fullmatch(vote.version)):
        return decision
    return replace(decision, vote=None)


def _louder(first: Assessment, second: Assessment) -> Assessment:
    return first if second.urgency < first.urgency else second


def _where(error: BaseException) -> str:
    """File and line, and nothing else: an exception's own text may hold what a person wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
