"""What the pages of the registers are tried with: a case at 江阴, and counting what a page asks the database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.builders import Case
from tests.views.applicants import a_case

Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


@pytest.fixture
def counted(app: Flask) -> Counting:
    """A context that collects the statements sent meanwhile."""
    from app.extensions import db

    with app.app_context():
        engine = db.engine

    @contextmanager
    def collecting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN")):
                seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)

    return collecting
