"""Sessions kept on the server: one row per sign-in, looked up in one query, ended from either side."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import g
from flask import session as cookie
from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, joinedload, load_only

from app.security.here import db, now, settings
from app.services import stamped
from models.engine import begin_write
from models.organization import Organization
from models.reference_stamp import ReferenceStamp
from models.user import User
from models.user_session import UserSession

SEEN_EVERY = timedelta(minutes=1)
USER_AGENT_WIDTH = 200
NONCE_KEY = "csrf_token"  # where Flask-WTF keeps what the tokens of this browser's forms are made of
TOKEN_KEY = "_user_id"  # noqa: S105 - where Flask-Login looks; it holds our token, never a row's key


@dataclass(frozen=True)
class Visit:
    """A signed-in person behind one valid session row."""

    user: User
    session_id: int
    seen_at: datetime


def digest(token: str) -> str:
    """What the database keeps instead of the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(session: Session, user: User, *, at: datetime, address: str, user_agent: str) -> str:
    """Add the row of a new sign-in and give its token. The caller commits."""
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_hash=digest(token),
            user_id=user.id,
            epoch=user.session_epoch,
            started_at=at,
            last_seen_at=at,
            expires_at=at + timedelta(hours=settings().session_absolute_hours),
            address=address,
            user_agent=user_agent[:USER_AGENT_WIDTH],
        )
    )
    return token


def carry(token: str, **marks: object) -> None:
    """Give the browser a fresh cookie with this token; whatever the old cookie held is gone, but the language."""
    language = cookie.get("locale")
    cookie.clear()
    if language:
        cookie["locale"] = language
    cookie[TOKEN_KEY] = token
    key = db().scalars(select(UserSession.id).where(UserSession.token_hash == digest(token))).one()
    cookie[NONCE_KEY] = f"{secrets.token_hex(20)}.{key}"
    g.pop(NONCE_KEY, None)
    cookie.update(marks)


def forget_browser() -> None:
    """The session of this cookie is over; forms drawn from now on are a stranger's."""
    cookie.pop(TOKEN_KEY, None)
    cookie.pop(NONCE_KEY, None)


def person_behind(nonce: str) -> int | None:
    """Whose session, also one that has ended, the form with a token made of this was drawn in."""
    key = nonce.partition(".")[2]
    return db().scalars(select(UserSession.user_id).where(UserSession.id == int(key))).one_or_none() if key else None


def resume(token: str) -> Visit | None:
    """Whose request this is, or None when the session is over, for whatever reason."""
    visit = _find(token)
    if visit is None or now() - visit.seen_at < SEEN_EVERY:
        return visit
    _mark_seen(visit.session_id)  # ends the transaction, so the person is read again
    return _find(token)


def end(session: Session, token: str, reason: str, *, at: datetime) -> None:
    """End one session. The caller commits."""
    _close(session, UserSession.token_hash == digest(token), reason, at)


def end_all(session: Session, user_id: int, reason: str, *, at: datetime) -> None:
    """End every session of an account, also those that start at this moment. The caller commits."""
    session.execute(
        update(User).where(User.id == user_id).values(session_epoch=User.session_epoch + 1),
        execution_options={"synchronize_session": "fetch"},
    )
    _close(session, UserSession.user_id == user_id, reason, at)


def _close(session: Session, which: object, reason: str, at: datetime) -> None:
    session.execute(
        update(UserSession).where(which, UserSession.ended_at.is_(None)).values(ended_at=at, ended_reason=reason),  # type: ignore[arg-type]
        execution_options={"synchronize_session": False},
    )


HELD_ROLES = (
    select(func.aggregate_strings(Role.name, ","))
    .join(assoc_user_role, assoc_user_role.c.role_id == Role.id)
    .where(assoc_user_role.c.user_id == User.id)
    .correlate(User)
)
LIVE = (  # put together once, as every request asks it
    select(
        UserSession.id,
        UserSession.last_seen_at,
        User,
        HELD_ROLES.scalar_subquery(),
        select(ReferenceStamp.stamp).scalar_subquery(),
    )
    .join(User, User.id == UserSession.user_id)
    .where(
        UserSession.token_hash == bindparam("token"),
        UserSession.ended_at.is_(None),
        UserSession.epoch == User.session_epoch,
        UserSession.expires_at > bindparam("instant"),
        UserSession.last_seen_at > bindparam("idle_since"),
        User.active.is_(True),
    )
    .options(
        joinedload(User.organization).options(load_only(Organization.name)),
        joinedload(User.bureau),
    )
)


def _find(token: str) -> Visit | None:
    instant = now()
    idle = timedelta(minutes=settings().session_idle_minutes)
    asked = {"token": digest(token), "instant": instant, "idle_since": instant - idle}
    found = db().execute(LIVE, asked).one_or_none()
    if found is None:
        return None
    session_id, seen_at, user, roles, stamp = found
    stamped.know(db(), stamp)
    g.held_roles = user.id, frozenset((roles or "").split(","))  # app.security.actor asks for them
    return Visit(user=user, session_id=session_id, seen_at=seen_at)


def _mark_seen(session_id: int) -> None:
    """Note the visit, at most once a minute. Reading must go on when writing cannot, so a failure is let go."""
    instant = now()
    session = db()
    try:
        begin_write(session)
        session.execute(
            update(UserSession)
            .where(UserSession.id == session_id, UserSession.last_seen_at < instant)
            .values(last_seen_at=instant),
            execution_options={"synchronize_session": False},
        )
        session.commit()
    except OperationalError:
        session.rollback()
