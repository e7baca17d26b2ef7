"""How often somebody may try: counted before any costly work, per account, per address, per password and address."""

import hashlib
import hmac
import time

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from app.security.limits import storage_uri


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
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._secret = secret.encode()

    def spend(self, limit: str, *key: str) -> None:
        """Count one try; raise TooMany when the limit was already spent."""
        rate = parse(limit)
        if not self._hit(rate, *key):
            raise TooMany(self._seconds_left(rate, *key))

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
        rate = parse(limit)
        mark = self._mark(password)
        once = parse(f"1 per {rate.get_expiry()} second")
        if self._hit(once, "tried", mark, address, account):
            self.spend(limit, "spray", mark, address)

    def _mark(self, text: str) -> str:
        return hmac.new(self._secret, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:24]

    def _kept(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """The key as the store keeps it: what is counted, and a mark. A name that is typed may be a phone number."""
        return key[0], self._mark("\0".join(key[1:]))

    def _hit(self, rate: RateLimitItem, *key: str) -> bool:
        key = self._kept(key)
        try:
            return self._shared.hit(rate, *key)
        except StorageError:
            return self._own.hit(rate, *key)

    def _seconds_left(self, rate: RateLimitItem, *key: str) -> int:
        key = self._kept(key)
        try:
            ends = self._shared.get_window_stats(rate, *key).reset_time
        except StorageError:
            ends = self._own.get_window_stats(rate, *key).reset_time
        return max(1, int(ends - time.time()) + 1)
