"""The web chat in a real browser: what leaving quickly leaves behind, and what a reload keeps."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bot.channels.webchat import words
from tests.support.chromium import Open, Server, ask, posts

pytestmark = pytest.mark.chromium


def test_leave_quickly_leaves_nothing_behind(open_chat: Open) -> None:
    for way in ("click", "escape"):
        page = open_chat()
        page.context.route(f"{words.LEAVE_TO}*", lambda route: route.fulfill(body="Rain"))
        ask(page, "tax")
        page.locator(".tools").wait_for()
        before = page.evaluate("[sessionStorage.length, localStorage.length, history.length]")
        if way == "click":
            page.get_by_role("link", name=words.LEAVE).click()
        else:
            for _ in range(3):
                page.keyboard.press("Escape")
        page.wait_for_url(words.LEAVE_TO)

        assert page.evaluate("history.length") == before[2]  # the chat's place in the history was taken
        assert before[:2] == [1, 0]


def test_what_is_kept_in_the_tab_is_gone_after_leaving(open_chat: Open, server: Server) -> None:
    page = open_chat()
    page.context.route(f"{words.LEAVE_TO}*", lambda route: route.fulfill(body="Rain"))
    ask(page, "tax")
    page.locator(".tools").wait_for()
    page.get_by_role("link", name=words.LEAVE).click()
    page.wait_for_url(words.LEAVE_TO)
    page.goto(server.address)

    assert page.evaluate("sessionStorage.length") == 0
    expect(page.locator(".yours")).to_have_count(0)


def test_a_reload_stays_in_the_conversation(open_chat: Open) -> None:
    page = open_chat()
    sent = posts(page)
    ask(page, "tax")
    page.locator(".tools").wait_for()
    page.reload()
    ask(page, "tax")
    page.locator(".tools").wait_for()

    assert sent[0]["conversation"] == sent[1]["conversation"]
    assert "localStorage" not in page.evaluate("Object.keys(localStorage).length ? 'localStorage' : ''")
