"""How a reply becomes messages of Telegram's, and what becomes of sending them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.channels.telegram.api import quiet_libraries
from bot.channels.telegram.outgoing import TEXT_LIMIT, Outgoing, keyboard, lay_out
from bot.channels.telegram.pace import Pace
from bot.domain.delivery import Sent
from bot.domain.messages import Action, Reply
from tests.support.botapi.markup import Refused, plain, utf16

PACE = Pace(send_again=(timedelta(), timedelta()))

quiet_libraries()


@dataclass
class FakeBot:
    """Remembers what it was asked to send, and fails as told."""

    faults: list[Exception | None] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)

    async def send_message(self, chat: int, text: str, **more: Any) -> None:
        self.sent.append({"chat": chat, "text": text} | more)
        fault = self.faults.pop(0) if self.faults else None
        if fault:
            raise fault


def outgoing(bot: FakeBot) -> Outgoing:
    return Outgoing(cast("Bot", bot), PACE)


def labels(markup: InlineKeyboardMarkup | None) -> list[list[str]]:
    return [[button.text for button in row] for row in markup.inline_keyboard] if markup else []


def actions(*words: str) -> tuple[Action, ...]:
    return tuple(Action(label, f"k:{number}") for number, label in enumerate(words))


def test_marks_become_html() -> None:
    (part,) = lay_out(Reply("**You may not pay.** Ask [the council](https://x.test/?a=1&b=2) & wait <soon>"))

    link = '<a href="https://x.test/?a=1&amp;b=2">the council</a>'
    assert part.html == f"<b>You may not pay.</b> Ask {link} &amp; wait &lt;soon&gt;"


def test_short_labels_stand_two_in_a_row_and_long_ones_alone() -> None:
    long = "I have nowhere to sleep tonight"
    assert labels(keyboard(actions("Yes", "No", "Menu", long, "Back", "x" * 18, "x" * 19, "End"))) == [
        ["Yes", "No"],
        ["Menu"],
        [long],
        ["Back", "x" * 18],
        ["x" * 19],
        ["End"],
    ]
    assert keyboard(()) is None


def test_a_message_has_at_most_a_hundred_buttons() -> None:
    assert sum(map(len, labels(keyboard(actions(*["x"] * 150))))) == 100


@pytest.mark.parametrize("key", ["", "x" * 65, "ü" * 33])
def test_a_key_that_telegram_would_refuse_is_a_bug(key: str) -> None:
    with pytest.raises(AssertionError):
        keyboard((Action("Go", key),))


def test_buttons_stand_under_the_last_part_only() -> None:
    parts = lay_out(Reply("a" * 3000 + "\n\n" + "b" * 3000, actions("Menu")))

    assert [labels(part.keyboard) for part in parts] == [[], [["Menu"]]]


_word = st.builds(
    lambda letters, times: letters * times,
    st.text(st.characters(exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc"), exclude_characters="*[]-"), min_size=1),
    st.integers(1, 60),
).map(lambda word: word[:1000])
_marked = _word | st.builds("**{}**".format, _word) | st.builds("*{}*".format, _word) | st.builds("- {}".format, _word)


def _texts(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    gaps = st.sampled_from([" ", " ", "\n", "\n\n"])
    return st.lists(st.tuples(words, gaps), min_size=1, max_size=20).map(lambda pairs: "".join(map("".join, pairs)))


@settings(deadline=None, max_examples=50)
@given(_texts(_word))
def test_every_part_fits_and_no_word_is_lost(text: str) -> None:
    parts = lay_out(Reply(text))

    assert all(0 < utf16(plain(part.html, "HTML")) <= TEXT_LIMIT for part in parts)
    assert [word for part in parts for word in part.plain.split()] == text.split()


@settings(deadline=None, max_examples=50)
@given(_texts(_marked))
def test_marked_text_fits_whichever_way_it_is_sent(text: str) -> None:
    for part in lay_out(Reply(text)):
        assert utf16(part.plain) <= TEXT_LIMIT
        with suppress(Refused):  # badly nested marks are sent as plain text
            assert utf16(plain(part.html, "HTML")) <= TEXT_LIMIT


async def test_a_message_goes_out_as_html_without_link_previews() -> None:
    bot = FakeBot()

    assert await outgoing(bot).send("42", Reply("**hi**")) is Sent.OK
    (sent,) = bot.sent
    assert (sent["chat"], sent["text"], sent["parse_mode"]) == (42, "<b>hi</b>", "HTML")
    assert sent["link_preview_options"].is_disabled
    assert "protect_content" not in sent


@pytest.mark.parametrize(
    ("faults", "outcome", "tries"),
    [
        ([NetworkError("x")], Sent.OK, 2),
        ([TimedOut(), NetworkError("Bad Gateway (502)")], Sent.OK, 3),
        ([NetworkError("x")] * 3, Sent.LATER, 3),
        ([RetryAfter(0)], Sent.OK, 2),
        ([RetryAfter(0)] * 3, Sent.LATER, 3),
        ([RetryAfter(6)], Sent.LATER, 1),
        ([InvalidToken()] * 3, Sent.LATER, 3),
        ([KeyError("result")] * 3, Sent.LATER, 3),
        ([Forbidden("bot was blocked by the user")], Sent.NEVER, 1),
        ([BadRequest("Chat not found")], Sent.NEVER, 1),
        ([BadRequest("Message is too long")], Sent.NEVER, 1),
        ([ChatMigrated(5)], Sent.NEVER, 1),
    ],
)
async def test_failures_are_sorted_by_what_happens_next(faults: list[Exception], outcome: Sent, tries: int) -> None:
    bot = FakeBot(list(faults))

    assert await outgoing(bot).send("42", Reply("hi")) is outcome
    assert len(bot.sent) == tries


async def test_markup_that_telegram_cannot_read_is_sent_as_plain_text_once() -> None:
    refusal = BadRequest("Bad Request: can't parse entities: unexpected end tag at byte offset 3")
    bot = FakeBot([refusal])

    assert await outgoing(bot).send("42", Reply("**hi** <there>")) is Sent.OK
    assert [(sent["text"], sent["parse_mode"]) for sent in bot.sent] == [
        ("<b>hi</b> &lt;there&gt;", "HTML"),
        ("hi <there>", None),
    ]
    assert await outgoing(FakeBot([refusal, refusal])).send("42", Reply("hi")) is Sent.NEVER


@pytest.mark.parametrize(
    "reply",
    [
        Reply("x" * 9000),
        Reply("😀" * 5000),
        Reply("Ring 999", (Action("Go", "x" * 65),)),
        Reply("Ring 999", (Action("", "x"),)),
    ],
)
async def test_a_reply_that_cannot_be_laid_out_goes_out_bare(reply: Reply) -> None:
    bot = FakeBot()

    assert await outgoing(bot).send("42", reply) is Sent.OK
    assert "".join(sent["text"] for sent in bot.sent) == reply.text
    assert all(utf16(sent["text"]) <= TEXT_LIMIT and sent["reply_markup"] is None for sent in bot.sent)


@pytest.mark.parametrize("text", ["", " \n\n "])
async def test_a_reply_without_words_is_never_sent(text: str) -> None:
    bot = FakeBot()

    assert await outgoing(bot).send("42", Reply(text, actions("Menu"))) is Sent.NEVER
    assert bot.sent == []


async def test_an_account_that_is_no_chat_is_never_sent_to() -> None:
    assert await outgoing(FakeBot()).send("@ann", Reply("hi")) is Sent.NEVER


async def test_the_rest_of_a_reply_waits_when_a_part_has_to_come_later() -> None:
    bot = FakeBot([None, RetryAfter(60)])

    assert await outgoing(bot).send("42", Reply("\n\n".join(["a" * 3000, "b" * 3000, "c" * 3000]))) is Sent.LATER
    assert [sent["text"][0] for sent in bot.sent] == ["a", "b"]


REPLIES = [Reply("one"), Reply("two"), Reply("three")]


@pytest.mark.parametrize(
    ("faults", "outcome", "tried"),
    [
        ([], Sent.OK, ["one", "two", "three"]),
        ([None, RetryAfter(60)], Sent.LATER, ["one", "two"]),
        ([BadRequest("Message is too long")], Sent.NEVER, ["one", "two", "three"]),
    ],
)
async def test_a_turn_says_its_replies_in_order(
    faults: Sequence[Exception | None], outcome: Sent, tried: list[str]
) -> None:
    bot = FakeBot(list(faults))

    assert await outgoing(bot).say_to("42")(REPLIES) is outcome
    assert [sent["text"] for sent in bot.sent] == tried


async def test_the_wait_that_telegram_asks_for_is_waited() -> None:
    bot = FakeBot([RetryAfter(1)])
    hasty = Outgoing(cast("Bot", bot), replace(PACE, flood_wait=timedelta(milliseconds=999)))

    assert await hasty.send("42", Reply("hi")) is Sent.LATER
