"""A compiled knowledge base: which topic does a message ask about, and how sure is that. Pure; numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.fuse import Evidence, Fusing, signs, weigh
from bot.knowledge.tiers import Lexical, Nearest, Seen, Sentences, within
from bot.language.encode import EncodingFailed
from bot.language.normalise import normalise
from bot.language.normalise import words as words_of
from bot.language.parts import parts_of
from bot.language.repair import Repairer, common_words
from bot.language.vectors import Encode

LEXICAL, BOTH = "lexical", "both"  # tiers: letters and words alone; meaning as well
NEXT_BEST = 4  # matches of a whole message among which what its parts ask is looked for
MOST_ALSO = 2
READ = 1_500  # characters at either end of a long message that the search reads; triage reads all of it
ANSWER, NOT_COVERED, SMALL_TALK = "answer", "not-covered", "small-talk"  # kinds of class


@dataclass(frozen=True, slots=True)
class Class:
    """One thing that a message can be about."""

    kind: str  # ANSWER | NOT_COVERED | SMALL_TALK
    id: str  # entry id, or the id of what is not covered or of small talk


@dataclass(frozen=True, slots=True)
class Match:
    """One class and its share of the evidence, 0 to 1."""

    of: Class
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: classes best first, and how likely the best is right."""

    matches: tuple[Match, ...] = ()
    sure: float = 0.0  # 0 to 1: the best match is what was asked
    near: float = 0.0  # 0 to 1: what was asked is among the first three
    known: float = 0.0  # share of the words that the knowledge base or common English has
    text: str = ""  # as it was read: normalised and repaired
    also: tuple[str, ...] = ()  # answers to what else a message of several parts asks

    def answers(self, most: int) -> tuple[Match, ...]:
        """The best answers, leaving out small talk and what is not covered."""
        return tuple(m for m in self.matches if m.of.kind == ANSWER)[:most]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure is sure enough; chosen at build time on our own phrases, each left out in turn."""

    answer: float = 0.5
    offer: float = 0.35


@dataclass(frozen=True, slots=True)
class Explained:
    """Each step on the way to what was found; None where the message holds nothing that is known."""

    found: Found
    words: Seen | None = None  # by letters and words
    meaning: Seen | None = None
    evidence: Evidence | None = None
    signs: NDArray[np.float64] | None = None  # what the gate looked at, named by `fuse.SIGNS`


class Index:
    """Searches a compiled knowledge base. Built by `build`, loaded from its arrays.

    encode turns texts into sentence vectors; without it, or where none were built in, letters and words are compared
    alone, with a gate and thresholds of their own.
    """

    def __init__(
        self,
        meta: Mapping[str, Any],
        arrays: Mapping[str, NDArray[Any]],
        textspeak: Mapping[str, str],
        encode: Encode | None = None,
    ) -> None:
        self.classes = [Class(kind, id_) for kind, id_ in meta["classes"]]
        self._textspeak = textspeak
        self._lexical = Lexical(within(arrays, "lexical"))
        self._encode = encode if "sentences/weights" in arrays else None
        self._sentences = Sentences(within(arrays, "sentences")) if self._encode else None
        self._gates = {tier: arrays[f"gate/{tier}"].astype(np.float64) for tier in meta["thresholds"]}
        self._limits = {tier: Thresholds(**limits) for tier, limits in meta["thresholds"].items()}
        self._fusings = {tier: Fusing(**fusing) for tier, fusing in meta["fusing"].items()}
        self._use(BOTH if self._encode else LEXICAL)
        self._is_answer = np.array([c.kind == ANSWER for c in self.classes])
        self._words, self._counts = meta["words"], arrays["word_counts"]
        self._texts = arrays["texts"]  # of the phrases, packed: read only to explain

    def _use(self, tier: str) -> None:
        self.thresholds = self._limits[tier]
        self.fusing = self._fusings[tier]
        self._gate = self._gates[tier]  # rows: sure, near; the last column is the intercept

    @cached_property
    def by_words(self) -> Index:
        """The same without meaning: four times as quick, and right less often."""
        other = copy(self)
        other._encode = other._sentences = None
        other._use(LEXICAL)
        return other

    @cached_property
    def _repairer(self) -> Repairer:
        return Repairer(dict(zip(self._words, self._counts.tolist(), strict=True)), common_words())

    @property
    def uses_sentences(self) -> bool:
        return self._sentences is not None

    def search(self, text: str, encode: Encode | None = None) -> Found:
        """Classes by how well they fit a message. A message without a known word finds nothing.

        encode stands in for the index's own: one that remembers the vectors of this message.
        """
        found = self.explain(text, encode).found
        return replace(found, also=self._asked_also(text, found)) if self._is_sure(found) else found

    def _asked_also(self, text: str, found: Found) -> tuple[str, ...]:
        """What the parts of a message ask beside the best match, where it stands among the next best of the whole.

        Measured on 60 messages of two or three needs by another author: 23 offered, 18 of them asked for; on 977
        messages of one need one in sixteen is offered something more.
        """
        parts = parts_of(text[: 2 * READ])
        if len(parts) < 2:
            return ()
        heard = [self.by_words.explain(part).found for part in parts]
        named = [each.matches[0].of.id for each in heard if self.by_words._is_sure(each)]
        next_best = {m.of.id for m in found.matches[1:NEXT_BEST]}
        return tuple(dict.fromkeys(id_ for id_ in named if id_ in next_best))[:MOST_ALSO]

    def _is_sure(self, found: Found) -> bool:
        best = found.matches[0].of.kind if found.matches else None
        return best == ANSWER and found.sure >= self.thresholds.answer

    def explain(self, text: str, encode: Encode | None = None) -> Explained:
        """The same, with every step."""
        if not self.classes:
            return Explained(Found())
        read = self.read(text)
        words = words_of(read)
        seen = self._lexical.see(read) if words else None
        if seen is None:
            return Explained(Found(text=read))
        encode = encode or self._encode
        try:
            meaning = self._sentences.see(encode([read])[0]) if self._sentences and encode else None
        except EncodingFailed:
            return self.by_words.explain(text)
        evidence = weigh(self._lexical, self._sentences, seen, meaning, self._is_answer, self.fusing)
        known = sum(map(self.knows, words)) / len(words)
        looked_at = signs(evidence, known, self._is_answer)
        sure, near = 1 / (1 + np.exp(-(self._gate[:, :-1] @ looked_at + self._gate[:, -1])))
        scored = zip(evidence.order, evidence.scores.tolist(), strict=True)
        found = Found(
            tuple(Match(self.classes[i], score) for i, score in scored), float(sure), float(near), known, read
        )
        return Explained(found, seen, meaning, evidence, looked_at)

    def knows(self, word: str) -> bool:
        """Whether the knowledge base or common English has the word."""
        return self._repairer.knows(word) or word.isdigit()

    @property
    def gate(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What each sign adds to the log-odds of `sure` and of `near`, in rows, and where they begin."""
        return self._gate[:, :-1], self._gate[:, -1]

    def nearest(self, explained: Explained, of: int) -> tuple[Nearest | None, Nearest | None]:
        """The nearest phrase of one class by words, and by meaning."""
        words, meaning, sentences = explained.words, explained.meaning, self._sentences
        return (
            self._lexical.nearest(words, of) if words else None,
            sentences.nearest(meaning, of) if sentences and meaning else None,
        )

    def phrase(self, at: int) -> str:
        """A phrase, normalised, by its place among all."""
        return self._phrases[at]

    @cached_property
    def _phrases(self) -> list[str]:
        return self._texts.tobytes().decode().split("\n")

    def normalised(self, text: str) -> str:
        """A message before its spelling is repaired: both ends of a long one."""
        return normalise(shorten(text), self._textspeak)

    def read(self, text: str) -> str:
        """A message as it is compared: both ends of a long one, normalised and repaired."""
        return self._repairer.text(self.normalised(text))


def shorten(text: str) -> str:
    """Both ends of a very long message: needs stand at the beginning or at the end."""
    return text if len(text) <= 2 * READ else f"{text[:READ]} {text[-READ:]}"
