"""
Secrets at rest: AES-256-GCM, bound to the row that holds them.

The place of a secret (table, column, row) is authenticated with it, so that a sealed token that is
copied to another row cannot be opened. A ring holds several keys, the first of which seals; each
sealed secret names its key, so that keys can be replaced.
"""

import base64
import os
from collections.abc import Mapping
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from training_analyzer.domain.errors import ConfigurationError

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12  # NIST SP 800-38D, §8.2: 96 bits


class Sealed(NamedTuple):
    """An encrypted secret, and the name of the key that opens it."""

    key: str
    content: bytes


class KeyRing:
    """The deployer's keys, newest first."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise ConfigurationError("TRAINING_ANALYZER_SECRET_KEYS holds no key; see `keys generate`")
        self._keys = {name: AESGCM(key) for name, key in keys.items()}
        self._newest = next(iter(keys))

    @property
    def names(self) -> tuple[str, ...]:
        """The keys by name, newest first."""
        return tuple(self._keys)

    @property
    def newest(self) -> str:
        """The name of the key that seals."""
        return self._newest

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read `name:base64,name:base64`, newest first. Raises ConfigurationError."""
        keys: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in written.split(","))):
            name, _, encoded = entry.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except ValueError:
                key = b""
            if not name or len(key) != _KEY_BYTES or name in keys:
                raise ConfigurationError(
                    "TRAINING_ANALYZER_SECRET_KEYS must read `name:key,…`, each name once, "
                    "each key 32 bytes in base64; `training-analyzer keys generate` prints one"
                )
            keys[name] = key
        return cls(keys)

    @staticmethod
    def generate(name: str = "1") -> str:
        """Return a new ring of one key, as `parse` reads it."""
        return f"{name}:{base64.b64encode(os.urandom(_KEY_BYTES)).decode()}"

    def seal(self, secret: bytes, *, place: str) -> Sealed:
        nonce = os.urandom(_NONCE_BYTES)
        content = self._keys[self._newest].encrypt(nonce, secret, self._bind(self._newest, place))
        return Sealed(self._newest, nonce + content)

    def open(self, sealed: Sealed, *, place: str) -> bytes:
        """Return the secret. Raises ConfigurationError where its key is gone or its place is another."""
        if sealed.key not in self._keys:
            raise ConfigurationError(
                f"the key {sealed.key!r} is not in TRAINING_ANALYZER_SECRET_KEYS, but secrets were "
                "stored with it; put it back behind the newest one"
            )
        nonce, content = sealed.content[:_NONCE_BYTES], sealed.content[_NONCE_BYTES:]
        try:
            return self._keys[sealed.key].decrypt(nonce, content, self._bind(sealed.key, place))
        except (InvalidTag, ValueError) as error:
            raise ConfigurationError(
                f"the secret at {place} cannot be opened: the key {sealed.key!r} is not the one that "
                "sealed it, or the row was tampered with"
            ) from error

    @staticmethod
    def _bind(key: str, place: str) -> bytes:
        return f"{place}|{key}".encode()
