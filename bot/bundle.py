"""Knowledge and triage compiled into one file, keyed by the hash of the YAML, so that serving reads no YAML.

The file holds arrays, which are read by memory map, and one JSON text with everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from bot import archive, last_resort, minilm
from bot.domain.errors import BotError, KnowledgeBroken
from bot.knowledge.base import Base
from bot.knowledge.build import PackedOf, build_index
from bot.knowledge.check import check
from bot.knowledge.index import Index
from bot.knowledge.load import Loaded, content_hash, load, package_knowledge
from bot.knowledge.tiers import within
from bot.knowledge.yamltext import Fault
from bot.language.encode import Encoder
from bot.language.vectors import Known, Once
from bot.triage import kept
from bot.triage.assess import Triage
from bot.triage.build import build_model, read_examples
from bot.triage.load import RulesFaulty, load_rules
from bot.triage.model import Model
from bot.triage.rules import Rules

FORMAT = 7  # raised whenever what is compiled changes shape or meaning: an older file is then built anew
VECTORS = "vectors.bin"  # of the phrases and examples, worked out before: without it a build takes minutes
RULES = "rules.yaml"
EXAMPLES = "exemplars/"
NEAR_DANGER = (
    "safety.",
    "money.emergency",
    "housing.homeless",
    "housing.eviction",
    "housing.suitable",
    "health.mental-health",
    "health.drugs-alcohol",
)

Arrays = dict[str, NDArray[Any]]


class BundleUnreadable(BotError):
    """The compiled file is missing, damaged or of another version; it must be built anew."""


@dataclass(frozen=True)
class Bundle:
    """Everything that answering needs."""

    base: Base
    index: Index | None  # None: no answers can be given, danger and helplines only
    triage: Triage
    hash: str

    def encode_once(self) -> Once | None:
        """For one message: triage and search often read the same words."""
        return Once(self.triage.encode) if self.triage.encode else None

    def words_alone(self) -> Bundle:
        """The same as it is where the sentence model is not installed."""
        index = self.index.by_words if self.index else None
        return replace(self, index=index, triage=replace(self.triage, encode=None))


def rules_of(base: Base) -> Rules:
    """The triage rules of a base. Raises RulesFaulty."""
    return load_rules(base.triage.get(RULES), f"triage/{RULES}", base.textspeak)


def faults_of(loaded: Loaded, found: list[Fault]) -> list[Fault]:
    """The faults found, and those of the triage rules and examples of the folder, which the triage room checks."""
    faults = list(found)
    data: dict[str, Any] = loaded.parts.get("triage", {})
    if RULES in data:
        document = loaded.documents[f"triage/{RULES}"]
        try:
            load_rules(data[RULES], document.path, loaded.parts.get("textspeak", {}))
        except RulesFaulty as error:
            faults += [document.fault(tuple(loc), says) for loc, says in error.located]
    for name in (n for n in data if n.startswith(EXAMPLES)):
        try:
            read_examples(data[name], name)
        except BotError as error:
            faults += [Fault(f"triage/{name}", 1, says) for says in getattr(error, "faults", [str(error)])]
    return sorted(set(faults))


def read_folder(folder: Path) -> Loaded:
    """What a folder holds. Raises KnowledgeBroken only for a file that cannot be read at all."""
    try:
        return load(folder)
    except OSError as error:
        path = Path(error.filename or folder)
        name = path.relative_to(folder) if path.is_relative_to(folder) else path
        raise KnowledgeBroken([f"{name}:1: cannot be read ({error.strerror}); mend or remove it"]) from error


def compile_folder(folder: Path, today: Any, *, draft: bool = True) -> tuple[dict[str, Any], Arrays]:
    """Reads, checks and compiles a knowledge folder. Raises KnowledgeBroken with every fault.

    What the folder does not hold (words, helplines, triage …) comes from the package's own knowledge.
    """
    from threadpoolctl import threadpool_limits  # comes with scikit-learn, and is for building only

    loaded = read_folder(folder)
    if faults := faults_of(loaded, check(loaded, draft=draft, today=today)):
        raise KnowledgeBroken([str(f) for f in faults])
    base = loaded.base(None if _is_package(folder) else _inherited())
    encode, rules = minilm.encoder(), rules_of(base)
    packed_of = packer(encode) if encode else None
    with threadpool_limits(1):  # more threads of linear algebra only wait for one another
        meta, arrays = build_index(loaded, base, packed_of)
        model_meta, model_arrays = _compile_triage(base, loaded, rules, packed_of)
    served = base.model_copy(update={"triage": {}})
    everything = {
        "format": FORMAT,
        "hash": loaded.hash,
        "sentences": encode.version if encode else None,
        "base": served.model_dump(mode="json", by_alias=True, exclude={"entries": {"__all__": {"ask"}}}),
        "index": meta,
        "triage": model_meta,
        "rules": kept.to_data(rules),
    }
    return everything, {
        **{f"index/{name}": array for name, array in arrays.items()},
        **{f"triage/{name}": array for name, array in model_arrays.items()},
    }


def _compile_triage(
    base: Base, loaded: Loaded, rules: Rules, packed_of: PackedOf | None
) -> tuple[dict[str, Any], Arrays]:
    files: Mapping[str, Any] = base.triage
    examples = [e for name in sorted(files) if name.startswith(EXAMPLES) for e in read_examples(files[name], name)]
    if not examples:
        return {}, {}
    ordinary = ordinary_messages(loaded, base)
    arrays, meta = build_model(examples, ordinary, rules, base.textspeak, packed_of).to_arrays()
    return meta, arrays


def ordinary_messages(loaded: Loaded, base: Base) -> list[str]:
    """What people write that is no danger: ways of asking, small talk, and what is not covered.

    Left out are the topics in which a plain question may itself be urgent. With small talk and what is not covered,
    false alarms on out-of-scope messages fell from 10 to 4 in 101, and nothing was missed for it.
    """
    asked = [p for topic, asks in loaded.asks.items() if not topic.startswith(NEAR_DANGER) for p, _, _ in asks]
    others = [p for item in base.not_covered for p in item.ask] + [p for item in base.small_talk for p in item.ask]
    return asked + others


def packer(encode: Encoder) -> PackedOf:
    """Texts to packed sentence vectors; those that the package has the vectors of are not encoded again."""
    known = known_vectors(package_knowledge() / VECTORS, encode)
    return lambda texts: known.packed_of(texts, encode)


def known_vectors(path: Path, encode: Encoder) -> Known:
    """Nothing where there is no such file, or it is damaged or of another model."""
    try:
        version, arrays = archive.read(path)
        return Known.from_arrays(arrays) if version == encode.version else Known.nothing()
    except (OSError, ValueError, KeyError):
        return Known.nothing()


def save(path: Path, everything: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Whole or not at all. Raises OSError."""
    archive.save(path, everything, arrays)


