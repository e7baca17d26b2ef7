"""Reference data is read under a stamp: again when it has changed, by whomever, and always by one who writes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from app.services import reading, stamped
from app.services.reference_tables import Tables, tables
from models.bureau import Bureau
from models.dictionary import DictionaryEntry
from models.engine import begin_write
from models.reference_stamp import ReferenceStamp


@pytest.fixture
def asked(engine: Engine) -> Iterator[list[str]]:
    """The statements about reference data that reach the database."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "dictionary_entry" in statement and statement.startswith("SELECT"):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


@contextmanager
def a_page(engine: Engine) -> Iterator[Session]:
    """A request of somebody signed in: the stamp came with the session lookup."""
    with Session(engine) as session:
        reading.begin(session)
        stamped.know(session, session.scalars(select(ReferenceStamp.stamp)).one())
        yield session


def words(found: Tables) -> set[str]:
    return {entry.label_zh for entry in found.entries}


def test_what_has_not_changed_is_read_once_for_many_pages(engine: Engine, asked: list[str]) -> None:
    for _ in range(3):
        with a_page(engine) as session:
            assert tables(session).offices

    assert len(asked) == 1


def test_a_change_from_elsewhere_is_on_the_next_page(engine: Engine, asked: list[str]) -> None:
    with a_page(engine) as session:
        assert "演示改词" not in words(tables(session))
    with engine.execution_options(write=True).begin() as other:
        other.execute(update(DictionaryEntry).where(DictionaryEntry.id == 1).values(label_zh="演示改词"))

    with a_page(engine) as session:
        assert "演示改词" in words(tables(session))
    assert len(asked) == 2


def test_a_page_of_nobody_known_reads_it_itself(engine: Engine, asked: list[str]) -> None:
    for _ in range(2):
        with Session(engine) as session:
            reading.begin(session)
            assert tables(session).offices

    assert len(asked) == 2


def test_one_who_writes_reads_what_is_there(engine: Engine, asked: list[str]) -> None:
    with a_page(engine) as session:
        before = tables(session)
        session.rollback()
        begin_write(session)
        session.execute(update(Bureau).values(requires_originals=True))

        assert all(office.requires_originals for office in tables(session).offices)
        assert not all(office.requires_originals for office in before.offices)
        session.rollback()

    with a_page(engine) as session:
        assert tables(session) == before
