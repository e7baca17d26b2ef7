"""Signing in: counted before it costs anything, answered alike whatever was wrong, written down either way."""

import hashlib
import hmac
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import current_app, g, request
from sqlalchemy import case, func, or_, select, update

from app.domain.identifiers import canonical_login
from app.domain.permissions import Actor
from app.domain.terms import N_
from app.security import claim, passwords, sessions
from app.security.actor import current_actor, forget_actor
from app.security.here import address, db, now, settings
from app.security.throttle import Counters
from app.services import audit
from models.engine import begin_write
from models.user import User

log = logging.getLogger(__name__)

LONGEST_NAME = 128
NAME_IN_TRAIL = 64
SIGNED_IN = "user:sign_in"
SIGNED_OUT = "user:sign_out"
WRONG = N_("账号或密码不正确。")


@dataclass(frozen=True)
class Attempt:
    """What was typed, with the account name in its one form."""

    account: str
    password: str


def sign_in(username: str, password: str) -> User | None:
    """Open a session for the right password; None for everything else. Raises TooMany and Busy."""
    attempt = Attempt(canonical_login(username[:LONGEST_NAME]).casefold(), password)
    if not attempt.account or "\0" in attempt.account or not passwords.is_checkable(password):
        return None
    count_try(attempt)
    user = find(attempt.account)
    if not _password_opens(user, attempt):
        _write_failure(user, attempt)
        return None
    assert user is not None
    _open_session(user, attempt)
    return user


def sign_out(reason: str = "signed_out") -> None:
    """End the session of this browser and say so in the trail."""
    actor = current_actor()
    token = sessions.cookie.get(sessions.TOKEN_KEY)
    if actor.user_id is not None and token:
        session = db()
        begin_write(session)
        sessions.end(session, token, reason, at=now())
        audit.record(session, actor, SIGNED_OUT, "user", actor.user_id, now=now())
        session.commit()
    sessions.cookie.clear()
    forget_actor()


def renew(user: User) -> None:
    """A new token for the browser that just changed its password; all others have ended with the epoch."""
    token = sessions.start(db(), user, at=now(), address=address(), user_agent=_browser())
    db().commit()
    sessions.carry(token)


def find(account: str) -> User | None:
    """The account of this name, in any case; the database keeps such names unique."""
    return db().scalars(select(User).where(func.lower(User.username) == account.lower())).one_or_none()


def count_try(attempt: Attempt) -> None:
    """Spend one try of every limit; any page that checks a password asks here first. Raises TooMany."""
    counters: Counters = current_app.extensions["yht"].counters
    limits = settings()
    counters.spend(limits.login_limit_address, "sign-in", "address", address())
    counters.spend(limits.login_limit_account, "sign-in", "account", attempt.account)
    counters.spend_spray(limits.login_limit_spray, address(), attempt.account, attempt.password)


def _password_opens(user: User | None, attempt: Attempt) -> bool:
    """One hash is computed whatever the account's state, so that the time tells nothing."""
    usable = user is not None and bool(user.active) and not _is_locked(user)
    stored = user.password if user is not None and usable else None
    right = passwords.matches(stored, attempt.password, settings().password_hash)
    return right and user is not None and _first_password_still_lives(user, attempt.password)


def _is_locked(user: User) -> bool:
    return user.locked_until is not None and user.locked_until > now()


def _first_password_still_lives(user: User, password: str) -> bool:
    """The initial password opens one thing only, and only until its hour; so does any other one-time password."""
    ends = user.initial_password_expires_at
    if _is_initial(password):
        return user.must_change_password and ends is not None and ends > now()
    return not user.must_change_password or ends is None or ends > now()


def _is_initial(password: str) -> bool:
    return hmac.compare_digest(password.encode("utf-8", "replace"), settings().initial_password.encode())


def _write_failure(user: User | None, attempt: Attempt) -> None:
    """Count it on the account and in the trail; an unknown name costs no write."""
    if user is None:
        mark = hashlib.sha256(attempt.account.encode()).hexdigest()[:12]  # what was typed may be a phone number
        log.info("sign-in refused: unknown account %s from %s", mark, address())
        return
    session, instant, user_id = db(), now(), user.id
    begin_write(session)
    session.execute(_one_more_failure(user_id, instant), execution_options={"synchronize_session": False})
    _record(_named(attempt.account), user_id, instant, result="refused", sentence=WRONG)
    session.commit()


def _one_more_failure(user_id: int, instant: datetime) -> object:
    """One atomic statement: parallel failures all count, a lock that ran out starts the count again."""
    over = User.locked_until <= instant
    count = case((over, 1), else_=User.failed_attempts + 1)
    locked = case(
        (count >= settings().lockout_failures, instant + timedelta(minutes=settings().lockout_minutes)),
        else_=None,
    )
    free = or_(User.locked_until.is_(None), over)
    return update(User).where(User.id == user_id, free).values(failed_attempts=count, locked_until=locked)


def _open_session(user: User, attempt: Attempt) -> None:
    session, instant, user_id = db(), now(), user.id
    needs_code = (
        user.must_change_password
        and not claim.holds(user.claim_nonce_hash)
        and (_is_initial(attempt.password) or user.sms_code_hash is not None)
    )
    begin_write(session)
    user = session.get_one(User, user_id, populate_existing=True)
    user.failed_attempts, user.locked_until = 0, None
    user.last_login = instant.replace(tzinfo=None)
    _end_former_session(instant)
    token = sessions.start(session, user, at=instant, address=address(), user_agent=_browser())
    _record(replace(_named(user.username), user_id=user_id), user_id, instant)
    session.commit()
    sessions.carry(token, **({"needs_sms_code": True} if needs_code else {}))
    current_app.extensions["yht"].counters.forget(settings().login_limit_account, "sign-in", "account", attempt.account)
    forget_actor()


def _end_former_session(instant: datetime) -> None:
    former = sessions.cookie.get(sessions.TOKEN_KEY)
    if former:
        sessions.end(db(), former, "replaced", at=instant)


def _record(actor: Actor, user_id: int, instant: datetime, **result: str) -> None:
    audit.record(db(), actor, SIGNED_IN, "user", user_id, now=instant, **result)  # type: ignore[arg-type]


def _named(account: str) -> Actor:
    """Who tries, before it is known who it is."""
    name = account[:NAME_IN_TRAIL]
    return Actor(user_id=None, username=name, address=address(), request_id=g.get("request_id"))


def _browser() -> str:
    return request.user_agent.string or "-"
