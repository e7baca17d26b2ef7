"""Sessions on the server: one row, one query, ended from either side, nothing personal in the cookie."""

from collections.abc import Callable
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session

from app.domain.clock import FixedClock
from app.domain.terms import Role
from models.audit import AuditEvent
from models.user import User
from models.user_session import UserSession
from tests.app_fixtures import MONDAY, PASSWORD, ConsoleClient, running
from tests.databases import on_sqlite

PAGE = "/probes/list/"
ClientFor = Callable[..., ConsoleClient]
INSIDE, OUTSIDE = 200, 302


@pytest.fixture
def browser(client_for: ClientFor) -> ConsoleClient:
    return client_for(Role.REVIEWER)


def test_a_copied_cookie_is_worthless_after_signing_out(
    app: Flask, browser: ConsoleClient, db_session: Session
) -> None:
    thief: ConsoleClient = app.test_client()  # type: ignore[assignment]
    thief.set_cookie("yht", browser.get_cookie("yht").value)  # type: ignore[union-attr]
    assert thief.get(PAGE).status_code == INSIDE

    browser.sign_out()

    assert thief.get(PAGE).status_code == OUTSIDE
    ended = db_session.scalars(select(UserSession)).one()
    assert (ended.ended_at, ended.ended_reason) == (MONDAY, "signed_out")
    assert db_session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc())).first() == "user:sign_out"


@on_sqlite
def test_signing_out_is_a_post(browser: ConsoleClient) -> None:
    assert browser.get("/logout/").status_code == 405
    assert browser.get(PAGE).status_code == INSIDE


@pytest.mark.parametrize(
    "change",
    [
        lambda: update(User).values(session_epoch=User.session_epoch + 1),
        lambda: update(User).values(active=False),
        lambda: update(UserSession).values(ended_at=MONDAY, ended_reason="killed"),
        lambda: delete(UserSession),
    ],
    ids=["password or role changed", "disabled", "killed", "row gone"],
)
def test_a_session_ends_at_the_next_request(browser: ConsoleClient, db_session: Session, change: Any) -> None:
    db_session.execute(change())
    db_session.commit()

    assert browser.get(PAGE).status_code == OUTSIDE


def test_end_all_ends_every_session_of_one_account(
    app: Flask, client_for: ClientFor, browser: ConsoleClient, db_session: Session
) -> None:
    from app.extensions import db
    from app.security import sessions

    other, second = client_for(Role.MANAGER), client_for("reviewer.test")
    key = db_session.scalars(select(User.id).where(User.username == "reviewer.test")).one()

    with app.app_context():
        sessions.end_all(db.session(), key, "password", at=MONDAY)
        db.session.commit()

    assert [b.get(PAGE).status_code for b in (browser, second, other)] == [OUTSIDE, OUTSIDE, INSIDE]


def test_a_right_taken_away_is_gone_at_the_next_request(browser: ConsoleClient, db_session: Session) -> None:
    user = db_session.scalars(select(User).where(User.username == "reviewer.test")).one()
    user.roles = []
    db_session.commit()

    assert browser.get(PAGE).status_code == OUTSIDE  # the session died with the role


@pytest.mark.parametrize(
    ("steps", "after"),
    [([29] * 10, INSIDE), ([31], OUTSIDE), ([25] * 25, OUTSIDE)],
    ids=["busy", "idle for 31 minutes", "ten hours and more"],
)
def test_a_session_ends_when_idle_and_in_any_case_after_hours(
    browser: ConsoleClient, clock: FixedClock, steps: list[int], after: int
) -> None:
    for minutes in steps:
        clock.advance(timedelta(minutes=minutes))
        last = browser.get(PAGE).status_code

    assert last == after


@on_sqlite
def test_a_form_sent_after_the_session_ended_changes_nothing(stage: Any, clock: FixedClock) -> None:
    row = stage.mine[0]
    clock.advance(timedelta(minutes=31))

    answer = stage.browser.send(f"/probes/edit/{row.id}", {"name": "迟到", "address": "x", "version": "1"})

    assert answer.status_code == OUTSIDE
    assert answer.location.startswith("/login/?next=")
    assert stage.fresh(row).name == "甲一"


@on_sqlite
def test_the_last_visit_is_written_once_a_minute(
    app: Flask, browser: ConsoleClient, clock: FixedClock, db_session: Session
) -> None:
    from app.extensions import db

    writes: list[str] = []
    with app.app_context():
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda _c, _u, sql, *_: writes.append(sql) if "UPDATE" in sql else None,
        )

    for seconds in (10, 40, 15, 10, 20):
        clock.advance(timedelta(seconds=seconds))
        browser.get(PAGE)

    assert len(writes) == 1
    assert db_session.scalars(select(UserSession.last_seen_at)).one() == MONDAY + timedelta(seconds=65)


