"""`rules.yaml` as it was read, checked and compiled: every fault is named at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.errors import BotError
from bot.language.normalise import normalise
from bot.triage.concepts import Concepts
from bot.triage.level import Level
from bot.triage.pattern import Choice, Nodes, Pattern, PatternFaulty, Sets, Word, parse
from bot.triage.rules import Rule, Rules

Loc = tuple[str | int, ...]  # where in the file: ("rules", 3, "says", 0)

LISTS = ("idioms", "calm", "now", "past", "others", "selves", "loud")
TOP = {"sets", "concepts", *LISTS, "rules"}
KEYS = {"id", "topic", "level", "says", "unless", "also", "now", "past", "under_18", "who", "note"}
WHO = ("subject", "self", "other")


class RulesFaulty(BotError):
    """The triage rules have faults; each is named with its place in the file."""

    def __init__(self, where: str, faults: list[tuple[Loc, str]]) -> None:
        self.located = faults
        self.faults = [f"{where}: {'.'.join(map(str, loc)) or 'file'}: {says}" for loc, says in faults]
        super().__init__("\n".join(self.faults))


def load_rules(data: object, where: str = "rules.yaml", textspeak: Mapping[str, str] | None = None) -> Rules:
    """The rules out of plain data (texts, lists, mappings, as YAML gives them).

    textspeak must be the table that messages are normalised with, so that patterns are spelt as messages are.
    Raises RulesFaulty with every fault named.
    """
    return _Loader(data, textspeak or {}).rules(where)


class _Loader:
    def __init__(self, data: object, textspeak: Mapping[str, str]) -> None:
        self.faults: list[tuple[Loc, str]] = []
        self._textspeak = textspeak
        self._data = self._mapping((), data, TOP)
        self._sets = Sets(self._read_sets("sets"))
        self._tidied: dict[str, str] = {}
        self._words: set[str] = set()
        self._concepts = Concepts(
            {name: tuple(map(self._tidied_entry, entries)) for name, entries in self._read_sets("concepts").items()}
        )

    def rules(self, where: str) -> Rules:
        listed = self._data.get("rules")
        if not isinstance(listed, list) or not listed:
            self.faults.append((("rules",), "there must be a list of rules here"))
            listed = []
        rules = [self._rule(("rules", at), rule) for at, rule in enumerate(listed)]
        self._refuse_twins([rule.id for rule in rules if rule])
        idioms, calm, now, past, others, selves, loud = (
            self._patterns((name,), self._data.get(name)) for name in LISTS
        )
        if self.faults:
            raise RulesFaulty(where, self.faults)
        kept = tuple(rule for rule in rules if rule)
        words = frozenset(self._words).union(*(entry.split() for entry in self._concepts.entries if "*" not in entry))
        loud_words = frozenset(word for pattern in loud for word in _whole_words(pattern.nodes))
        return Rules(kept, idioms, calm, now, past, others, selves, loud_words, words, self._concepts)

    def _rule(self, loc: Loc, data: object) -> Rule | None:
        rule = self._mapping(loc, data, KEYS)
        before = len(self.faults)
        name, topic, who = (self._text((*loc, key), rule.get(key, "subject" if key == "who" else None)) for key in
                            ("id", "topic", "who"))  # fmt: skip
        levels = {key: self._level((*loc, key), rule.get(key)) for key in ("level", "now", "past", "under_18")}
        says, unless, also = (self._patterns((*loc, key), rule.get(key)) for key in ("says", "unless", "also"))
        level = levels.pop("level")
        if level is None and "level" not in rule:
            self.faults.append(((*loc, "level"), "give the level: check, urgent or emergency"))
        if not says and "says" not in rule:
            self.faults.append(((*loc, "says"), "give at least one pattern"))
        if who not in WHO:
            self.faults.append(((*loc, "who"), f"must be one of {', '.join(WHO)}"))
        if len(self.faults) > before or level is None:
            return None
        return Rule(name, topic, level, says, unless, also, who=who, **levels)

    def _patterns(self, loc: Loc, data: object) -> tuple[Pattern, ...]:
        if data is None:
            return ()
        if not isinstance(data, str):
            self.faults.append((loc, "must be a text block (`|`) of patterns, one a line or parted by commas"))
            return ()
        found = (self._pattern(loc, source) for source in _listed(data))
        return tuple(pattern for pattern in found if pattern is not None)

    def _pattern(self, loc: Loc, source: str) -> Pattern | None:
        try:
            pattern = parse(source, self._sets, self._tidy)
        except PatternFaulty as fault:
            self.faults.append((loc, f"'{source}': {fault}"))
            return None
        self._words.update(_whole_words(pattern.nodes))
        return pattern

    def _tidy(self, word: str) -> str:
        if word not in self._tidied:
            self._tidied[word] = normalise(word, self._textspeak)
        return self._tidied[word]

    def _tidied_entry(self, entry: str) -> str:
        """A concept's word, beginning of a word ("punch*") or phrase, spelt as messages are."""
        return self._tidy(entry.rstrip("*")) + "*" * entry.endswith("*")

    def _read_sets(self, part: str) -> dict[str, list[str]]:
        sets: dict[str, list[str]] = {}
        for name, phrases in self._mapping((part,), self._data.get(part, {}), None).items():
            if isinstance(phrases, str):
                sets[name] = _listed(phrases)
            else:
                self.faults.append(((part, name), "must be a text block (`|`) of phrases, parted by commas"))
        return sets

    def _level(self, loc: Loc, name: object) -> Level | None:
        if name is None:
            return None
        try:
            return Level.named(str(name))
        except KeyError:
            self.faults.append((loc, f"'{name}' is no level: none, check, urgent or emergency"))
            return None

    def _text(self, loc: Loc, value: object) -> str:
        if isinstance(value, str) and value.strip():
            return value
        self.faults.append((loc, "must be given, as text"))
        return ""

    def _mapping(self, loc: Loc, data: object, keys: set[str] | None) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            self.faults.append((loc, "must be a mapping of names to values"))
            return {}
        for key in data if keys is not None else ():
            if keys is not None and key not in keys:
                self.faults.append(((*loc, str(key)), f"is not known here; known: {', '.join(sorted(keys))}"))
        return {str(key): value for key, value in data.items()}

    def _refuse_twins(self, ids: list[str]) -> None:
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            self.faults.append((("rules",), f"two rules are named '{name}'"))


def _listed(block: str) -> list[str]:
    """The patterns of a text block: one a line, or parted by commas."""
    return [part for line in block.splitlines() for p in line.split(",") if (part := p.strip())]


def _whole_words(nodes: Nodes) -> Iterable[str]:
    for node in nodes:
        if isinstance(node, Word) and not node.prefix:
            yield node.text
        elif isinstance(node, Choice):
            for option in node.options:
                yield from _whole_words(option)
