"""People talk to the bot on Telegram, over HTTP; behind the channel stands a small stand-in for the core."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channels.telegram import Pace, TelegramChannel, TokenRefused
from bot.domain.delivery import Sent
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Action, Form, Message, Outcome, Received, Reply
from bot.ports import Say
from tests.support.botapi import FakeBotApi, Person
from tests.support.botapi.wire import Manner

MS = timedelta(milliseconds=1)
PACE = Pace(first_wait=5 * MS, longest_wait=40 * MS, look_again=5 * MS, look_at_least=20 * MS, send_again=(MS, MS))
OUR_FAULT = "That's our fault. In danger now? Ring 999."
COMMANDS = {"start": "Start here", "status": "Which kind of care leaver am I?"}


@dataclass
class Core:
    """Remembers what it received, and answers in the words of the message unless told what to do."""

    heard: list[Message] = field(default_factory=list)
    does: dict[str, Callable[[Message, Say], Awaitable[object]]] = field(default_factory=dict)

    async def __call__(self, message: Message, say: Say) -> Received:
        self.heard.append(message)
        words = message.action or message.text
        await self.does.get(words, self.echo)(message, say)
        return Received(Outcome.ANSWER)

    async def echo(self, message: Message, say: Say) -> None:
        await say((Reply(f"heard {message.action or message.text or message.media}"),))

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.heard]


class Bot:
    """The channel, running."""

    def __init__(self, api: FakeBotApi) -> None:
        self.api, self.core, self.alarms = api, Core(), list[str]()
        self.alarm: Callable[[str], object] = self.alarms.append
        self.pace = PACE
        self.stop = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[TelegramChannel]:
        run = asyncio.create_task(self.channel.run(self.stop))
        try:
            yield self.channel
        finally:
            self.stop.set()
            await asyncio.wait_for(run, 15)
        assert self.api.problems == []

    @property
    def channel(self) -> TelegramChannel:
        if not hasattr(self, "_channel"):
            self._channel = TelegramChannel(
                self.api.token,
                self.api.base,
                self.core,
                lambda: Reply(OUR_FAULT),
                self._tell,
                lambda: datetime.now(UTC),
                commands=lambda: COMMANDS,
                pace=self.pace,
            )
        return self._channel

    def _tell(self, alarm: str) -> None:
        self.alarm(alarm)

    async def knows(self, holds: Callable[[], bool]) -> None:
        """Waits until something holds on our side, which the server cannot see."""
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.001)


@pytest_asyncio.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as api:
        yield api


@pytest_asyncio.fixture
async def bot(api: FakeBotApi) -> Bot:
    return Bot(api)


@pytest.fixture
def ann(api: FakeBotApi) -> Person:
    return api.person(42)


@pytest.fixture
def bea(api: FakeBotApi) -> Person:
    return api.person(43, "Bea")


# what people do


async def test_a_text_is_answered_and_then_confirmed(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    sent = ann.sends("do i pay council tax")
    async with bot.running():
        await ann.hears("heard do i pay council tax")
        await api.until_confirmed()

    (message,) = bot.core.heard
    assert message.ref == f"telegram:{sent['update_id']}"
    assert (message.sender.channel, message.sender.account) == ("telegram", "42")
    assert bot.alarms == []


async def test_a_button_is_answered_at_once_and_its_key_handed_on(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    shown = Reply("**Menu**", (Action("Housing", "t:housing"), Action("Back", "menu")))
    bot.core.does["/menu"] = lambda _, say: say((shown,))
    async with bot.running():
        ann.sends("/menu")
        menu = await ann.hears("Menu")
        go_on = asyncio.Event()
        bot.core.does["wait"] = lambda *_: go_on.wait()
        ann.sends("wait")
        ann.presses("Housing")
        await api.until(lambda: all(api.queries.values()))  # though Ann's message before it is still being answered
        go_on.set()
        await ann.hears("heard t:housing")
        ann.presses("Back", menu)  # an old one
        await ann.hears("heard menu")
        ann.presses("Housing", menu, gone=True)
        await ann.hears("heard t:housing")

    assert [message.form for message in bot.core.heard[2:]] == [Form.ACTION] * 3
    assert all(api.queries.values())


async def test_an_edit_is_heard_as_one(bot: Bot, ann: Person) -> None:
    async with bot.running():
        sent = ann.sends("im fine")
        await ann.hears("heard im fine")
        ann.edits(sent, "im not safe")
        await ann.hears("heard im not safe")

    assert [message.form for message in bot.core.heard] == [Form.TEXT, Form.EDITED]


async def test_a_link_that_starts_the_bot_brings_its_word(bot: Bot, ann: Person) -> None:
    async with bot.running():
        ann.sends("/start@way_bot word")
        await ann.hears("heard /start word")


@pytest.mark.parametrize(
    ("kind", "caption", "media", "heard"),
    [
        ("photo", "my letter", "photo", "heard my letter"),
        ("photo", None, "photo", "heard photo"),
        ("voice", None, "voice", "heard voice"),
        ("sticker", None, "sticker", "heard sticker"),
        ("document", None, "other", "heard other"),
        ("location", None, "other", "heard other"),
        ("contact", None, "other", "heard other"),
    ],
)
async def test_media_is_heard_with_its_caption(
    bot: Bot, ann: Person, kind: str, caption: str | None, media: str, heard: str
) -> None:
    async with bot.running():
        ann.sends_media(kind, caption)
        await ann.hears(heard)

    assert [(message.form, message.media) for message in bot.core.heard] == [(Form.MEDIA, media)]


async def test_a_group_is_left_and_nothing_said_there_is_heard(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    group = api.group(-100)
    async with bot.running():
        group.adds_bot(ann)
        await api.until(lambda: not group.has_bot)
        group.hears_from(ann, "i want to die")
        await api.until_confirmed()

    assert bot.core.heard == []
    assert api.made("sendMessage") == []


async def test_blocking_and_unblocking_the_bot_is_no_message(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    async with bot.running():
        ann.blocks()
        ann.blocks(False)
        await api.until_confirmed()

    assert bot.core.heard == []


async def test_a_kind_of_update_that_nobody_knows_is_passed_over(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    async with bot.running():
        api.push(telepathy={"thought": "hm"})
        ann.sends("hello")
        await ann.hears("heard hello")
        await api.until_confirmed()

    assert bot.alarms == []


async def test_an_update_that_cannot_be_read_keeps_nobody_waiting(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    ann.sends("before")
    odd = api.push(message={"chat": "MARKER"})
    ann.sends("after")
    async with bot.running():
        await ann.hears("heard before")
        await ann.hears("heard after")
        await api.until_confirmed()

    assert bot.alarms == [f"Telegram: update {odd['update_id']} could not be read and was passed over (Unreadable)"]


async def test_the_same_update_twice_is_handled_once(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    sent = ann.sends("hello")
    api.push(**sent)
    async with bot.running():
        await ann.hears("heard hello")
        await api.until_confirmed()
        api.push(**sent)
        await api.until_confirmed()
        ann.sends("bye")
        await ann.hears("heard bye")

    assert bot.core.texts == ["hello", "bye"]


async def test_ids_may_start_anew_after_a_quiet_week(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    async with bot.running():
        ann.sends("hello")
        await ann.hears("heard hello")
        await api.until_confirmed()
        api.push(update_id=5, message=ann.sends("again")["message"] | {"text": "lower"})
        await ann.hears("heard again")
        await ann.hears("heard lower")


async def test_the_commands_are_listed_for_private_chats(bot: Bot, api: FakeBotApi) -> None:
    async with bot.running():
        await api.until(lambda: bool(api.commands))

    assert {each["command"]: each["description"] for each in api.commands} == COMMANDS


# side by side, and in order


async def test_one_persons_messages_are_answered_in_order(bot: Bot, ann: Person) -> None:
    for number in range(30):
        ann.sends(str(number))
    async with bot.running():
        for number in range(30):
            await ann.hears(f"heard {number}")


async def test_a_slow_turn_delays_nobody_and_confirms_nothing_above_it(
    bot: Bot, api: FakeBotApi, ann: Person, bea: Person
) -> None:
    slow = asyncio.Event()
    bot.core.does["slow"] = lambda *_: slow.wait()
    async with bot.running():
        first = ann.sends("slow")
        await bot.knows(lambda: bot.core.texts == ["slow"])
        for text in ("one", "two", "three"):
            bea.sends(text)
            await bea.hears(f"heard {text}")
        await api.until(lambda: api.made("getUpdates")[-1].params.get("offset") == str(first["update_id"]))
        assert [update["message"]["text"] for update in api.updates] == ["slow", "one", "two", "three"]
        slow.set()
        await api.until_confirmed()

    assert bot.core.texts == ["slow", "one", "two", "three"]


async def test_a_429_in_one_chat_delays_nobody_else(bot: Bot, api: FakeBotApi, ann: Person, bea: Person) -> None:
    api.fail("sendMessage", 429, chat=ann.id, retry_after=1)
    async with bot.running():
        ann.sends("hello")
        await api.until(lambda: bool(api.made("sendMessage", ann.id)))
        bea.sends("hello")
        await bea.hears("heard hello")
        await ann.hears("heard hello")

    assert [(call.chat, call.status) for call in api.made("sendMessage")] == [
        (ann.id, 429),
        (bea.id, 200),
        (ann.id, 200),
    ]


async def test_typing_is_shown_while_a_turn_takes_long(bot: Bot, api: FakeBotApi, ann: Person, bea: Person) -> None:
    bot.pace = replace(PACE, typing_after=20 * MS)

    async def slow(message: Message, say: Say) -> None:
        await api.until(lambda: bool(api.made("sendChatAction")))
        await bot.core.echo(message, say)

    bot.core.does["slow"] = slow
    async with bot.running():
        ann.sends("slow")
        await ann.hears("heard slow")

    assert {call.chat for call in api.made("sendChatAction")} == {ann.id}


async def test_typing_is_not_shown_for_a_quick_turn(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    async with bot.running():
        ann.sends("hello")
        await ann.hears("heard hello")

    assert api.made("sendChatAction") == []


# what goes wrong on our side


async def test_what_the_store_cannot_keep_stays_unconfirmed_and_is_tried_again(
    bot: Bot, api: FakeBotApi, ann: Person, bea: Person
) -> None:
    broken = True

    async def keep(message: Message, say: Say) -> None:
        if broken:
            raise StoreUnavailable
        await bot.core.echo(message, say)

    bot.core.does = {"hello": keep, "tablets": keep}
    async with bot.running():
        ann.sends("hello")
        await bot.knows(lambda: bot.core.texts.count("hello") > 2)
        ann.sends("tablets")  # has its first try, though an older one waits
        await bot.knows(lambda: "tablets" in bot.core.texts)
        bea.sends("hi")
        await bea.hears("heard hi")
        assert [update["message"]["text"] for update in api.updates] == ["hello", "tablets", "hi"]
        assert not ann.unread
        broken = False
        await ann.hears("heard hello")
        await ann.hears("heard tablets")
        await api.until_confirmed()

    assert len({message.ref for message in bot.core.heard}) == 3
    assert "Telegram: the store is unavailable; messages wait at Telegram and are tried again" in bot.alarms


async def test_messages_wait_in_order_for_the_store(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    kept: list[str] = []
    broken = True

    async def keep(message: Message, _: Say) -> None:
        if broken:
            raise StoreUnavailable
        kept.append(message.text)

    bot.core.does = dict.fromkeys("abcde", keep)
    async with bot.running():
        for text in "abcde":
            ann.sends(text)
        await bot.knows(lambda: "e" in bot.core.texts)
        broken = False
        await api.until_confirmed()

    assert kept == list("abcde")
    assert len(bot.alarms) == 1


async def test_one_message_that_is_never_kept_does_not_hold_the_rest_for_ever(
    bot: Bot, api: FakeBotApi, ann: Person, bea: Person
) -> None:
    bot.pace = replace(PACE, first_wait=MS, longest_wait=2 * MS)

    async def poison(*_: object) -> None:
        seen = len(bea.shown)
        bea.sends("hi")
        await api.until(lambda: len(bea.shown) >= seen + 2)  # Bea's are kept
        raise StoreUnavailable

    bot.core.does["poison"] = poison
    async with bot.running():
        ann.sends("poison")
        await ann.hears(OUR_FAULT)
        await api.until_confirmed()


async def test_a_bug_is_owned_up_to_and_the_next_message_answered(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    async def fails(message: Message, _: Say) -> None:
        raise ZeroDivisionError(message.text)

    bot.core.does["MARKER"] = fails
    async with bot.running():
        ann.sends("MARKER")
        ann.sends("hello")
        await ann.hears(OUR_FAULT)
        await ann.hears("heard hello")
        await api.until_confirmed()

    (alarm,) = bot.alarms
    assert "ZeroDivisionError at test_telegram.py:" in alarm
    assert "MARKER" not in alarm


async def test_a_turn_that_hangs_is_a_bug(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    bot.pace = replace(PACE, turn_at_most=30 * MS)
    bot.core.does["hang"] = lambda *_: asyncio.Event().wait()
    async with bot.running():
        ann.sends("hang")
        await ann.hears(OUR_FAULT)
        await api.until_confirmed()


async def test_an_alarm_that_fails_stops_nothing(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    bot.alarm = lambda _: str(1 / 0)
    api.push(message=[])
    async with bot.running():
        ann.sends("hello")
        await ann.hears("heard hello")


# what goes wrong on Telegram's side


@pytest.mark.parametrize("how", [500, 502, 429, 200, Manner.DROP, Manner.CUT])
async def test_receiving_outlives_trouble(bot: Bot, api: FakeBotApi, ann: Person, how: int | Manner) -> None:
    api.fail("getUpdates", how, times=1 if how == 429 else 3)
    ann.sends("hello")
    async with bot.running():
        await ann.hears("heard hello")


async def test_a_long_outage_is_told_once(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    api.fail("deleteWebhook", 500, times=8)
    async with bot.running():
        ann.sends("hello")
        await ann.hears("heard hello")

    assert bot.alarms == ["Telegram: nothing can be received for over a minute (NetworkError)"]


async def test_another_poller_is_told_of_once_and_receiving_goes_on(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    api.fail("getUpdates", 409, times=3)
    async with bot.running():
        ann.sends("hello")
        await ann.hears("heard hello")

    assert bot.alarms == ["Telegram: another program receives with the same token, or has set a webhook"]


async def test_a_webhook_left_behind_is_taken_away(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    api.webhook["url"] = "https://old.example/hook"
    ann.sends("hello")
    async with bot.running():
        await ann.hears("heard hello")


@pytest.mark.parametrize("method", ["deleteWebhook", "getUpdates"])
async def test_a_token_that_is_refused_ends_the_run_and_says_so(bot: Bot, api: FakeBotApi, method: str) -> None:
    api.fail(method, 401)
    with pytest.raises(TokenRefused, match="BOT_TELEGRAM_TOKEN") as refused:
        await asyncio.wait_for(bot.channel.run(bot.stop), 5)

    assert api.token not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize("how", [500, 502, Manner.DROP, Manner.CUT])
async def test_an_answer_goes_out_though_the_first_try_fails(
    bot: Bot, api: FakeBotApi, ann: Person, how: int | Manner
) -> None:
    api.fail("sendMessage", how)
    async with bot.running():
        ann.sends("hello")
        await ann.hears("heard hello")


async def test_a_lost_answer_may_say_a_thing_twice_but_never_not_at_all(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    api.fail("sendMessage", Manner.DROP, lost=True)
    async with bot.running():
        ann.sends("hello")
        await ann.hears("heard hello")
        await ann.hears("heard hello")


async def test_a_turn_hears_what_became_of_its_words(bot: Bot, api: FakeBotApi, ann: Person, bea: Person) -> None:
    outcomes: list[Sent] = []

    async def tells(_: Message, say: Say) -> None:
        outcomes.append(await say((Reply("one"), Reply("two"))))

    bot.core.does["tell"] = tells
    async with bot.running():
        api.fail("sendMessage", 429, chat=ann.id, retry_after=30)
        ann.sends("tell")
        await api.until_confirmed()
        bea.has_blocked = True
        bea.sends("tell")
        await api.until_confirmed()

    assert outcomes == [Sent.LATER, Sent.NEVER]
    assert bot.alarms == []


async def test_a_reply_can_be_sent_outside_a_turn(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    async with bot.running() as channel:
        assert await channel.send("42", Reply("Your adviser wrote: **hi**")) is Sent.OK
        await ann.hears("Your adviser wrote: hi")
        ann.blocks()
        assert await channel.send("42", Reply("hi")) is Sent.NEVER
        assert await channel.send("4711", Reply("hi")) is Sent.NEVER


# stopping


async def test_a_stop_gives_up_the_long_poll_at_once(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    async with bot.running():
        await api.until(lambda: bool(api.made("getUpdates")))

    assert api.made("getUpdates")[0].status == 0  # it would have waited for 30 seconds


async def test_a_stop_lets_running_turns_end_and_confirms_them(
    bot: Bot, api: FakeBotApi, ann: Person, bea: Person
) -> None:
    go_on = asyncio.Event()

    async def slow(message: Message, say: Say) -> None:
        await go_on.wait()
        await bot.core.echo(message, say)

    bot.core.does["slow"] = slow
    async with bot.running():
        ann.sends("slow")
        ann.sends("later")
        await bot.knows(lambda: bot.core.texts == ["slow"])
        bot.stop.set()
        bea.sends("too late")
        go_on.set()

    await ann.hears("heard slow")
    assert [update["message"]["text"] for update in api.updates] == ["later", "too late"]
    assert bot.core.texts == ["slow"]


async def test_a_turn_that_outlasts_the_grace_stays_unconfirmed(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    bot.pace = replace(PACE, grace=20 * MS)
    bot.core.does["slow"] = lambda *_: asyncio.Event().wait()
    async with bot.running():
        ann.sends("hello")
        ann.sends("slow")
        await bot.knows(lambda: bot.core.texts == ["hello", "slow"])

    assert [update["message"]["text"] for update in api.updates] == ["slow"]


async def test_a_stop_does_not_wait_for_the_store(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    bot.pace = replace(PACE, first_wait=timedelta(hours=1))

    async def fails(*_: object) -> None:
        raise StoreUnavailable

    bot.core.does["hello"] = fails
    async with bot.running():
        ann.sends("hello")
        await bot.knows(lambda: len(bot.alarms) == 1)

    assert len(api.updates) == 1


KEEPER = """
import asyncio, os, sys
from datetime import UTC, datetime
from bot.channels.telegram import TelegramChannel
from bot.domain.messages import Outcome, Received, Reply

