"""The status check as data: questions, a tree of what follows from each answer, and results. Pure.

The rules are those of the Children Act 1989; what is written in `knowledge/status.yaml` is compared with the Act's own
words, path by path, in `tests/unit/test_status_law.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from bot.knowledge.entry import REFERENCE, SLUG, Ages, Fact, Part, Right, Slug, Status, Text, Topic

NOT_SURE = "not-sure"  # every question has this answer
MOST_TAPS = 6
LONGEST_PATH = 62  # bytes: a button's key holds 64 (Bot API, InlineKeyboardButton.callback_data), "s:" is two of them
FILLED_IN = ("nation", "pointer")  # names in braces that are no facts
AGE = "age"  # stands in a key for "ask me my age again", so no answer may be named so
Nation = Annotated[str, Field(pattern=SLUG)]


class StatusAnswer(Part):
    """One button, and what choosing it says about a person."""

    label: str = Field(min_length=1, max_length=60)
    ages: Ages | None = None  # ages that this answer stands for
    age: int | None = None  # the age that is kept for it
    noted: str | None = None  # the age, in words
    nation: Nation | None = None
    adds: str | None = None  # a line that goes with any result behind this answer
    facts: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()


class StatusQuestion(Part):
    asks: Text
    answers: dict[str, StatusAnswer]


class StatusNode(Part):
    """A place in the tree: which question is asked there, and where each of its answers leads."""

    question: str
    next: dict[str, str]


class ByAge(Part):
    ages: Ages
    result: str


class StatusResult(Part):
    """What somebody is, in the law's words; what that gives; what to say."""

    title: Text
    means: Text
    legal: Text
    gives: tuple[Right, ...] = Field(min_length=3, max_length=5)
    say: Text
    status: Status | None = None  # kept, when it is certain
    facts: tuple[str, ...] = Field(min_length=1)
    topics: tuple[Topic, ...] = Field(min_length=1)
    by_age: tuple[ByAge, ...] = ()  # other ages have a result of their own

    @model_validator(mode="after")
    def _law_only(self) -> StatusResult:
        if any(right.will for right in self.gives):
            raise ValueError("gives what the law says (must) or lets one ask for (may), and no council's offer (will)")
        return self


class StatusWords(Part):
    intro: Text
    using_age: Text
    other_age: Text
    back: Text
    again: Text
    must: Text
    may: Text
    legal: Text
    say: Text
    noted: Text
    noted_age: Text
    noted_nation: Text
    noted_status: Text
    cleared: Text
    old: Text
    my_data: Text
    statuses: dict[Status, Text]


class StatusTree(Part):
    """The whole check, from the first question."""

    button: str = Field(min_length=1, max_length=60)
    shown_on: tuple[Topic, ...] = ()  # entries that carry the button
    menu_area: Slug | None = None  # area of the menu that carries it
    topic: Topic  # what a result counts as
    first: str
    checked: date
    review_by: date
    words: StatusWords
    questions: dict[str, StatusQuestion]
    tree: dict[str, StatusNode]
    results: dict[str, StatusResult]
    facts: tuple[Fact, ...] = ()  # those it rests on; put here by `load`, so that it can be lent to another folder

    def walk(self, path: tuple[str, ...]) -> Stop | None:
        """Where a path of answers leads, or None when there is no such path."""
        at, answers = self.first, []
        for name in path:
            node = self.tree.get(at)
            if node is None or name not in node.next:
                return None
            answers.append(self.questions[node.question].answers[name])
            at = node.next[name]
        if at in self.tree:
            return Stop(tuple(answers), question=self.questions[self.tree[at].question])
        at = self._at_age(at, answers[0].age) if answers else at
        return Stop(tuple(answers), result=self.results[at], name=at)

    def age_answer(self, age: int) -> str | None:
        """The first question's answer that stands for an age."""
        answers = self.questions[self.tree[self.first].question].answers
        return next((name for name, a in answers.items() if a.ages and a.ages[0] <= age <= a.ages[1]), None)

    def paths(self) -> Iterator[tuple[str, ...]]:
        """Every path from the first question to a result. For a tree without faults."""
        waiting: list[tuple[str, tuple[str, ...]]] = [(self.first, ())]
        while waiting:
            at, path = waiting.pop()
            if at not in self.tree:
                yield path
            else:
                waiting += [(to, (*path, name)) for name, to in self.tree[at].next.items()]

    def _at_age(self, result: str, age: int | None) -> str:
        ages = self.results[result].by_age
        return next((b.result for b in ages if age is not None and b.ages[0] <= age <= b.ages[1]), result)


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a path leads: the next question, or a result and its name; and the answers on the way."""

    answers: tuple[StatusAnswer, ...]
    question: StatusQuestion | None = None
    result: StatusResult | None = None
    name: str = ""


def with_facts(tree: StatusTree, facts: Iterable[Fact]) -> StatusTree:
    """The tree with the facts it names beside it."""
    wanted = {name for _, name in facts_named(tree)} | {n for _, text in texts(tree) for n in REFERENCE.findall(text)}
    return tree.model_copy(update={"facts": tuple(f for f in facts if f.id in wanted)})


def facts_named(tree: StatusTree) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every fact that a result or an answer rests on, with where it is named."""
    for name, result in tree.results.items():
        yield from ((("results", name, "facts", i), fact) for i, fact in enumerate(result.facts))
    for name, question in tree.questions.items():
        for key, answer in question.answers.items():
            at = ("questions", name, "answers", key, "facts")
            yield from (((*at, i), fact) for i, fact in enumerate(answer.facts))


