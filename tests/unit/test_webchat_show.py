"""How a reply becomes safe HTML, and which numbers can be tapped."""

from __future__ import annotations

import pytest

from bot.channels.webchat import words
from bot.channels.webchat.show import guarded, html, shown
from bot.domain.messages import Action, Kind, Reply


def test_nothing_in_a_reply_is_taken_for_markup_of_ours() -> None:
    assert "<script" not in html(Reply('<script>alert(1)</script> "onclick="x [a](https://x.org/"onclick=y)'))
    assert "&lt;script&gt;" in html(Reply("<script>"))


def test_lines_are_paragraphs_and_bullets_are_a_list() -> None:
    assert (
        html(Reply("**One**\n- two\n- three\n\nfour"))
        == "<p><b>One</b></p><ul><li>two</li><li>three</li></ul><p>four</p>"
    )


def test_bold_over_a_line_end_stays_whole() -> None:
    assert html(Reply("**one\ntwo**")) == "<p><b>one\ntwo</b></p>"


def test_links_open_beside_the_chat_and_tell_nobody_where_from() -> None:
    assert html(Reply("[GOV.UK](https://www.gov.uk/a)")) == (
        '<p><a target="_blank" rel="noopener noreferrer" href="https://www.gov.uk/a">GOV.UK</a></p>'
    )


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("Samaritans on 116 123.", "tel:116123"),
        ("Childline 0800 1111, free", "tel:08001111"),
        ("CALM (0800 58 58 58)", "tel:0800585858"),
        ("ring **0808 2000 247**", "tel:08082000247"),
        ("Ring 999 now", "tel:999"),
        ("ring 111 for health", "tel:111"),
        ("text SHOUT to 85258", "sms:85258?body=SHOUT"),
        ("text **SHOUT to 85258**", "sms:85258?body=SHOUT"),
        ("or text 88247", "sms:88247"),
        ("text SHOUT to **85258** (free)", "sms:85258?body=SHOUT"),
        ("text **88247**", "sms:88247"),
    ],
)
def test_a_helpline_can_be_tapped(text: str, href: str) -> None:
    assert f'href="{href}"' in html(Reply(text))


@pytest.mark.parametrize(
    "text",
    [
        "£999 a year",
        "£3,000",
        "999,000 people",
        "section 111 of the Act",
        "24 November 2026",
        "18 to 21",
        "08/11/2026",
        "room 101",
    ],
)
def test_other_numbers_cannot_be_tapped(text: str) -> None:
    assert "href" not in html(Reply(text))


def test_in_danger_every_short_number_can_be_tapped() -> None:
    assert html(Reply("Police: 101", kind=Kind.DANGER)).count("tel:101") == 1
    assert html(Reply("NHS 111"), is_help=True).count("tel:111") == 1


def test_a_link_is_never_inside_a_link() -> None:
    assert html(Reply("[ring 999](https://example.org/999)", kind=Kind.DANGER)).count("<a ") == 1


def test_the_api_shows_plain_words_html_kind_and_buttons() -> None:
    reply = Reply("**Hi** [a](https://a.org)", (Action("More", "more:x"),), Kind.ANSWER)
    assert shown(reply) == {
        "text": "Hi a (https://a.org)",
        "html": '<p><b>Hi</b> <a target="_blank" rel="noopener noreferrer" href="https://a.org">a</a></p>',
        "kind": "answer",
        "actions": [{"label": "More", "action": "more:x"}],
    }


def test_words_of_our_own_stand_in_for_a_broken_knowledge_base() -> None:
    def broken() -> list[Reply]:
        raise RuntimeError("no knowledge")

    assert guarded(broken, words.HELP) == (words.HELP,)
    assert guarded(list, words.HELP) == (words.HELP,)


def test_our_own_helplines_name_999_and_the_samaritans() -> None:
    assert "tel:999" in html(words.HELP)
    assert "tel:116123" in html(words.HELP)


@pytest.mark.parametrize(("language", "way"), [("ar", "rtl"), ("pa-Arab", "rtl"), ("ckb", "rtl"), ("fr", "ltr")])
def test_an_answer_in_another_language_says_which_and_runs_its_own_way_and_the_label_stays_ours(
    language: str, way: str
) -> None:
    shown_as = html(Reply("**One**\n- two\n\n*Translated by a person*", language=language))
    mark = f'lang="{language}" dir="{way}"'
    assert shown_as == (f"<p {mark}><b>One</b></p><ul {mark}><li>two</li></ul><p><i>Translated by a person</i></p>")
