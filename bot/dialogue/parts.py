"""The parts of an answer that stand behind its buttons, each put together from all that the entry and council say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.dialogue.amounts import amounts, disputes, planned, whose
from bot.dialogue.contacts import ring
from bot.dialogue.translated import PART, in_language
from bot.dialogue.turn import Turn
from bot.dialogue.whom import conditions
from bot.knowledge.answer import Answer, fill
from bot.knowledge.entry import Route

MOST_SOURCES = 4
MOST_LAWS = 3
_NAMED_LAW = re.compile(r"\b(?:Act|Acts|Regulations|Order|Rules)\b.*\d{4}|\bGDPR\b")


def part_text(turn: Turn, answer: Answer, name: str) -> str | None:
    """The text of a part; None when there is nothing to say in it."""
    if name.startswith(PART):
        return in_language(turn.base, answer, name.removeprefix(PART), turn.today)
    if name in _PUT_TOGETHER:
        return _joined(_PUT_TOGETHER[name](turn, answer))
    return answer.part(name)


def _how(turn: Turn, answer: Answer) -> Iterable[str | None]:
    words = turn.base.words
    yield answer.part("how") or answer.part("do")
    yield _joined(_route(turn, answer), "\n")
    yield answer.part("say") and f"{words.say}\n{answer.part('say')}"


def _route(turn: Turn, answer: Answer) -> Iterable[str | None]:
    words, fill_in = turn.base.words, turn.base.words.fill
    route = answer.overlay.route if answer.overlay else None
    decided = whose(turn.base, answer.facts)
    if route is None:
        yield decided
        return
    yield words.route.kinds[route.kind]
    yield fill_in(words.route.evidence, what=", ".join(route.evidence)) if route.evidence else None
    yield fill_in(words.route.takes, takes=route.takes.rstrip(".")) if route.takes else None
    for name in ("meanwhile", "decides", "challenge"):
        if text := _of_route(turn, route, name):
            yield fill_in(getattr(words.route, name), what=text, who=text, how=text)
    yield None if route.decides else decided


def _of_route(turn: Turn, route: Route, name: str) -> str | None:
    text = getattr(route, name)
    return fill(text, turn.base, turn.today) if text else None


def _how_much(turn: Turn, answer: Answer) -> Iterable[str | None]:
    yield answer.part("how_much")
    yield from amounts(turn.base, answer, turn.about.council, turn.today)
    yield from disputes(turn.base, answer)
    yield from planned(turn.base, answer, turn.today)


def _who(turn: Turn, answer: Answer) -> Iterable[str | None]:
    yield answer.part("who") and f"{turn.base.words.who} {answer.part('who')}"
    yield from conditions(turn.base, answer.facts, turn.about.council)


def _if_no(turn: Turn, answer: Answer) -> Iterable[str | None]:
    route = answer.overlay.route if answer.overlay else None
    yield answer.part("if_no") and f"{turn.base.words.if_no} {answer.part('if_no')}"
    if route and (text := _of_route(turn, route, "challenge")):
        yield turn.base.words.fill(turn.base.words.route.challenge, how=text)


def _ring(turn: Turn, answer: Answer) -> Iterable[str | None]:
    yield ring(turn.base, turn.about.council, answer.entry.id, turn.now)


def _more(turn: Turn, answer: Answer) -> Iterable[str | None]:
    """Rights, what else there is to know, what changes with age, myths; then the law and the sources."""
    words, fill_in = turn.base.words, turn.base.words.fill
    blocks = [f"{getattr(words, kind)} {text}" for kind, text in answer.parts.get("rights") or ()]
    blocks += [answer.part("more") or ""]
    blocks += [
        f"{fill_in(words.ages, age=age)} {text}" for age, text in sorted((answer.parts.get("ages") or {}).items())
    ]
    blocks += [fill_in(words.myth, myth=myth, truth=truth) for myth, truth in answer.myths]
    if blocks := [block for block in blocks if block]:
        yield from blocks
        yield _laws(turn, answer)
        yield _sources(turn, answer)


def _laws(turn: Turn, answer: Answer) -> str | None:
    """What a letter can name."""
    first = (re.sub(r" *\([^)]* [^)]*\)", "", f.law or "").partition(";")[0].strip() for f in answer.facts)
    laws = list(dict.fromkeys(law for law in first if _NAMED_LAW.search(law) and "guidance" not in law))[:MOST_LAWS]
    return turn.base.words.fill(turn.base.words.law, laws="; ".join(laws)) if laws else None


def _sources(turn: Turn, answer: Answer) -> str | None:
    sources = [s for s in answer.sources if s.url][:MOST_SOURCES]
    lines = [f"- [{s.title.replace('[', '(').replace(']', ')')}]({s.url})" for s in sources]
    return "\n".join([turn.base.words.sources, *lines]) if lines else None


def _joined(texts: Iterable[str | None], between: str = "\n\n") -> str | None:
    return between.join(text.strip() for text in texts if text) or None


_PUT_TOGETHER: dict[str, Callable[[Turn, Answer], Iterable[str | None]]] = {
    "how": _how,
    "how_much": _how_much,
    "who": _who,
    "if_no": _if_no,
    "ring": _ring,
    "more": _more,
}
