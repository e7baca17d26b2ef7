"""What strangers try elsewhere keeps nobody out where he signed in before; who tries too often is told in the trail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.domain.clock import FixedClock
from app.domain.places import place_of
from app.domain.terms import Role
from app.security import passwords
from app.services import accounts, sweep
from models.audit import AuditEvent
from models.engine import begin_write
from models.known_address import KnownAddress
from models.user import User
from tests.app_fixtures import MONDAY, PASSWORD, ConsoleClient
from tests.databases import on_sqlite

MakeUser = Callable[..., User]
HOME, OFFICE, AWAY = "192.0.2.7", "192.0.2.8", "198.51.100.9"


def sign_in(app: Flask, name: str, password: str = PASSWORD, *, at: str = HOME) -> int:
    """The status of one try in a browser of its own."""
    browser: ConsoleClient = app.test_client()  # type: ignore[assignment]
    return browser.sign_in(name, password, environ_overrides={"REMOTE_ADDR": at}).status_code


def told(session: Session, prefix: str = "limit:") -> list[tuple[str, str | None, Any]]:
    session.rollback()
    query = select(AuditEvent).where(AuditEvent.action.startswith(prefix)).order_by(AuditEvent.id)
    return [(row.action, row.address, row.after) for row in session.scalars(query)]


# Whose tries stop whom ----------------------------------------------------------------------------------


def test_a_stranger_keeps_nobody_out_where_he_signed_in_before(app: Flask, make_user: MakeUser) -> None:
    make_user("reviewer.x", Role.REVIEWER)
    assert sign_in(app, "reviewer.x", at=HOME) == 302

    strangers = [sign_in(app, "reviewer.x", "wrong", at=AWAY) for _ in range(24)]

    assert strangers == [200] * 20 + [429] * 4
    assert sign_in(app, "reviewer.x", at=HOME) == 302
    assert sign_in(app, "reviewer.x", at=OFFICE) == 429


def test_wrong_passwords_at_a_known_place_lock_it_and_no_other(
    app: Flask, make_user: MakeUser, clock: FixedClock, db_session: Session
) -> None:
    user = make_user("reviewer.x", Role.REVIEWER)
    for place in (HOME, OFFICE):
        assert sign_in(app, "reviewer.x", at=place) == 302

    for _ in range(5):
        sign_in(app, "reviewer.x", "wrong", at=HOME)

    assert sign_in(app, "reviewer.x", at=HOME) == 200
    assert db_session.get_one(User, user.id).locked_until == MONDAY + timedelta(minutes=15)
    assert sign_in(app, "reviewer.x", at=OFFICE) == 302
    clock.advance(timedelta(minutes=16))
    assert sign_in(app, "reviewer.x", at=HOME) == 302


def test_the_owners_own_sign_in_does_not_open_the_door_to_strangers_again(
    app: Flask, make_user: MakeUser, db_session: Session
) -> None:
    user = make_user("reviewer.x", Role.REVIEWER)
    sign_in(app, "reviewer.x", at=HOME)
    for _ in range(5):
        sign_in(app, "reviewer.x", "wrong", at=AWAY)

    assert sign_in(app, "reviewer.x", at=HOME) == 302

    assert db_session.get_one(User, user.id).locked_until == MONDAY + timedelta(minutes=15)
    assert sign_in(app, "reviewer.x", at=AWAY) == 200


@on_sqlite
def test_a_sprayed_password_stops_nobody_where_he_signed_in_before(app: Flask, make_user: MakeUser) -> None:
    make_user("reviewer.x", Role.REVIEWER)
    sign_in(app, "reviewer.x")

    sprayed = [sign_in(app, f"nobody{n}", PASSWORD) for n in range(21)]

    assert sprayed[-1] == 429
    assert sign_in(app, "reviewer.x") == 302


@on_sqlite
def test_an_address_over_its_limit_stops_nobody_who_signed_in_there(settings: Any, clock: FixedClock) -> None:
    from tests.app_fixtures import running

    with running(settings.model_copy(update={"login_limit_address": "3 per 10 minutes"}), clock) as app:
        from app.extensions import db

        with app.app_context():
            _known_user(db.session(), "reviewer.x", HOME)
        codes = [sign_in(app, f"nobody{n}", f"wrong{n}") for n in range(4)]

        assert codes == [200, 200, 200, 429]
        assert sign_in(app, "reviewer.x", "wrong") == 200
        assert sign_in(app, "reviewer.x", "wrong", at=AWAY) == 200


def _known_user(session: Session, name: str, place: str) -> None:
    user = User(username=name, first_name=name, last_name="", email=f"{name}@local.invalid", active=True)
    session.add(user)
    session.flush()
    session.add(KnownAddress(user_id=user.id, place=place, last_used_at=MONDAY))
    session.commit()
    session.remove() if hasattr(session, "remove") else session.close()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("-", "-"),
        ("", ""),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_a_place_is_an_address_or_the_network_of_a_household(address: str, place: str) -> None:
    assert place_of(address) == place


@on_sqlite
def test_a_place_is_forgotten_half_a_year_after_it_was_used(session: Session) -> None:
    user = User(username="a", first_name="a", last_name="", email="a@local.invalid")
    session.add(user)
    session.flush()
    for days, place in ((184, "192.0.2.1"), (1, "192.0.2.2")):
        session.add(KnownAddress(user_id=user.id, place=place, last_used_at=MONDAY - timedelta(days=days)))
    session.commit()

    assert sweep.drop_old_places(session, now=MONDAY) == 1
    assert accounts.places_of(session, user.id) == ["192.0.2.2"]


# Unlocking ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [HOME, AWAY], ids=["where the owner is known", "elsewhere"])
def test_unlocking_lets_in_at_once(app: Flask, make_user: MakeUser, client_for: Any, place: str) -> None:
    user = make_user("reviewer.x", Role.REVIEWER, bureau="320281")
    sign_in(app, "reviewer.x", at=HOME)
    codes = [sign_in(app, "reviewer.x", "wrong", at=place) for _ in range(21)]
    assert codes[-1] == 429

    client_for(Role.ADMINISTRATOR).send(f"/users/unlock/{user.id}")

    assert sign_in(app, "reviewer.x", at=place) == 302


def test_an_account_without_a_lock_whose_tries_are_spent_is_unlocked_too(
    app: Flask, make_user: MakeUser, client_for: Any, clock: FixedClock
) -> None:
    user = make_user("reviewer.x", Role.REVIEWER, bureau="320281")
    for _ in range(21):
        sign_in(app, "reviewer.x", "wrong")
    clock.advance(timedelta(minutes=16))  # the lock has run out, the counter goes by the host's time
    administrator = client_for(Role.ADMINISTRATOR)

    assert f"/users/unlock/{user.id}" in administrator.get(f"/users/show/{user.id}").get_data(as_text=True)
    administrator.send(f"/users/unlock/{user.id}")

    assert sign_in(app, "reviewer.x") == 302


# A password that was checked before a change ------------------------------------------------------------


def _disabled(session: Session, user: User) -> None:
    user.active = False


def _changed(session: Session, user: User) -> None:
    user.password = "scrypt:another"


def _ended(session: Session, user: User) -> None:
    accounts.end_sessions_of(session, user, "administrator", MONDAY)


def _reset(session: Session, user: User) -> None:
    accounts.close_door(session, user, accounts.OneTime("scrypt:another", MONDAY + timedelta(days=1)), now=MONDAY)


def _gave_up_its_name(session: Session, user: User) -> None:
    user.username = "~1"


@pytest.mark.parametrize("deed", [_disabled, _changed, _ended, _reset, _gave_up_its_name])
def test_a_password_that_was_checked_before_a_change_opens_nothing(
    app: Flask, client: ConsoleClient, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch, deed: Any
) -> None:
    from app.extensions import db

    user_id = make_user("reviewer.x", Role.REVIEWER, bureau="320281").id
    with app.app_context():
        engine = db.engine
    real = passwords.check_password_hash

    def meanwhile(stored: str, password: str) -> bool:
        answer = real(stored, password)
        with Session(engine) as other:
            begin_write(other)
            deed(other, other.get_one(User, user_id))
            other.commit()
        return answer

    monkeypatch.setattr(passwords, "check_password_hash", meanwhile)
    refused = client.sign_in("reviewer.x")
    monkeypatch.undo()

    assert refused.status_code == 200
    assert "账号或密码不正确" in refused.get_data(as_text=True)
    assert client.get("/worklist/").status_code == 302


@pytest.mark.parametrize("deed", [_disabled, _ended, _reset])
def test_a_session_that_ended_while_the_old_password_was_checked_changes_no_password(
    app: Flask, client_for: Any, make_user: MakeUser, db_session: Session, monkeypatch: pytest.MonkeyPatch, deed: Any
) -> None:
    from app.extensions import db

    user_id = make_user("reviewer.x", Role.REVIEWER, bureau="320281").id
    browser = client_for("reviewer.x")
    with app.app_context():
        engine = db.engine
    real = passwords.check_password_hash

    def meanwhile(stored: str, password: str) -> bool:
        with Session(engine) as other:
            begin_write(other)
            deed(other, other.get_one(User, user_id))
            other.commit()
        return real(stored, password)

    monkeypatch.setattr(passwords, "check_password_hash", meanwhile)
    new = "three-words-and-more-77"
    given = {"current_password": PASSWORD, "new_password": new, "confirm_password": new}
    answer = browser.send("/password/", given, page="/password/")
    monkeypatch.undo()

    assert answer.status_code == 409
    assert db_session.get_one(User, user_id).password_changed_at is None
    assert browser.get("/worklist/").status_code == 302


# The trail ----------------------------------------------------------------------------------------------


def test_a_limit_that_is_exceeded_is_told_once_in_its_window(
    app: Flask, make_user: MakeUser, db_session: Session
) -> None:
    make_user("Reviewer.X", Role.REVIEWER)
    for place in (HOME, AWAY):
        for _ in range(23):
            sign_in(app, "reviewer.x", "wrong", at=place)

    assert told(db_session) == [
        ("limit:sign_in_account", HOME, {"username": "Reviewer.X"}),
        ("limit:sign_in_account", AWAY, {"username": "Reviewer.X"}),
    ]


def test_spraying_is_told_without_names_that_may_be_telephone_numbers(
    app: Flask, make_user: MakeUser, db_session: Session
) -> None:
    for n in range(24):
        sign_in(app, f"1380000{n:04d}", "Spring-2026")

    assert told(db_session) == [("limit:sign_in_spray", HOME, None)]


@on_sqlite
def test_an_auditor_finds_every_limit_by_its_words(
    app: Flask, client_for: Any, make_user: MakeUser, db_session: Session
) -> None:
    for n in range(22):
        sign_in(app, f"nobody{n}", "Spring-2026")
    stranger = app.test_client()
    while stranger.get("/lookup/?number=3202812611190101").status_code != 429:
        pass
    assert stranger.get("/lookup/?number=3202812611190101").status_code == 429
    auditor = client_for(Role.AUDITOR)

    page = auditor.get("/audit/list/?action=limit:sign_in_spray").get_data(as_text=True)

    assert [action for action, _address, _after in told(db_session)] == ["limit:sign_in_spray", "limit:lookup"]
    assert "用同一密码试多个账号" in page
    assert "登记查询次数超限" in auditor.get("/audit/list/?kind=limit").get_data(as_text=True)
    assert "其他操作" not in page


@pytest.mark.parametrize("password", [PASSWORD, "wrong"], ids=["right", "wrong"])
def test_with_the_trail_unwritable_signing_in_answers_with_a_page_of_ours(
    app: Flask, client: ConsoleClient, make_user: MakeUser, password: str
) -> None:
    from app.extensions import db

    make_user("reviewer.x", Role.REVIEWER, bureau="320281")
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _refuse_the_trail)

    answer = client.sign_in("reviewer.x", password)

    page = answer.get_data(as_text=True)
    assert answer.status_code in (500, 503)
    assert answer.headers["X-Request-ID"] in page
    assert "<h1" in page
    assert client.get("/worklist/").status_code == 302


@on_sqlite
def test_too_many_tries_are_refused_also_when_the_trail_cannot_be_written(app: Flask, db_session: Session) -> None:
    from app.extensions import db

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _refuse_the_trail)
    codes = [sign_in(app, f"nobody{n}", "Spring-2026") for n in range(22)]
    with app.app_context():
        event.remove(db.engine, "before_cursor_execute", _refuse_the_trail)

    assert codes[-2:] == [429, 429]
    assert told(db_session) == []
    sign_in(app, "nobody99", "Spring-2026")
    assert told(db_session) == [("limit:sign_in_spray", HOME, None)]


def _refuse_the_trail(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if "INTO audit_event" in statement:
        from sqlalchemy.exc import OperationalError

        raise OperationalError(statement, {}, Exception("attempt to write a readonly database"))
