"""Sentences as vectors by all-MiniLM-L6-v2, so that "got keys no bed" lies near "setting up home". Numpy outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

SIZE = 384  # numbers in a vector
LONGEST = 96  # tokens read of one text; a message is read clause by clause, so few are longer
AT_ONCE = 16  # texts encoded together
FILLED = 8  # tokens that the shortest of them may be filled up by: a run of its own costs as much as so many

Floats = NDArray[np.float32]


class EncodingFailed(Exception):
    """The sentence model gave no vectors; letters and words must do for this message."""


class Session(Protocol):
    """What we ask of onnxruntime's InferenceSession."""

    def run(self, output_names: None, inputs: dict[str, Any]) -> Sequence[Any]: ...


class Tokenizer(Protocol):
    """What we ask of a tokenizer of the `tokenizers` library."""

    def encode_batch(self, texts: list[str]) -> Sequence[Any]: ...


class Encoder:
    """Texts to unit vectors: the mean over the tokens of the last layer, brought to length one."""

    def __init__(self, session: Session, tokenizer: Tokenizer, version: str) -> None:
        self._session, self._tokenizer = session, tokenizer
        self.version = version  # of the weights; vectors of another version are not to be compared with

    def __call__(self, texts: Sequence[str]) -> Floats:
        """(texts, SIZE) float32, a row of length one for each text. Raises EncodingFailed, whatever went wrong."""
        try:
            return self._vectors(texts)
        except Exception as error:  # what the libraries raise is theirs to choose, and its text may hold the message
            raise EncodingFailed from error

    def _vectors(self, texts: Sequence[str]) -> Floats:
        readable = [text.encode("utf-8", "replace").decode() for text in texts]  # half a sign cannot be read
        tokens = [each.ids[:LONGEST] for each in self._tokenizer.encode_batch(readable)]
        found = np.zeros((len(tokens), SIZE), np.float32)
        for rows in _alike([len(each) for each in tokens]):
            found[rows] = self._encoded([tokens[row] for row in rows])
        return found

    def _encoded(self, tokens: Sequence[Sequence[int]]) -> Floats:
        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        mask = np.zeros_like(ids)
        for row, each in enumerate(tokens):
            ids[row, : len(each)] = each
            mask[row, : len(each)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = np.asarray(self._session.run(None, inputs)[0], np.float32)
        vectors = (hidden * mask[:, :, None].astype(np.float32)).sum(axis=1)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _alike(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The places of the texts, those of about the same length together."""
    rows: list[int] = []
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        if rows and (len(rows) == AT_ONCE or lengths[at] > lengths[rows[0]] + FILLED):
            yield rows
            rows = []
        rows.append(at)
    if rows:
        yield rows
