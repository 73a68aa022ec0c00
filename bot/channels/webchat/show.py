"""Replies as the page and its API show them: safe HTML in which a phone number can be tapped."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby
from typing import NotRequired, TypedDict

from bot.channels.markup import to_html, to_plain
from bot.domain.messages import Document, Kind, Reply

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "prs", "ps", "sd", "ug", "ur", "yi"})
_BESIDE = re.compile(r'<a (href="(?:http|/))')
_BULLET = "• "  # as `to_html` writes it
_MARK = re.compile(r"(<a .*?</a>|<[^>]+>)", re.S)
_ANCHOR = re.compile(r"(<a .*?</a>)", re.S)
_TEXT_WORD = re.compile(r"\b(?P<word>[A-Z]{3,12}) to (?P<to>(?P<b><b>)?(?P<number>\d{5})\b(?(b)</b>))")
_TEXT_ONLY = re.compile(r"(?P<before>\b[Tt]ext )(?P<to>(?P<b><b>)?(?P<number>\d{5})\b(?(b)</b>))")
_LONG = r"0\d{2,4}[ \d]{4,9}\d|116 ?\d{3}"
_SHORT = r"999|(?:(?<=ring )|(?<=Ring )|(?<=call )|(?<=Call )|(?<= on ))(?:111|101)"
_SHORT_IN_DANGER = r"999|111|101"  # where every number is a phone's
_NOT_INSIDE = r"(?<![\w£.,/&#+-])(?:{})(?![\w%]|[.,/-]\d| \d)"
_PHONE = re.compile(_NOT_INSIDE.format(f"{_LONG}|{_SHORT}"))
_PHONE_IN_DANGER = re.compile(_NOT_INSIDE.format(f"{_LONG}|{_SHORT_IN_DANGER}"))


class ActionShown(TypedDict):
    label: str
    action: str


class DocumentShown(TypedDict):
    title: str
    address: str
    filename: str


class ReplyShown(TypedDict):
    """A reply as the API gives it."""

    text: str
    html: str
    kind: str
    actions: list[ActionShown]
    document: NotRequired[DocumentShown]


def shown(reply: Reply) -> ReplyShown:
    as_shown: ReplyShown = {
        "text": to_plain(reply.text),
        "html": html(reply),
        "kind": reply.kind.value,
        "actions": [{"label": action.label, "action": action.key} for action in reply.actions],
    }
    if found := reply.document:
        as_shown["document"] = {"title": found.title, "address": address_of(found), "filename": found.filename}
    return as_shown


def address_of(document: Document) -> str:
    """Where this server gives it."""
    return f"/leaflet/{document.key}.pdf"


def html(reply: Reply, *, is_help: bool = False) -> str:
    """Safe HTML with `<p>`, `<ul>`, `<li>`, `<b>`, `<i>` and `<a>` only.

    Links open beside the chat, whose words live only in its tab.
    """
    if reply.language:
        body, _, label = reply.text.rpartition("\n\n")
        return _in_language(html(Reply(body)), reply.language) + html(Reply(label))
    phone = _PHONE_IN_DANGER if is_help or reply.kind is Kind.DANGER else _PHONE
    texted = _outside(_ANCHOR, to_html(reply.text), _texts)
    linked = _outside(_MARK, texted, lambda text: phone.sub(_rings, text))
    made = (
        f'\n<a href="{address_of(reply.document)}" class="act">{escape(reply.document.title)}</a>'
        if reply.document
        else ""
    )
    return _paragraphs(_BESIDE.sub(r'<a target="_blank" rel="noopener noreferrer" \1', linked + made))


def _in_language(blocks: str, language: str) -> str:
    """Paragraphs and lists that say what language they are in, and which way it runs."""
    code, _, script = language.partition("-")
    way = "rtl" if code in _RIGHT_TO_LEFT or script in ("Arab", "Hebr") else "ltr"
    return re.sub(r"<(p|ul)>", rf'<\1 lang="{language}" dir="{way}">', blocks)


def _paragraphs(marked: str) -> str:
    """Each line a paragraph, and lines that begin with a bullet a list, so that a screen reader can tell."""
    lines = [line for line in marked.split("\n") if line.strip()]
    if any(line.count(f"<{mark}") != line.count(f"</{mark}") for line in lines for mark in "bia"):
        return f"<p>{marked}</p>"  # bold that runs over a line end
    blocks: list[str] = []
    for is_list, group in groupby(lines, key=lambda line: line.startswith(_BULLET)):
        items = [f"<li>{line.removeprefix(_BULLET)}</li>" if is_list else f"<p>{line}</p>" for line in group]
        blocks.append(f"<ul>{''.join(items)}</ul>" if is_list else "".join(items))
    return "".join(blocks)


def _outside(marks: re.Pattern[str], marked: str, change: Callable[[str], str]) -> str:
    """Changes what lies between the marks; a split on one group gives every other part to a mark."""
    return "".join(part if at % 2 else change(part) for at, part in enumerate(marks.split(marked)))


def _texts(marked: str) -> str:
    marked = _TEXT_WORD.sub(r'<a href="sms:\g<number>?body=\g<word>">\g<0></a>', marked)
    return _TEXT_ONLY.sub(r'\g<before><a href="sms:\g<number>">\g<to></a>', marked)


def _rings(number: re.Match[str]) -> str:
    return f'<a href="tel:{number[0].replace(" ", "")}">{number[0]}</a>'


def guarded(replies: Callable[[], Sequence[Reply]], otherwise: Reply) -> tuple[Reply, ...]:
    """What is to be said, or the words out of this package when it cannot be had or is nothing."""
    try:
        return tuple(replies()) or (otherwise,)
    except Exception:  # a broken knowledge base must not take the helplines or the page with it
        return (otherwise,)
