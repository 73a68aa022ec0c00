"""The web chat in a real browser: keyboard, small screens, size of text and targets, contrast, print."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.channels.webchat import words
from tests.support.chromium import Open, ask

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}

pytestmark = pytest.mark.chromium


def test_everything_can_be_done_from_the_keyboard(open_chat: Open) -> None:
    page = open_chat()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=words.SKIP)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label(words.LABEL)).to_be_focused()
    page.keyboard.type("tax")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="1 I share with others").wait_for()

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="1 I share with others")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="1 Menu").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=words.COPY).last).to_be_focused()

    page.get_by_label(words.LABEL).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("summary")).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(320, 568), (320, 256), (1280, 800)])
def test_nothing_needs_scrolling_sideways(width: int, height: int, open_chat: Open) -> None:
    page = open_chat(viewport={"width": width, "height": height})
    ask(page, "i want to die " + "w" * 80)
    page.get_by_role("button", name="4 I already owe").wait_for()
    page.locator("summary").click()

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, summary, #leave, textarea, #panel a, [role=alert] a')]
        .filter(node => node.offsetParent).map(node => [node.outerHTML.slice(0, 80), node.getBoundingClientRect()])
        .filter(([, box]) => box.width < 44 || box.height < 44).map(([html]) => html)"""
    )
    assert small == []


def test_no_text_is_smaller_than_18_pixels(open_chat: Open) -> None:
    page = open_chat()
    ask(page, "i want to die")
    page.locator(".tools").last.wait_for()

    sizes = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(n => n.innerText && n.innerText.trim())"
        ".map(n => parseFloat(getComputedStyle(n).fontSize))"
    )
    assert min(sizes) >= 18


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("script", [True, False])
def test_axe_finds_nothing_and_text_has_a_contrast_of_7_to_1(scheme: str, script: bool, open_chat: Open) -> None:
    page = open_chat(color_scheme=scheme)
    if not script:  # axe itself is one, so the page is left without its own
        page.context.route("**/chat.*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.reload()
    page.get_by_label(words.LABEL).fill("i want to die")
    page.get_by_role("button", name=words.SEND).click()
    page.get_by_role("button", name="4 I already owe").wait_for()
    page.locator("summary").click()
    if script:
        page.context.set_offline(True)
        page.get_by_label(words.LABEL).fill("tax")
        page.get_by_role("button", name=words.SEND).click()
        page.locator(".failed").wait_for()
    found = Axe().run(page, options=AXE)

    assert found.violations_count == 0, found.generate_report()


def test_forced_colours_and_print_keep_the_danger_frame(open_chat: Open) -> None:
    page = open_chat(forced_colors="active")
    ask(page, "i want to die")
    page.locator(".tools").last.wait_for()
    assert page.get_by_role("alert").evaluate("n => getComputedStyle(n).borderTopStyle") == "solid"

    page.emulate_media(media="print")
    assert page.get_by_role("alert").evaluate("n => parseFloat(getComputedStyle(n).borderTopWidth)") >= 4
    expect(page.locator("#send")).to_be_hidden()
    expect(page.locator(".acts").first).to_be_hidden()
