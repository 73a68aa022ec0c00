"""What `check` measures by: the hosts that may be linked to, and how plain a text must be."""

from __future__ import annotations

from pydantic import Field

from bot.knowledge.entry import Part, Text


class Reading(Part):
    """`reading.yaml`: bars, names left out of the count, and hard words with plain ones."""

    answer: float = 6.0  # Flesch-Kincaid grade of a short answer, at most
    entry: float = 7.0  # of a whole entry
    sentence: int = 20  # words in a sentence; a name counts as one
    names: tuple[Text, ...] = ()
    hard: dict[str, Text] = Field(default_factory=dict)  # a hard word: what to say in its place


class Term(Part):
    """A word of the law or of the trade, explained in one plain line."""

    word: Text
    says: Text
    also: tuple[Text, ...] = ()  # other forms and names of it
    common: bool = False  # also an everyday word: in a text only its other forms stand for it
    topic: str | None = None  # the entry that tells more
