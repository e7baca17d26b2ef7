"""Our two workbooks as tests.bench.making asks for them: the monthly report, and the export of the whole list."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.domain.month import Month
from app.domain.permissions import Actor
from app.services import export as lists
from app.services import report as reports
from models.bureau import Bureau
from models.engine import create_engine_for
from models.types import use_keys
from models.user import User
from reports.list_words import load
from reports.monthly import sheets
from tests import builders
from tests.bench.prepare import MANAGER
from tests.databases import TEST_KEY

MONTH, NOW = Month(2025, 10), datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # a month that the load fills


def report(url: str, _folder: Path, file: Path) -> dict[str, Any]:
    """The month of the whole city, counted and written by a process that has made one before, as the console has."""
    with _session(url) as session:
        code = session.scalars(select(Bureau.code).where(Bureau.parent_id.is_(None))).one()
        actor = reports.command_actor(session)
        _write_report(session, actor, code, file)
        with _statements() as asked:
            begun = time.perf_counter()
            _write_report(session, actor, code, file)
            seconds = time.perf_counter() - begun
        return {"seconds": seconds, "sql_seconds": _seconds_of(session, asked)}


def _write_report(session: Session, actor: Actor, code: str, file: Path) -> None:
    found = reports.monthly(session, actor, code, MONTH, now=NOW)
    with file.open("wb") as workbook:
        sheets.write(found, workbook)


def export(url: str, _folder: Path, file: Path) -> dict[str, Any]:
    """All projects with the usual columns, as the worker writes them; memory before and at the peak."""
    with _session(url) as session:
        actor = builders.actor_of(session, session.scalars(select(User).where(User.username == MANAGER)).one())
        wanted, words = lists.Wanted("projects"), load(session, str, is_chinese=True)
        idle = _memory_kb("VmRSS")
        begun = time.perf_counter()
        keys = lists.keys_of(session, actor, wanted)
        with file.open("wb") as workbook:
            lists.write(session, actor, wanted, keys, workbook, words, now=NOW)
        return {"seconds": time.perf_counter() - begun, "idle_kb": idle, "peak_kb": _memory_kb("VmHWM")}


@contextmanager
def _session(url: str) -> Iterator[Session]:
    use_keys(TEST_KEY)
    engine = create_engine_for(url)
    with Session(engine) as session:
        session.scalar(select(Bureau.id).limit(1))  # connected and mapped before the clock starts
        yield session
    engine.dispose()


@contextmanager
def _statements() -> Iterator[list[tuple[str, Any]]]:
    """What is sent to the database in the body, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


def _seconds_of(session: Session, asked: list[tuple[str, Any]]) -> float:
    """The same statements again, past SQLAlchemy, read to their last row."""
    cursor = session.connection().connection.cursor()
    begun = time.perf_counter()
    for statement, parameters in asked:
        cursor.execute(statement, parameters)
        cursor.fetchall()
    return time.perf_counter() - begun


def _memory_kb(name: str) -> int:
    """What the kernel says of this process: VmRSS is held now, VmHWM is the most that ever was."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
