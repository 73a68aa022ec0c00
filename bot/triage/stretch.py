"""A stretch of a message as the example model sees it: its words, and what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.triage.concepts import tags
from bot.triage.rules import MASK, Rules


@dataclass(frozen=True, slots=True)
class Heard:
    """One reading of a message, figures of speech masked, with the concepts of each word."""

    words: tuple[str, ...]
    about: Sequence[list[str]]

    def features(self, first: int, last: int) -> str:
        """The words from first up to last and their tags, as text for `Vocabulary`; empty when all is masked."""
        said = [word for word in self.words[first:last] if word != MASK]
        return " ".join([*said, *tags(self.about[first:last])]) if said else ""


def hear(rules: Rules, words: tuple[str, ...]) -> Heard:
    masked = rules.masked(words)
    return Heard(masked, rules.concepts.of(masked))