kept = os.open(sys.argv[3], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

async def receive(message, say):
    await say((Reply("got it"),))
    os.write(kept, message.ref.encode() + b"\\n")
    os.fsync(kept)
    return Received(Outcome.ANSWER)

channel = TelegramChannel(sys.argv[1], sys.argv[2], receive, lambda: Reply("?"), print, lambda: datetime.now(UTC))
asyncio.run(channel.run(asyncio.Event()))
"""


async def test_kill_9_loses_none_of_twenty_waiting_messages(api: FakeBotApi, ann: Person, tmp_path: Path) -> None:
    refs = [f"telegram:{ann.sends(str(number))['update_id']}" for number in range(20)]
    file = tmp_path / "kept"
    before: list[str] = []
    for dies_at in (5, 12, None):
        keeper = await asyncio.create_subprocess_exec(sys.executable, "-c", KEEPER, api.token, api.base, str(file))
        try:
            if dies_at:
                await api.until(lambda: len(api.made("sendMessage")) >= dies_at, within=20)  # noqa: B023
            else:
                await api.until_confirmed()
        finally:
            keeper.kill()
            assert await keeper.wait() == -signal.SIGKILL
        kept = file.read_text().split()
        doubled = set(kept[len(before) :]) & set(before)
        assert doubled <= set(before[-2:])  # the one in flight, and the one whose confirmation was on its way
        before = kept

    assert sorted(set(before), key=before.index) == refs


# what may be known


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    caplog.set_level(logging.DEBUG)
    yield lambda: "\n".join(str(record.__dict__) + str(record.exc_text) for record in caplog.records)


async def test_neither_the_token_nor_anything_about_people_is_logged(
    bot: Bot, api: FakeBotApi, logged: Callable[[], str]
) -> None:
    mark = api.person(987654321, "MARKERNAME")

    async def fails(message: Message, _: Say) -> None:
        raise RuntimeError(message.text, message.sender.account)

    async def unkept(message: Message, say: Say) -> None:
        bot.core.does.pop(message.text)
        raise StoreUnavailable(message.text)

    bot.core.does |= {"MARKER bug": fails, "MARKER store": unkept}
    api.fail("getUpdates", 200)
    api.fail("getUpdates", 502)
    api.fail("sendMessage", 400, says="Bad Request: MARKER")
    api.fail("sendMessage", 429, retry_after=30)
    api.fail("setMyCommands", 400, says="MARKER")
    async with bot.running() as channel:
        for text in ("MARKER a", "MARKER b", "MARKER bug", "MARKER store"):
            mark.sends(text)
        api.push(message={"text": "MARKER", "chat": {"id": "987654321"}})
        api.push(telepathy={"thought": "MARKER"})
        await mark.hears(OUR_FAULT)
        await mark.hears("heard MARKER store")
        await api.until_confirmed()
        assert await channel.send("987654321", Reply("MARKER **x *y** z*")) is Sent.OK
        mark.blocks()
        assert await channel.send("987654321", Reply("MARKER")) is Sent.NEVER

    said = logged() + "".join(bot.alarms)
    assert "update passed over" in said
    for secret in ("MARKER", "987654321", api.token, api.token.partition(":")[2]):
        assert secret not in said
