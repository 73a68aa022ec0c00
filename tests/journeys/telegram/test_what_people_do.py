"""People talk to the bot on Telegram: each thing they do is heard and answered, side by side and in order."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.messages import Action, Form, Message, Reply
from bot.ports import Say
from tests.support.botapi import FakeBotApi, Person
from tests.support.telegram import COMMANDS, MS, PACE, Bot

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
