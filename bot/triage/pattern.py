"""The small language in which `rules.yaml` says what danger sounds like.

    want to die         these words, one after another
    suicid*             a word that begins so
    {want}              any of the words or phrases of the set named `want`
    (kill|hurt) myself  one or the other; alternatives may hold anything, also gaps and sets
    [really|just]       one of these, or nothing
    ..3                 up to three words of any kind
    #  ##               a number; one of two figures or more
    ^  $                the message begins here; ends here

Words are normalised as messages are, so "don't" and "dont" are the same pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

WIDEST_GAP = 8  # words
DEEPEST = 12  # groups within groups, and sets within sets
_SYMBOLS = re.compile(r"\s+|\.\.\d+|\{[^{}]*\}|[()\[\]|^$]|[^\s()\[\]|{}^$]+|.")
# Too common to find a pattern by: any other word of the pattern is looked up first.
_VERY_COMMON = """
i im ive me my myself a an the to of in on at it its is am are was be been do dont did not no and or but so for with he
she they we you his her him them their your that this have has had get got go going want need can cant will just all up
out if what who when how there here now any some about from by as
"""
_COMMON = frozenset(_VERY_COMMON.split())


class PatternFaulty(ValueError):
    """A pattern cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    digits: int  # at least


@dataclass(frozen=True, slots=True)
class Edge:
    start: bool


@dataclass(frozen=True, slots=True)
class Gap:
    most: int


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[tuple[Node, ...], ...]
    optional: bool = False


Node = Word | Number | Edge | Gap | Choice
Nodes = tuple[Node, ...]


@dataclass(frozen=True)
class Pattern:
    """One pattern, read and checked; its regular expression is made when it is first needed.

    The expression is for texts made by `framed`: each word with a space before it, and one space at the end.
    """

    source: str
    nodes: Nodes

    @classmethod
    def ready(cls, source: str, expression: str, anchors: Iterable[str] | None) -> Pattern:
        """A pattern that was read before (see `kept`): its nodes are not needed any more."""
        pattern = cls(source, ())
        pattern.__dict__["expression"] = expression
        pattern.__dict__["anchors"] = None if anchors is None else frozenset(anchors)
        return pattern

    @cached_property
    def expression(self) -> str:
        return _expression(self.nodes) + "(?= )"

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.expression)

    @cached_property
    def anchors(self) -> frozenset[str] | None:
        """Words of which a matching text must hold one ("suicid*": a word that begins so); None when any text may."""
        return _anchors(self.nodes)

    def find(self, text: str) -> re.Match[str] | None:
        return self.regex.search(text)


def framed(text: str) -> str:
    return f" {text} "


class Sets(dict[str, list[str]]):
    """The named sets: their phrases as they stand in the file. Beside them what has been read, so that it is once."""

    def __init__(self, phrases: Mapping[str, list[str]]) -> None:
        super().__init__(phrases)
        self.read: dict[str, Choice] = {}
        self.words: dict[str, Nodes] = {}


def parse(source: str, sets: Sets, tidy: Callable[[str], str]) -> Pattern:
    """Read one pattern. tidy normalises a word as messages are. Raises PatternFaulty."""
    reader = _Reader(_symbols(source), sets, tidy)
    nodes = reader.sequence()
    if reader.symbols:
        raise PatternFaulty(f"'{reader.symbols[0]}' closes or parts a group that was not opened")
    if not nodes or _can_be_empty(nodes):
        raise PatternFaulty("it would match any text: it needs at least one word that must be there")
    if isinstance(nodes[0], Gap) or isinstance(nodes[-1], Gap):
        raise PatternFaulty("a gap at its beginning or end says nothing; take it out")
    return Pattern(source, nodes)


def _symbols(source: str) -> list[str]:
    return [found for found in _SYMBOLS.findall(source) if not found.isspace()]


