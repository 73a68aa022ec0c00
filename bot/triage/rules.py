"""The rules that hear danger: compiled patterns, found by the words they need, and what each hit comes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.triage.ages import others_age, own_age
from bot.triage.concepts import Concepts
from bot.triage.level import Level
from bot.triage.pattern import Pattern, framed

NEAR = 10  # words on either side of a hit in which `unless`, `now` and `past` are looked for
MASK = "~"  # stands for each word of a figure of speech


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of danger and the ways it is put. Levels that are None do not apply."""

    id: str
    topic: str
    level: Level
    says: tuple[Pattern, ...]
    unless: tuple[Pattern, ...] = ()  # near the hit: no hit
    also: tuple[Pattern, ...] = ()  # one of these must stand somewhere in the message
    now: Level | None = None  # with a word for "now" or "tonight" near by
    past: Level | None = None  # with a word for long ago near by
    under_18: Level | None = None  # the person at risk is said, or known, to be under 18
    who: str = "subject"  # self | other | subject: whoever the words before the hit speak of


@dataclass(frozen=True, slots=True)
class Hit:
    rule: Rule
    level: Level
    first: int  # word, from 0
    last: int  # the word after it
    other: bool


@dataclass(frozen=True, slots=True)
class Around:
    """Words near a hit: that there is no danger, that it is now, that it is long ago. Empty: there are none."""

    calm: str = ""
    now: str = ""
    past: str = ""


@dataclass(frozen=True)
class Rules:
    """Everything in `rules.yaml`, ready to run."""

    rules: tuple[Rule, ...]
    idioms: tuple[Pattern, ...] = ()  # figures of speech: not there, for every rule and for the model
    calm: tuple[Pattern, ...] = ()  # "i'm not suicidal", course work, a policy question: no alarm from the model
    now: tuple[Pattern, ...] = ()
    past: tuple[Pattern, ...] = ()
    others: tuple[Pattern, ...] = ()  # words for somebody else
    selves: tuple[Pattern, ...] = ()  # words for the writer
    loud: frozenset[str] = frozenset()  # words around which even the middle of an endless message is read
    words: frozenset[str] = frozenset()  # every whole word of the rules: what misspelt words are mended to
    concepts: Concepts = field(default_factory=lambda: Concepts({}))
    _entries: list[tuple[Pattern, Rule | None]] = field(default_factory=list, init=False, repr=False, compare=False)
    _index: dict[str, list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._entries.extend((pattern, None) for pattern in self.idioms)
        self._entries.extend((pattern, rule) for rule in self.rules for pattern in rule.says)
        for at, (pattern, _) in enumerate(self._entries):
            for key in pattern.anchors or ("",):
                self._index.setdefault(key, []).append(at)

    def warm(self) -> None:
        """Compile every pattern now, in about a second, so that no message waits for it."""
        for pattern, rule in self._entries:
            _ = pattern.regex, [p.regex for p in (*rule.unless, *rule.also)] if rule else ()

    def masked(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words with each figure of speech blotted out, word for word."""
        text = framed(" ".join(words))
        for pattern, rule in self._candidates(words):
            if rule is None:
                text = pattern.regex.sub(lambda m: f" {MASK}" * m.group().count(" "), text)
        return tuple(text.split())

    def hits(self, words: tuple[str, ...], age: int | None = None, turns: frozenset[int] = frozenset()) -> list[Hit]:
        """Every rule that fires on masked words, in the order of the file.

        age is in years, when it is known. turns are the words at which a new thought begins: what stands beyond one
        says nothing about a hit.
        """
        said = _Said(words, framed(" ".join(words)), age, tuple(sorted(turns)))
        found = (self._hit(rule, pattern, said) for pattern, rule in self._candidates(words) if rule)
        return [hit for hit in found if hit is not None]

    def is_calm(self, near: str) -> bool:
        return bool(found_in(self.calm, near))

    def around(self, hit: Hit, words: tuple[str, ...], turns: frozenset[int] = frozenset()) -> Around:
        """What stands near a hit on those words and says how to take it."""
        near = _Said(words, "", None, tuple(sorted(turns))).near(hit.first, hit.last)
        return Around(found_in(self.calm, near), found_in(self.now, near), found_in(self.past, near))

    def _candidates(self, words: tuple[str, ...]) -> Iterator[tuple[Pattern, Rule | None]]:
        """Patterns that can match, as the words they need are there; each once, in the order of the file."""
        keys = {""}
        for word in set(words):
            keys.add(word)
            keys.update(f"{word[:n]}*" for n in range(2, min(len(word), 16) + 1))
        for at in sorted({at for key in keys if key in self._index for at in self._index[key]}):
            yield self._entries[at]

    def _hit(self, rule: Rule, pattern: Pattern, said: _Said) -> Hit | None:
        for match in pattern.regex.finditer(said.text):
            first = said.text.count(" ", 0, match.start())
            last = first + match.group().count(" ")
            near = said.near(first, last)
            if any(p.find(near) for p in rule.unless) or (rule.also and not any(p.find(said.text) for p in rule.also)):
                continue
            other = self._is_other(rule, said.words[max(0, first - NEAR) : first], said.words[first:last])
            return Hit(rule, self._level(rule, near, said, other), first, last, other)
        return None

    def _level(self, rule: Rule, near: str, said: _Said, other: bool) -> Level:
        level = rule.level
        if self.is_calm(near):
            return min(level, Level.CHECK)
        if rule.past is not None and found_in(self.past, near):
            level = rule.past
        if rule.now is not None and found_in(self.now, near):
            level = max(level, rule.now)
        if rule.under_18 is not None:
            years = others_age(said.text) if other else own_age(said.text) or said.age
            level = rule.under_18 if years is not None and years < 18 else level
        return level

    def _is_other(self, rule: Rule, before: tuple[str, ...], hit: tuple[str, ...]) -> bool:
        """Whether the hit speaks of somebody else: whoever is named last in it, or else last before it."""
        if rule.who != "subject":
            return rule.who == "other"
        for said in (framed(" ".join(hit)), framed(" ".join(before))):
            other = max((m.end() for p in self.others for m in p.regex.finditer(said)), default=-1)
            own = max((m.end() for p in self.selves for m in p.regex.finditer(said)), default=-1)
            if other != own:
                return other > own
        return False


def found_in(patterns: tuple[Pattern, ...], near: str) -> str:
    """The words that the first of some patterns finds; none when no pattern finds any."""
    found = next((match for pattern in patterns if (match := pattern.find(near))), None)
    return found.group().strip() if found else ""


@dataclass(frozen=True, slots=True)
class _Said:
    words: tuple[str, ...]
    text: str  # the words, framed
    age: int | None
    turns: tuple[int, ...]

    def near(self, first: int, last: int) -> str:
        """The words around a hit, as far as its own thought and NEAR words go, framed."""
        begin = max([turn for turn in self.turns if turn <= first], default=0)
        end = min([turn for turn in self.turns if turn >= last], default=len(self.words))
        return framed(" ".join(self.words[max(begin, first - NEAR) : min(end, last + NEAR)]))
