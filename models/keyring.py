"""Keys for personal data: one secret gives separate keys for encryption, blind index, audit seal and content."""

import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SHORTEST_KEY = 32
NONCE_BYTES = 12


class KeyringMissingError(RuntimeError):
    """Personal data was touched before `use_keys` was called."""


class DecryptionError(ValueError):
    """No known key opens the value: it was altered, moved to another column, or its key was dropped."""


def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"yihaotong:{purpose}".encode()).derive(secret)


@dataclass(frozen=True, repr=False)
class DerivedKeys:
    """What one secret yields. The id is a byte that tells which secret closed a value; it reveals nothing."""

    id: int
    cipher: bytes
    index: bytes
    seal: bytes
    content: bytes

    @classmethod
    def of(cls, secret: bytes) -> "DerivedKeys":
        if len(secret) < SHORTEST_KEY:
            raise ValueError(f"a data key has at least {SHORTEST_KEY} bytes")
        return cls(
            id=_derive(secret, "key id")[0],
            cipher=_derive(secret, "encryption"),
            index=_derive(secret, "blind index"),
            seal=_derive(secret, "audit seal"),
            content=_derive(secret, "content"),
        )


_keys: list[DerivedKeys] = []


def use_keys(primary: bytes, *older: bytes) -> None:
    """Set the keyring: the primary closes, every key opens. Called once, when the process starts."""
    _keys[:] = [DerivedKeys.of(secret) for secret in (primary, *older)]


def forget_keys() -> None:
    """Back to the locked state."""
    _keys.clear()


def _ring() -> list[DerivedKeys]:
    if not _keys:
        raise KeyringMissingError("the data key is not set: call models.types.use_keys first")
    return _keys


def encrypt(plain: bytes, purpose: str) -> bytes:
    """Key id, nonce, AES-256-GCM text and tag; it opens only under the same purpose."""
    key = _ring()[0]
    nonce = os.urandom(NONCE_BYTES)
    return bytes([key.id]) + nonce + AESGCM(key.cipher).encrypt(nonce, plain, purpose.encode())


def decrypt(closed: bytes, purpose: str) -> bytes:
    """Raises DecryptionError when no key of that id opens it."""
    nonce, text = closed[1 : 1 + NONCE_BYTES], closed[1 + NONCE_BYTES :]
    for key in _ring():
        if not closed or key.id != closed[0]:
            continue
        try:
            return AESGCM(key.cipher).decrypt(nonce, text, purpose.encode())
        except (InvalidTag, ValueError):  # two secrets may share an id byte: try the next
            continue
    raise DecryptionError(f"no key opens this value of {purpose}")


def is_closed_by_primary(closed: bytes) -> bool:
    """Whether a stored value already uses the newest key (for a key change)."""
    return bool(closed) and closed[0] == _ring()[0].id


def _canonical(value: str) -> bytes:
    folded = unicodedata.normalize("NFKC", value).upper()
    return "".join(letter for letter in folded if letter.isalnum()).encode()


def blind_indexes(value: str) -> tuple[str, ...]:
    """The index under every key, newest first: what a search compares with while keys change."""
    text = _canonical(value)
    return tuple(hmac.new(key.index, text, hashlib.sha256).hexdigest() for key in _ring())


def blind_index(value: str) -> str:
    """HMAC-SHA256 in hex: finds equal values without storing them; spaces, width and case do not count."""
    return blind_indexes(value)[0]


def seal_key() -> bytes:
    """The key that seals the audit chain."""
    return _ring()[0].seal


def seal_keys() -> tuple[bytes, ...]:
    """Every seal key, newest first: what a verification of old seals tries."""
    return tuple(key.seal for key in _ring())


def content_hashes(content: bytes) -> tuple[str, ...]:
    """HMAC-SHA256 in hex under every key, newest first: without the key it tells nothing about what it covers."""
    return tuple(hmac.new(key.content, content, hashlib.sha256).hexdigest() for key in _ring())
