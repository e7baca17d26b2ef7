"""What time alone ends: sessions past their limit, one-time passwords and codes, entries that nobody saved."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.services.sweeping import in_batches
from models.known_address import KnownAddress
from models.sent_form import SentForm
from models.unsaved_entry import UnsavedEntry
from models.user import User
from models.user_session import UserSession

KEPT_AFTER_END = timedelta(days=183)
KEPT_MARKS = timedelta(days=7)
KEPT_UNSAVED = timedelta(days=30)


def end_expired_sessions(session: Session, *, now: datetime) -> int:
    """Close the sessions whose time is over; gives their count."""
    over = UserSession.ended_at.is_(None) & (UserSession.expires_at <= now)
    ended = update(UserSession).values(ended_at=now, ended_reason="expired")
    return in_batches(session, select(UserSession.id).where(over), lambda keys: ended.where(UserSession.id.in_(keys)))


def drop_old_sessions(session: Session, *, now: datetime) -> int:
    """Delete the sessions that ended half a year ago; sign-ins stay in the audit trail."""
    old = select(UserSession.id).where(UserSession.ended_at < now - KEPT_AFTER_END)
    return in_batches(session, old, lambda keys: delete(UserSession).where(UserSession.id.in_(keys)))


def forget_expired_claims(session: Session, *, now: datetime) -> int:
    """Drop the registering browser's mark once the initial password has died; gives the accounts touched."""
    over = User.claim_nonce_hash.is_not(None) & (User.initial_password_expires_at <= now)
    forgotten = update(User).values(claim_nonce_hash=None)
    return in_batches(session, select(User.id).where(over), lambda keys: forgotten.where(User.id.in_(keys)))


def forget_expired_codes(session: Session, *, now: datetime) -> int:
    """Drop one-time codes past their time; gives the accounts touched."""
    over = User.sms_code_hash.is_not(None) & (User.sms_code_expires_at <= now)
    forgotten = update(User).values(sms_code_hash=None)
    return in_batches(session, select(User.id).where(over), lambda keys: forgotten.where(User.id.in_(keys)))


def drop_old_unsaved(session: Session, *, now: datetime) -> int:
    """Delete what was typed a month ago and never saved; gives the forms forgotten."""
    old = select(UnsavedEntry.id).where(UnsavedEntry.kept_at < now - KEPT_UNSAVED)
    return in_batches(session, old, lambda keys: delete(UnsavedEntry).where(UnsavedEntry.id.in_(keys)))


def drop_old_marks(session: Session, *, now: datetime) -> int:
    """Forget the forms that were sent longer ago than any page stays open; gives their count."""
    old = select(SentForm.id).where(SentForm.sent_at < now - KEPT_MARKS)
    return in_batches(session, old, lambda keys: delete(SentForm).where(SentForm.id.in_(keys)))


def drop_old_places(session: Session, *, now: datetime) -> int:
    """Forget where an account was last signed in to half a year ago."""
    old = select(KnownAddress.id).where(KnownAddress.last_used_at < now - KEPT_AFTER_END)
    return in_batches(session, old, lambda keys: delete(KnownAddress).where(KnownAddress.id.in_(keys)))
