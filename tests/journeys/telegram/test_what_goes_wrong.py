"""What goes wrong on our side or on Telegram's loses no message and stops nothing."""

from __future__ import annotations

import asyncio
import traceback
from dataclasses import replace

import pytest

from bot.channels.telegram import TokenRefused
from bot.domain.delivery import Sent
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Message, Reply
from bot.ports import Say
from tests.support.botapi import FakeBotApi, Person
from tests.support.botapi.wire import Manner
from tests.support.telegram import MS, OUR_FAULT, PACE, Bot

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
    assert "ZeroDivisionError at test_what_goes_wrong.py:" in alarm
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
