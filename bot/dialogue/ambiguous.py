"""Words with two meanings: asked about where the message does not settle which, and the choice when it is typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.knowledge.ambiguous import Meaning, TwoMeanings
from bot.knowledge.base import Base
from bot.knowledge.index import ANSWER, Found, Thresholds
from bot.language.normalise import normalise
from bot.language.normalise import words as words_of

LONGEST = 120  # characters of a message that may leave its word unsettled
MOST = 4  # words that matter, beside the word itself
LOOKED_AT = 3  # best answers of the search
ASKED = "word:"  # what `Conversation.asked` begins with, before our own word for it, while we wait for the choice


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A word of the message, and what it can mean here: the likeliest first."""

    word: TwoMeanings
    meanings: tuple[Meaning, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(m.topic for m in self.meanings if m.topic)


def unsettled(base: Base, text: str, found: Found, thresholds: Thresholds) -> Unsettled | None:
    """The word to ask about: it stands alone, or the search cannot tell its meanings apart. None where all is clear."""
    if len(text) > LONGEST:
        return None
    said = _said(base, text)
    read = _said(base, found.text) if found.text else said
    if _any_of(base.ambiguous.meaning_asked).search(said):
        return None
    for word in _held(base, read):
        if not _as_typed(word, said) or _any_of(word.settling).search(f"{said} , {read}"):
            continue
        meanings = known_meanings(base, word)
        rest = _matter(base, _without(word, read))
        if len(meanings) > 1 and (not rest or (len(rest) <= MOST and _torn(meanings, found, thresholds))):
            return Unsettled(word, tuple(sorted(meanings, key=lambda m: -round(_score(m, found), 2))))
    return None


def chosen(base: Base, asked: str | None, text: str) -> Meaning | None:
    """The meaning that a short message names ("the health one"), after we asked; None where it says anything else."""
    word = next((w for w in base.ambiguous.words if asked == ASKED + w.word), None)
    if word is None or len(text) > LONGEST:
        return None
    said = _without(word, _said(base, text))
    among = known_meanings(base, word)
    named = [m for m in among if _only(base, said, (*m.settled_by, *_own_words(base, m, among)))]
    return named[0] if len(named) == 1 else None


def settled(base: Base, text: str, found: Found) -> str | None:
    """The entry of the meaning that a message settles and says nothing beside, where the search thinks of it too."""
    if len(text) > LONGEST:
        return None
    said, best = _said(base, text), [match.of.id for match in found.answers(LOOKED_AT)]
    for word in _held(base, said):
        topics = [m.topic for m in word.meanings if _only(base, _without(word, said), m.settled_by)]
        if len(topics) == 1 and topics[0] in best:
            return topics[0]
    return None


def known_meanings(base: Base, word: TwoMeanings) -> tuple[Meaning, ...]:
    """Those that this knowledge base can answer; none where it is only one, or none with an entry."""
    others = {item.id for item in base.not_covered}
    known = tuple(m for m in word.meanings if m.topic in base.entry or m.not_covered in others)
    return known if len(known) > 1 and any(m.topic for m in known) else ()


def _as_typed(word: TwoMeanings, said: str) -> bool:
    """Something in the text as it was typed begins like the word: the spelling repair makes "worker" of ruder ones."""
    begins = {form.lower().split()[0][:2] for form in word.forms}
    return any(typed[:2] in begins for typed in said.split())


def _torn(meanings: tuple[Meaning, ...], found: Found, thresholds: Thresholds) -> bool:
    """The search is not sure, and thinks of two of the meanings or of nothing that it could offer."""
    if found.sure >= thresholds.answer or (found.matches and found.matches[0].of.kind != ANSWER):
        return False
    best = [match.of.id for match in found.answers(LOOKED_AT)]
    held = [topic for topic in best if any(m.topic and _counts_as(topic, m.topic) for m in meanings)]
    return held[:1] == best[:1] if len(held) > 1 else not held and found.near < thresholds.offer


def _score(meaning: Meaning, found: Found) -> float:
    ids = meaning.topic or meaning.not_covered or ""
    return max((match.score for match in found.matches if _counts_as(match.of.id, ids)), default=0.0)


def _counts_as(topic: str, wanted: str) -> bool:
    return topic == wanted or topic.startswith(f"{wanted}.")


def _own_words(base: Base, meaning: Meaning, among: tuple[Meaning, ...]) -> tuple[str, ...]:
    """The words of a meaning's button that no other button has."""
    others = {w for m in among if m is not meaning for w in _label(m)}
    return tuple(w for w in _label(meaning) if w not in others | base.ambiguous.small_words)


def _label(meaning: Meaning) -> tuple[str, ...]:
    return tuple(words_of(normalise(meaning.label)))


def _held(base: Base, said: str) -> tuple[TwoMeanings, ...]:
    """The words of ours in a text, in their order."""
    forms = base.ambiguous.by_form
    return tuple({forms[m[0]].word: forms[m[0]] for m in _any_of(tuple(forms)).finditer(said)}.values())


def _without(word: TwoMeanings, said: str) -> str:
    return _any_of(word.forms).sub(" ", said)


def _only(base: Base, said: str, names: tuple[str, ...]) -> bool:
    rest, found = _any_of(names).subn(" ", said)
    return found > 0 and not _matter(base, rest)


def _matter(base: Base, said: str) -> list[str]:
    return [word for word in said.split() if word not in base.ambiguous.small_words]


def _said(base: Base, text: str) -> str:
    return " ".join(words_of(normalise(text, base.textspeak)))


@lru_cache(maxsize=1024)
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the phrases as whole words of a text that is normalised; a star stands for any ending."""
    each = sorted(_patterns(phrases), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)") if each else re.compile(r"(?!)")


def _patterns(phrases: tuple[str, ...]) -> Iterator[str]:
    for phrase in phrases:
        yield re.escape(" ".join(words_of(normalise(phrase)))) + (r"\w*" if phrase.endswith("*") else "")
