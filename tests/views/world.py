"""Two organizations and every role at one database: a stage for tests that ask many things of it.

Requests are independent of each other: a browser goes back to its cookie, the database to its picture.
"""

import hashlib
import io
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.clock import FixedClock
from app.domain.permissions import Actor
from app.domain.terms import Kind, Role, Status
from app.services import review
from app.services.returns import Item
from models.attachment import Attachment
from models.enterprise import Enterprise
from models.inbox_message import InboxMessage
from models.project import Project
from models.review import Review
from models.user import User
from tests import builders, pdfs
from tests.app_fixtures import MONDAY, STORED, ConsoleClient, running, settings_for
from tests.views.applicants import a_case, an_applicant, can_sign_in

HERE, ELSEWHERE, ROOT = "320281", "320213", "320200"
COOKIE = "yht"
SECRET_WORD = "乙方机密"  # in every name of the other organization's rows
STAFF = {
    "clerk": ((Role.COUNTER_CLERK,), HERE),
    "reviewer": ((Role.REVIEWER,), HERE),
    "elsewhere": ((Role.REVIEWER,), ELSEWHERE),
    "matter": ((Role.MATTER_CLERK,), HERE),
    "manager": ((Role.MANAGER,), HERE),
    "admin": ((Role.ADMINISTRATOR,), HERE),
    "root": ((Role.ADMINISTRATOR,), ROOT),
    "auditor": ((Role.AUDITOR,), HERE),
    "hats": ((Role.COUNTER_CLERK, Role.REVIEWER, Role.MATTER_CLERK, Role.MANAGER, Role.ADMINISTRATOR), HERE),
}
# Who holds exactly one role, for tests over all roles; `hats` holds all that may be held together.
OF_ROLE = {
    Role.APPLICANT: "owner", Role.COUNTER_CLERK: "clerk", Role.REVIEWER: "reviewer", Role.MATTER_CLERK: "matter",
    Role.MANAGER: "manager", Role.ADMINISTRATOR: "admin", Role.AUDITOR: "auditor",
}  # fmt: skip
EVERYBODY = ("anonymous", "gated", "owner", "stranger", *STAFF)
NEVER_PICTURED = frozenset({"user_session", "alembic_version", "sqlite_sequence"})
TRAIL = frozenset({"audit_event", "audit_seal"})  # a refusal leaves its row there


@dataclass
class Records:
    """Keys of what one organization has."""

    organization: int
    enterprise: int
    projects: dict[str, int]  # by state, and `ready`: submitted with its originals seen
    scan: int  # of the draft, with its file in the store
    mandate: int
    review: int  # of the returned project
    messages: list[int]


@dataclass
class World:
    """The stage. `own` are the rows of `owner`, `foreign` those of `stranger`."""

    app: Flask
    engine: Engine
    file: Path | None
    clock: FixedClock
    browsers: dict[str, ConsoleClient]
    cookies: dict[str, str]
    tokens: dict[str, str]
    own: Records
    foreign: Records
    people: dict[str, Actor]
    newcomer: int
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
            session.commit()

    def remember(self) -> None:
        """Take the picture that `restore` goes back to."""
        self._let_go()
        shutil.copyfile(self._file(), self._file(".picture"))
        self._look()

    def restore(self) -> None:
        """Back to the picture, if anything was written."""
        if not self.written():
            return
        self._let_go()
        shutil.copyfile(self._file(".picture"), self._file())
        self._look()

    def written(self) -> bool:
        """Whether anything was committed since the picture: cheap, to be asked after each request."""
        assert self.watch is not None
        return _data_version(self.watch) != self.seen

    def _look(self) -> None:
        self.watch = sqlite3.connect(f"file:{self._file()}?mode=ro", uri=True)
        self.seen = _data_version(self.watch)

    def _let_go(self) -> None:
        """Close every connection, so that the file is whole and may be replaced."""
        if self.watch is not None:
            self.watch.close()
            self.watch = None
        self.engine.dispose()
        assert not self._file("-wal").exists(), "somebody still holds the database open"

    def _file(self, suffix: str = "") -> Path:
        assert self.file is not None, "only SQLite can be put back"
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
    rows = connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid').fetchall()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _data_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


# Setting the stage -----------------------------------------------------------------------------------------


