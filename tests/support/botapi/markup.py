"""Text with HTML marks as Telegram reads it. Source: Bot API, "HTML style"; the wording of faults is the server's."""

from __future__ import annotations

import re
from html import unescape

TAGS = frozenset(
    ("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a", "tg-emoji", "code", "pre")
) | {"blockquote"}
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[\w.-]+))?)*)\s*>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


class Refused(Exception):
    """The server would not take the text; says why."""


def plain(text: str, parse_mode: str | None) -> str:
    """What is left when the marks are read. Raises Refused."""
    if not parse_mode:
        return text
    if parse_mode.lower() != "html":
        raise Refused("Bad Request: unsupported parse_mode")
    words, open_tags, at = "", list[str](), 0
    while (start := text.find("<", at)) >= 0:
        words += text[at:start]
        tag = _TAG.match(text, start)
        if tag is None:
            raise _fault(f"Unsupported start tag at byte offset {_bytes(text, start)}")
        _nest(tag, open_tags, _bytes(text, start))
        at = tag.end()
    if open_tags:
        raise _fault(f'Can\'t find end tag corresponding to start tag "{open_tags[-1]}"')
    return _ENTITY.sub(lambda entity: unescape(entity[0]), words + text[at:])


def _nest(tag: re.Match[str], open_tags: list[str], at: int) -> None:
    closing, name = tag[1], tag[2].lower()
    if not closing and name not in TAGS:
        raise _fault(f'Unsupported start tag "{name}" at byte offset {at}')
    if not closing:
        open_tags.append(name)
    elif not open_tags:
        raise _fault(f"Unexpected end tag at byte offset {at}")
    elif (expected := open_tags.pop()) != name:
        raise _fault(f'Unmatched end tag at byte offset {at}, expected "</{expected}>", found "</{name}>"')


def _fault(what: str) -> Refused:
    return Refused(f"Bad Request: can't parse entities: {what}")


def _bytes(text: str, at: int) -> int:
    return len(text[:at].encode())


def utf16(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2
