"""What one message comes to, however the world around it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import last_resort
from bot.bundle import Bundle
from bot.dialogue.turn import Mode
from bot.domain.delivery import Sent
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Form, Kind, Message, Outcome, Received, Reply, Sender, Urgency
from bot.domain.people import FORGET_AFTER, About, Conversation
from bot.ports import Kept
from bot.service import receive as receive_module
from bot.service.receive import PATIENCE, PATIENCE_IN_DANGER, PATIENCE_IN_LINE, Answers, ReceiveMessage
from tests.support import small

NOW = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
ASHA, BEN = Sender("telegram", "700001"), Sender("telegram", "700002")
DANGER, QUESTION = "suicidal", "do i have to pay council tax"
SLACK = 1.5  # seconds that a busy machine may add to a wait


@dataclass
class Memory:
    """Conversations kept in memory, by the same promises as the store's."""

    of: dict[Sender, Conversation] = field(default_factory=dict)
    refs: set[str] = field(default_factory=set)
    turns: list[Kept] = field(default_factory=list)

    async def get(self, sender: Sender) -> Conversation | None:
        return self.of.get(sender)

    async def was_kept(self, ref: str) -> bool:
        return ref in self.refs

    async def keep(self, kept: Kept, now: datetime) -> None:
        if kept.ref in self.refs:
            return
        before = self.of.get(kept.sender, Conversation())
        if not kept.forget and kept.conversation.version != before.version:
            raise StoreUnavailable
        self.refs.add(kept.ref)
        self.turns.append(kept)
        if kept.forget:
            self.of.pop(kept.sender, None)
        else:
            self.of[kept.sender] = replace(kept.conversation, version=before.version + 1)

    async def remove_silent(self, now: datetime) -> int:
        return 0


class BrokenStore(Memory):
    """Nothing can be read or kept."""

    async def get(self, sender: Sender) -> Conversation | None:
        raise StoreUnavailable

    async def was_kept(self, ref: str) -> bool:
        raise StoreUnavailable

    async def keep(self, kept: Kept, now: datetime) -> None:
        raise StoreUnavailable


class HungStore(Memory):
    """Does not answer while it hangs (until a test that failed has ended), nor let go when it is told to."""

    hung = True

    async def _hang(self) -> None:
        ends = seconds() + 30
        while self.hung and seconds() < ends:
            try:
                await asyncio.sleep(0.01)
            except asyncio.CancelledError:
                continue

    async def get(self, sender: Sender) -> Conversation | None:
        await self._hang()
        return await super().get(sender)

    async def was_kept(self, ref: str) -> bool:
        await self._hang()
        return await super().was_kept(ref)

    async def keep(self, kept: Kept, now: datetime) -> None:
        await self._hang()
        await super().keep(kept, now)


@dataclass
class Said:
    """What was said, and when, in seconds of the loop's clock."""

    replies: list[Reply] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    sent: Sent = Sent.OK

    async def __call__(self, replies: Sequence[Reply]) -> Sent:
        self.replies += replies
        self.at += [asyncio.get_running_loop().time()] * len(replies)
        return self.sent

    @property
    def kinds(self) -> list[Kind]:
        return [reply.kind for reply in self.replies]

    @property
    def texts(self) -> list[str]:
        return [reply.text for reply in self.replies]


@pytest.fixture
def said() -> Said:
    return Said()


def message(text: str = "", *, ref: str = "telegram:1", sender: Sender = ASHA, **changes: Any) -> Message:
    return Message(ref, sender, text, NOW, **changes)


def press(key: str, *, ref: str = "telegram:1") -> Message:
    return message(ref=ref, form=Form.ACTION, action=key)


def answers_of(bundle: Bundle, mode: Mode = Mode.ON) -> Answers:
    return Answers(bundle.base, bundle.index, bundle.triage, mode)


