"""Light markup as HTML and as plain text, and long replies cut so that no word is lost."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.markup import ReplyTooLong, split_reply, to_html, to_plain

LIMIT = 40
MARKS = st.sampled_from(
    ["**", "*", "- ", "\n", "\n\n", " ", "[a](https://a.uk/b)", "](", "🙂", "£", "<b>", "&", '"', "999", "word"]
)
MARKED = st.lists(MARKS | st.text(max_size=12), max_size=60).map("".join)


@given(MARKED, st.integers(20, 200))
def test_a_split_loses_no_word_and_every_part_fits(text: str, limit: int) -> None:
    try:
        parts = split_reply(text, limit)
    except ReplyTooLong:
        assert any(len(word.encode("utf-16-le", "surrogatepass")) // 2 > limit for word in re.split("[ \n]", text))
        return

    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(to_plain(part).encode("utf-16-le")) // 2 <= limit for part in parts)
    assert all(part.strip() for part in parts)


@given(st.lists(st.text("abc £🙂", min_size=1, max_size=30), max_size=20))
def test_paragraphs_stay_whole_where_they_fit(paragraphs: list[str]) -> None:
    parts = split_reply("\n\n".join(paragraphs), 80)

    for paragraph in paragraphs:
        assert not paragraph.strip() or any(paragraph in part for part in parts)


def test_a_text_that_fits_is_one_part() -> None:
    assert split_reply("One.\n\nTwo.", LIMIT) == ["One.\n\nTwo."]


def test_an_emoji_counts_twice_as_telegram_counts() -> None:
    assert split_reply("🙂" * 10, 20) == ["🙂" * 10]
    with pytest.raises(ReplyTooLong):
        split_reply("🙂" * 11, 20)


def test_marks_do_not_count_against_the_limit() -> None:
    assert len(split_reply(f"**{'a' * 38}**", LIMIT)) == 1


def test_a_word_longer_than_a_message_is_refused() -> None:
    with pytest.raises(ReplyTooLong):
        split_reply("a" * 41, LIMIT)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        assert all(name == "href" and value and value.startswith(("https://", "http://")) for name, value in attrs)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


@given(MARKED)
def test_html_holds_only_what_telegram_takes(text: str) -> None:
    tags = Tags()
    tags.feed(to_html(text))
    tags.close()

    assert set(tags.found) <= {"b", "i", "a"}


@given(st.text("abc <>&\"'", max_size=40))
def test_signs_of_html_are_said_as_they_are(text: str) -> None:
    tags = Tags()
    tags.feed(to_html(text))
    tags.close()

    assert "".join(tags.said) == text


@pytest.mark.parametrize(
    ("marked", "html", "plain"),
    [
        ("**Bold** *it*", "<b>Bold</b> <i>it</i>", "Bold it"),
        ("- one\n- two", "• one\n• two", "• one\n• two"),
        ("[GOV.UK](https://gov.uk)", '<a href="https://gov.uk">GOV.UK</a>', "GOV.UK (https://gov.uk)"),
        ("[gov.uk](https://gov.uk)", '<a href="https://gov.uk">gov.uk</a>', "gov.uk"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("<script>", "&lt;script&gt;", "<script>"),
    ],
)
def test_marks_as_html_and_as_plain_text(marked: str, html: str, plain: str) -> None:
    assert to_html(marked) == html
    assert to_plain(marked) == plain
