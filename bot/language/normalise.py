"""One spelling for what people type: case, signs, stretched and spaced-out words, text-speak."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LONGER = 4  # times its length that a text may become; "ﷺ" alone stands for eighteen letters
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_ASCII_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_APOSTROPHES = re.compile("['’‘`´ʼ＇]")
_TOKEN = re.compile(r"[^\W_]+|[£$€%?!]|[\U0001f000-\U0001faff\u2600-\u27bf]")
_WORD = re.compile(r"[^\W_]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SPACED = re.compile(r"(?<![^\W_])(?:[a-z][ .\-*_]){2,}[a-z](?![^\W_])")
_LEET_WORD = re.compile(r"[0-9@$!|]*[a-z][a-z0-9@$!|]*")
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "|": "l"})
_ORDINARY_DIGITS = re.compile(  # "18yrs", "50p", "2nd", "a4", "u18", "4g": not letters in disguise
    r"\d+(?:st|nd|rd|th|p|k|am|pm|yrs?|yo|y|g|mg|ml|wks?|weeks?|days?|hrs?|mins?|x|s|m|f|gb|mb)?"
    r"|[a-z]{1,3}\d{1,3}|\d+[a-z]\d*"
)


def normalise(text: str, textspeak: Mapping[str, str] | None = None) -> str:
    """Lower-case words with one space between them; `?`, `!`, `£` and picture signs stand alone.

    textspeak maps a whole word to what it stands for ("2nite": "tonight"); it is looked up before and after the
    folding of digits, so that "2nite" is found as it is and "b4" is not read as "ba".
    """
    table = textspeak or {}
    text = _without_marks(_INVISIBLE.sub("", text).lower())
    text = _without_controls(text)
    text = _APOSTROPHES.sub("", text)
    text = _SPACED.sub(lambda m: re.sub(r"[ .\-*_]", "", m.group()), text)
    chunks = text.split()
    said = {chunk: _words(chunk, table) for chunk in dict.fromkeys(chunks)}
    return " ".join(word for chunk in chunks for word in said[chunk])


def _words(chunk: str, table: Mapping[str, str]) -> list[str]:
    if len(chunk) == 1 and not chunk.isalpha():
        return _TOKEN.findall(table.get(chunk, chunk))
    if chunk.isalpha() and chunk.isascii():
        return [table.get(chunk) or table.get(plain := _unstretch(chunk), plain)]
    return _chunk(chunk, table)


def _without_controls(text: str) -> str:
    if text.isascii():
        return _ASCII_CONTROLS.sub(" ", text)
    return text.translate({ord(c): " " for c in set(text) if unicodedata.category(c)[0] == "C"})


def _without_marks(text: str) -> str:
    """Accents and overlays gone (é, W̷): the same letter however it is dressed."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    if len(parts) > LONGER * len(text):
        return text
    marks = {ord(c): None for c in set(parts) if unicodedata.category(c) == "Mn"}
    return unicodedata.normalize("NFKC", parts.translate(marks)).lower()


def _chunk(chunk: str, table: Mapping[str, str]) -> list[str]:
    bare = chunk.strip('.,;:!?"()[]…-')
    if bare in table:
        return [table[bare], *(c for c in chunk[len(chunk.rstrip("?!")) :][:1])]
    chunk = _unleet(chunk)
    return [table.get(token, token) for token in _TOKEN.findall(_unstretch(chunk))]


def _unleet(chunk: str) -> str:
    """Digits and signs inside a word become the letters they stand for ("su1cide"), not in "18yrs", "a4" or "£50"."""
    bare = chunk.strip('.,;:!?"()')
    if not _LEET_WORD.fullmatch(bare) or bare.isalpha() or _ORDINARY_DIGITS.fullmatch(bare):
        return chunk
    return bare.translate(_LEET).replace("!", "i")


def _unstretch(chunk: str) -> str:
    return _STRETCHED.sub(r"\1\1", chunk)


def words(normalised: str) -> list[str]:
    """The words of a normalised text, without signs."""
    return _WORD.findall(normalised)