def make_receive(store: Memory, answers: Answers | None = None, **more: Any) -> ReceiveMessage:
    found = answers or answers_of(small.compiled())
    return ReceiveMessage(lambda: found, store, clock=lambda: NOW, **more)


def seconds() -> float:
    return asyncio.get_running_loop().time()


async def test_crisis_lines_go_out_even_when_nothing_can_be_kept(said: Said) -> None:
    receive = make_receive(BrokenStore())

    with pytest.raises(StoreUnavailable):
        await receive(message(DANGER), said)

    assert said.kinds == [Kind.DANGER]
    assert "999" in said.texts[0]
    assert "116 123" in said.texts[0]


async def test_an_ordinary_question_is_answered_though_nothing_can_be_kept(said: Said) -> None:
    alarms: list[str] = []
    receive = make_receive(BrokenStore(), alarm=alarms.append)

    with pytest.raises(StoreUnavailable):
        await receive(message(QUESTION), said)

    assert said.kinds == [Kind.ANSWER]
    assert alarms == ["the store cannot be written"]


async def test_help_does_not_wait_for_a_store_that_hangs(said: Said) -> None:
    store = HungStore()
    receive = make_receive(store)
    started = seconds()

    turn = asyncio.ensure_future(receive(message(DANGER), said))
    await _until(lambda: bool(said.replies))

    assert said.at[0] - started < PATIENCE_IN_DANGER + SLACK
    assert said.kinds == [Kind.DANGER]
    await _end(turn, store)


async def test_a_question_does_not_wait_long_for_a_store_that_hangs(said: Said) -> None:
    store = HungStore()
    receive = make_receive(store)
    started = seconds()

    turn = asyncio.ensure_future(receive(message(QUESTION), said))
    await _until(lambda: bool(said.replies))

    assert said.at[0] - started < PATIENCE + SLACK
    await _end(turn, store)


async def test_a_turn_ends_though_the_store_never_answers(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive_module, "PATIENCE", 0.05)
    monkeypatch.setattr(receive_module, "PATIENCE_TO_KEEP", 0.05)
    store = HungStore()

    with pytest.raises(StoreUnavailable):
        await asyncio.wait_for(make_receive(store)(message(QUESTION), said), 5)

    assert said.kinds == [Kind.ANSWER]
    store.hung = False


async def test_a_cry_for_help_does_not_wait_behind_the_same_persons_question(said: Said) -> None:
    store = HungStore()
    receive = make_receive(store)
    first = asyncio.ensure_future(receive(message(QUESTION), said))
    await asyncio.sleep(0)
    started, help_ = seconds(), Said()

    second = asyncio.ensure_future(receive(message(DANGER, ref="telegram:2"), help_))
    await _until(lambda: bool(help_.replies))

    assert help_.at[0] - started < PATIENCE_IN_LINE + PATIENCE_IN_DANGER + SLACK
    assert help_.kinds == [Kind.DANGER]
    await _end(asyncio.gather(first, second), store)
    assert help_.kinds == [Kind.DANGER], "help is said once, though it was said ahead of its turn"
    assert receive._lanes == {}


async def test_what_help_did_not_wait_for_is_not_written_over(said: Said) -> None:
    """A store that is only slow: the age and council that were given before are still there afterwards."""
    store = HungStore(of={ASHA: Conversation(About(age=19, council="devon"), version=3)})
    receive = make_receive(store)

    turn = asyncio.ensure_future(receive(message(DANGER), said))
    await _until(lambda: bool(said.replies))
    store.hung = False
    await turn

    assert store.of[ASHA].about == About(age=19, council="devon")
    assert store.of[ASHA].version == 4


