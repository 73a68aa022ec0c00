"""The web chat in a real browser, against a real server that can be killed.

`python test_web_chromium.py PORT` is that server.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from bot.channels.webchat import web_chat, words
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Action, Kind, Message, Outcome, Received, Reply, Sender, Urgency
from bot.ports import Say

CHROMIUM = Path("/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}

WELCOME = Reply(
    "**I'm Waymark.** Ask me anything.", (Action("What can I ask", "menu"), Action("My council", "council"))
)
HELP = Reply("If you're in danger, ring 999.\n**Samaritans**: ring 116 123. Free, any time.", kind=Kind.DANGER)
ANSWER = Reply(
    "**You may not have to pay.**\nSend them your bill. See [GOV.UK](https://www.gov.uk/council-tax).",
    (Action("I share with others", "share"), Action("I already owe some and they have written to me twice", "owe")),
    Kind.ANSWER,
)
SHARE = Reply("Then it depends on them.", (Action("Menu", "menu"),), Kind.ANSWER)
DANGER = Reply(
    "**If you're hurt, ring 999 now.**\n- **Samaritans**: 116 123 (free, any time)\n- **Shout**: text SHOUT to 85258",
    (Action("I'm safe, carry on", "safe"), Action("I want a person", "person")),
    Kind.DANGER,
)
LATER = Reply("Hi, it's Sam. I can ring you at 10.", (Action("Yes please", "yes"),))


# The server


class Service:
    """Answers by a word in the text; who wrote "pa" gets a reply later."""

    def __init__(self) -> None:
        self._waiting: set[Sender] = set()

    async def receive(self, message: Message, say: Say) -> Received:
        if "pa" in message.text.split():
            self._waiting.add(message.sender)
        if "slow" in message.text:
            await asyncio.sleep(4)
        if "die" in message.text:
            await say([DANGER])
            await asyncio.sleep(1)
            await say([ANSWER])
            return Received(Outcome.ANSWER, Urgency.EMERGENCY, "safety.suicide")
        if "bug" in message.text:
            raise RuntimeError
        await say([SHARE if message.action == "share" else ANSWER])
        if "unkept" in message.text:
            raise StoreUnavailable
        return Received(Outcome.ANSWER, topic="money.council-tax")

    async def fetch(self, sender: Sender, after: str | None) -> list[tuple[str, Reply]]:
        return [("1", LATER)] if sender in self._waiting and after is None else []

    def make(self) -> str:
        return f"t{secrets.token_hex(16)}"

    def ours(self, token: str) -> bool:
        return re.fullmatch("t[0-9a-f]{32}", token) is not None


def serve(port: int) -> None:
    import uvicorn

    service = Service()
    chat = web_chat(service.receive, service, service, lambda: [WELCOME], lambda: [HELP], "Waymark")
    uvicorn.run(chat, host="127.0.0.1", port=port, log_level="error")


class Server:
    """The server in a process of its own, so that it can be killed and started again."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        root = Path(__file__).parents[2]
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(self.port)], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
        )
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("the web chat did not start")

    def kill(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


if __name__ == "__main__":
    serve(int(sys.argv[1]))


# The browser

pytestmark = pytest.mark.chromium

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if "CI" in os.environ:
            pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium fonts-liberation")
        pytest.skip(f"{CHROMIUM} is missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def open_chat(browser: Browser, server: Server) -> Iterator[Open]:
    """Opens the chat; at the end, no page has asked anybody else, broken the content policy or thrown an error."""
    asked: list[str] = []
    complaints: list[str] = []
    contexts = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 360, "height": 740}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(server.address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert {url for url in asked if not url.startswith((server.address, words.LEAVE_TO))} == set()
    assert [text for text in complaints if "net::ERR_" not in text] == []


def ask(page: Page, text: str) -> None:
    page.get_by_label(words.LABEL).fill(text)
    page.keyboard.press("Enter")


def posts(page: Page) -> list[dict[str, Any]]:
    """What the page sends from now on, as it is sent."""
    sent: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(json.loads(request.post_data or "{}"))

    page.on("request", note)
    return sent


# The journeys


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


def test_help_now_needs_no_network(open_chat: Open) -> None:
    page = open_chat()
    page.context.set_offline(True)
    expect(page.get_by_role("status")).to_have_text(words.OFFLINE)
    page.locator("summary").click()

    expect(page.locator("#panel").get_by_role("link", name="116 123")).to_be_visible()


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
