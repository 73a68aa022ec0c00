"""YAML read as text, with the line of every value: PyYAML alone reads `10:30` as 630 and drops repeated keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

Plain = dict[str, "Plain"] | list["Plain"] | str | None
Loc = tuple[str | int, ...]

_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a knowledge folder, and how to mend it."""

    path: str
    line: int  # from 1
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.says}"


@dataclass(slots=True)
class Document:
    """One YAML file: plain values (text, None, lists, mappings) and the line where each stands."""

    path: str  # as shown in faults, relative to the knowledge folder
    data: Plain = None
    lines: dict[Loc, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, loc: Loc) -> int:
        """The line of the value at loc, or of the nearest thing around it that has one."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def fault(self, loc: Loc, says: str) -> Fault:
        return Fault(self.path, self.line(loc), says)


def read(path: Path, shown_as: str) -> Document:
    """One file. Never raises: what is wrong is in `faults`, and `data` is then None."""
    doc = Document(shown_as)
    try:
        text = path.read_text("utf-8-sig")
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        if node is not None:
            doc.data = _plain(node, (), doc)
    except UnicodeDecodeError:
        doc.faults.append(Fault(shown_as, 1, "this is not UTF-8 text; save the file as UTF-8"))
    except OSError as error:
        doc.faults.append(Fault(shown_as, 1, f"cannot be read ({error.strerror or 'unknown reason'})"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        doc.faults.append(Fault(shown_as, line, f"this is not YAML: {error.problem or error.context}. {_HINT}"))
    except (yaml.YAMLError, RecursionError) as error:
        doc.faults.append(Fault(shown_as, 1, f"this is not YAML ({type(error).__name__}). {_HINT}"))
    if doc.faults:
        doc.data = None
    return doc


_HINT = 'Quote texts that hold ": " or " #", and begin long texts with "|"'


def _plain(node: yaml.Node, loc: Loc, doc: Document) -> Plain:
    doc.lines[loc] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, loc, doc)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*loc, i), doc) for i, child in enumerate(node.value)]
    if node.tag == _NULL and not getattr(node, "style", None):  # plain, not quoted
        return None
    return str(node.value)


def _mapping(node: yaml.MappingNode, loc: Loc, doc: Document) -> Plain:
    found: dict[str, Plain] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            doc.faults.append(Fault(doc.path, line, "a key must be one word or phrase, not a list or mapping"))
            continue
        key = str(key_node.value)
        if key in found:
            doc.faults.append(Fault(doc.path, line, f"the key '{key}' stands here twice; keep one of the two"))
            continue
        found[key] = _plain(value_node, (*loc, key), doc)
        doc.lines[(*loc, key)] = line
    return found