class _Reader:
    def __init__(self, symbols: list[str], sets: Sets, tidy: Callable[[str], str], depth: int = 0) -> None:
        self.symbols = symbols
        self._sets = sets
        self._tidy = tidy
        self._depth = depth
        if depth > DEEPEST:
            raise PatternFaulty("groups or sets stand too deep in one another (does a set hold itself?)")

    def sequence(self) -> Nodes:
        nodes: list[Node] = []
        while self.symbols and self.symbols[0] not in ("|", ")", "]"):
            nodes.extend(self._node(self.symbols.pop(0)))
        return tuple(nodes)

    def _node(self, symbol: str) -> Nodes:
        if symbol in ("(", "["):
            return (self._group(symbol),)
        if symbol in ("^", "$"):
            return (Edge(symbol == "^"),)
        if symbol in ("#", "##"):
            return (Number(len(symbol)),)
        if symbol.startswith("..") and symbol[2:].isdigit():
            return (self._gap(int(symbol[2:])),)
        if symbol.startswith("{"):
            return (self._set(symbol),)
        if symbol not in self._sets.words:
            self._sets.words[symbol] = self._words(symbol)
        return self._sets.words[symbol]

    def _group(self, opened: str) -> Choice:
        closes = {"(": ")", "[": "]"}[opened]
        self._depth += 1
        if self._depth > DEEPEST:
            raise PatternFaulty("groups stand too deep in one another")
        options = [self.sequence()]
        while self.symbols and self.symbols[0] == "|":
            self.symbols.pop(0)
            options.append(self.sequence())
        if not self.symbols or self.symbols.pop(0) != closes:
            raise PatternFaulty(f"'{opened}' is never closed by '{closes}'")
        self._depth -= 1
        if not all(options) or any(_can_be_empty(option) for option in options):
            raise PatternFaulty("an alternative is empty; write [a|b] for what may be left out")
        return Choice(tuple(options), optional=opened == "[")

    def _gap(self, most: int) -> Gap:
        if not 1 <= most <= WIDEST_GAP:
            raise PatternFaulty(f"a gap is of 1 to {WIDEST_GAP} words, not {most}")
        return Gap(most)

    def _set(self, symbol: str) -> Choice:
        name = symbol[1:-1]
        if name not in self._sets:
            raise PatternFaulty(f"there is no set named '{name}'")
        if name not in self._sets.read:
            self._sets.read[name] = Choice(tuple(self._phrase(name, phrase) for phrase in self._sets[name]))
        return self._sets.read[name]

    def _phrase(self, name: str, phrase: str) -> Nodes:
        reader = _Reader(_symbols(phrase), self._sets, self._tidy, self._depth + 1)
        nodes = reader.sequence()
        if reader.symbols or not nodes or _can_be_empty(nodes):
            raise PatternFaulty(f"'{phrase}' in the set '{name}' cannot be read")
        return nodes

    def _words(self, symbol: str) -> Nodes:
        prefix = symbol.endswith("*")
        tidied = self._tidy(symbol.rstrip("*")).split()
        if not tidied:
            raise PatternFaulty(f"'{symbol}' holds nothing that a message can hold")
        last = len(tidied) - 1
        return tuple(Word(word, prefix and at == last) for at, word in enumerate(tidied))


def _expression(nodes: Nodes) -> str:
    return "".join(_one(node) for node in nodes)


def _one(node: Node) -> str:
    match node:
        case Word(text, prefix):
            return " " + re.escape(text) + (r"\w*" if prefix else "")
        case Number(digits):
            return rf" \d{{{digits},}}"
        case Edge(start):
            return r"\A" if start else r"(?= \Z)"
        case Gap(most):
            return f"(?: [^ ~]+){{0,{most}}}?"
        case Choice(options, optional):
            return "(?:" + "|".join(dict.fromkeys(map(_expression, options))) + ")" + ("?" if optional else "")


def _can_be_empty(nodes: Nodes) -> bool:
    return all(isinstance(node, Edge | Gap) or (isinstance(node, Choice) and node.optional) for node in nodes)


def _anchors(nodes: Nodes) -> frozenset[str] | None:
    found = [keys for node in nodes if (keys := _node_anchors(node)) is not None]
    return min(found, key=_cost, default=None)


def _node_anchors(node: Node) -> frozenset[str] | None:
    if isinstance(node, Word):
        return frozenset([node.text + "*" * node.prefix])
    if not isinstance(node, Choice) or node.optional:
        return None
    each = [_anchors(option) for option in node.options]
    return None if any(keys is None for keys in each) else frozenset().union(*(keys for keys in each if keys))


def _cost(keys: frozenset[str]) -> tuple[int, int]:
    return sum(key in _COMMON for key in keys), len(keys)
