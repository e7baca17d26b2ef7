"""Signing in: one answer for every failure, limits before the hash, a lock that time opens."""

import logging
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.domain.clock import FixedClock
from app.domain.terms import Role
from models.audit import AuditEvent
from models.user import User
from models.user_session import UserSession
from tests.app_fixtures import MONDAY, PASSWORD, ConsoleClient
from tests.databases import on_sqlite

MakeUser = Callable[..., User]
WRONG = "账号或密码不正确"


def test_the_right_password_opens_a_session_and_leaves_an_audit_row(
    client: ConsoleClient, make_user: MakeUser, db_session: Session
) -> None:
    user = make_user("Clerk.One", Role.COUNTER_CLERK, bureau="320281")

    answer = client.sign_in("clerk.one")

    assert (answer.status_code, answer.location) == (302, "/")
    held = db_session.scalars(select(UserSession)).one()
    assert (held.user_id, held.ended_at) == (user.id, None)
    told = db_session.scalars(select(AuditEvent).where(AuditEvent.action == "user:sign_in")).one()
    assert (told.actor_id, told.result, told.at) == (user.id, "done", MONDAY)


@on_sqlite
@pytest.mark.parametrize("spelling", ["PDY00012-4", "pdy00012-4", " ＰＤＹ０００１２－４ ", "PDY000124"])
def test_an_org_code_signs_in_in_any_spelling(client: ConsoleClient, make_user: MakeUser, spelling: str) -> None:
    make_user("PDY00012-4", Role.APPLICANT)

    assert client.sign_in(spelling).status_code == 302


def test_unknown_disabled_locked_and_wrong_are_answered_alike(
    app: Flask, clock: FixedClock, make_user: MakeUser
) -> None:
    make_user("known", Role.REVIEWER)
    make_user("disabled", Role.REVIEWER, active=False)
    make_user("locked", Role.REVIEWER, locked_until=clock.now() + timedelta(minutes=5))
    attempts = {"known": "no", "disabled": PASSWORD, "locked": PASSWORD, "nobody": PASSWORD}

    answers = {name: _sentence(app, name, password) for name, password in attempts.items()}

    assert len(set(answers.values())) == 1
    assert WRONG in answers["nobody"][1]


def _sentence(app: Flask, name: str, password: str) -> tuple[int, str]:
    answer = app.test_client().sign_in(name, password)
    page = answer.get_data(as_text=True)
    start = page.index("data-level")
    return answer.status_code, page[start : page.index("</", start)]


def test_an_unknown_name_costs_no_write(app: Flask, client: ConsoleClient) -> None:
    from app.extensions import db

    statements: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _u, sql, *_: statements.append(sql))

    client.sign_in("nobody-at-all", "whatever")

    assert statements
    assert all(sql.lstrip().upper().startswith(("SELECT", "BEGIN")) for sql in statements)


def test_five_failures_lock_the_account_and_time_opens_it(
    client: ConsoleClient, make_user: MakeUser, clock: FixedClock, db_session: Session
) -> None:
    make_user("reviewer", Role.REVIEWER)
    for _ in range(5):
        client.sign_in("reviewer", "wrong")

    locked = client.sign_in("reviewer")
    clock.advance(timedelta(minutes=16))
    opened = client.sign_in("reviewer")

    assert locked.status_code == 200
    assert opened.status_code == 302
    user = db_session.scalars(select(User).where(User.username == "reviewer")).one()
    assert (user.failed_attempts, user.locked_until) == (0, None)
    refused = select(func.count()).where(AuditEvent.action == "user:sign_in", AuditEvent.result == "refused")
    assert db_session.scalar(refused) == 6


@on_sqlite
def test_a_lock_that_ran_out_starts_the_count_again(
    client: ConsoleClient, make_user: MakeUser, clock: FixedClock, db_session: Session
) -> None:
    make_user("reviewer", Role.REVIEWER, failed_attempts=5, locked_until=clock.now() - timedelta(minutes=1))

    client.sign_in("reviewer", "wrong")

    user = db_session.scalars(select(User).where(User.username == "reviewer")).one()
    assert (user.failed_attempts, user.locked_until) == (1, None)


