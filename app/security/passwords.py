"""Hashing and checking passwords without letting a flood of tries take all cores."""

import os
import threading
from functools import lru_cache

from werkzeug.security import check_password_hash, generate_password_hash

LONGEST_BYTES = 1024
WAIT_SECONDS = 5.0

_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_slots = threading.BoundedSemaphore(max(1, _cores - 1))


class Busy(Exception):
    """All slots stayed taken: the caller should come back in a moment (503)."""


def is_checkable(password: str) -> bool:
    """Whether the text may reach the hash function at all: not empty, not huge, no NUL."""
    return bool(password) and "\0" not in password and len(password.encode("utf-8", "replace")) <= LONGEST_BYTES


def hash_password(password: str, method: str) -> str:
    """The stored form."""
    with _slot():
        return generate_password_hash(password, method=method)


def matches(stored: str | None, password: str, method: str) -> bool:
    """Does the password open this hash? Without one, a made-up hash costs the same time and never matches."""
    target = stored or _made_up(method)
    with _slot():
        return check_password_hash(target, password) and stored is not None


@lru_cache(maxsize=4)
def _made_up(method: str) -> str:
    return generate_password_hash(os.urandom(24).hex(), method=method)


class _slot:  # noqa: N801 - reads as a word in `with`
    """One of the cores that hashing may use."""

    def __enter__(self) -> None:
        if not _slots.acquire(timeout=WAIT_SECONDS):
            raise Busy

    def __exit__(self, *_: object) -> None:
        _slots.release()
