"""How often somebody may try: counted before any costly work, per account, per address, per password and address."""

import hashlib
import hmac
import time
from contextlib import suppress

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from app.security.limits import storage_uri

FIRST = "YHT-FIRST"


class TooMany(Exception):
    """The limit is spent; `retry_after` is in seconds (429)."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Counters:
    """Named limits over the shared storage; while that is down, over this process's memory."""

    def __init__(self, url: str, secret: str) -> None:
        self.storage: Storage = storage_from_string(storage_uri(url), wrap_exceptions=True)  # type: ignore[assignment]
        self._shared = FixedWindowRateLimiter(self.storage)
        self._memory = MemoryStorage()
        self._own = FixedWindowRateLimiter(self._memory)
        self._secret = secret.encode()

    def spend(self, limit: str, *key: str) -> None:
        """Count one try; raise TooMany when the limit was already spent."""
        rate = parse(limit)
        if not self._hit(rate, *key):
            raise TooMany(self.seconds_left(limit, *key))

    def forget(self, limit: str, *key: str) -> None:
        """Start over, after a success."""
        rate, key = parse(limit), self._kept(key)
        self._own.clear(rate, *key)
        try:
            self._shared.clear(rate, *key)
        except StorageError:  # nothing to forget where nothing could be counted
            return

    def spend_spray(self, limit: str, address: str, account: str, password: str) -> None:
        """Count each account once that is tried with the same password from the same address."""
        if self.is_first_of_spray(limit, address, account, password):
            self.spend(limit, "spray", self.mark(password), address)

    def is_first_of_spray(self, limit: str, address: str, account: str, password: str) -> bool:
        """Whether this account was not tried yet with the password from the address within the limit's window."""
        once = parse(f"1 per {parse(limit).get_expiry()} second")
        return self._hit(once, "tried", self.mark(password), address, account)

    def is_first(self, seconds: int, *key: str) -> bool:
        """Whether nobody asked this for so many seconds; over all processes."""
        name = "/".join((FIRST, *self._kept(key)))
        try:
            return self.storage.incr(name, seconds) == 1
        except StorageError:
            return self._memory.incr(name, seconds) == 1

    def forget_first(self, *key: str) -> None:
        """The next to ask is the first again."""
        name = "/".join((FIRST, *self._kept(key)))
        self._memory.clear(name)
        with suppress(StorageError):
            self.storage.clear(name)

    def mark(self, text: str) -> str:
        """What stands for a text in a counter's name; nobody finds the text without our secret."""
        return hmac.new(self._secret, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:24]

    def _kept(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """The key as the store keeps it: what is counted, and a mark. A name that is typed may be a phone number."""
        return key[0], self.mark("\0".join(key[1:]))

    def _hit(self, rate: RateLimitItem, *key: str) -> bool:
        key = self._kept(key)
        try:
            return self._shared.hit(rate, *key)
        except StorageError:
            return self._own.hit(rate, *key)

    def is_spent(self, limit: str, *key: str) -> bool:
        """Whether the next try would be one too many."""
        rate, key = parse(limit), self._kept(key)
        try:
            return not self._shared.test(rate, *key)
        except StorageError:
            return not self._own.test(rate, *key)

    def seconds_left(self, limit: str, *key: str) -> int:
        """Until the limit's window ends."""
        rate, key = parse(limit), self._kept(key)
        try:
            ends = self._shared.get_window_stats(rate, *key).reset_time
        except StorageError:
            ends = self._own.get_window_stats(rate, *key).reset_time
        return max(1, int(ends - time.time()) + 1)