@on_sqlite
def test_one_locked_account_does_not_stop_others_at_the_same_address(app: Flask, make_user: MakeUser) -> None:
    make_user("locked", Role.REVIEWER)
    make_user("other", Role.REVIEWER)
    for _ in range(6):
        app.test_client().sign_in("locked", "wrong")

    assert app.test_client().sign_in("other").status_code == 302


@on_sqlite
def test_tries_of_one_account_share_a_counter_over_all_spellings(app: Flask, make_user: MakeUser) -> None:
    make_user("Reviewer", Role.REVIEWER)
    spellings = ["Reviewer", "REVIEWER", "reviewer", " reviewer "]

    codes = [app.test_client().sign_in(spellings[n % 4], "wrong").status_code for n in range(22)]

    assert codes[:20] == [200] * 20
    assert codes[20:] == [429, 429]


@on_sqlite
def test_the_limit_outlives_a_restart_and_says_when_it_ends(settings: Any, clock: FixedClock) -> None:
    from tests.app_fixtures import running

    with running(settings, clock) as first:
        for _ in range(20):
            first.test_client().sign_in("somebody", "wrong")
    with running(settings, clock) as second:
        answer = second.test_client().sign_in("somebody", "wrong")

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900


@on_sqlite
def test_one_password_over_many_accounts_is_stopped_per_address(app: Flask) -> None:
    codes = [app.test_client().sign_in(f"PDY{n:05d}", "11111").status_code for n in range(22)]

    assert codes[:20] == [200] * 20
    assert codes[20:] == [429, 429]


@on_sqlite
@pytest.mark.parametrize("password", ["", "a\0b", "x" * 1025, "x" * 400_000], ids=["empty", "nul", "long", "huge"])
def test_what_cannot_be_a_password_is_refused_fast(client: ConsoleClient, make_user: MakeUser, password: str) -> None:
    make_user("reviewer", Role.REVIEWER)
    client.get("/login/")
    begun = perf_counter()

    answer = client.sign_in("reviewer", password)

    assert answer.status_code == 200
    assert perf_counter() - begun < 0.5


@on_sqlite
def test_spaces_at_the_end_belong_to_the_password(client: ConsoleClient, make_user: MakeUser) -> None:
    from werkzeug.security import generate_password_hash

    secret = "很长的 口令 😀" * 8 + " "
    make_user("reviewer", Role.REVIEWER, password=generate_password_hash(secret, method="pbkdf2:sha256:1"))

    assert client.sign_in("reviewer", secret.rstrip()).status_code == 200
    assert client.sign_in("reviewer", secret).status_code == 302


@on_sqlite
def test_a_forged_line_in_a_name_stays_one_log_record(client: ConsoleClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="app.security.signin"):
        client.sign_in("eve\nINFO all is well", "whatever")

    assert "\n" not in caplog.messages[-1]


@pytest.mark.slow
@on_sqlite
def test_failures_take_the_same_time_whatever_is_wrong(settings: Any, clock: FixedClock, monkeypatch: Any) -> None:
    from app.security import passwords
    from tests.app_fixtures import running

    spent: list[float] = []
    real = passwords.check_password_hash

    def timed(stored: str, password: str) -> bool:
        begun = perf_counter()
        found = real(stored, password)
        spent.append(perf_counter() - begun)
        return found

    monkeypatch.setattr(passwords, "check_password_hash", timed)
    slow_hash = settings.model_copy(update={"password_hash": "scrypt"})
    with running(slow_hash, clock):
        stored = passwords.hash_password("right", "scrypt")
        for _ in range(5):
            passwords.matches(stored, "wrong", "scrypt")
        known = median(spent)
        spent.clear()
        for _ in range(5):
            passwords.matches(None, "wrong", "scrypt")

    assert median(spent) == pytest.approx(known, rel=0.5)
