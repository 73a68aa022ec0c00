"""Phrases to index: run once for each state of a knowledge folder, in a process of its own. scikit-learn stays here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from bot.knowledge.base import Base
from bot.knowledge.gate import gates_of
from bot.knowledge.index import ANSWER, NOT_COVERED, SMALL_TALK, Class
from bot.knowledge.learn import Heads, Phrases, learn
from bot.knowledge.load import Loaded
from bot.knowledge.tiers import Arrays
from bot.language.features import Vocabulary
from bot.language.normalise import normalise
from bot.language.normalise import words as words_of
from bot.language.repair import common_words
from bot.language.vectors import Packed

FEWEST = 40  # phrases below which every n-gram counts
PackedOf = Callable[[Sequence[str]], Packed]  # texts to packed sentence vectors


def phrases(loaded: Loaded, base: Base) -> Phrases:
    """Every way of asking with its class; titles and questions count as one each."""
    said: dict[Class, list[str]] = {}
    for entry, _, _ in loaded.entries:
        asks = [phrase for phrase, _, _ in loaded.asks.get(entry.id, ())]
        said[Class(ANSWER, entry.id)] = [entry.title, *([entry.question] if entry.question else []), *asks]
    for pack in base.overlays.values():
        for overlay in pack:
            said.setdefault(Class(ANSWER, overlay.id), []).extend(overlay.ask)
    for item in base.not_covered:
        said.setdefault(Class(NOT_COVERED, item.id), []).extend(item.ask)
    for talk in base.small_talk:
        said.setdefault(Class(SMALL_TALK, talk.id), []).extend(talk.ask)
    classes = list(said)
    texts, of = [], []
    for at, each in enumerate(classes):
        unique = dict.fromkeys(normalise(p, base.textspeak) for p in said[each])
        texts += [t for t in unique if t]
        of += [at] * sum(bool(t) for t in unique)
    return Phrases(texts, np.array(of, np.int32), classes)


def build_index(loaded: Loaded, base: Base, packed_of: PackedOf | None = None) -> tuple[dict[str, Any], Arrays]:
    """The index as metadata (JSON) and arrays; `Index` reads both. Raises nothing for a base of any size."""
    said = phrases(loaded, base)
    vocabulary = Vocabulary.fit(said.texts, min_df=2 if len(said.texts) >= FEWEST else 1)
    said, matrix = _with_features(said, vocabulary.matrix(said.texts))
    packed = packed_of(said.texts) if packed_of and said.texts else None
    heads = learn(said, matrix, packed)
    counts = _word_counts(said.texts)
    arrays: Arrays = {
        **_lexical(said, vocabulary, matrix, heads),
        **({} if packed is None else _sentences(said, packed, heads)),
        "word_counts": np.array(list(counts.values()), np.int32),
        "texts": np.array(bytearray("\n".join(said.texts).encode()), np.uint8),
    }
    gates = gates_of(said, matrix, packed)
    arrays |= {f"gate/{tier}": gate.rows for tier, gate in gates.items()}
    meta = {
        "classes": [[c.kind, c.id] for c in said.classes],
        "words": list(counts),
        "thresholds": {tier: gate.limits for tier, gate in gates.items()},
        "fusing": {tier: asdict(gate.fusing) for tier, gate in gates.items()},
    }
    return meta, arrays


def _lexical(said: Phrases, vocabulary: Vocabulary, matrix: Any, heads: Heads) -> Arrays:
    return {
        **{f"lexical/vocabulary/{name}": array for name, array in vocabulary.to_arrays().items()},
        "lexical/weights": heads.weights.astype(np.float16),
        "lexical/bias": heads.bias.astype(np.float32),
        "lexical/phrase_starts": matrix.indptr.astype(np.int32),
        "lexical/phrase_features": matrix.indices.astype(np.int32),
        "lexical/phrase_values": matrix.data.astype(np.float16),
        "lexical/class_starts": said.class_starts,
    }


def _sentences(said: Phrases, packed: Packed, heads: Heads) -> Arrays:
    return {
        "sentences/weights": heads.meaning.astype(np.float16),
        "sentences/bias": heads.meaning_bias.astype(np.float32),
        "sentences/packed": packed,
        "sentences/class_starts": said.class_starts,
    }


def _with_features(said: Phrases, matrix: Any) -> tuple[Phrases, Any]:
    """Without the phrases that share nothing with any other: they could be neither learnt from nor found."""
    kept = np.flatnonzero(np.diff(matrix.indptr))
    return Phrases([said.texts[i] for i in kept], said.of[kept], said.classes), matrix[kept]


def _word_counts(texts: Sequence[str]) -> Mapping[str, int]:
    """Words that spelling is repaired to: used at least twice, or common English. One slip of ours is no target."""
    counts = Counter(w for text in texts for w in words_of(text) if w.isascii() and w.isalpha())
    common = common_words()
    return {w: n for w, n in counts.items() if n >= 3 or (w in common)}
