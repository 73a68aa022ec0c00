"""Our light markup (`**bold**`, `*italic*`, `- ` lists, `[words](https://…)`) as HTML or plain text, cut to length."""

from __future__ import annotations

import re
from html import escape

from bot.domain.errors import BotError

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)
_ITALIC = re.compile(r"(?<![*\w])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![*\w])")
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s)]+)\)")
_BULLET = re.compile(r"(?m)^- ")


class ReplyTooLong(BotError):
    """One paragraph alone is over the limit of a message."""


def to_html(text: str) -> str:
    """HTML with `<b>`, `<i>` and `<a>` only, line ends kept: what Telegram takes, and the web chat shows."""
    html = _LINK.sub(r'<a href="\2">\1</a>', escape(text, quote=True))
    html = _ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", html))
    return _BULLET.sub("• ", html)


def to_plain(text: str) -> str:
    """The same words without marks; a link's address follows its words."""
    plain = _LINK.sub(lambda m: m[1] if _bare(m[2]) == _bare(m[1]) else f"{m[1]} ({m[2]})", text)
    plain = _ITALIC.sub(r"\1", _BOLD.sub(r"\1", plain))
    return _BULLET.sub("• ", plain)


def _bare(address: str) -> str:
    return address.removeprefix("https://").removeprefix("www.").rstrip("/")


def split_reply(text: str, limit: int) -> list[str]:
    """Cut a text at paragraph ends, else at line ends, else at spaces, so that each part's plain form fits.

    limit is in UTF-16 code units, as Telegram counts. Raises ReplyTooLong when one word alone is over it.
    """
    parts: list[str] = []
    for separator in ("\n\n", "\n", " "):
        pieces, parts, fits = text.split(separator), [], True
        for piece in pieces:
            joined = f"{parts[-1]}{separator}{piece}" if parts else piece
            if parts and _length(joined) <= limit:
                parts[-1] = joined
            else:
                parts.append(piece)
                fits = fits and _length(piece) <= limit
        if fits:
            return [p for p in parts if p.strip()]
    raise ReplyTooLong(f"a word is longer than {limit} characters")


def _length(text: str) -> int:
    return len(to_plain(text).encode("utf-16-le")) // 2
