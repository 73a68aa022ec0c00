"""What an update says to us."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.incoming import Ignored, Unreadable, pressed, read, update_id
from bot.domain.messages import Form, Message

NOW = datetime(2026, 11, 21, 23, 5, tzinfo=UTC)
SENT = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
PRIVATE = {"id": 42, "type": "private", "first_name": "Ann"}
GROUP = {"id": -100, "type": "supergroup", "title": "Friends"}
ANN = {"id": 42, "is_bot": False, "first_name": "Ann"}


def said(chat: dict[str, Any] = PRIVATE, kind: str = "message", **content: Any) -> dict[str, Any]:
    sent = {"message_id": 7, "date": int(SENT.timestamp()), "chat": chat, "from": ANN}
    return {"update_id": 9, kind: sent | content}


def press(**query: Any) -> dict[str, Any]:
    return {"update_id": 9, "callback_query": {"id": "77", "from": ANN, "chat_instance": "1"} | query}


def message(update: dict[str, Any]) -> Message:
    read_as = read(update, NOW)
    assert isinstance(read_as, Message)
    return read_as


def test_a_text_is_a_message_with_the_updates_id_and_an_aware_date() -> None:
    got = message(said(text="do i pay council tax"))

    assert (got.ref, got.text, got.sent_at, got.form) == ("telegram:9", "do i pay council tax", SENT, Form.TEXT)
    assert (got.sender.channel, got.sender.account) == ("telegram", "42")
    assert got.sent_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("/start", "/start"),
        ("/start word", "/start word"),
        ("/start@way_bot word", "/start word"),
        ("/help@way_bot", "/help"),
        ("/help@way_bot\nplease", "/help\nplease"),
        ("mail me/x@y", "mail me/x@y"),
        ("/help@way.bot", "/help@way.bot"),
    ],
)
def test_a_command_is_a_text_without_the_bots_name(written: str, text: str) -> None:
    assert message(said(text=written)).text == text


@pytest.mark.parametrize(
    ("content", "media"),
    [
        ("photo", "photo"),
        ("voice", "voice"),
        ("sticker", "sticker"),
        ("video", "other"),
        ("document", "other"),
        ("location", "other"),
        ("contact", "other"),
        ("video_note", "other"),
        ("poll", "other"),
    ],
)
def test_what_is_no_text_is_media(content: str, media: str) -> None:
    got = message(said() | {"message": {"chat": PRIVATE, content: {}}})

    assert (got.form, got.media, got.text) == (Form.MEDIA, media, "")


def test_a_caption_is_the_text_of_its_picture() -> None:
    got = message(said(photo=[{}], caption="letter from the council"))

    assert (got.form, got.media, got.text) == (Form.MEDIA, "photo", "letter from the council")


def test_media_of_a_kind_still_unknown_is_read_by_its_caption() -> None:
    got = message(said(hologram={}, caption="i want to die"))

    assert (got.form, got.media, got.text) == (Form.MEDIA, "other", "i want to die")


def test_the_words_of_a_rich_message_are_read() -> None:
    blocks = [
        {"type": "heading", "text": "help", "size": 1},
        {"type": "paragraph", "text": ["i took ", {"type": "bold", "text": "tablets"}]},
        {"type": "list", "items": [{"label": "1", "blocks": [{"type": "paragraph", "text": "now"}]}]},
    ]

    assert message(said(rich_message={"blocks": blocks})).text == "help\ni took tablets\nnow"


def test_an_edit_is_a_message_of_its_own() -> None:
    got = message(said(kind="edited_message", text="im not safe", edit_date=int(NOW.timestamp())))

    assert (got.form, got.text, got.sent_at) == (Form.EDITED, "im not safe", NOW)


def test_a_live_location_that_moves_is_not_answered() -> None:
    assert read(said(kind="edited_message", location={}, edit_date=1), NOW) == Ignored()


def test_a_button_is_its_key_and_is_pressed_now() -> None:
    update = press(message={"message_id": 5, "date": 1, "chat": PRIVATE, "text": "old"}, data="t:money.council-tax")
    got = message(update)

    assert (got.form, got.action, got.text, got.sent_at) == (Form.ACTION, "t:money.council-tax", "", NOW)
    assert got.sender.account == "42"
    assert pressed(update) == "77"


@pytest.mark.parametrize("where", [{"message": {"message_id": 5, "date": 0, "chat": PRIVATE}}, {}])
def test_a_button_works_when_its_message_is_gone(where: dict[str, Any]) -> None:
    assert message(press(data="menu", **where)).action == "menu"


@pytest.mark.parametrize(
    "update",
    [
        said(GROUP, text="i want to die"),
        said(GROUP, kind="edited_message", text="hello"),
        press(message={"message_id": 5, "date": 1, "chat": GROUP}, data="menu"),
        {"update_id": 9, "my_chat_member": {"chat": GROUP, "from": ANN, "new_chat_member": {"status": "member"}}},
    ],
)
def test_nothing_in_a_group_is_read_and_the_group_is_left(update: dict[str, Any]) -> None:
    assert read(update, NOW) == Ignored(leave=-100)


@pytest.mark.parametrize("status", ["left", "kicked"])
def test_a_group_that_put_us_out_is_not_left_again(status: str) -> None:
    update = {"update_id": 9, "my_chat_member": {"chat": GROUP, "new_chat_member": {"status": status}}}
    assert read(update, NOW) == Ignored()


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 9, "my_chat_member": {"chat": PRIVATE, "new_chat_member": {"status": "kicked"}}},
        {"update_id": 9, "my_chat_member": {"chat": PRIVATE, "new_chat_member": {"status": "member"}}},
        {"update_id": 9, "telepathy": {"thought": "hm"}},
        {"update_id": 9, "channel_post": {"text": "news"}},
        {"update_id": 9},
        said(pinned_message={}),
        press(game_short_name="chess"),
    ],
)
def test_what_asks_for_no_answer_is_ignored(update: dict[str, Any]) -> None:
    assert read(update, NOW) == Ignored()


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 9, "message": "hello"},
        {"update_id": 9, "message": None},
        {"update_id": 9, "message": {"text": "hello"}},
        said({"id": "42", "type": "private"}, text="hello"),
        said(text=["hello"]),
        {"update_id": 9, "callback_query": {"data": "menu", "from": {}}},
        {"update_id": 9, "my_chat_member": {"chat": [], "new_chat_member": {"status": "member"}}},
    ],
)
def test_an_update_that_cannot_be_read_says_so_and_holds_nothing(update: dict[str, Any]) -> None:
    with pytest.raises(Unreadable) as raised:
        read(update, NOW)
    assert (raised.value.args, raised.value.__cause__) == ((), None)


@pytest.mark.parametrize("date", [None, "yesterday", -5, 10**30])
def test_a_date_that_makes_no_sense_keeps_nobodys_words_from_being_read(date: object) -> None:
    got = message(said(text="help") | {"message": {"chat": PRIVATE, "text": "help", "date": date}})

    assert (got.text, got.sent_at) == ("help", NOW)


@pytest.mark.parametrize(
    ("update", "number"), [({"update_id": 9}, 9), ({}, None), ({"update_id": "9"}, None), ("x", None), (None, None)]
)
def test_the_number_of_an_update(update: object, number: int | None) -> None:
    assert update_id(update) == number


_names = st.sampled_from(
    ["message", "edited_message", "callback_query", "my_chat_member", "chat", "id", "type", "text", "caption", "from",
     "data", "date", "photo", "new_chat_member", "status", "rich_message", "blocks"]
)  # fmt: skip
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just("private"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=5),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(_names, _json, max_size=3))
def test_whatever_comes_is_read_ignored_or_unreadable(update: dict[str, Any]) -> None:
    with suppress(Unreadable):
        assert isinstance(read({"update_id": 9} | update, NOW), Message | Ignored)
