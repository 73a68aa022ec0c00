"""A strict Telegram Bot API server for tests, on 127.0.0.1. It remembers every call, and can misbehave.

async with FakeBotApi() as api:                  # TelegramChannel(api.token, api.base, …)
    ann = api.person(42)
    ann.sends("hello")
    await ann.hears("Hi!")                       # waits for the bot's next message to Ann, and compares
    ann.presses("Menu")                          # a button of the newest message that has it
    api.fail("sendMessage", 429, retry_after=1)
    assert api.problems == []                    # nothing was asked that the Bot API does not take
"""

from tests.support.botapi.people import Group, Person
from tests.support.botapi.server import Call, FakeBotApi

__all__ = ["Call", "FakeBotApi", "Group", "Person"]
