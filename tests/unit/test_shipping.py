"""The vectors that ship with the knowledge are those of its phrases: else a first build takes minutes."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from bot import archive, minilm
from bot.bundle import VECTORS, known_vectors
from bot.knowledge.load import package_knowledge
from bot.language.encode import Encoder
from bot.language.vectors import unpack
from bot.shipping import refresh, texts_of
from tests.support import small

MOST_MISSING = 0.01  # share of the texts whose vectors may be missing, while phrases are being written


@pytest.fixture(scope="module")
def encode() -> Encoder:
    found = minilm.encoder()
    assert found is not None, "make installs the sentence model"
    return found


def test_every_phrase_and_example_has_its_vector_in_the_package(encode: Encoder) -> None:
    known, texts = known_vectors(package_knowledge() / VECTORS, encode), texts_of(package_knowledge())
    missing = sum(not known.has(text) for text in texts)
    assert missing <= len(texts) * MOST_MISSING, "run make vectors"


def test_the_vectors_in_the_package_are_those_that_the_model_gives(encode: Encoder) -> None:
    known, texts = known_vectors(package_knowledge() / VECTORS, encode), texts_of(package_knowledge())
    some = random.Random(1).sample([text for text in texts if known.has(text)], 40)
    kept = unpack(known.packed_of(some, encode))
    assert np.einsum("ij,ij->i", kept, encode(some)).min() > 0.95


def test_refreshing_encodes_what_is_new_and_drops_what_is_gone(tmp_path: Path, encode: Encoder) -> None:
    folder = small.write(tmp_path / "knowledge")
    size, fresh = refresh(folder, encode)
    assert fresh == size > 0
    archive.save(folder / VECTORS, "another model", {})
    assert refresh(folder, encode) == (size, size)
    assert refresh(folder, encode) == (size, 0)
    assert len(known_vectors(folder / VECTORS, encode).keys) == size
