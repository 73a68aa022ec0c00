"""A stand-in for Telegram, two people who write there, and the channel that hears them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.botapi import FakeBotApi, Person
from tests.support.telegram import Bot


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
