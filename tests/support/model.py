"""Tests of the sentence model: passed over at a desk without it; in CI they fail, so that nobody overlooks it."""

from __future__ import annotations

import os

import pytest

from bot import minilm

needs_model = pytest.mark.skipif(
    minilm.encoder() is None and "CI" not in os.environ, reason="the sentence model is not installed"
)
