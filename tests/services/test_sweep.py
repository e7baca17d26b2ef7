"""What time alone ends."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services import sweep
from models.user import User
from models.user_session import UserSession

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def user(session: Session) -> User:
    person = User(username="PDY00001-X", first_name="演示", last_name="", email="a@local.invalid")
    session.add(person)
    session.commit()
    return person


def signed_in(session: Session, user: User, token: str, expires_at: datetime, **different: object) -> None:
    values = {
        "epoch": 0,
        "started_at": expires_at - HOUR,
        "last_seen_at": expires_at - HOUR,
        "address": "192.0.2.7",
        "user_agent": "演示浏览器",
    }
    row = UserSession(token_hash=token, user_id=user.id, expires_at=expires_at, **{**values, **different})
    session.add(row)
    session.commit()


def test_session_past_its_limit_is_closed_and_others_stay(session, user):
    signed_in(session, user, "over", NOW)
    signed_in(session, user, "running", NOW + HOUR)

    assert sweep.end_expired_sessions(session, now=NOW) == 1

    rows = {row.token_hash: (row.ended_at, row.ended_reason) for row in session.scalars(select(UserSession))}
    assert rows == {"over": (NOW, "expired"), "running": (None, None)}
    session.rollback()
    assert sweep.end_expired_sessions(session, now=NOW) == 0


def test_sessions_that_ended_long_ago_are_dropped(session, user):
    old = NOW - sweep.KEPT_AFTER_END - HOUR
    signed_in(session, user, "old", old, ended_at=old, ended_reason="logout")
    signed_in(session, user, "recent", NOW, ended_at=NOW, ended_reason="logout")

    assert sweep.drop_old_sessions(session, now=NOW) == 1
    assert list(session.scalars(select(UserSession.token_hash))) == ["recent"]


@pytest.mark.parametrize(("ends_at", "kept"), [(NOW, False), (NOW + HOUR, True)], ids=["over", "running"])
def test_marks_of_the_first_sign_in_are_forgotten_when_it_is_over(session, user, ends_at, kept):
    user.claim_nonce_hash, user.initial_password_expires_at = "a" * 64, ends_at
    user.sms_code_hash, user.sms_code_expires_at = "b" * 64, ends_at
    session.commit()

    sweep.forget_expired_claims(session, now=NOW)
    sweep.forget_expired_codes(session, now=NOW)

    session.expire_all()
    assert (user.claim_nonce_hash is not None, user.sms_code_hash is not None) == (kept, kept)
    assert user.initial_password_expires_at == ends_at
