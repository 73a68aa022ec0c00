"""The web chat in a real browser: asking, pressing, being helped and what can be done with an answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bot.channels.webchat import words
from tests.support.chromium import Open, ask, posts

pytestmark = pytest.mark.chromium


def test_a_question_gets_its_answer_below_it(open_chat: Open) -> None:
    page = open_chat()
    ask(page, "do i pay counsil tax")

    expect(page.locator(".yours .t")).to_have_text("do i pay counsil tax")
    expect(page.locator(".yours .who")).to_have_text(words.YOU)
    expect(page.locator(".ours").last).to_contain_text("You may not have to pay.")
    expect(page.locator(".ours .who").last).to_have_text("Waymark")
    expect(page.locator(".wait")).to_have_count(0)
    expect(page.get_by_label(words.LABEL)).to_have_value("")
    expect(page.get_by_label(words.LABEL)).to_be_focused()
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")


def test_only_the_last_buttons_can_be_pressed_and_they_say_what_was_chosen(open_chat: Open) -> None:
    page = open_chat()
    ask(page, "tax")
    page.get_by_role("button", name="1 I share with others").click()

    expect(page.locator(".yours .t").last).to_have_text("I share with others")
    expect(page.locator(".ours").last).to_contain_text("Then it depends on them.")
    assert page.locator("#log .acts .act").all_inner_texts() == ["1\nMenu"]
    expect(page.locator(".yours").last).to_be_focused()


def test_a_typed_number_presses_the_button_of_that_number(open_chat: Open) -> None:
    page = open_chat()
    ask(page, "tax")
    page.get_by_role("button", name="1 I share with others").wait_for()
    sent = posts(page)
    ask(page, "1")

    expect(page.locator(".ours").last).to_contain_text("Then it depends on them.")
    assert sent[0]["action"] == "share"
    ask(page, "7")
    expect(page.locator(".yours .t").last).to_have_text("7")
    assert sent[1]["text"] == "7"


def test_shift_and_enter_begin_a_new_line(open_chat: Open) -> None:
    page = open_chat()
    page.get_by_label(words.LABEL).press_sequentially("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")

    expect(page.get_by_label(words.LABEL)).to_have_value("one\ntwo")


def test_help_is_shown_as_an_alert_before_the_rest_is_here(open_chat: Open) -> None:
    page = open_chat()
    ask(page, "i want to die")

    alert = page.get_by_role("alert")
    expect(alert.get_by_role("heading", name=words.HELP_NOW)).to_be_visible()
    expect(page.locator(".wait")).to_have_count(1)
    expect(alert).to_be_in_viewport()
    expect(alert.locator('a[href="tel:116123"]')).to_be_visible()
    assert alert.evaluate("node => parseFloat(getComputedStyle(node).borderTopWidth)") >= 4

    expect(page.locator(".ours").last).to_contain_text("You may not have to pay.")
    expect(page.get_by_role("button", name="2 I want a person")).to_be_enabled()
    expect(page.get_by_role("button", name="3 I share with others")).to_be_enabled()
    expect(alert).to_be_in_viewport()


def test_an_answer_can_be_copied_printed_and_read_aloud(open_chat: Open) -> None:
    page = open_chat(permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("window.print = () => { window.printed = document.querySelectorAll('.printing').length; }")
    ask(page, "tax")
    page.get_by_role("button", name=words.COPY).click()
    expect(page.get_by_role("status")).to_have_text(words.COPIED)
    page.get_by_role("button", name=words.PRINT).click()

    assert "You may not have to pay." in page.evaluate("navigator.clipboard.readText()")
    assert page.evaluate("window.printed") == 1
    expect(page.get_by_role("button", name=words.READ)).to_be_visible()


def test_everything_works_with_no_script(open_chat: Open) -> None:
    page = open_chat(java_script_enabled=False)
    page.get_by_label(words.LABEL).fill("tax")
    page.get_by_role("button", name=words.SEND).click()
    expect(page.locator(".yours .t")).to_have_text("tax")
    expect(page.locator(".ours")).to_contain_text("You may not have to pay.")

    page.get_by_label(words.LABEL).fill("1")
    page.get_by_role("button", name=words.SEND).click()
    expect(page.locator(".yours .t")).to_have_text("I share with others")
    expect(page.locator(".ours")).to_contain_text("Then it depends on them.")

    page.get_by_role("button", name=words.ASK_PERSON).click()
    expect(page.locator(".yours .t")).to_have_text(words.ASK_PERSON)

    page.get_by_label(words.LABEL).fill("i want to die")
    page.get_by_role("button", name=words.SEND).click()
    expect(page.get_by_role("alert")).to_be_in_viewport()

    page.locator("summary").click()
    expect(page.locator("#panel").get_by_text("Samaritans")).to_be_visible()
    expect(page.get_by_role("link", name=words.LEAVE)).to_have_attribute("href", words.LEAVE_TO)
