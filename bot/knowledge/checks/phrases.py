"""Ways of asking: none twice or almost so, none that two entries would fight over, none that we are judged by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from bot.knowledge.load import Loaded, council_of
from bot.knowledge.yamltext import Fault, Loc
from bot.language.normalise import normalise, words

# rapidfuzz.fuzz.ratio of normalised phrases, 0 to 100. On our own 11,478 phrases: from 94 up all pairs were one slip of
# spelling or one small word apart (20); below 92 as many were different questions as twins ("section 20", "section 21",
# "can i vote at 16", "at 17"). Between two entries a twin does more harm, so long ones count from 92.
TWIN = 94
FIGHT = 92
LONG_ENOUGH = 20  # characters
FEWEST_WORDS = 3
BLOCK = 400  # phrases compared with all others at a time


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of asking, and whose it is."""

    text: str
    of: str  # entry id, or what else it belongs to
    path: str
    line: int
    is_title: bool = False  # an entry's own title or question, which it may be asked by as well

    @property
    def is_small_talk(self) -> bool:
        return self.path.startswith("small-talk")

    @property
    def at(self) -> str:
        return f"{self.path}:{self.line}"


def doubles(loaded: Loaded) -> Iterator[Fault]:
    """The same phrase again, whatever its case and signs."""
    seen: dict[str, Phrase] = {}
    for phrase in _asked(loaded):
        key = re.sub(r"[^\w£]+", " ", phrase.text.lower()).strip()
        if (other := seen.setdefault(key, phrase)) is not phrase:
            same = "twice" if other.of == phrase.of else f"for '{other.of}' too"
            yield Fault(phrase.path, phrase.line, f"'{phrase.text}' is asked {same} (at {other.at}); keep one")


def twins(loaded: Loaded) -> Iterator[Fault]:
    """Phrases of one entry that differ by a slip only, and phrases that two entries would fight over."""
    asked = [*_asked(loaded), *_titles(loaded), *(p for p in _of_files(loaded) if not p.is_small_talk)]
    for score, a, b in _near(asked, FIGHT):
        first, second = sorted((a, b), key=lambda p: (p.is_title is False, p.path, p.line))
        if first.of == second.of and not first.is_title and score >= TWIN:
            says = f"'{second.text}' is almost '{first.text}' at {first.at} ({score:.0f} of 100); keep one"
        elif first.of != second.of and (score >= TWIN or min(len(a.text), len(b.text)) >= LONG_ENOUGH):
            says = (
                f"'{second.text}' would be fought over: '{first.of}' has '{first.text}' at {first.at}; keep it for one"
            )
        else:
            continue
        yield Fault(second.path, second.line, says)


def seen_before(loaded: Loaded, judged_by: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    """Ways of asking that are, or nearly are, a message that the bot is judged by; those say (text, where it stands).

    Shorter than three words says nothing: there are only so many ways to say hello.
    """
    theirs = [(normalise(text), where) for text, where in judged_by if len(words(normalise(text))) >= FEWEST_WORDS]
    ours = [p for p in (*_asked(loaded), *_of_files(loaded)) if not p.is_small_talk]
    if not theirs or not ours:
        return
    scores = process.cdist(
        [text for text, _ in theirs],
        [normalise(p.text) for p in ours],
        scorer=fuzz.ratio,
        score_cutoff=TWIN,
        dtype=np.float32,
        workers=2,
    )
    for i, n in zip(*np.nonzero(scores), strict=True):
        yield Fault(
            ours[n].path,
            ours[n].line,
            f"'{ours[n].text}' is what the bot is judged by ({theirs[i][1]}); learning it by heart would flatter it",
        )


def _near(asked: list[Phrase], least: int) -> Iterator[tuple[float, Phrase, Phrase]]:
    """Every two phrases that are at least so alike. Sorted by length, so that each is compared with its like only."""
    read = sorted(((text, p) for p in asked if words(text := normalise(p.text))), key=lambda pair: len(pair[0]))
    texts = [text for text, _ in read]
    lengths = np.array([len(text) for text in texts])
    for start in range(0, len(texts), BLOCK):
        end = min(start + BLOCK, len(texts))
        reach = int(np.searchsorted(lengths, lengths[end - 1] * (200 - least) / least, "right"))
        scores = process.cdist(
            texts[start:end], texts[start:reach], scorer=fuzz.ratio, score_cutoff=least, dtype=np.float32, workers=2
        )
        for i, n in zip(*np.nonzero(scores), strict=True):
            if i < n:
                yield float(scores[i, n]), read[start + i][1], read[start + n][1]


def _asked(loaded: Loaded) -> Iterator[Phrase]:
    for topic, asks in loaded.asks.items():
        for text, path, line in asks:
            yield Phrase(text, topic, path, line)


def _titles(loaded: Loaded) -> Iterator[Phrase]:
    for entry, document, loc in loaded.entries:
        for name in ("title", "question"):
            if text := getattr(entry, name):
                yield Phrase(text, entry.id, document.path, document.line((*loc, name)), is_title=True)


def _of_files(loaded: Loaded) -> Iterator[Phrase]:
    """What is asked in councils' overlays, of what is not covered, and in small talk."""
    for path, document in loaded.documents.items():
        if not path.startswith(("councils/", "not-covered/", "small-talk")) or council_of(path) in loaded.examples():
            continue
        items = document.data if isinstance(document.data, list) else [document.data]
        for i, item in enumerate(items):
            at: Loc = (i,) if isinstance(document.data, list) else ()
            asks = item.get("ask") if isinstance(item, dict) else None
            for n, text in enumerate([asks] if isinstance(asks, str) else asks or ()):
                if isinstance(item, dict) and isinstance(text, str):
                    yield Phrase(text, str(item.get("id")), path, document.line((*at, "ask", n)))