@on_sqlite
def test_a_locked_database_does_not_stop_reading(
    app: Flask,
    browser: ConsoleClient,
    clock: FixedClock,
    db_session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import models.engine
    from app.extensions import db

    monkeypatch.setattr(models.engine, "SQLITE_PRAGMAS", ("PRAGMA busy_timeout = 50",))
    with app.app_context():
        db.engine.dispose()
    models.engine.begin_write(db_session)
    clock.advance(timedelta(minutes=2))

    answer = browser.get(PAGE)
    refused = browser.sign_out()

    assert answer.status_code == INSIDE
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")


@on_sqlite
def test_signing_in_replaces_the_cookie_and_whatever_was_planted(app: Flask, make_user: Callable[..., User]) -> None:
    make_user("reviewer.test", Role.REVIEWER, bureau="320281")
    browser: ConsoleClient = app.test_client()  # type: ignore[assignment]
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = "planted"
        cookie["needs_sms_code"] = True
        cookie["locale"] = "en"

    browser.sign_in("reviewer.test")

    with browser.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted"
        assert "needs_sms_code" not in cookie
        assert cookie["locale"] == "en"


@on_sqlite
def test_a_second_sign_in_of_the_same_browser_ends_the_first(
    client_for: ClientFor, make_user: Callable[..., User], db_session: Session
) -> None:
    browser = client_for(Role.REVIEWER)
    make_user("other", Role.MANAGER, bureau="320281")

    browser.send("/login/", {"username": "other", "password": PASSWORD})

    reasons = db_session.scalars(select(UserSession.ended_reason).order_by(UserSession.id)).all()
    assert reasons == ["replaced", None]


@on_sqlite
def test_the_database_keeps_no_token_and_the_cookie_no_person(
    app: Flask, browser: ConsoleClient, db_session: Session
) -> None:
    import base64
    import zlib

    held = db_session.scalars(select(UserSession)).one()
    value = browser.get_cookie("yht").value  # type: ignore[union-attr]
    body = value.lstrip(".").split(".")[0]
    plain = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    plain = zlib.decompress(plain) if value.startswith(".") else plain

    assert held.token_hash.encode() not in plain
    assert b"reviewer" not in plain
    with browser.session_transaction() as cookie:
        assert len(cookie["_user_id"]) >= 32


@on_sqlite
@pytest.mark.parametrize("profile", ["dev", "production"])
def test_cookies_are_closed_to_scripts_and_to_other_sites(settings: Any, clock: FixedClock, profile: str) -> None:
    strict = {"profile": "production", "public_url": "https://localhost", "secret_key": "k3yForTests" * 5}
    strict["password_hash"] = "scrypt"
    chosen = settings.model_copy(update=strict if profile == "production" else {})
    with running(chosen, clock) as app:
        answer = app.test_client().get("/login/", base_url="https://localhost")

    cookie = SimpleCookie(answer.headers["Set-Cookie"])
    (name, morsel) = next(iter(cookie.items()))
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/")
    assert (name, bool(morsel["secure"])) == {"dev": ("yht", False), "production": ("__Host-yht", True)}[profile]
    assert ("Strict-Transport-Security" in answer.headers) == (profile == "production")
    assert not morsel["domain"]


@on_sqlite
def test_there_is_no_remember_cookie(app: Flask, make_user: Callable[..., User]) -> None:
    from flask_login.utils import encode_cookie

    user = make_user("reviewer.test", Role.REVIEWER)
    browser: ConsoleClient = app.test_client()  # type: ignore[assignment]
    with app.app_context():
        browser.set_cookie("remember_token", encode_cookie(str(user.id)))

    assert browser.get(PAGE).status_code == OUTSIDE
    assert all("remember" not in line for line in browser.sign_in("reviewer.test").headers.getlist("Set-Cookie"))


@on_sqlite
@pytest.mark.parametrize("page", range(3))
def test_long_addresses_do_not_swell_the_cookie(browser: ConsoleClient, page: int) -> None:
    for n in range(8):
        answer = browser.get(f"{PAGE}?x={n}{'长' * 100}{page}")

    assert len(answer.headers.get("Set-Cookie", "")) < 2500


def test_there_is_no_token_login(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}

    assert not any("security" in rule for rule in rules)
    assert (
        app.test_client().post("/api/v1/security/login", json={"username": "a", "password": PASSWORD}).status_code
        == 404
    )