def read(path: Path) -> Bundle:
    """The compiled file as it is served from. Raises BundleUnreadable.

    One that was built without the sentence model, or with another, counts as another version where ours is to be had.
    """
    try:
        everything, arrays = archive.read(path)
        encode = minilm.encoder()
        stale = everything["format"] != FORMAT or (encode and encode.version != everything["sentences"])
        bundle = None if stale else assemble(everything, arrays)
    except Exception as error:  # damage shows itself in many ways
        raise BundleUnreadable(f"{path.name} cannot be read") from error
    if bundle is None:
        raise BundleUnreadable(f"{path.name} was built by another version")
    return bundle


def assemble(everything: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Bundle:
    """A bundle out of what was compiled."""
    base = Base.model_validate(everything["base"])
    encode = minilm.encoder()
    if encode is not None and encode.version != everything["sentences"]:
        encode = None
    model = Model.from_arrays(within(arrays, "triage"), everything["triage"]) if everything["triage"] else None
    return Bundle(
        base=base,
        index=Index(everything["index"], within(arrays, "index"), base.textspeak, encode),
        triage=Triage(kept.from_data(everything["rules"]), model, base.textspeak, encode),
        hash=everything["hash"],
    )


def danger_only() -> Bundle:
    """Words, helplines and triage rules straight out of the package: for when nothing else can be had.

    Never raises: where the package's own cannot be read either, the last resort stands in, part by part. A slip in
    an answer takes nothing from the helplines.
    """
    base = _inherited(_is_needed_in_danger)
    try:
        rules = rules_of(base)
    except RulesFaulty:
        rules = load_rules(last_resort.RULES, "last resort")
    return Bundle(base=base, index=None, triage=Triage(rules, None, base.textspeak), hash="")


def _is_needed_in_danger(name: str) -> bool:
    """The files that danger is heard and answered with; the others are many, and reading them takes a while."""
    needed = ("words.yaml", "danger.yaml", "helplines.yaml", f"triage/{RULES}", "councils/england.yaml")
    return name in needed or name.startswith("language/") or name.endswith("/council.yaml")


def _inherited(wanted: Callable[[str], bool] | None = None) -> Base:
    """What any folder has from the package. Never raises."""
    base = last_resort.base()
    try:
        return base.model_copy(update=_sound_parts(load(package_knowledge(), wanted).parts, base))
    except Exception:  # a file that vanished or may not be read
        return base


def _sound_parts(parts: Mapping[str, Any], resort: Base) -> dict[str, Any]:
    """The parts that were read without a fault; lists and mappings are never without the last resort's own."""
    names = ("words", "councils", "packs", "small_talk", "triage", "textspeak", "status")
    lines = {line.id: line for line in (*resort.helplines, *parts.get("helplines", ()))}
    return {
        **{name: parts[name] for name in names if name in parts},
        "helplines": tuple(lines.values()),
        "danger": {**resort.danger, **parts.get("danger", {})},
    }


def state_of(folder: Path) -> str:
    """A hash of what a folder holds now; nothing while a file of it cannot be read."""
    try:
        return content_hash(folder)
    except OSError:
        return ""


def cache_name(folder: Path, digest: str) -> str:
    """The file name of a folder's compiled knowledge: one for each state of its YAML and of what it inherits."""
    if not _is_package(folder):
        digest = sha256(f"{digest} {state_of(package_knowledge())}".encode()).hexdigest()
    return f"{cache_prefix(folder)}{FORMAT}-{digest[:24]}.bin"


def cache_prefix(folder: Path) -> str:
    """What the names of all compiled states of one folder begin with."""
    return "package-" if _is_package(folder) else f"custom-{sha256(str(folder.resolve()).encode()).hexdigest()[:8]}-"


def _is_package(folder: Path) -> bool:
    return folder.resolve() == package_knowledge().resolve()


__all__ = ["Bundle", "BundleUnreadable", "compile_folder", "danger_only", "read", "read_folder", "save", "state_of"]
