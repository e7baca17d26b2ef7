"""The SQLite file's journal mode: set once, where the file is made, and only looked at afterwards.

SQLite does not wait when a file changes its mode: of several processes that open a new file at once, some would be
told that it is locked, whatever their timeout. So a new file appears under its name with its mode already set, and
those who make one ready, or bring an old one into the mode, take turns.
"""

import fcntl
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, make_url

from models import owner_only

JOURNAL = "wal"  # readers and one writer at the same time; kept in the file itself
PATIENCE_SECONDS = 15.0
BESIDE = ".lock"


def path_of(url: str | URL) -> Path | None:
    """The file of an SQLite address; None for another database, or one in memory."""
    parts = make_url(url)
    file = parts.database
    if parts.get_backend_name() != "sqlite" or not file or file == ":memory:" or file.startswith("file:"):
        return None
    return Path(file)


def make(file: Path) -> None:
    """Make the file, for its owner alone, before SQLite does; one that is there is closed to others."""
    if file.exists() or not file.parent.is_dir():
        owner_only.sqlite_file(file)
        return
    unnamed = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        owner_only.sqlite_file(unnamed)
        connection = sqlite3.connect(unnamed)
        set_journal(connection)
        connection.close()
        with suppress(FileExistsError):  # somebody else was first
            os.link(unnamed, file)
    except (OSError, sqlite3.Error):  # no links here, or no room: SQLite makes it, and says what is wrong
        owner_only.sqlite_file(file)
    finally:
        unnamed.unlink(missing_ok=True)


@contextmanager
def alone_with(file: Path | None) -> Iterator[None]:
    """Be the only process that makes this file ready; the others wait. Whoever dies lets go.

    Nobody waits for no file, nor in a folder that is not there: SQLite says so itself.
    """
    if file is None or not file.parent.is_dir():
        yield
        return
    with owner_only.open_file(Path(f"{file}{BESIDE}"), "a") as beside:
        fcntl.flock(beside, fcntl.LOCK_EX)
        yield


def set_journal(connection: sqlite3.Connection | Any) -> None:
    """Bring the file of a driver's connection into its mode, while the caller is alone with it.

    One that another program has open in its old mode is asked for again, for as long as a writer would wait.
    """
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while _mode(connection) not in (JOURNAL, "memory"):
        try:
            connection.execute(f"PRAGMA journal_mode = {JOURNAL}")
        except sqlite3.OperationalError:
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.05)


def is_durable(connection: Connection) -> bool:
    """Whether the database keeps its journal as it was set when the file was made; PostgreSQL always does."""
    if connection.dialect.name != "sqlite":
        return True
    return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar()) in (JOURNAL, "memory")


def _mode(connection: sqlite3.Connection | Any) -> str:
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
