"""A stop, or a kill, loses no message and keeps nobody waiting."""

from __future__ import annotations

import asyncio
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Message
from bot.ports import Say
from tests.support.botapi import FakeBotApi, Person
from tests.support.telegram import MS, PACE, Bot

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
