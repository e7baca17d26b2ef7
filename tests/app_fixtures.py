"""The application for tests: a real database of either kind, CSRF on, the clock in the test's hand."""

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from flask import Flask, has_request_context
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Role as FabRole
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from app.domain.clock import FixedClock
from app.domain.terms import Role
from config import Settings
from models.bureau import Bureau
from models.user import User
from tests.databases import TEST_KEY

Row = TypeVar("Row")
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
PASSWORD = "Correct-Horse-7"
CHEAP_HASH = "pbkdf2:sha256:1"
STORED = generate_password_hash(PASSWORD, method=CHEAP_HASH)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class CompiledOnce(BytecodeCache):
    """Templates compiled once per test process instead of once per application."""

    kept: ClassVar[dict[tuple[str, str], Any]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


class ConsoleClient(FlaskClient):
    """A browser: it takes the token from a page and sends it along with every form."""

    def token(self, page: str = "/login/") -> str:
        found = TOKEN.search(self.get(page).get_data(as_text=True))
        assert found, f"{page} carries no token"
        return unescape(found[1])

    def send(self, path: str, data: dict[str, Any] | None = None, *, page: str = "", **options: Any) -> TestResponse:
        """POST a form as a browser would; `page` is where the token is taken from."""
        token = self.token(page) if page else self._session_token()
        return self.post(path, data={"csrf_token": token, **(data or {})}, **options)

    def sign_in(self, username: str, password: str = PASSWORD, **options: Any) -> TestResponse:
        """Fill in the sign-in page."""
        return self.send("/login/", {"username": username, "password": password}, page="/login/", **options)

    def sign_out(self) -> TestResponse:
        return self.send("/logout/")

    def _session_token(self) -> str:
        """A token that fits the session; any page would do, this needs none."""
        from flask import g
        from flask_wtf.csrf import generate_csrf

        with self.session_transaction() as cookie:
            raw = dict(cookie)
        with self.application.test_request_context():
            from flask import session

            session.update(raw)
            token: str = generate_csrf()
            raw_token = session["csrf_token"]
            g.pop("csrf_token", None)
        with self.session_transaction() as cookie:
            cookie["csrf_token"] = raw_token
        return token


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a test's own; nothing of the developer's environment decides."""
    return settings_for(database_url, tmp_path)


def settings_for(database_url: str, folder: Path, **different: Any) -> Settings:
    given = {
        "profile": "dev", "data_dir": folder / "var", "database_url": database_url, "secret_key": "test-" * 10,
        "data_key": base64.b64encode(TEST_KEY).decode(), "password_hash": CHEAP_HASH, "workers": 1,
        "public_url": "http://localhost",
    }  # fmt: skip
    return Settings(**{**given, **different})


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """The application over a migrated database with roles and rights."""
    with running(settings, clock) as app:
        yield app


def blame(told: str) -> None:
    """A page that writes in a reader's transaction is found by whatever test opens it; a test sets its own stage."""
    assert not has_request_context(), told


@contextmanager
def running(settings: Settings, clock: FixedClock, *views: type) -> Iterator[Flask]:
    """An application, with further views if a test brings its own."""
    from app.extensions import db
    from app.factory import create_app
    from app.security.roles import sync_roles
    from models.engine import guard
    from models.types import forget_keys

    app = create_app(settings, clock=clock)
    app.test_client_class = ConsoleClient
    app.jinja_env.bytecode_cache = CompiledOnce()
    app.config["TESTING"] = True
    guard(db.session.session_factory, blame)
    with app.app_context():
        for view in views:
            added = app.extensions["appbuilder"].add_view_no_menu(view)
            app.extensions["yht"].views[added.endpoint] = added
        sync_roles(db.session(), app.extensions["appbuilder"])
        db.session.remove()
    yield app
    close(app)
    forget_keys()


def close(app: Flask) -> None:
    """Give back what the application holds open."""
    from app.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["yht"].counters.storage.close()


@pytest.fixture
def db_session(app: Flask) -> Iterator[Session]:
    """A session beside the application's own, to set the stage and to look at what came of it."""
    from app.extensions import db

    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session


@pytest.fixture
def make_user(db_session: Session) -> Callable[..., User]:
    """Accounts past their first sign-in: make_user("reviewer.test", Role.REVIEWER, bureau="320281")."""

    def make(username: str, *roles: Role, bureau: str | None = None, **different: Any) -> User:
        home = db_session.scalar(select(Bureau).where(Bureau.code == bureau)) if bureau else None
        held = db_session.scalars(select(FabRole).where(FabRole.name.in_([str(role) for role in roles])))
        given = {
            "username": username, "first_name": username, "last_name": "", "display_name": f"演示 {username}",
            "email": f"{username}@local.invalid", "password": STORED, "active": True, "bureau": home,
            "roles": list(held),
        }  # fmt: skip
        return settled(db_session, User(**{**given, **different}))

    return make


def settled(session: Session, row: Row) -> Row:
    """Store the row and let it go: reading it later opens no transaction, which would see an old snapshot."""
    session.add(row)
    session.commit()
    session.refresh(row)
    session.expunge(row)
    session.rollback()
    return row


@pytest.fixture
def client(app: Flask) -> ConsoleClient:
    """A browser that nobody has signed in with."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def client_for(app: Flask, make_user: Callable[..., User]) -> Callable[..., ConsoleClient]:
    """A signed-in browser: of a role (the account is made, at 江阴), or of an account name that exists."""

    def sign_in(who: Role | str, **different: Any) -> ConsoleClient:
        username = str(who)
        if isinstance(who, Role):
            place = {} if who is Role.APPLICANT else {"bureau": "320281"}
            username = make_user(f"{who.value}.test", who, **{**place, **different}).username
        browser: ConsoleClient = app.test_client()  # type: ignore[assignment]
        answer = browser.sign_in(username)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return browser

    return sign_in


__all__ = ["MONDAY", "PASSWORD", "ConsoleClient", "close", "running", "settings_for", "settled"]
