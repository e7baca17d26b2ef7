"""What time alone ends: sessions past their limit, one-time passwords and codes, entries that nobody saved."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Delete, Update, delete, update
from sqlalchemy.orm import Session

from models.engine import begin_write
from models.known_address import KnownAddress
from models.unsaved_entry import UnsavedEntry
from models.user import User
from models.user_session import UserSession

KEPT_AFTER_END = timedelta(days=183)
KEPT_UNSAVED = timedelta(days=30)


def end_expired_sessions(session: Session, *, now: datetime) -> int:
    """Close the sessions whose time is over; gives their count."""
    over = UserSession.ended_at.is_(None) & (UserSession.expires_at <= now)
    return _run(session, update(UserSession).where(over).values(ended_at=now, ended_reason="expired"))


def drop_old_sessions(session: Session, *, now: datetime) -> int:
    """Delete the sessions that ended half a year ago; sign-ins stay in the audit trail."""
    return _run(session, delete(UserSession).where(UserSession.ended_at < now - KEPT_AFTER_END))


def forget_expired_claims(session: Session, *, now: datetime) -> int:
    """Drop the registering browser's mark once the initial password has died; gives the accounts touched."""
    over = User.claim_nonce_hash.is_not(None) & (User.initial_password_expires_at <= now)
    return _run(session, update(User).where(over).values(claim_nonce_hash=None))


def forget_expired_codes(session: Session, *, now: datetime) -> int:
    """Drop one-time codes past their time; gives the accounts touched."""
    over = User.sms_code_hash.is_not(None) & (User.sms_code_expires_at <= now)
    return _run(session, update(User).where(over).values(sms_code_hash=None))


def drop_old_unsaved(session: Session, *, now: datetime) -> int:
    """Delete what was typed a month ago and never saved; gives the forms forgotten."""
    return _run(session, delete(UnsavedEntry).where(UnsavedEntry.kept_at < now - KEPT_UNSAVED))


def drop_old_places(session: Session, *, now: datetime) -> int:
    """Forget where an account was last signed in to half a year ago."""
    return _run(session, delete(KnownAddress).where(KnownAddress.last_used_at < now - KEPT_AFTER_END))


def _run(session: Session, statement: Update | Delete) -> int:
    begin_write(session)
    touched = session.execute(statement.execution_options(synchronize_session=False))
    session.commit()
    return touched.rowcount if isinstance(touched, CursorResult) else 0
