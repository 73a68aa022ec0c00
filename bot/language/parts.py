"""A message cut into the things that it may ask, for "what's the grant n do i pay council tax"."""

from __future__ import annotations

import re

FEWEST = 3  # words of a part; a shorter one belongs to the part before it
MOST = 4  # parts looked at
_CUTS = re.compile(
    r"[.?!;\n\r]+|,(?= (?:and|also|what|how|do|can|is|are|will|who|where|when|why|did|does|should)\b)"
    r"|\s(?:and|n|an|&|plus|also|but|then|oh|btw)\s",
    re.I,
)


def parts_of(text: str) -> tuple[str, ...]:
    """The parts of a message, in order; one part for most messages."""
    parts: list[str] = []
    for piece in _CUTS.split(text):
        words = piece.split()
        if not words:
            continue
        if parts and (len(words) < FEWEST or len(parts[-1].split()) < FEWEST):
            parts[-1] = f"{parts[-1]} {' '.join(words)}"
        else:
            parts.append(" ".join(words))
    if len(parts) > MOST:
        parts = [*parts[: MOST // 2], *parts[-MOST // 2 :]]
    return tuple(parts)
