"""Typing slips, the same every time: one letter in ten changed, lost, doubled or swapped with its neighbour."""

from __future__ import annotations

import random
from zlib import crc32

NEAR = {
    "a": "qsz", "b": "vgn", "c": "xdv", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy", "i": "uok",
    "j": "hku", "k": "jli", "l": "kop", "m": "nk", "n": "bmh", "o": "ipl", "p": "ol", "q": "wa", "r": "etf", "s": "adw",
    "t": "ryg", "u": "yij", "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xsa",
}  # fmt: skip  # the keys beside each key of a phone


def noisy(text: str, share: float = 0.1) -> str:
    """The text with that share of its letters edited. The same text always gives the same slips."""
    chance = random.Random(crc32(text.encode()))
    letters = list(text)
    at = 0
    while at < len(letters):
        if letters[at].lower() in NEAR and chance.random() < share:
            at += _slip(letters, at, chance)
        at += 1
    return "".join(letters)


def _slip(letters: list[str], at: int, chance: random.Random) -> int:
    """One slip at a place; how many places to skip after it."""
    kind = chance.choice(("near", "lost", "doubled", "swapped"))
    if kind == "near":
        letters[at] = chance.choice(NEAR[letters[at].lower()])
    elif kind == "lost":
        letters[at] = ""
    elif kind == "doubled":
        letters.insert(at, letters[at])
        return 1
    elif at + 1 < len(letters) and letters[at + 1].lower() in NEAR:
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
        return 1
    return 0