async def test_our_bug_still_gives_help_and_the_next_message_works(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    alarms: list[str] = []
    store = Memory()
    receive = make_receive(store, alarm=alarms.append)
    with monkeypatch.context() as broken:
        broken.setattr(receive_module, "decide", _raise)
        received = await receive(message(DANGER), said)

    assert said.kinds == [Kind.DANGER, Kind.NOTICE]
    assert received.urgency is Urgency.EMERGENCY
    assert alarms == ["a message could not be processed"]

    after = Said()
    assert (await receive(message(QUESTION, ref="telegram:2"), after)).outcome is Outcome.ANSWER
    assert after.kinds == [Kind.ANSWER]


async def test_triage_that_fails_is_answered_with_help(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive_module, "assess", _raise)

    await make_receive(Memory())(message("anything at all"), said)

    assert said.kinds[0] is Kind.DANGER


async def test_help_words_that_cannot_be_put_together_are_replaced_by_the_last_resort(said: Said) -> None:
    bundle = small.danger()
    base = bundle.base.model_copy(update={"danger": {}})

    await make_receive(Memory(), Answers(base, None, bundle.triage, Mode.BROKEN))(message(DANGER), said)

    assert said.kinds[0] is Kind.DANGER
    assert last_resort.NOW in said.texts[0]


async def test_without_any_answers_danger_is_still_heard(said: Said) -> None:
    receive = make_receive(Memory(), answers_of(small.danger(), Mode.BROKEN))

    received = await receive(message(DANGER), said)

    assert received.urgency is not Urgency.NONE
    assert said.kinds == [Kind.DANGER]


async def test_one_persons_messages_are_handled_in_order(said: Said) -> None:
    seen: list[str] = []
    receive = make_receive(_Slow(seen))

    await asyncio.gather(*(receive(message("hello", ref=f"telegram:{at}"), said) for at in range(8)))

    assert seen == [f"{what} telegram:{at}" for at in range(8) for what in ("begin", "end")]


async def test_people_run_side_by_side(said: Said) -> None:
    seen: list[str] = []
    receive = make_receive(_Slow(seen))

    await asyncio.gather(
        *(receive(message("hello", ref=f"telegram:{at}", sender=Sender("telegram", str(at))), said) for at in range(20))
    )

    assert [what.split()[0] for what in seen[:20]] == ["begin"] * 20


async def test_a_lane_is_left_when_its_turn_is_given_up(said: Said) -> None:
    store = HungStore()
    receive = make_receive(store)
    first = asyncio.ensure_future(receive(message("hello"), said))
    second = asyncio.ensure_future(receive(message("hello", ref="telegram:2"), said))
    await asyncio.sleep(0.05)

    second.cancel()
    store.hung = False
    await asyncio.gather(first, second, return_exceptions=True)

    assert receive._lanes == {}
    await asyncio.wait_for(receive(message("hello", ref="telegram:3"), said), 5)


async def test_a_reply_is_said_once_though_keeping_fails_again_and_again(said: Said) -> None:
    receive = make_receive(BrokenStore())
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            await receive(message(QUESTION), said)

    assert len(said.replies) == 1


async def test_help_is_said_once_though_keeping_fails_again_and_again(said: Said) -> None:
    receive = make_receive(BrokenStore())
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            await receive(message(DANGER), said)

    assert said.kinds == [Kind.DANGER]


async def test_a_message_that_was_kept_is_not_answered_again(said: Said) -> None:
    store = Memory()
    await make_receive(store)(message(QUESTION), said)

    await make_receive(store)(message(QUESTION), said)  # another process, so nothing is remembered but what was kept

    assert len(said.replies) == 1
    assert len(store.turns) == 1


async def test_a_client_that_lost_the_answer_hears_it_again_and_it_is_kept_once(said: Said) -> None:
    store = Memory()
    receive = make_receive(store)
    await receive(message(QUESTION), said)

    await receive(message(QUESTION, again=True), said)

    assert len(said.replies) == 2
    assert len(store.turns) == 1


async def test_what_could_not_go_out_is_kept_as_a_delivery(said: Said) -> None:
    store = Memory()
    said.sent = Sent.LATER

    await make_receive(store)(message(QUESTION), said)

    (delivery,) = store.turns[0].deliveries
    assert delivery.reply == said.replies[0]
    assert delivery.due_at > NOW


async def test_what_could_not_go_out_is_tried_again_when_it_could_not_be_kept_either(said: Said) -> None:
    store = Memory()
    receive = make_receive(store)
    said.sent = Sent.LATER
    with _failing(store), pytest.raises(StoreUnavailable):
        await receive(message(DANGER), said)

    said.sent = Sent.OK
    await receive(message(DANGER), said)

    assert said.kinds == [Kind.DANGER, Kind.DANGER]


async def test_what_is_blocked_for_good_is_no_delivery(said: Said) -> None:
    store = Memory()
    said.sent = Sent.NEVER

    await make_receive(store)(message(QUESTION), said)

    assert store.turns[0].deliveries == ()


async def test_a_claim_is_made_only_after_it_is_kept(said: Said) -> None:
    store = Memory()
    seen_at: list[int] = []

    async def say(replies: Sequence[Reply]) -> Sent:
        seen_at.append(len(store.turns))
        return await said(replies)

    await make_receive(store)(press("delete"), say)

    assert seen_at == [1]
    assert said.texts == [small.compiled().base.words.deleted]


async def test_a_claim_that_is_not_kept_is_not_made(said: Said) -> None:
    receive = make_receive(BrokenStore())
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await receive(press("delete"), said)

    assert said.texts == [small.compiled().base.words.delete_failed], "and that it failed is said once"


async def test_a_vote_for_an_entry_is_counted(said: Said) -> None:
    store = Memory()

    await make_receive(store)(press(f"y:{small.GP}:0123abcd"), said)

    assert store.turns[0].vote is not None


@pytest.mark.parametrize("key", ["y:my name is zebedee:0123abcd", f"n:{small.GP}:call 07700900123", "y:gp:1"])
async def test_a_vote_that_somebody_made_up_is_not_kept(said: Said, key: str) -> None:
    store = Memory()

    await make_receive(store)(press(key), said)

    assert store.turns[0].vote is None


async def test_what_was_given_before_is_forgotten_after_thirty_days_of_silence(said: Said) -> None:
    old = Conversation(About(age=19), version=7, last_active=NOW - FORGET_AFTER - timedelta(seconds=1))
    store = Memory(of={ASHA: old})

    await make_receive(store)(message(QUESTION), said)

    assert store.of[ASHA].about.age is None
    assert store.of[ASHA].version == 8


async def test_figures_are_counted_once_for_each_turn(said: Said) -> None:
    counted: list[Received] = []
    receive = make_receive(Memory(), counted=lambda _, received: counted.append(received))

    await receive(message(QUESTION), said)
    await receive(message(QUESTION), said)

    assert [received.outcome for received in counted] == [Outcome.ANSWER]


class _Slow(Memory):
    """Notes when each turn begins and ends."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__()
        self._seen = seen

    async def was_kept(self, ref: str) -> bool:
        self._seen.append(f"begin {ref}")
        await asyncio.sleep(0.01)
        return await super().was_kept(ref)

    async def keep(self, kept: Kept, now: datetime) -> None:
        await asyncio.sleep(0.01)
        await super().keep(kept, now)
        self._seen.append(f"end {kept.ref}")


class _failing:
    """Nothing can be kept, for a while."""

    def __init__(self, store: Memory) -> None:
        self._store = store

    def __enter__(self) -> None:
        self._store.keep = BrokenStore().keep  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        del self._store.keep


def _raise(*_: object, **__: object) -> Any:
    raise RuntimeError("a bug")


async def _until(holds: Callable[[], bool], seconds_: float = 10) -> None:
    async with asyncio.timeout(seconds_):
        while not holds():
            await asyncio.sleep(0.005)


async def _end(turn: asyncio.Future[Any], store: HungStore) -> None:
    store.hung = False
    await asyncio.wait_for(asyncio.gather(turn, return_exceptions=True), 10)
