"""An answer in another language: only what a person translated, and said to be no more than it is."""

from __future__ import annotations

from datetime import date

from bot.dialogue.naming import day
from bot.knowledge.answer import Answer, fill
from bot.knowledge.base import Base
from bot.knowledge.entry import Entry, Overlay, Translation

PART = "in-"  # a part's name in a key: in-fr
TEXTS = ("answer", "do", "if_no", "adds", "how_much", "how", "say", "who", "more", "easy")


def languages(answer: Answer) -> tuple[str, ...]:
    """The languages that a person has put some of the answer in. A machine's draft is not shown to anybody."""
    return tuple(dict.fromkeys(code for code, _, _ in _by_people(answer)))


def language_name(base: Base, code: str) -> str:
    names = base.words.translation.languages
    return names.get(code) or names.get(code.partition("-")[0]) or code


def in_language(base: Base, answer: Answer, code: str, today: date) -> str | None:
    """The translated texts, then in English what they are; None where no person has made any."""
    found = [(said, of) for each, said, of in _by_people(answer) if each == code]
    texts = [fill(text, base, today).strip() for said, _ in found for name in TEXTS if (text := getattr(said, name))]
    return "\n\n".join([*texts, _label(base, answer, found)]) if texts else None


def _by_people(answer: Answer) -> list[tuple[str, Translation, Entry | Overlay]]:
    items = [item for item in (answer.entry, answer.overlay) if item is not None]
    return [(code, said, of) for of in items for code, said in of.translations.items() if said.by == "person"]


def _label(base: Base, answer: Answer, found: list[tuple[Translation, Entry | Overlay]]) -> str:
    words, fill_in = base.words.translation, base.words.fill
    oldest = min(said.checked for said, _ in found)
    if all(said.reviewed for said, _ in found):
        label = fill_in(words.reviewed, date=day(min(said.reviewed.on for said, _ in found if said.reviewed)))
    else:
        label = fill_in(words.person, date=day(oldest))
    lines = [label]
    if any(of.checked and of.checked > said.checked for said, of in found):
        lines.append(words.older)
    if answer.for_age or answer.for_place:
        lines.append(words.general)
    return "\n".join(lines)