def texts(tree: StatusTree) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text that people read in it, with where it stands."""
    for name, question in tree.questions.items():
        yield ("questions", name, "asks"), question.asks
        for key, answer in question.answers.items():
            yield ("questions", name, "answers", key), f"{answer.label} {answer.adds or ''}"
    for name, result in tree.results.items():
        for part in ("title", "means", "legal", "say"):
            yield ("results", name, part), getattr(result, part)
        for i, right in enumerate(result.gives):
            yield ("results", name, "gives", i), right.must or right.will or right.may or ""


def faults(tree: StatusTree) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with the shape of it, and where: nobody may be led to a question that cannot be answered."""
    wrong = [*_loose_ends(tree)]
    yield from wrong
    if wrong:
        return
    if circle := _in_a_circle(tree):
        yield ("tree", circle), f"'{circle}' leads back to itself; every path must end in a result"
    else:
        yield from _too_long(tree)
        yield from _never_reached(tree)


def _loose_ends(tree: StatusTree) -> Iterator[tuple[tuple[str | int, ...], str]]:
    ends = {*tree.tree, *tree.results}
    if tree.first not in tree.tree:
        yield ("first",), f"there is no '{tree.first}' in the tree"
    for name in sorted({*tree.tree} & {*tree.results}):
        yield ("results", name), f"'{name}' stands in the tree too; give one of them another name"
    for name, question in tree.questions.items():
        if NOT_SURE not in question.answers:
            yield ("questions", name), f"every question has an answer '{NOT_SURE}'; add it"
        for key in {"", AGE, *(k for k in question.answers if "." in k)} & {*question.answers}:
            yield ("questions", name, "answers", key), f"an answer cannot be named '{key}'"
    for name, node in tree.tree.items():
        if node.question not in tree.questions:
            yield ("tree", name), f"there is no question '{node.question}'"
        elif {*node.next} != {*tree.questions[node.question].answers}:
            lacking = ", ".join(sorted({*node.next} ^ {*tree.questions[node.question].answers}))
            yield ("tree", name), f"must say for each answer of '{node.question}' what is next, no more; see: {lacking}"
        yield from ((("tree", name, "next"), f"there is no '{to}'") for to in node.next.values() if to not in ends)
    for name, result in tree.results.items():
        lost = (b.result for b in result.by_age if b.result not in tree.results)
        yield from ((("results", name, "by_age"), f"there is no result '{to}'") for to in lost)


def _in_a_circle(tree: StatusTree) -> str | None:
    """A place that can be come back to, or None."""
    free: set[str] = {*tree.results}
    while left := [n for n in tree.tree if n not in free]:
        loose = {n for n in left if free.issuperset(tree.tree[n].next.values())}
        if not loose:
            return left[0]
        free |= loose
    return None


def _too_long(tree: StatusTree) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for path in tree.paths():
        shown = ".".join(path)
        if len(path) > MOST_TAPS:
            yield ("tree",), f"'{shown}' takes {len(path)} taps; at most {MOST_TAPS}"
        if len(shown.encode()) > LONGEST_PATH:
            yield ("tree",), f"'{shown}' is too long for a button's key; use shorter names (at most {LONGEST_PATH})"


def _never_reached(tree: StatusTree) -> Iterator[tuple[tuple[str | int, ...], str]]:
    reached = {tree.first, *(to for node in tree.tree.values() for to in node.next.values())}
    reached |= {b.result for result in tree.results.values() for b in result.by_age}
    for part, names in (("tree", tree.tree), ("results", tree.results)):
        yield from (((part, name), f"nothing leads to '{name}'; remove it") for name in names if name not in reached)