@contextmanager
def a_world(database_url: str, folder: Path, *, clock: FixedClock | None = None, **settings: Any) -> Iterator[World]:
    """The application with its people and rows; on SQLite it can be put back."""
    clock = clock or FixedClock(MONDAY)
    many = {"login_limit_spray": "1000 per 60 minutes", "register_limit": "1000 per 60 minutes"}
    chosen = settings_for(database_url, folder, **{"profile": "demo", "sms_url": "", **many, **settings})
    with running(chosen, clock) as app:
        with app.app_context():
            from app.extensions import db

            engine = db.engine
        with Session(engine) as session:
            people, own, foreign, newcomer = _populate(session, app)
        file = Path(database_url.removeprefix("sqlite:///")) if database_url.startswith("sqlite") else None
        world = World(app, engine, file, clock, {}, {}, {}, own, foreign, people, newcomer)
        _sign_all_in(world)
        if file is not None:
            world.remember()
        yield world
        if world.watch is not None:
            world.watch.close()


def _populate(session: Session, app: Flask) -> tuple[dict[str, Actor], Records, Records, int]:
    people = {name: _staff(session, name, roles, place) for name, (roles, place) in STAFF.items()}
    owner, stranger = a_case(session, 1), a_case(session, 2)
    people |= {"owner": owner.applicant, "stranger": stranger.applicant}
    own, foreign = _records(session, app, owner, "甲方"), _records(session, app, stranger, SECRET_WORD)
    newcomer, gated = an_applicant(session, 3)
    session.get_one(User, gated.user_id).must_change_password = True
    session.commit()
    people["gated"] = gated
    return people, own, foreign, newcomer.id


def _staff(session: Session, name: str, roles: Sequence[Role], place: str) -> Actor:
    builders.ensure_roles(session)
    user = User(
        username=f"{name}.test", first_name=name, last_name="", display_name=f"演示{name}", active=True,
        email=f"{name}@local.invalid", password=STORED, bureau=builders.a_bureau(session, place),
        roles=list(session.scalars(select(FabRole).where(FabRole.name.in_(roles)))), must_change_password=False,
    )  # fmt: skip
    session.add(user)
    session.commit()
    return builders.actor_of(session, user)


def _records(session: Session, app: Flask, case: builders.Case, word: str) -> Records:
    organization_id, applicant = case.organization.id, case.applicant
    enterprise_id = session.scalars(select(Enterprise.id).where(Enterprise.organization_id == organization_id)).one()
    drafts = {state: f"{word}项目{state}" for state in ("draft", "submitted", "returned", "ready", "approved")}
    made = {
        "draft": builders.draft_project(session, applicant, name=drafts["draft"]),
        "submitted": builders.submitted_project(session, applicant, name=drafts["submitted"]),
        "returned": builders.submitted_project(session, applicant, name=drafts["returned"]),
        "ready": builders.submitted_project(session, applicant, name=drafts["ready"]),
        "approved": builders.approved_project(session, case, name=drafts["approved"]),
    }
    item = Item("address", "not_filled", "请写明路名")
    review.return_(session, case.reviewer, Kind.PROJECT, made["returned"].id, [item], now=MONDAY)
    builders.check_all(session, made["ready"], case.clerk)
    projects = {state: record.id for state, record in made.items()}
    can_sign_in(session, applicant)
    scan = _with_file(session, app, projects["draft"])
    return Records(
        organization_id, enterprise_id, projects, scan, max(m.id for m in case.organization.mandates),
        session.scalars(select(Review.id).where(Review.project_id == projects["returned"])).one(),
        list(session.scalars(select(InboxMessage.id).where(InboxMessage.organization_id == organization_id))),
    )  # fmt: skip


def _with_file(session: Session, app: Flask, project_id: int) -> int:
    """The draft's scan gets a real file."""
    storage = app.extensions["yht"].storage
    scan = session.scalars(select(Attachment).where(Attachment.project_id == project_id)).one()
    with storage.receive(io.BytesIO(pdfs.scan_pdf(f"演示批文{project_id}", 2)), 10**7) as incoming:
        storage.keep(incoming)
        scan.sha256, scan.size_bytes, scan.page_count = incoming.sha256, incoming.size_bytes, 2
    scan.original_name = "立项批文（演示）.pdf"
    session.commit()
    return scan.id


def _sign_all_in(world: World) -> None:
    for who in EVERYBODY:
        world.sign_in_as(who, None if who == "anonymous" else world.people[who].username)


def status_of(world: World, kind: Kind, key: int) -> Status:
    return Status(world.row(Project if kind == Kind.PROJECT else Enterprise, key)["status"])
