"""What a simulated receiver keeps: its register by number, and how often each delivery came in."""

import json
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.domain.clock import SHANGHAI, Clock
from app.domain.exchange import UNIT_TABLE
from models import owner_only

SHOWN = 200
NUMBER = re.compile(r"[0-9]{16}", re.ASCII)
WANTED = (
    "PrjNum", "PrjInnerNum", "PrjName", "PrjTypeNum", "BuildCorpName", "BuildCorpCode", "CreateDate", "ProvinceNum",
    "CityNum", "CountyNum", "PrjPropertyNum", "PrjFunctionNum", "UpdateFlag", "sbdqbm", "BDate", "EDate",
)  # fmt: skip
UNIT_CODE = re.compile(r"[0-9A-Za-z-]{1,20}-[0-9]{3}", re.ASCII)
OF_UNIT = ("PrjNum", "fxbm", "fxnbbm", "fxmc", "UpdateFlag")
SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
  number TEXT PRIMARY KEY, flag TEXT NOT NULL, row TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, number TEXT NOT NULL, flag TEXT NOT NULL,
  received_at TEXT NOT NULL, times INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS record_by_day ON record (changed_at);
"""


class NotTaken(Exception):
    """The receiver refuses: code and words of DOMAIN §8."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code} {words}")
        self.code = code
        self.words = words


def _require(row: Mapping[str, str], names: tuple[str, ...]) -> None:
    for name in names:
        if not row.get(name, "").strip():
            raise NotTaken("003", f"{name}不能为空")
    if row["UpdateFlag"] not in ("U", "D"):
        raise NotTaken("003", "UpdateFlag不合法")


class ReceivedRegister:
    """One file (or memory), safe for the server's threads. A key that was seen changes nothing."""

    def __init__(self, path: Path | None, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        if path is not None:
            owner_only.sqlite_file(path)
        self._file = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._file.close()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Many rows as one write."""
        self._file.execute("BEGIN")
        try:
            yield
        finally:
            self._file.execute("COMMIT")

    def take(self, key: str, table: str, row: Mapping[str, str], *, saved: str = "OK") -> str:
        """Store one row; gives the words of success, raises NotTaken. The last to arrive counts."""
        number, flag = self._unit(row) if table == UNIT_TABLE else self._project(row)
        now = self._clock.now().astimezone(SHANGHAI).isoformat()
        with self._lock:
            known = self._file.execute("UPDATE delivery SET times = times + 1 WHERE key = ?", (key,)).rowcount
            if not known:
                self._store(number, flag, row, now)
                self._file.execute(
                    "INSERT INTO delivery (key, number, flag, received_at, times) VALUES (?, ?, ?, ?, 1)",
                    (key, number, flag, now),
                )
        return "删除成功！" if flag == "D" else saved

    def deliveries(self, most: int = SHOWN) -> list[dict[str, Any]]:
        """What came in, the newest first, each with the row as it stands now."""
        query = (
            "SELECT d.key, d.number, d.flag, d.received_at, d.times, r.row FROM delivery d"
            " LEFT JOIN record r ON r.number = d.number ORDER BY d.id DESC LIMIT ?"
        )
        names = ("key", "number", "flag", "received_at", "times")
        with self._lock:
            found = self._file.execute(query, (most,)).fetchall()
        return [{**dict(zip(names, line[:5], strict=True)), "row": json.loads(line[5] or "{}")} for line in found]

    def changed_between(self, first: str, last: str) -> list[tuple[str, str, str]]:
        """Number, flag and instant of what changed from one day to another, both included (yyyy-MM-dd)."""
        query = (
            "SELECT number, flag, changed_at FROM record"
            " WHERE number NOT LIKE '%-%' AND substr(changed_at, 1, 10) BETWEEN ? AND ?"
        )
        with self._lock:
            return self._file.execute(query + " ORDER BY changed_at, number", (first, last)).fetchall()

    def forget(self, number: str) -> None:
        """Lose a record, as a careless administrator there would."""
        with self._lock:
            self._file.execute("DELETE FROM record WHERE number = ?", (number,))

    def rows(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Everything that it has: flag and row by number."""
        with self._lock:
            found = self._file.execute("SELECT number, flag, row FROM record ORDER BY number").fetchall()
        return {number: (flag, json.loads(row)) for number, flag, row in found}

    def _project(self, row: Mapping[str, str]) -> tuple[str, str]:
        _require(row, WANTED)
        if not NUMBER.fullmatch(row["PrjNum"]):
            raise NotTaken("003", "PrjNum编码格式不正确，必须是由数字组成的16位编码")
        return row["PrjNum"], row["UpdateFlag"]

    def _unit(self, row: Mapping[str, str]) -> tuple[str, str]:
        """A unit work needs its project."""
        _require(row, OF_UNIT)
        if not UNIT_CODE.fullmatch(row["fxbm"]):
            raise NotTaken("003", "fxbm编码格式不正确")
        with self._lock:
            project = self._file.execute("SELECT flag FROM record WHERE number = ?", (row["PrjNum"],)).fetchone()
        if project is None or project[0] == "D":
            raise NotTaken("005", "未找到对应项目")
        return row["fxbm"], row["UpdateFlag"]

    def _store(self, number: str, flag: str, row: Mapping[str, str], now: str) -> None:
        known = self._file.execute("SELECT flag FROM record WHERE number = ?", (number,)).fetchone()
        if flag == "D" and (known is None or known[0] == "D"):
            raise NotTaken("005", "未找到对应项目")
        self._file.execute(
            "INSERT INTO record (number, flag, row, changed_at) VALUES (?, ?, ?, ?) ON CONFLICT (number)"
            " DO UPDATE SET flag = excluded.flag, row = excluded.row, changed_at = excluded.changed_at",
            (number, flag, json.dumps(dict(row), ensure_ascii=False), now),
        )
