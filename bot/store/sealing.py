"""Account ids as keyed hashes, and the few texts that must be kept readable sealed (AES-256-GCM).

One secret makes all keys (HKDF-SHA256, a label each), so that losing the database alone tells nothing.
"""

from __future__ import annotations

import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Sender

NONCE = 12  # bytes; NIST SP 800-38D
SECRET = 32  # bytes


class Seals:
    """Hashes and seals with keys derived from one secret."""

    def __init__(self, secret: bytes) -> None:
        self._names = _derived(secret, b"waymark names")
        self._tokens = _derived(secret, b"waymark tokens")
        self._box = AESGCM(_derived(secret, b"waymark sealed texts"))

    def key_of(self, sender: Sender) -> bytes:
        """The only form in which an account id is stored or looked up."""
        return self._hash(f"sender:{sender.channel}:{sender.account}")

    def key_of_ref(self, ref: str) -> bytes:
        return self._hash(f"ref:{ref}")

    def seal(self, text: str, about: bytes) -> bytes:
        """A text that only this secret opens, and only beside the row (`about`) that it was sealed for."""
        nonce = os.urandom(NONCE)
        return nonce + self._box.encrypt(nonce, text.encode("utf-8", "surrogatepass"), about)

    def open(self, sealed: bytes, about: bytes) -> str:
        """Raises StoreUnavailable when the secret is another one or the bytes were changed."""
        try:
            return self._box.decrypt(sealed[:NONCE], sealed[NONCE:], about).decode("utf-8", "surrogatepass")
        except (InvalidTag, ValueError) as error:  # ValueError: too short for a seal
            raise StoreUnavailable("a sealed text does not open with this secret key") from error

    def make(self) -> str:
        """A new web chat token: 24 random bytes and a mark that this server made it."""
        body = secrets.token_urlsafe(24)
        return body + self._mark(body)

    def ours(self, token: str) -> bool:
        """True when this server made the token; needs no store."""
        body, mark = token[:32], token[32:]
        return len(token) == 48 and token.isascii() and hmac.compare_digest(mark, self._mark(body))

    def _mark(self, body: str) -> str:
        return hmac.new(self._tokens, body.encode(), sha256).hexdigest()[:16]

    def _hash(self, text: str) -> bytes:
        return hmac.new(self._names, text.encode("utf-8", "surrogatepass"), sha256).digest()


def _derived(secret: bytes, label: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(secret)


def secret_from(path: Path) -> bytes:
    """The secret kept in a file that only its owner can read; made there when absent.

    Raises OSError, or ValueError when the file is damaged: half a secret would seal nothing.
    """
    try:
        return _whole(path.read_text("ascii"))
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _made(path)


def _whole(text: str) -> bytes:
    secret = bytes.fromhex(text.strip())
    if len(secret) < SECRET:
        raise ValueError("the secret is too short")
    return secret


def _made(path: Path) -> bytes:
    """A new secret, on the disk under its name only once it is whole; another's, when that was quicker."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")  # readable by its owner only
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(os.urandom(SECRET).hex())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    return _whole(path.read_text("ascii"))
