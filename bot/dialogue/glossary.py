"""Words of the law and the trade: explained in one line where they stand, or when somebody asks what one means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.dialogue import keys
from bot.dialogue.naming import council_name
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Action, Kind, Outcome, Reply, Urgency
from bot.knowledge.bars import Term
from bot.knowledge.base import Base
from bot.language.normalise import normalise

MOST = 2  # words explained under one reply
NOT_UNDER = ("safety.",)  # topics whose answers carry help and nothing else


@dataclass(frozen=True, slots=True)
class Meaning:
    """A word, what it means, what the council calls it: at least one of the two."""

    word: str
    says: str | None
    theirs: str | None
    topic: str | None
    short: str | None = None  # the letters that stand for it where it was read: PA


def explained(turn: Turn, decision: Decision) -> Decision:
    """The decision with the words that its first answer uses for the first time explained at its end."""
    reply = next((r for r in decision.say_now if r.kind is Kind.ANSWER), None)
    topic = decision.topic or ""
    if reply is None or reply.language or turn.assessment.urgency is not Urgency.NONE or topic.startswith(NOT_UNDER):
        return decision
    told = decision.conversation.explained
    new = [m for m in _standing_in(turn, reply.text) if m.word not in told and m.topic != topic][:MOST]
    if not new:
        return decision
    body, _, print_ = reply.text.rpartition("\n\n")
    lines = "\n".join(line(turn, meaning) for meaning in new)
    longer = replace(reply, text=f"{body}\n\n{lines}\n\n{print_}" if body else f"{print_}\n\n{lines}")
    conversation = replace(decision.conversation, explained=(*told, *(m.word for m in new)))
    said = tuple(longer if r is reply else r for r in decision.say_now)
    return replace(decision, say_now=said, conversation=conversation)


def asked(turn: Turn, text: str) -> Decision | None:
    """What a word means, where the message asks for nothing else and we have the word."""
    word = _word_asked(turn.base, text)
    meaning = word and _meaning_of(turn, word)
    if not meaning:
        return None
    entry = turn.base.entry.get(meaning.topic or "")
    more = (Action(entry.label, keys.topic(entry.id)),) if entry else ()
    menu = Action(turn.base.words.buttons.menu, keys.MENU)
    topic = entry.id if entry else None
    return Decision(
        say_now=(Reply(line(turn, meaning), (*more, menu)),),
        conversation=replace(
            turn.conversation,
            asked=None,
            misses=0,
            topic=topic or turn.conversation.topic,
            explained=tuple(dict.fromkeys((*turn.conversation.explained, meaning.word))),
        ),
        outcome=Outcome.ANSWER if topic else Outcome.SMALL_TALK,
        topic=topic,
        score=1.0,
    )


def line(turn: Turn, meaning: Meaning) -> str:
    words, fill = turn.base.words.glossary, turn.base.words.fill
    name = council_name(turn.base, turn.about.council)
    word = f"{meaning.short} ({meaning.word})" if meaning.short else meaning.word[:1].upper() + meaning.word[1:]
    if meaning.says is None:
        return fill(words.only_council, word=word, council=name, theirs=meaning.theirs)
    said = fill(words.line, word=word, says=meaning.says)
    return f"{said} {fill(words.council, council=name, theirs=meaning.theirs)}" if meaning.theirs else said


def _standing_in(turn: Turn, text: str) -> Iterator[Meaning]:
    """The glossary's words that stand in a text, most important first, then the council's own for plain ones."""
    council = _council_words(turn)
    named = set()
    for term in turn.base.glossary:
        forms = term.also if term.common else (term.word, *term.also)
        if found := _found(forms, text):
            yield replace(_as_meaning(term, council, text), short=found[0] if _is_letters(found[0]) else None)
        named |= {w.lower() for w in (term.word, *term.also)}
    for ours, theirs in council.items():
        if ours not in named and _found((ours,), text) and theirs.lower() not in text.lower():
            yield Meaning(ours, None, theirs, None)


def _as_meaning(term: Term, council: dict[str, str], text: str = "") -> Meaning:
    theirs = next((council[w.lower()] for w in (term.word, *term.also) if w.lower() in council), None)
    return Meaning(term.word, term.says, None if theirs and theirs.lower() in text.lower() else theirs, term.topic)


def _is_letters(form: str) -> bool:
    return form.removesuffix("s").isupper()


def _council_words(turn: Turn) -> dict[str, str]:
    """Our word, as written small: the council's, where it says another."""
    pack = turn.base.pack.get(turn.about.council or "")
    return {o.lower(): t for o, t in pack.words.items() if o.lower() not in t.lower()} if pack else {}


def _word_asked(base: Base, text: str) -> str | None:
    said = normalise(text).strip(" ?!.")
    for pattern in _ways(base.words.glossary.ask):
        if match := pattern.fullmatch(said):
            return match[1]
    return None


def _meaning_of(turn: Turn, word: str) -> Meaning | None:
    """By the glossary, by the council's name for it, or by our name for what only the council names."""
    council = _council_words(turn)
    back = {_bare(theirs): ours for ours, theirs in council.items()}
    wanted = _bare(back.get(_bare(word), word))
    for term in turn.base.glossary:
        if wanted in {_bare(w) for w in (term.word, *term.also)}:
            return _as_meaning(term, council)
    ours = next((o for o in council if _bare(o) == wanted), None)
    return Meaning(ours, None, council[ours], None) if ours else None


def _bare(word: str) -> str:
    """A word as two ways of writing it compare: small, singular, without "a" and "my"."""
    said = re.sub(r"^(?:an? |the |my |your |this |these )+", "", normalise(word))
    return re.sub(r"(?<=[a-z]{3})s\b", "", said.replace("-", " "))


@lru_cache(maxsize=8)
def _ways(asks: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(re.escape(ask).replace(r"\{word\}", "(.{2,40}?)")) for ask in asks)


def _found(forms: tuple[str, ...], text: str) -> re.Match[str] | None:
    """The first of the forms in a text. Most are not in it at all, which is seen much faster by looking for letters."""
    small = text.lower()
    return _pattern(forms).search(text) if any(form.lower() in small for form in forms) else None


@lru_cache(maxsize=512)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the forms as a whole word; capitals count where a form is all capitals (PA, UC)."""
    each = [f"(?-i:{re.escape(f)})" if _is_letters(f) else re.escape(f) for f in forms]
    return re.compile(rf"(?<![\w/.-])(?:{'|'.join(each)})(?![\w-])", re.IGNORECASE) if each else re.compile(r"(?!)")
