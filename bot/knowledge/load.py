"""A folder of YAML files to a `Base`: every fault is found in one go and named with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.domain.errors import KnowledgeBroken
from bot.knowledge.ambiguous import Ambiguous
from bot.knowledge.bars import Reading, Term
from bot.knowledge.base import Base, Danger
from bot.knowledge.entry import Area, Council, CouncilPack, Entry, Fact, NotCovered, Overlay, SmallTalk
from bot.knowledge.helplines import Helpline
from bot.knowledge.offers import Entitlement
from bot.knowledge.status import StatusTree, with_facts
from bot.knowledge.words import Words
from bot.knowledge.yamltext import Document, Fault, Loc, read

M = TypeVar("M", bound=BaseModel)

RESERVED_FILES = (
    "words.yaml",
    "menu.yaml",
    "helplines.yaml",
    "danger.yaml",
    "small-talk.yaml",
    "entitlements.yaml",
    "status.yaml",
    "ambiguous.yaml",
)
BARS = ("hosts.yaml", "reading.yaml", "glossary.yaml")
RESERVED_FOLDERS = ("facts", "councils", "not-covered", "language", "triage")
ASK = ".ask.yaml"


def package_knowledge() -> Path:
    """The knowledge folder that travels with the program."""
    packed = Path(__file__).parents[1] / "_knowledge"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "knowledge"


def content_hash(folder: Path) -> str:
    """A hash of every YAML file under a folder, by name and content: the key of what is built from it."""
    digest = hashlib.sha256()
    for path in yaml_files(folder):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def yaml_files(folder: Path) -> list[Path]:
    """Every YAML file under a folder, in a fixed order; hidden ones are left out."""
    found = (p for p in folder.rglob("*.yaml") if not any(part.startswith(".") for part in p.relative_to(folder).parts))
    return sorted(found, key=lambda p: p.relative_to(folder).as_posix())


@dataclass(slots=True)
class Loaded:
    """What a folder held, in parts, and everything that was wrong with it."""

    documents: dict[str, Document] = field(default_factory=dict)
    entries: list[tuple[Entry, Document, Loc]] = field(default_factory=list)
    asks: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)  # topic -> (phrase, file, line)
    facts: list[tuple[Fact, Document, Loc]] = field(default_factory=list)
    overlays: dict[str, list[tuple[Overlay, Document, Loc]]] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)  # the other fields of Base
    phrases: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of small talk and what is not covered
    hosts: dict[str, str] = field(default_factory=dict)  # host that may be linked to: the kind of it
    reading: Reading | None = None
    faults: list[Fault] = field(default_factory=list)
    hash: str = ""

    def base(self, fallback: Base | None) -> Base:
        """The whole as one value; what the folder does not hold comes from the fallback.

        Raises KnowledgeBroken when there are faults.
        """
        if self.faults:
            raise KnowledgeBroken([str(f) for f in sorted(self.faults)])
        names = ("words", "helplines", "danger", "councils", "packs", "small_talk", "triage", "textspeak", "glossary")
        inherited = {name: getattr(fallback, name) for name in (*names, "status")} if fallback else {}
        made_up = self.examples()
        return Base.model_construct(
            **{
                **inherited,
                "menu": (),
                "not_covered": (),
                **self.parts,
                **({"packs": tuple(p for p in self.parts["packs"] if not p.example)} if made_up else {}),
                "entries": tuple(e for e, _, _ in self.entries),
                "facts": tuple(f for f, document, _ in self.facts if council_of(document.path) not in made_up),
                "overlays": {
                    slug: tuple(o for o, _, _ in found) for slug, found in self.overlays.items() if slug not in made_up
                },
            }
        )

    def examples(self) -> frozenset[str]:
        """Slugs of councils that are made up: checked like any other, and left out of what is served."""
        return frozenset(pack.slug for pack in self.parts.get("packs", ()) if pack.example)


def council_of(path: str) -> str | None:
    """The council whose folder a file stands in, or None."""
    folder, _, rest = path.partition("/")
    slug, _, inner = rest.partition("/")
    return slug if folder == "councils" and inner else None


def load(folder: Path, wanted: Callable[[str], bool] | None = None) -> Loaded:
    """Reads a knowledge folder, or only the files wanted. Never raises for what a file holds: see `Loaded.faults`."""
    loaded = Loaded()
    if not folder.is_dir():
        loaded.faults.append(Fault(str(folder), 1, "there is no such folder; name one that holds *.yaml files"))
        return loaded
    loaded.hash = content_hash(folder) if wanted is None else ""
    for path in yaml_files(folder):
        name = path.relative_to(folder).as_posix()
        if wanted is not None and not wanted(name):
            continue
        document = read(path, name)
        loaded.documents[name] = document
        loaded.faults += document.faults
        if document.data is not None:
            _take(loaded, name, document)
    for topic, phrases in loaded.asks.items():
        if topic not in {e.id for e, _, _ in loaded.entries}:
            file, line = phrases[0][1:] if phrases else (topic + ASK, 1)
            loaded.faults.append(Fault(file, line, f"asks about '{topic}', but there is no entry with that id"))
    if not loaded.documents:
        loaded.faults.append(Fault(str(folder), 1, "this folder holds no *.yaml file"))
    if tree := loaded.parts.get("status"):
        loaded.parts["status"] = with_facts(tree, (f for f, _, _ in loaded.facts))
    return loaded


def _take(loaded: Loaded, name: str, document: Document) -> None:
    folder, _, rest = name.partition("/")
    if folder == "facts":
        _facts(loaded, document)
    elif folder == "councils":
        _council_file(loaded, rest, document)
    elif folder == "not-covered":
        _join(loaded, "not_covered", _many(loaded, document, NotCovered))
    elif folder == "language":
        if rest == "textspeak.yaml":
            loaded.parts["textspeak"] = _mapping_of(loaded, document, str)
    elif folder == "triage":
        loaded.parts.setdefault("triage", {})[rest] = document.data
    elif name in RESERVED_FILES:
        _reserved(loaded, name, document)
    elif name in BARS:
        read_bars(loaded, name, document)
    elif name.endswith(ASK):
        _asks(loaded, Path(name).name.removesuffix(ASK), document)
    else:
        _entries(loaded, document)


def _reserved(loaded: Loaded, name: str, document: Document) -> None:
    if name == "words.yaml":
        if words := _one(loaded, document, Words, document.data, ()):
            loaded.parts["words"] = words
    elif name == "danger.yaml":
        loaded.parts["danger"] = _mapping_of(loaded, document, Danger)
    elif name == "menu.yaml":
        loaded.parts["menu"] = tuple(_many(loaded, document, Area))
    elif name == "helplines.yaml":
        loaded.parts["helplines"] = tuple(_many(loaded, document, Helpline))
    elif name == "small-talk.yaml":
        loaded.parts["small_talk"] = tuple(_many(loaded, document, SmallTalk))
    elif name == "entitlements.yaml":
        loaded.parts["entitlements"] = tuple(_many(loaded, document, Entitlement))
    elif name == "ambiguous.yaml":
        if ambiguous := _one(loaded, document, Ambiguous, document.data, ()):
            loaded.parts["ambiguous"] = ambiguous
    elif name == "status.yaml" and (tree := _one(loaded, document, StatusTree, document.data, ())):
        loaded.parts["status"] = tree


def read_bars(loaded: Loaded, name: str, document: Document) -> None:
    """What `check` measures by, and the glossary."""
    if name == "reading.yaml":
        loaded.reading = _one(loaded, document, Reading, document.data, ())
    elif name == "hosts.yaml":
        kinds = _mapping_of(loaded, document, tuple[str, ...])
        loaded.hosts = {host: kind for kind, hosts in kinds.items() for host in hosts}
    else:
        loaded.parts["glossary"] = tuple(_many(loaded, document, Term))


def _council_file(loaded: Loaded, rest: str, document: Document) -> None:
    slug, _, inner = rest.partition("/")
    if not inner:
        _join(loaded, "councils", _many(loaded, document, Council))
    elif inner == "council.yaml":
        if pack := _one(loaded, document, CouncilPack, document.data, ()):
            _join(loaded, "packs", [pack])
            if pack.slug != slug:
                loaded.faults.append(
                    document.fault(("slug",), f"says slug '{pack.slug}' but stands in folder '{slug}'")
                )
    elif inner == "facts.yaml":
        _facts(loaded, document)
    else:
        overlays = loaded.overlays.setdefault(slug, [])
        overlays += [(o, document, loc) for o, loc in _many_at(loaded, document, Overlay)]


def _facts(loaded: Loaded, document: Document) -> None:
    loaded.facts += [(f, document, loc) for f, loc in _many_at(loaded, document, Fact)]


def _entries(loaded: Loaded, document: Document) -> None:
    for entry, loc in _many_at(loaded, document, Entry):
        loaded.entries.append((entry, document, loc))
        phrases = loaded.asks.setdefault(entry.id, [])
        phrases += [(p, document.path, document.line((*loc, "ask", i))) for i, p in enumerate(entry.ask)]


def _asks(loaded: Loaded, topic: str, document: Document) -> None:
    groups = document.data if isinstance(document.data, dict) else {"": document.data}
    phrases = loaded.asks.setdefault(topic, [])
    for voice, group in groups.items():
        loc: Loc = (voice,) if isinstance(document.data, dict) else ()
        if not isinstance(group, list):
            loaded.faults.append(document.fault(loc, "write the ways of asking as a list: - do i have to pay"))
            continue
        for i, phrase in enumerate(group):
            if isinstance(phrase, str) and phrase.strip():
                phrases.append((phrase, document.path, document.line((*loc, i))))
            else:
                loaded.faults.append(
                    document.fault((*loc, i), "a way of asking must be a text; quote it if it holds ': '")
                )


def _join(loaded: Loaded, name: str, more: Iterable[Any]) -> None:
    loaded.parts[name] = (*loaded.parts.get(name, ()), *more)


def _many(loaded: Loaded, document: Document, model: type[M]) -> list[M]:
    return [value for value, _ in _many_at(loaded, document, model)]


def _many_at(loaded: Loaded, document: Document, model: type[M]) -> Iterator[tuple[M, Loc]]:
    """Each item of a list, or the one mapping that a file holds."""
    items: list[tuple[Any, Loc]] = (
        [(item, (i,)) for i, item in enumerate(document.data)]
        if isinstance(document.data, list)
        else [(document.data, ())]
    )
    for item, loc in items:
        if value := _one(loaded, document, model, item, loc):
            yield value, loc


def _one(loaded: Loaded, document: Document, model: type[M], data: Any, loc: Loc) -> M | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        loaded.faults += [_fault(document, model, loc, e) for e in error.errors(include_url=False)]
        return None


def _mapping_of(loaded: Loaded, document: Document, kind: type[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    if not isinstance(document.data, dict):
        loaded.faults.append(document.fault((), "write this file as `key: value` lines"))
        return found
    for key, value in document.data.items():
        try:
            found[key] = adapter.validate_python(value)
        except ValidationError as error:
            loaded.faults += [_fault(document, kind, (key,), e) for e in error.errors(include_url=False)]
    return found


def _fault(document: Document, model: type[Any], loc: Loc, error: Any) -> Fault:
    where = tuple(str(part) if isinstance(part, str) else part for part in error["loc"])
    inner = tuple(
        p for p in where if not (isinstance(p, str) and (p.startswith("function-") or p in ("tuple[Window, ...]",)))
    )
    name = ".".join(str(p) for p in inner)
    key = inner[-1] if inner else ""
    says = {
        "extra_forbidden": f"'{key}' is not a key that belongs here; see knowledge/README.md for those that do",
        "missing": f"'{key}' is missing; add it",
        "model_type": "this must be a mapping of `key: value` lines",
        "string_pattern_mismatch": f"'{name}' is not written as it must be (lower case, as in knowledge/README.md)",
        "string_too_long": f"'{name}' is too long; at most {error.get('ctx', {}).get('max_length')} characters",
        "string_too_short": f"'{name}' is empty; write it or leave the key out",
        "too_short": f"'{name}' has too few items; at least {error.get('ctx', {}).get('min_length')}",
        "string_type": f"'{name}' must be a text",
    }.get(error["type"])
    says = says or f"'{name}': {str(error['msg']).removeprefix('Value error, ')}"
    return document.fault((*loc, *inner), says)
