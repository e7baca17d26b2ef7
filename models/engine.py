"""How we talk to the database: durable SQLite, real transactions, writers that queue, not overwrite."""

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, scoped_session, sessionmaker

from models import sqlite_file

BUSY_TIMEOUT_MS = 15_000
FLUSHED = "transaction_has_flushed"
COMMITTED = "something_was_committed"
GUARD = "what_is_done_about_a_reader_that_writes"
WRITES = "transaction_is_a_writers"
PASSING_STATES = ("40001", "40P01", "55P03")  # PostgreSQL: not serializable, deadlock, lock not to be had

SQLITE_PRAGMAS = (  # the journal's mode is the file's own: models/sqlite_file.py
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",  # first: the next ones may already have to wait
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else INSERT OR REPLACE slips past the append-only triggers
)


def create_engine_for(url: str, **options: Any) -> Engine:
    """An engine for one of our two databases."""
    engine = create_engine(url, hide_parameters=True, **(_defaults_for(url) | options))
    install(engine)
    return engine


def _defaults_for(url: str) -> dict[str, Any]:
    return {} if make_url(url).get_backend_name() == "sqlite" else {"pool_pre_ping": True}


def install(engine: Engine) -> None:
    """Set up an engine somebody else made, once; PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite" or event.contains(engine, "begin", _begin):
        return
    file = sqlite_file.path_of(engine.url)
    if file is not None:
        event.listen(engine, "do_connect", lambda *_: sqlite_file.make(file))
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)


def _configure(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin behind our back
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def begin_write(session: "Session | scoped_session[Any]") -> None:
    """Make the session's transaction a writer's before it reads what it will judge.

    What was read so far is forgotten, since another writer may have changed it. Called twice it does nothing;
    called after a change it raises, because the change would be lost.
    """
    own: Session = session() if isinstance(session, scoped_session) else session
    if own.info.get(WRITES):
        return
    if own.in_transaction():
        if has_changed(own):
            raise RuntimeError("begin_write must come before the first change of the transaction")
        own.rollback()
    try:
        own.connection(execution_options={"write": True})
    except OperationalError as busy:
        own.rollback()
        if not is_passing(busy):
            raise
        own.connection(execution_options={"write": True})  # nothing was done yet, so waiting once more loses nothing
    own.info[WRITES] = True


def is_passing(error: DBAPIError) -> bool:
    """Whether somebody else was in the way, and the same transaction would go through when tried again."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(error.orig, "sqlstate", None) in PASSING_STATES


def was_thrown_out(error: DBAPIError) -> bool:
    """Whether PostgreSQL ended the transaction for another's sake. SQLite's writer has waited twice before it fails."""
    return getattr(error.orig, "sqlstate", None) in PASSING_STATES


def is_writing(session: Session) -> bool:
    """Whether the session's transaction was made a writer's."""
    return bool(session.info.get(WRITES))


def has_committed(session: Session) -> bool:
    """Whether the session, which lives as long as its request, has written anything for good."""
    return bool(session.info.get(COMMITTED))


def has_changed(session: Session) -> bool:
    """Whether anything was changed in the session's transaction, or is about to be."""
    return bool(session.new or session.dirty or session.deleted or session.info.get(FLUSHED))


def guard(sessions: "sessionmaker[Any]", blame: Callable[[str], None]) -> None:
    """Tell `blame` of each write in a transaction that was not begun as a writer's.

    SQLite refuses such a transaction at once, whatever the timeout, if another has written since it began to read.
    """
    sessions.configure(info={GUARD: blame})


def _blame_a_reader(session: Session) -> None:
    blame = session.info.get(GUARD)
    if blame is not None and not is_writing(session):
        blame("a reader's transaction writes: begin_write comes first")


@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
        _blame_a_reader(session)


@event.listens_for(Session, "after_flush")
def _remember_flush(session: Session, _context: Any) -> None:
    session.info[FLUSHED] = True


@event.listens_for(Session, "do_orm_execute")
def _remember_change(state: ORMExecuteState) -> None:
    if state.is_update or state.is_insert or state.is_delete:
        _blame_a_reader(state.session)
        state.session.info[FLUSHED] = True


@event.listens_for(Session, "after_commit")
def _remember_commit(session: Session) -> None:
    if is_writing(session):
        session.info[COMMITTED] = True


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:  # a savepoint or a flush ends inside a transaction that goes on
        session.info.pop(FLUSHED, None)
        session.info.pop(WRITES, None)
