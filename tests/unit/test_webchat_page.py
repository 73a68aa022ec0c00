"""The page of the web chat: its greeting, its buttons and its form, with no script."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.channels.webchat import web_chat, words
from bot.domain.messages import Message, Outcome, Received, Reply, Sender, Urgency
from bot.ports import Say
from tests.support import webchat as support
from tests.support.webchat import ANSWER, DANGER, LATER, Chat, Fields, client, helps, helps_with_a_broken_store, submit

chat, web = support.chat, support.web


async def test_the_page_greets_and_holds_help_a_person_and_a_way_out(web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text

    assert "<b>I&#x27;m Waymark.</b>" in page
    assert Fields(page).presses == ["menu", "council", "person"]
    assert 'href="tel:116123"' in page
    assert 'href="https://www.bbc.co.uk/weather" rel="noreferrer"' in page
    assert 'lang="en-GB"' in page


async def test_the_page_works_with_no_script(chat: Chat, web: httpx.AsyncClient) -> None:
    page = await submit(web, (await web.get("/")).text, text="do i pay <b>tax</b>")

    assert chat.messages[0].text == "do i pay <b>tax</b>"
    assert chat.messages[0].sender == Sender("web", "token-1")
    assert "do i pay &lt;b&gt;tax&lt;/b&gt;" in page
    assert "<b>Yes.</b> Until 25." in page
    assert "I&#x27;m Waymark" not in page
    assert Fields(page).presses == ["how:tax", "no:tax", "person"]
    assert Fields(page)["conversation"] == "token-1"


async def test_a_pressed_button_is_echoed_by_its_label_and_keeps_what_was_typed(
    chat: Chat, web: httpx.AsyncClient
) -> None:
    page = await submit(web, (await web.get("/")).text, action="council", text="half a sent")

    assert (chat.messages[0].action, chat.messages[0].text) == ("council", "")
    assert '<div class="t" dir="auto">My council</div>' in page
    assert Fields(page).box == "half a sent"


@pytest.mark.parametrize(("typed", "key"), [("2", "council"), (" 1. ", "menu"), ("2)", "council")])
async def test_a_typed_number_presses_the_button_of_that_number(
    typed: str, key: str, chat: Chat, web: httpx.AsyncClient
) -> None:
    await submit(web, (await web.get("/")).text, text=typed)

    assert chat.messages[0].action == key


@pytest.mark.parametrize("typed", ["3", "0", "17", "2 kids", "22", "-1"])
async def test_another_number_is_a_text(typed: str, chat: Chat, web: httpx.AsyncClient) -> None:
    await submit(web, (await web.get("/")).text, text=typed)

    assert (chat.messages[0].action, chat.messages[0].text) == (None, typed)


async def test_numbers_count_on_over_all_replies_of_a_turn(chat: Chat, web: httpx.AsyncClient) -> None:
    async def both(message: Message, say: Say) -> Received:
        await say([DANGER])
        await say([ANSWER])
        return Received(Outcome.ANSWER, Urgency.EMERGENCY)

    chat.behave = both
    page = await submit(web, (await web.get("/")).text, text="x")
    await submit(web, page, text="3")

    assert re.findall(r'class="n">(\d+)<', page) == ["1", "2", "3"]
    assert chat.messages[1].action == "no:tax"


async def test_danger_is_an_alert_with_a_heading(chat: Chat, web: httpx.AsyncClient) -> None:
    chat.behave = helps
    page = await submit(web, (await web.get("/")).text, text="i want to die")

    assert f'role="alert"><h2>{words.HELP_NOW}</h2>' in page.partition('id="send"')[0]
    assert 'id="latest"' in page


async def test_the_same_form_sent_twice_is_the_same_thing(chat: Chat, web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text
    for _ in range(2):
        await submit(web, page, text="hi")

    assert chat.messages[0].ref == chat.messages[1].ref


async def test_what_could_not_be_kept_is_back_in_the_box_as_the_same_message(
    chat: Chat, web: httpx.AsyncClient
) -> None:
    first = (await web.get("/")).text
    chat.behave = helps_with_a_broken_store
    page = await submit(web, first, text="i want to die")

    assert "nobody has been told" in page
    assert Fields(page).box == "i want to die"
    assert Fields(page)["ref"] == Fields(first)["ref"]


async def test_later_replies_reach_a_page_with_no_script(chat: Chat, web: httpx.AsyncClient) -> None:
    page = await submit(web, (await web.get("/")).text, text="hi")
    chat.inbox = [("41", LATER)]
    page = await submit(web, page, check="1", text="half a sent")
    assert "your PA" in page
    assert Fields(page).box == "half a sent"

    page = await submit(web, page, check="1")
    assert words.NOTHING_LATE.text in page
    assert len(chat.messages) == 1


async def test_the_page_stands_without_a_knowledge_base(chat: Chat) -> None:
    def broken() -> list[Reply]:
        raise RuntimeError

    app = web_chat(chat.receive, chat, chat, broken, broken, "Waymark")
    async with client(app) as web:
        page = await web.get("/")
        missing = await web.get("/nowhere")

    assert page.status_code == 200
    assert "tel:116123" in page.text
    assert "tel:999" in missing.text
