"""Words that mean more than one thing, and what to ask where a message does not settle which (`ambiguous.yaml`)."""

from __future__ import annotations

from functools import cached_property

from pydantic import Field, model_validator

from bot.knowledge.entry import FACT_ID, Part, Text, Texts, Topic
from bot.language.normalise import normalise
from bot.language.normalise import words as words_of

OFFERED = 3  # topics of one question, at most: a published contract
LABEL = 32  # characters of a button, as a phone shows it on one line


class Meaning(Part):
    """One thing that a word can mean: an entry, or something that we do not cover and have one honest line for."""

    label: Text = Field(max_length=LABEL)
    topic: Topic | None = None
    not_covered: str | None = Field(None, pattern=FACT_ID)
    settled_by: Texts = ()  # words that settle it; a star stands for any ending

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Meaning:
        if (self.topic is None) == (self.not_covered is None):
            raise ValueError("name either the 'topic' it leads to or the 'not_covered' item")
        return self


class TwoMeanings(Part):
    """A word, the question about it, and its meanings."""

    word: Text
    also: Texts = ()  # its other forms, and how it is mistyped
    ask: Text
    settled_by: Texts = ()  # words that show that something else again is meant
    meanings: tuple[Meaning, ...] = Field(min_length=2, max_length=4)

    @model_validator(mode="after")
    def _few_topics(self) -> TwoMeanings:
        if len([m for m in self.meanings if m.topic]) > OFFERED:
            raise ValueError(f"at most {OFFERED} of a word's meanings may lead to an entry")
        return self

    @cached_property
    def forms(self) -> tuple[str, ...]:
        return (self.word, *self.also)

    @cached_property
    def settling(self) -> tuple[str, ...]:
        """Every word that settles it, one way or another."""
        return (*self.settled_by, *(said for meaning in self.meanings for said in meaning.settled_by))


class Ambiguous(Part):
    """`ambiguous.yaml`: the words, and the small ones around them that settle nothing."""

    small: Texts = ()
    meaning_asked: Texts = ()  # who writes one of these asks what a word means, and is told
    words: tuple[TwoMeanings, ...] = ()

    @cached_property
    def by_form(self) -> dict[str, TwoMeanings]:
        """Each word by every form of it, as it is compared."""
        return {" ".join(words_of(normalise(form))): word for word in self.words for form in word.forms}

    @cached_property
    def small_words(self) -> frozenset[str]:
        return frozenset(self.small)
