"""The web chat in a real browser: no line, a killed server, a slow or unkept answer, a reply that comes later."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from bot.channels.webchat import words
from tests.support.chromium import Open, Server, ask, posts

pytestmark = pytest.mark.chromium


def test_help_now_needs_no_network(open_chat: Open) -> None:
    page = open_chat()
    page.context.set_offline(True)
    expect(page.get_by_role("status")).to_have_text(words.OFFLINE)
    page.locator("summary").click()

    expect(page.locator("#panel").get_by_role("link", name="116 123")).to_be_visible()


def test_a_killed_server_means_helplines_and_a_message_that_is_not_lost(open_chat: Open, server: Server) -> None:
    page = open_chat()
    sent = posts(page)
    ask(page, "slow tax")
    page.locator(".wait").wait_for()
    server.kill()
    try:
        expect(page.locator(".failed")).to_contain_text(words.NOT_SENT)
        expect(page.locator(".failed").get_by_role("link", name="116 123")).to_be_visible()
        expect(page.locator(".yours .t")).to_have_text("slow tax")
        page.get_by_role("button", name=words.TRY_AGAIN).click()
        expect(page.get_by_role("status")).to_have_text(words.STILL_NOT)
        expect(page.locator(".failed")).to_have_count(1)
    finally:
        server.start()
    page.get_by_role("button", name=words.TRY_AGAIN).click()

    expect(page.locator(".ours").last).to_contain_text("You may not have to pay.")
    expect(page.locator(".failed")).to_have_count(0)
    expect(page.locator(".yours")).to_have_count(1)
    assert len(sent) >= 3
    assert len({json.dumps(body) for body in sent}) == 1


def test_a_message_sent_offline_goes_out_when_the_line_is_back(open_chat: Open) -> None:
    page = open_chat()
    page.context.set_offline(True)
    ask(page, "tax")
    page.locator(".failed").wait_for()
    page.context.set_offline(False)

    expect(page.locator(".ours").last).to_contain_text("You may not have to pay.")
    expect(page.locator(".failed")).to_have_count(0)


def test_a_slow_answer_says_that_it_is_still_on_its_way(open_chat: Open) -> None:
    page = open_chat()
    ask(page, "slow tax")
    expect(page.locator(".wait")).to_contain_text(words.LOOKING)
    expect(page.locator(".wait")).to_contain_text(words.STILL_HERE, timeout=4000)
    expect(page.locator(".ours").last).to_contain_text("You may not have to pay.")


def test_what_was_not_saved_is_said_and_can_be_sent_again(open_chat: Open) -> None:
    page = open_chat()
    sent = posts(page)
    ask(page, "unkept tax")
    page.get_by_role("button", name=words.SEND_AGAIN).click()
    expect(page.get_by_role("button", name=words.SEND_AGAIN)).to_have_count(1)

    expect(page.locator(".failed")).to_contain_text("nobody has been told")
    expect(page.locator(".ours", has_text="You may not have to pay.")).to_have_count(1)
    assert sent[0] == sent[1]


def test_a_personal_advisers_reply_comes_later_by_itself(open_chat: Open) -> None:
    page = open_chat()
    ask(page, "can my pa ring me")
    page.locator(".tools").wait_for()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator(".ours").last).to_contain_text("it's Sam")
    expect(page.get_by_role("button", name="3 Yes please")).to_be_enabled()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("it's Sam")).to_have_count(1)


def test_nothing_is_polled_before_a_conversation_exists(open_chat: Open) -> None:
    page = open_chat()
    polled: list[str] = []
    page.on("request", lambda request: polled.append(request.url))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_load_state("networkidle")

    assert [url for url in polled if "/api/" in url] == []
