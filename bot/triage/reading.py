"""A message as the rules and the model read it: as typed, and with its spelling repaired; whole, and by clause."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.language.normalise import normalise
from bot.language.repair import Repairer

STOP = "xstopx"  # stands where a sentence ends, while a text is normalised
_STOPS = re.compile(  # looked for only where a run of them begins, else "?!?!?!x" takes the square of its length
    r"(?<![.;!?…])[.;!?…\n\r][.;!?…\s]*(?=\s|$)|[\n\r…]+|\.{2,}"
)
_JOINTS = frozenset(
    ("but", "though", "although", "however", "honestly", "actually", "except", "anyway", "also", "then")
)
MOST_WORDS = 1_200  # read of one message: all of it, or its two ends and what stands around loud words between them
MOST_REPAIRED = 600  # words whose spelling is mended, half at either end
AROUND = 15  # words kept on either side of a loud word
SHORT = 12  # words; a message of no more is heard as a whole only
WINDOW = 24  # words; a part of more is heard again in pieces of this length, each overlapping the next by half
MOST_CLAUSES = 24


@dataclass(frozen=True, slots=True)
class Reading:
    """words: as `normalise` gives them. repaired: word for word the same, spelling mended."""

    words: tuple[str, ...]
    repaired: tuple[str, ...]
    turns: frozenset[int]  # a new sentence, or a new thought ("but"), begins at these words


def read(
    text: str, textspeak: Mapping[str, str], repairer: Repairer | None, loud: frozenset[str] = frozenset()
) -> Reading:
    """The words of a message; of one that is longer than people write, its ends and what stands around loud words."""
    words = normalise(_STOPS.sub(_stop, text), textspeak).split()
    if len(words) > MOST_WORDS:
        words = _shortened(words, loud)
    kept = [word for word in words if word != STOP]
    stops = [at - before for before, at in enumerate(at for at, word in enumerate(words) if word == STOP)]
    turns = {*stops, *(at for at, word in enumerate(kept) if word in _JOINTS)}
    return Reading(tuple(kept), _repaired(kept, repairer), frozenset(turns))


def _stop(found: re.Match[str]) -> str:
    kept = "".join(sorted({c for c in found.group() if c in "?!"}))
    return f"{kept} {STOP} "


def _shortened(words: list[str], loud: frozenset[str]) -> list[str]:
    end = MOST_WORDS * 3 // 8
    middle: list[str] = []
    last = end
    for at in range(end, len(words) - end):
        if words[at] in loud and at >= last and len(middle) < MOST_WORDS // 4:
            middle += [STOP, *words[max(last, at - AROUND) : at + AROUND]]
            last = at + AROUND
    return [*words[:end], *middle, STOP, *words[-end:]]


def _repaired(words: list[str], repairer: Repairer | None) -> tuple[str, ...]:
    """The words mended, or the first and last of them when there are many."""
    if repairer is None:
        return tuple(words)
    half = MOST_REPAIRED // 2
    near = words if len(words) <= MOST_REPAIRED else words[:half] + words[-half:]
    mended = {word: repairer.word(word) for word in dict.fromkeys(near)}
    return tuple(mended.get(word, word) for word in words)


def clauses(reading: Reading) -> list[tuple[int, int]]:
    """The whole message, and when it is long its parts between turns, as (first, end) words."""
    size = len(reading.words)
    if size <= SHORT:
        return [(0, size)]
    edges = sorted({0, size, *reading.turns})
    spans = [(0, size)] if size <= MOST_REPAIRED else []
    for begin, end in pairwise(edges):
        spans.append((begin, min(end, begin + WINDOW)))
        spans += [(at, min(end, at + WINDOW)) for at in range(begin + WINDOW // 2, end - WINDOW // 2, WINDOW // 2)]
    spans = [span for span in dict.fromkeys(spans) if span[1] - span[0] > 1]
    return spans if len(spans) <= MOST_CLAUSES else spans[: MOST_CLAUSES // 2] + spans[-MOST_CLAUSES // 2 :]
