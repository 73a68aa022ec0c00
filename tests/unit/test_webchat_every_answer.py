"""What holds for every answer of the web chat: its headers, what it must not hold, its size, what describes it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx

from bot.channels import webchat
from bot.channels.webchat import words
from tests.support import webchat as support
from tests.support.webchat import Chat, Fields

chat, web = support.chat, support.web


async def test_every_answer_carries_the_security_headers(chat: Chat, web: httpx.AsyncClient) -> None:
    style = re.findall(r'href="(/static/[^"]+css)"', (await web.get("/")).text)[0]
    for path in ("/", "/api/openapi.json", "/api/v1/messages", "/nowhere", style):
        headers = (await web.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "geolocation=()" in headers["permissions-policy"]
        assert headers["cache-control"] == ("no-store" if path != style else "public, max-age=31536000, immutable")


async def test_no_cookie_and_no_token_in_an_address(chat: Chat, web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text
    answered = await web.post("/", data=dict(Fields(page).hidden))

    assert "set-cookie" not in answered.headers
    assert not re.findall(r'(?:href|action|src)="[^"]*token-', page + answered.text)


async def test_no_inline_script_no_inline_style_and_nobody_elses_address(web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text

    assert not re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page)
    assert set(re.findall(r"https?://[^\"'\s<]+", page)) == {words.LEAVE_TO}


async def test_a_style_of_another_release_is_served_but_not_kept(web: httpx.AsyncClient) -> None:
    response = await web.get("/static/chat.0123456789ab.css")

    assert (response.status_code, response.headers["cache-control"]) == (200, "no-cache")
    assert (await web.get("/static/chat.py")).status_code == 404
    assert (await web.get("/static/..%2Fwords.py")).status_code == 404


async def test_the_whole_page_is_under_60_kb(web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    sizes = [len(page.encode())]
    for part in parts:
        sizes.append(len((await web.get(part, headers={"Accept-Encoding": "identity"})).content))

    assert len(parts) == 3
    assert sum(sizes) < 60_000


def test_nothing_is_put_into_local_storage() -> None:
    script = (Path(webchat.__file__).parent / "static" / "chat.js").read_text()

    assert "localStorage" not in script
    assert "document.cookie" not in script


async def test_the_api_describes_itself(web: httpx.AsyncClient) -> None:
    described = json.loads((await web.get("/api/openapi.json")).text)

    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]["/api/v1/messages"]) == {"get", "post"}
