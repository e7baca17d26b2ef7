"""The first sign-in: the initial password opens one page, for a while, in one browser or with a code."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask import Response as FlaskResponse
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app.domain.clock import FixedClock
from app.domain.terms import Role
from app.security import claim
from models.user import User
from tests.app_fixtures import MONDAY, PASSWORD, ConsoleClient
from tests.databases import on_sqlite

MakeUser = Callable[..., User]
INITIAL = "11111"
STORED = generate_password_hash(INITIAL, method="pbkdf2:sha256:1")
LIVES = MONDAY + timedelta(hours=72)
CODE = "PDY00003-6"
OPEN = {"/password/", "/logout/", "/healthz", "/readyz"}


@pytest.fixture
def newcomer(make_user: MakeUser) -> User:
    return make_user(
        CODE, Role.APPLICANT, password=STORED, must_change_password=True, initial_password_expires_at=LIVES,
        claim_nonce_hash=claim.digest("nonce"), sms_code_hash="pbkdf2:sha256:1$x$x",
    )  # fmt: skip


def _with_claim(app: Flask, browser: ConsoleClient, nonce: str) -> None:
    with app.test_request_context():
        answer = FlaskResponse()
        claim.give(answer, nonce)
        value = answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
    browser.set_cookie(claim.NAME, value)


@pytest.mark.parametrize(
    ("nonce", "needs"), [("nonce", False), ("another", True), (None, True)], ids=["own", "another's", "none"]
)
def test_another_browser_than_the_registering_one_needs_a_code(
    app: Flask, client: ConsoleClient, newcomer: User, nonce: str | None, needs: bool
) -> None:
    if nonce:
        _with_claim(app, client, nonce)

    answer = client.sign_in(CODE, INITIAL)

    assert answer.location == "/password/"
    with client.session_transaction() as cookie:
        assert cookie.get("needs_sms_code", False) is needs


@on_sqlite
def test_a_forged_claim_is_no_claim(client: ConsoleClient, newcomer: User) -> None:
    client.set_cookie(claim.NAME, "bm9uY2U.forged.forged")

    client.sign_in(CODE, INITIAL)

    with client.session_transaction() as cookie:
        assert cookie["needs_sms_code"] is True


@on_sqlite
def test_until_the_change_every_page_leads_to_it_and_every_post_is_refused(
    app: Flask, client: ConsoleClient, newcomer: User
) -> None:
    client.sign_in(CODE, INITIAL)

    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<string:locale>", "zh").replace("<path:filename>", "x")
        path = path.replace("<string:name>", "submit").replace("<pk>", "1").replace("<int:pk>", "1")
        if "<" in path or path in OPEN or path.startswith(("/static", "/lang/")):
            continue
        if path.startswith("/api/"):  # by key, or a refusal: programs follow no redirect
            assert client.get(path).status_code in (401, 403), path
        elif "GET" in (rule.methods or ()):
            answer = client.get(path)
            assert (answer.status_code, answer.location) == (302, "/password/"), path
        if "POST" in (rule.methods or ()):
            assert client.send(path).status_code == 403, path


@on_sqlite
def test_the_language_and_the_way_out_stay_open(client: ConsoleClient, newcomer: User) -> None:
    client.sign_in(CODE, INITIAL)

    assert client.get("/lang/en").location != "/password/"
    assert client.send("/logout/").location == "/"
    assert client.get("/").status_code == 200


def test_the_initial_password_dies_after_its_hours(client: ConsoleClient, newcomer: User, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=73))

    answer = client.sign_in(CODE, INITIAL)

    assert answer.status_code == 200
    assert "《密码重置申请》" in answer.get_data(as_text=True)


@on_sqlite
@pytest.mark.parametrize(
    "account",
    [
        {"must_change_password": False, "initial_password_expires_at": LIVES},
        {"must_change_password": True, "initial_password_expires_at": None},
        {"must_change_password": False, "initial_password_expires_at": None},
    ],
    ids=["already changed", "no end", "staff"],
)
def test_the_initial_password_opens_nothing_else(
    client: ConsoleClient, make_user: MakeUser, account: dict[str, object]
) -> None:
    make_user("someone", Role.REVIEWER, password=STORED, **account)

    assert client.sign_in("someone", INITIAL).status_code == 200


@on_sqlite
def test_a_staff_member_who_must_change_needs_no_code(client: ConsoleClient, make_user: MakeUser) -> None:
    make_user("someone", Role.REVIEWER, must_change_password=True)

    answer = client.sign_in("someone", PASSWORD)

    assert answer.location == "/password/"
    with client.session_transaction() as cookie:
        assert "needs_sms_code" not in cookie


@on_sqlite
def test_no_right_is_held_behind_the_gate(app: Flask, newcomer: User, db_session: Session) -> None:
    with app.test_request_context():
        manager = app.extensions["appbuilder"].sm
        user = db_session.get(User, newcomer.id)

        assert manager._has_view_access(user, "can_list", "projects") is False
