"""Two organizations and every role at one database: a stage for tests that ask many things of it.

Requests are independent of each other: a browser goes back to its cookie, the database to its picture.
"""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.clock import FixedClock
from app.domain.permissions import Actor
from models import search
from tests.app_fixtures import MONDAY, ConsoleClient, running, settings_for
from tests.views.staging import EVERYBODY, Records, kept_rows, populate

COOKIE = "yht"
NEVER_PICTURED = frozenset({"user_session", "reference_stamp", "alembic_version", "sqlite_sequence"})
TRAIL = frozenset({"audit_event", "audit_seal", "shown_error"})  # a refusal leaves its row there


@dataclass
class World:
    """The stage. `own` are the rows of `owner`, `foreign` those of `stranger`."""

    app: Flask
    engine: Engine
    file: Path
    own: Records
    foreign: Records
    people: dict[str, Actor]
    kept: dict[str, int] = field(default_factory=dict)  # rows that administrators keep, by what they are
    browsers: dict[str, ConsoleClient] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    watch: sqlite3.Connection | None = None
    seen: int = 0

    # Requests --------------------------------------------------------------------------------------

    def browser(self, who: str) -> ConsoleClient:
        """The browser as it was when the stage was set."""
        browser = self.browsers[who]
        if self.cookies[who]:
            browser.set_cookie(COOKIE, self.cookies[who])
        else:
            browser.delete_cookie(COOKIE)
        return browser

    def sign_in_as(self, who: str, username: str | None) -> None:
        """A browser of that name, with the session that it will go back to."""
        browser: ConsoleClient = self.app.test_client()  # type: ignore[assignment]
        if username is not None:
            answer = browser.sign_in(username)
            assert answer.status_code == 302, username
        self.tokens[who] = browser._session_token()
        cookie = browser.get_cookie(COOKIE)
        self.browsers[who], self.cookies[who] = browser, cookie.value if cookie else ""

    def get(self, who: str, path: str, **options: Any) -> TestResponse:
        answer = self.browser(who).get(path, **options)
        answer.close()  # a static file or a scan stays open otherwise
        return answer

    def read(self, who: str, path: str, **options: Any) -> TestResponse:
        """The answer with its whole body read, and the file behind it closed."""
        with self.browser(who).get(path, **options) as answer:
            answer.data  # noqa: B018 - reads it
        return answer

    def page(self, who: str, path: str, code: int = 200) -> str:
        answer = self.browser(who).get(path)
        assert answer.status_code == code, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, who: str, path: str, data: Mapping[str, Any] | None = None, **options: Any) -> TestResponse:
        """A form with the browser's token."""
        form = {"csrf_token": self.tokens[who], **(data or {})}
        return self.browser(who).post(path, data=form, **options)

    # The database ----------------------------------------------------------------------------------

    @contextmanager
    def session(self) -> Iterator[Session]:
        with Session(self.engine) as session:
            yield session

    def row(self, model: type, key: int) -> dict[str, Any]:
        """The row as it stands, every column as stored."""
        table = model.__table__  # type: ignore[attr-defined]
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        with self.engine.connect() as connection:
            found = connection.exec_driver_sql(f'SELECT {columns} FROM "{table.name}" WHERE id = {int(key)}')
            row = found.mappings().one_or_none()
            return dict(row) if row else {}

    def put(self, model: type, key: int, **values: Any) -> None:
        """Set columns behind the product's back, so that every state can be tried."""
        with Session(self.engine) as session:
            session.execute(update(model).where(model.id == key).values(**values))  # type: ignore[attr-defined]
            if model in search.SOURCES and set(search.SOURCES[model]) & set(values):
                search.rebuild(session.connection())
            session.commit()

    def remember(self) -> None:
        """Take the picture that `restore` goes back to."""
        self._let_go()
        shutil.copyfile(self._file(), self._file(".picture"))
        self._look()

    def restore(self, *, always: bool = False) -> None:
        """Back to the picture, if anything was written; fails when a connection is not free."""
        if not always and not self.written():
            return
        self._let_go()
        shutil.copyfile(self._file(".picture"), self._file())
        self._look()

    def written(self) -> bool:
        """Whether anything was committed since the picture: cheap, to be asked after each request."""
        assert self.watch is not None
        return _data_version(self.watch) != self.seen

    def _look(self) -> None:
        self.watch = sqlite3.connect(self._file())  # may write: the last to close takes the WAL away
        self.seen = _data_version(self.watch)

    def _let_go(self) -> None:
        """Close every connection, so that the file is whole and may be replaced."""
        if self.watch is not None:
            self.watch.close()
            self.watch = None
        self.engine.dispose()
        assert not self._file("-wal").exists(), "somebody still holds the database open"

    def _file(self, suffix: str = "") -> Path:
        return self.file.with_name(self.file.name + suffix)

    def tables(self) -> dict[str, str]:
        """A hash of every business table, by name."""
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True) as connection:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            found = {name: _digest(connection, name) for name in sorted(set(names) - NEVER_PICTURED)}
        connection.close()
        return found

    def business(self) -> dict[str, str]:
        """The same without the trail that a refusal leaves."""
        return {name: digest for name, digest in self.tables().items() if name not in TRAIL}


def _digest(connection: sqlite3.Connection, table: str) -> str:
    rows = sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"')))  # not every table has a rowid
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _data_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


# Setting the stage -----------------------------------------------------------------------------------------


@contextmanager
def a_world(file: Path) -> Iterator[World]:
    """The application over this SQLite file, with its people and rows."""
    many = {"login_limit_spray": "1000 per 60 minutes", "register_limit": "1000 per 60 minutes"}
    chosen = settings_for(f"sqlite:///{file}", file.parent, profile="demo", **many)
    with running(chosen, FixedClock(MONDAY)) as app:
        with app.app_context():
            from app.extensions import db

            engine = db.engine
        with Session(engine) as session:
            people, own, foreign = populate(session, app)
            kept = kept_rows(session, people)
        world = World(app, engine, file, own, foreign, people, kept)
        _sign_all_in(world)
        world.remember()
        yield world
        if world.watch is not None:
            world.watch.close()


def _sign_all_in(world: World) -> None:
    for who in EVERYBODY:
        world.sign_in_as(who, None if who == "anonymous" else world.people[who].username)
