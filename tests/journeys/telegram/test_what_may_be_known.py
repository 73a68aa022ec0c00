"""Neither the token nor anything about people is logged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

from bot.domain.delivery import Sent
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Message, Reply
from bot.ports import Say
from tests.support.botapi import FakeBotApi
from tests.support.telegram import OUR_FAULT, Bot

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
