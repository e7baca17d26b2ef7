"""Counters of rate limits in one SQLite file: shared by the workers, kept over a restart, pruned as time passes."""

import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from limits.storage import Storage

from models import owner_only, sqlite_file

SCHEME = "yht-sqlite"
PRUNE_SECONDS = 60.0
BUSY_SECONDS = 2.0

_TABLE = "CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, hits INTEGER NOT NULL, ends REAL NOT NULL)"
_COUNT = """
INSERT INTO counter (name, hits, ends) VALUES (:name, :amount, :ends)
ON CONFLICT (name) DO UPDATE SET
  hits = CASE WHEN ends <= :now THEN :amount ELSE hits + :amount END,
  ends = CASE WHEN ends <= :now THEN excluded.ends ELSE ends END
RETURNING hits
"""


def storage_uri(url: str) -> str:
    """The address that Flask-Limiter understands, of a plain path too."""
    if "://" not in url:
        return f"{SCHEME}://{Path(url).resolve()}"
    return f"{SCHEME}{url.removeprefix('file')}" if url.startswith("file://") else url


class SqliteCounters(Storage):
    """Fixed-window counters. One connection per process: a forked worker opens its own."""

    STORAGE_SCHEME = [SCHEME]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self.path = Path(urlsplit(uri or "").path)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._pruned_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.time()
        values = {"name": key, "amount": amount, "ends": now + expiry, "now": now}
        with self._lock:
            hits: int = self._open().execute(_COUNT, values).fetchall()[0][0]
            self._prune(now)
        return hits

    def get(self, key: str) -> int:
        row = self._row(key)
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        row = self._row(key)
        return float(row[1]) if row else time.time()

    def check(self) -> bool:
        try:
            self._row("")
        except sqlite3.Error:
            return False
        return True

    def reset(self) -> int:
        return self._delete("1 = 1")

    def clear(self, key: str) -> None:
        self._delete("name = ?", key)

    def close(self) -> None:
        """Give the file back; the next use opens it again."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    def _row(self, key: str) -> Any:
        query = "SELECT hits, ends FROM counter WHERE name = ? AND ends > ?"
        with self._lock:
            return self._open().execute(query, (key, time.time())).fetchone()

    def _delete(self, condition: str, *values: object) -> int:
        with self._lock:
            # The condition is one of the constants above, never a caller's text.
            return self._open().execute(f"DELETE FROM counter WHERE {condition}", values).rowcount  # noqa: S608

    def _prune(self, now: float) -> None:
        if now - self._pruned_at > PRUNE_SECONDS:
            self._pruned_at = now
            self._open().execute("DELETE FROM counter WHERE ends <= ?", (now,))

    def _open(self) -> sqlite3.Connection:
        if self._connection is None or self._process != os.getpid():
            owner_only.make_folder(self.path.parent)
            sqlite_file.make(self.path)
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_TABLE)
            self._connection, self._process = connection, os.getpid()
        return self._connection
