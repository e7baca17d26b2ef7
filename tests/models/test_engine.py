"""Transactions: durable, with foreign keys, and writers that wait for each other instead of overwriting."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

from models import NumberCounter
from models.engine import begin_write, create_engine_for, install
from tests.databases import on_postgresql, on_sqlite

DAY = date(2016, 1, 11)
KEY = ("320281", DAY, "01")


def _counter(last_sequence: int = 1) -> NumberCounter:
    region, day, category = KEY
    return NumberCounter(region_code=region, issued_on=day, category_code=category, last_sequence=last_sequence)


@contextmanager
def statements_of(engine: Engine):
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def _together(work: Callable[[], None], threads: int) -> list[Exception]:
    failures: list[Exception] = []
    gate = threading.Barrier(threads)

    def run() -> None:
        gate.wait()
        try:
            work()
        except Exception as failure:  # noqa: BLE001 - a thread's failure is the test's to judge
            failures.append(failure)

    started = [threading.Thread(target=run) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return failures


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
    ],
)
def test_every_sqlite_connection_is_durable_and_strict(engine: Engine, pragma: str, value: object) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


@on_sqlite
def test_a_writer_waits_at_least_five_seconds(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() >= 5000


def test_foreign_keys_hold(session: Session) -> None:
    with pytest.raises(IntegrityError):
        session.execute(text("INSERT INTO region_alias (region_id, system, code) VALUES (0, 'x', 'x')"))
        session.commit()


@on_sqlite
def test_a_reader_begins_deferred_and_a_writer_immediate(engine: Engine) -> None:
    with statements_of(engine) as seen, Session(engine) as session:
        session.scalars(select(NumberCounter)).all()
        begin_write(session)

    assert [statement for statement in seen if statement.startswith("BEGIN")] == ["BEGIN", "BEGIN IMMEDIATE"]


@on_sqlite
def test_the_right_to_write_ends_with_the_transaction(engine: Engine) -> None:
    with statements_of(engine) as seen, Session(engine) as session:
        begin_write(session)
        session.commit()
        session.scalars(select(NumberCounter)).all()

    assert [statement for statement in seen if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]


@on_sqlite
def test_eight_writers_that_read_check_and_write_lose_no_update(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(_counter())
        session.commit()

    def raise_by_one() -> None:
        for _ in range(5):
            with Session(engine) as session:
                session.get(NumberCounter, KEY)
                begin_write(session)
                counter = session.get(NumberCounter, KEY)
                counter.last_sequence += 1
                session.commit()

    failures = _together(raise_by_one, threads=8)

    with Session(engine) as session:
        assert (failures, session.get(NumberCounter, KEY).last_sequence) == ([], 41)


@on_sqlite
def test_without_begin_write_a_stale_reader_is_refused_not_overwritten(engine: Engine) -> None:
    with Session(engine) as first, Session(engine) as second:
        first.add(_counter())
        first.commit()
        stale = second.get(NumberCounter, KEY)
        first.get(NumberCounter, KEY).last_sequence = 7
        first.commit()
        stale.last_sequence = 2

        with pytest.raises(OperationalError, match="locked"):
            second.commit()


def test_what_was_read_before_is_read_again(engine: Engine) -> None:
    with Session(engine) as first, Session(engine) as second:
        first.add(_counter())
        first.commit()
        counter = second.get(NumberCounter, KEY)
        first.get(NumberCounter, KEY).last_sequence = 7
        first.commit()

        begin_write(second)

        assert counter.last_sequence == 7


def test_begin_write_twice_keeps_the_changes_between(session: Session) -> None:
    begin_write(session)
    session.add(_counter())
    session.flush()

    begin_write(session)
    session.commit()

    assert session.scalar(select(func.count()).select_from(NumberCounter)) == 1


@pytest.mark.parametrize("flush", [False, True], ids=["pending", "flushed"])
def test_begin_write_after_a_change_is_a_mistake_that_is_told(session: Session, flush: bool) -> None:
    session.scalars(select(NumberCounter)).all()
    session.add(_counter())
    if flush:
        session.flush()

    with pytest.raises(RuntimeError, match="before the first change"):
        begin_write(session)


def test_a_scoped_session_becomes_a_writer_too(engine: Engine) -> None:
    sessions = scoped_session(sessionmaker(engine))
    sessions.scalars(select(NumberCounter)).all()

    begin_write(sessions)
    sessions.add(_counter())
    sessions.commit()

    assert sessions.get(NumberCounter, KEY) is not None
    sessions.remove()


def test_begin_write_works_again_after_a_commit_and_after_a_rollback(session: Session) -> None:
    for end in (session.commit, session.rollback):
        begin_write(session)
        session.merge(_counter())
        session.flush()
        end()

    begin_write(session)

    assert session.get(NumberCounter, KEY).last_sequence == 1


def test_a_savepoint_does_not_end_the_right_to_write(session: Session) -> None:
    begin_write(session)
    with session.begin_nested():
        session.add(_counter())

    begin_write(session)
    session.commit()

    assert session.get(NumberCounter, KEY) is not None


@on_sqlite
def test_an_engine_made_by_somebody_else_is_set_up_once(database_url: str) -> None:
    engine = create_engine(database_url)
    install(engine)
    install(engine)

    with statements_of(engine) as seen, sessionmaker(engine)() as session:
        begin_write(session)
    engine.dispose()

    assert seen == ["BEGIN IMMEDIATE"]


def test_a_database_in_memory_takes_the_same_settings() -> None:
    engine = create_engine_for("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})

    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()


@on_postgresql
def test_on_postgresql_a_writer_simply_begins(engine: Engine) -> None:
    with statements_of(engine) as seen, Session(engine) as session:
        begin_write(session)
        assert session.in_transaction()

    assert [statement for statement in seen if "BEGIN" in statement] == []


@on_sqlite
@pytest.mark.parametrize(("seconds", "waits_in_vain"), [(0.5, False), (5.0, True)])
def test_a_writer_that_waited_in_vain_is_tried_once_more(engine: Engine, seconds: float, waits_in_vain: bool) -> None:
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout = 400"))
    holder = engine.raw_connection()
    holder.driver_connection.execute("BEGIN IMMEDIATE")
    release = threading.Event()

    def let_go() -> None:
        release.wait(seconds)
        holder.driver_connection.execute("ROLLBACK")

    thread = threading.Thread(target=let_go)
    thread.start()

    with Session(engine) as session:
        try:
            begin_write(session)
            session.add(_counter())
            session.commit()
            failed = False
        except OperationalError:
            failed = True
    release.set()
    thread.join()
    holder.close()

    assert failed is waits_in_vain
