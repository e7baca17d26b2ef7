"""The SQLite file: its journal mode is set once, by one process at a time, and never by a connection."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.security.limits import SqliteCounters
from models.engine import create_engine_for
from models.sqlite_file import alone_with, is_durable, set_journal
from tests.app_fixtures import close
from tests.databases import on_sqlite

AT_ONCE, ROUNDS = 4, 15


def together(work: Callable[[], object]) -> list[Exception]:
    """What the threads raise that do this at once."""
    failures: list[Exception] = []
    gate = threading.Barrier(AT_ONCE)

    def run() -> None:
        gate.wait()
        try:
            work()
        except Exception as failure:  # noqa: BLE001 - a thread's failure is the test's to judge
            failures.append(failure)

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_a_new_file_opened_by_several_at_once_is_locked_for_none(tmp_path: Path) -> None:
    def opened(file: Path) -> None:
        engine = create_engine_for(f"sqlite:///{file}")
        with engine.connect() as connection:
            connection.execute(text("SELECT count(*) FROM sqlite_master"))
        engine.dispose()

    failures = [failure for turn in range(ROUNDS) for failure in together(lambda: opened(tmp_path / f"{turn}.db"))]  # noqa: B023

    assert failures == []


def test_a_new_file_made_ready_by_several_at_once_keeps_its_mode(tmp_path: Path) -> None:
    def made(file: Path) -> None:
        with alone_with(file):
            connection = sqlite3.connect(file)
            set_journal(connection)
            connection.close()

    failures = [failure for turn in range(ROUNDS) for failure in together(lambda: made(tmp_path / f"{turn}.db"))]  # noqa: B023

    assert failures == []
    assert {mode_of(file) for file in tmp_path.glob("*.db")} == {"wal"}


def test_counters_opened_by_several_at_once_all_count(tmp_path: Path) -> None:
    def counted(file: Path) -> None:
        counters = SqliteCounters(f"yht-sqlite://{file}")
        counters.incr("演示", 60)
        counters.close()

    failures = [failure for turn in range(ROUNDS) for failure in together(lambda: counted(tmp_path / f"{turn}.db"))]  # noqa: B023

    assert failures == []


def mode_of(file: Path) -> str:
    connection = sqlite3.connect(file)
    try:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
    finally:
        connection.close()


def test_whoever_changes_the_mode_waits_for_one_who_reads(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    reader = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    reader.execute("CREATE TABLE kept (x)")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM kept")
    threading.Timer(0.3, reader.close).start()

    writer = sqlite3.connect(file, timeout=0)
    set_journal(writer)
    writer.close()

    assert mode_of(file) == "wal"


@on_sqlite
def test_a_file_in_another_mode_is_named_by_the_check_and_is_not_ready(app: Flask, database_url: str) -> None:
    close(app)  # it holds connections, which keep the mode
    file = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    file.execute("PRAGMA journal_mode = DELETE")
    file.close()

    checked = app.test_cli_runner().invoke(args=["yht", "check"])

    assert "yht init" in checked.output and checked.exit_code == 1
    assert app.test_client().get("/readyz").status_code == 503


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_a_connection_never_changes_the_mode(tmp_path: Path, journal: str) -> None:
    file = tmp_path / "kept.db"
    made = sqlite3.connect(file)
    made.execute(f"PRAGMA journal_mode = {journal}")
    made.execute("CREATE TABLE kept (x)")
    made.close()
    engine = create_engine_for(f"sqlite:///{file}")

    with engine.connect() as connection:
        assert is_durable(connection) is (journal == "wal")

    engine.dispose()
    assert mode_of(file) == journal
