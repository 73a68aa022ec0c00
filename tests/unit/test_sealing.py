"""Account ids are kept as keyed hashes, texts sealed; one secret makes every key, and is whole or not there."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Sender
from bot.store.sealing import Seals, secret_from

SEALS = Seals(b"a secret of at least thirty-two bytes")
OTHER = Seals(b"another secret of thirty-two bytes!!!")
ANY_TEXT = st.text(st.characters())  # lone surrogates and NUL among them


@given(ANY_TEXT, st.binary(max_size=64))
def test_what_is_sealed_opens_again(text: str, about: bytes) -> None:
    assert SEALS.open(SEALS.seal(text, about), about) == text


@given(ANY_TEXT.filter(bool))
def test_a_seal_opens_with_its_own_key_only(text: str) -> None:
    with pytest.raises(StoreUnavailable):
        OTHER.open(SEALS.seal(text, b"row"), b"row")


def test_a_seal_opens_beside_its_own_row_only() -> None:
    with pytest.raises(StoreUnavailable):
        SEALS.open(SEALS.seal("text", b"row 1"), b"row 2")


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_seal_that_was_changed_does_not_open(at: int, change: int) -> None:
    sealed = bytearray(SEALS.seal("a text of some length", b"row"))
    sealed[at % len(sealed)] ^= change

    with pytest.raises(StoreUnavailable):
        SEALS.open(bytes(sealed), b"row")


@pytest.mark.parametrize("sealed", [b"", b"x", b"x" * 12, b"x" * 27])
def test_what_is_no_seal_does_not_open(sealed: bytes) -> None:
    with pytest.raises(StoreUnavailable):
        SEALS.open(sealed, b"row")


def test_the_same_text_sealed_twice_looks_different() -> None:
    assert SEALS.seal("text", b"row") != SEALS.seal("text", b"row")


def test_a_hash_is_of_channel_and_account_under_the_key() -> None:
    asha = SEALS.key_of(Sender("telegram", "7"))

    assert asha == SEALS.key_of(Sender("telegram", "7"))
    others = [SEALS.key_of(Sender("web", "7")), SEALS.key_of(Sender("telegram", "8"))]
    assert asha not in [*others, OTHER.key_of(Sender("telegram", "7"))]
    assert SEALS.key_of_ref("telegram:7") not in [asha, *others]


def test_tokens_are_recognised_by_the_key_that_made_them() -> None:
    token = SEALS.make()

    assert SEALS.ours(token)
    assert not OTHER.ours(token)
    assert len({SEALS.make() for _ in range(1000)}) == 1000


@given(ANY_TEXT)
def test_no_other_text_is_a_token(text: str) -> None:
    assert not SEALS.ours(text)
    assert not SEALS.ours(SEALS.make() + text[:1]) or text == ""


@given(st.integers(0, 47), st.characters())
def test_a_token_that_was_changed_is_none(at: int, other: str) -> None:
    token = SEALS.make()

    assert SEALS.ours(token[:at] + other + token[at + 1 :]) == (other == token[at])


def test_a_secret_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "secret.key"

    made = secret_from(path)

    assert len(made) == 32
    assert secret_from(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["secret.key"]


def test_of_many_first_starts_at_once_all_get_the_same_secret(tmp_path: Path) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(secret_from(tmp_path / "secret.key"))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 16
    assert len(set(found)) == 1


@pytest.mark.parametrize("damage", ["", "\n", "ab", "ab" * 31, "not hex" * 12])
def test_a_damaged_secret_is_refused_and_never_taken_for_a_short_one(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "secret.key"
    path.write_text(damage, "ascii")

    with pytest.raises(ValueError):
        secret_from(path)

    assert path.read_text("ascii") == damage, "a person may still have the whole one"


def test_a_disk_that_is_full_leaves_no_half_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        secret_from(tmp_path / "secret.key")
    monkeypatch.undo()

    assert list(tmp_path.iterdir()) == []
    assert len(secret_from(tmp_path / "secret.key")) == 32


def test_keys_of_one_secret_do_not_repeat_it() -> None:
    secret = os.urandom(32)

    assert secret not in Seals(secret).seal("x", b"y")
    assert secret.hex() not in Seals(secret).make()
