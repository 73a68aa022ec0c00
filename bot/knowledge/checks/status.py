"""The status check leads everybody somewhere, and all that it refers to exists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.knowledge.checks.figures import typed
from bot.knowledge.entry import REFERENCE, Fact
from bot.knowledge.load import Loaded
from bot.knowledge.status import FILLED_IN, StatusTree, facts_named, faults, texts
from bot.knowledge.yamltext import Document, Fault, Loc

FILE = "status.yaml"


def status(loaded: Loaded, *, due: date | None = None) -> Iterator[Fault]:
    """Every fault of the status check of a folder that has one; also a passed `review_by` where a day is given."""
    tree: StatusTree | None = loaded.parts.get("status")
    document = loaded.documents.get(FILE)
    if tree is None or document is None:
        return
    yield from (document.fault(loc, says) for loc, says in faults(tree))
    known = {f.id: f for f, _, _ in loaded.facts}
    lines = {h.id for h in loaded.parts.get("helplines", ())}
    for loc, fact in facts_named(tree):
        yield from _fact(known.get(fact), fact, document, loc)
    for loc, text in texts(tree):
        yield from typed(text, document, loc)
        yield from _refer(text, document, loc, known, lines)
    yield from _topics(loaded, tree, document)
    if due and due > tree.review_by:
        yield document.fault(("review_by",), f"was to be checked again by {tree.review_by}; compare it with the law")


def _refer(text: str, document: Document, loc: Loc, known: dict[str, Fact], lines: set[str]) -> Iterator[Fault]:
    for name in REFERENCE.findall(text):
        if name.startswith("line:"):
            if name[5:] not in lines:
                yield document.fault(loc, f"there is no helpline '{name[5:]}' in helplines.yaml")
        elif name not in FILLED_IN:
            yield from _fact(known.get(name), name, document, loc)
            if (fact := known.get(name)) and fact.value is None and not fact.values:
                yield document.fault(loc, f"the fact '{name}' has no value to stand in a text; give it one")


def _fact(fact: Fact | None, name: str, document: Document, loc: Loc) -> Iterator[Fault]:
    if fact is None:
        yield document.fault(loc, f"there is no fact '{name}'; add it under facts/ or correct the id")
    elif fact.confidence == "recalled":
        yield document.fault(loc, f"the fact '{name}' is only recalled; confirm it at a source, or leave it out")


def _topics(loaded: Loaded, tree: StatusTree, document: Document) -> Iterator[Fault]:
    entries = {e.id for e, _, _ in loaded.entries}
    named: list[tuple[Loc, str]] = [(("shown_on", i), t) for i, t in enumerate(tree.shown_on)]
    named += [(("topic",), tree.topic)]
    for name, result in tree.results.items():
        named += [(("results", name, "topics", i), t) for i, t in enumerate(result.topics)]
    for name, question in tree.questions.items():
        for key, answer in question.answers.items():
            at = ("questions", name, "answers", key, "topics")
            named += [((*at, i), t) for i, t in enumerate(answer.topics)]
    yield from (document.fault(loc, f"there is no entry '{t}' to lead to") for loc, t in named if t not in entries)
