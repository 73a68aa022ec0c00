"""Account ids as keyed hashes, and the few texts that must be kept readable sealed (AES-256-GCM).

One secret makes all keys (HKDF-SHA256, a label each), so that losing the database alone tells nothing.
"""

from __future__ import annotations

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Sender

NONCE = 12  # bytes; NIST SP 800-38D


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
        except InvalidTag as error:
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
    """The secret kept in a file that only its owner can read; made there when absent. Raises OSError."""
    try:
        return bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError:
        made = os.urandom(32)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(made.hex())
            file.flush()
            os.fsync(file.fileno())
        return made
