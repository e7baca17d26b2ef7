"""Signing in: counted before it costs anything, answered alike whatever was wrong, written down either way."""

import hashlib
import hmac
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import g, request
from sqlalchemy import and_, case, func, or_, select, update

from app.domain import spelling
from app.domain.identifiers import canonical_login
from app.domain.permissions import Actor
from app.domain.terms import N_
from app.domain.tries import Tries
from app.security import claim, passwords, sessions, tries
from app.security.actor import current_actor, forget_actor
from app.security.here import address, db, now, place, settings
from app.security.throttle import TooMany
from app.services import audit
from models.engine import begin_write
from models.known_address import KnownAddress
from models.user import User

log = logging.getLogger(__name__)

LONGEST_NAME = 128
NAME_IN_TRAIL = 64
EVERYWHERE = "everywhere"  # where the account was not signed in to yet: all such addresses together
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
    has_room = tries.is_within(Tries.SIGN_IN_ADDRESS, settings().login_limit_address, place())
    seen = _look(attempt.account)
    _count_try(attempt, seen, has_room=has_room)
    attempt = _as_meant(seen, attempt)
    if not _password_opens(seen, attempt):
        _write_failure(seen, attempt)
        return None
    assert seen is not None
    return _open_session(seen, attempt)


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


def start_anew(user: User) -> str:
    """The token of a new session for the browser that just changed its password; all others end with the epoch.

    Within the caller's transaction, so that what ends this session finds it; `sessions.carry` comes after the commit.
    """
    return sessions.start(db(), user, at=now(), address=address(), user_agent=_browser())


def forgive(username: str, places: Iterable[str]) -> None:
    """Let an account try again after an administrator unlocked it: strangers, and its owner from each known address."""
    name, limit = canonical_login(username).casefold(), settings().login_limit_account
    for where in (EVERYWHERE, *places):
        tries.forget(Tries.SIGN_IN_ACCOUNT, limit, name, where)


def is_counted_out(username: str, places: Iterable[str]) -> bool:
    """Whether the tries of an account are spent, so that unlocking it does something."""
    name, limit = canonical_login(username).casefold(), settings().login_limit_account
    return any(tries.counters().is_spent(limit, Tries.SIGN_IN_ACCOUNT, name, where) for where in (EVERYWHERE, *places))


@dataclass(frozen=True)
class _Seen:
    """The account as it stood when the password was checked, and its lock where the try comes from."""

    user_id: int
    username: str
    password: str | None
    epoch: int
    is_active: bool
    must_change_password: bool
    first_password_ends_at: datetime | None
    has_sms_code: bool
    claim_nonce_hash: str | None
    known_id: int | None
    locked_until: datetime | None

    @classmethod
    def of(cls, user: User, known: KnownAddress | None) -> "_Seen":
        return cls(
            user_id=user.id, username=user.username, password=user.password, epoch=user.session_epoch,
            is_active=bool(user.active), must_change_password=user.must_change_password,
            first_password_ends_at=user.initial_password_expires_at, has_sms_code=user.sms_code_hash is not None,
            claim_nonce_hash=user.claim_nonce_hash, known_id=known.id if known else None,
            locked_until=known.locked_until if known else user.locked_until,
        )  # fmt: skip

    def still_opens(self, at_check: "_Seen") -> bool:
        """Whether nothing that the check of the password relied on has changed since; nor has a lock come."""
        return self.is_active and not self.is_locked and self._relied_on == at_check._relied_on

    @property
    def _relied_on(self) -> tuple[object, ...]:
        return self.username, self.password, self.epoch, self.must_change_password, self.first_password_ends_at

    @property
    def is_locked(self) -> bool:
        return self.locked_until is not None and self.locked_until > now()

    @property
    def is_own_browser(self) -> bool:
        """The browser that registered the account."""
        return claim.holds(self.claim_nonce_hash)


def _look(account: str) -> _Seen | None:
    """Read in one statement, and let go: hashing is slow by design and must hold no transaction."""
    here = and_(KnownAddress.user_id == User.id, KnownAddress.place == place())
    query = select(User, KnownAddress).outerjoin(KnownAddress, here)
    found = db().execute(query.where(func.lower(User.username) == account.lower())).one_or_none()
    seen = _Seen.of(*found) if found else None
    db().rollback()
    return seen


def _count_try(attempt: Attempt, seen: _Seen | None, *, has_room: bool) -> None:
    """Spend one try of every limit. Raises TooMany.

    Where the account was signed in to before, it has a count of its own, and what strangers spend stops nobody.
    """
    limits, name = settings(), seen.username if seen else None
    if seen is not None and seen.known_id is not None:
        tries.spend(Tries.SIGN_IN_ACCOUNT, limits.login_limit_account, attempt.account, place(), account=name)
        _sprays(attempt, name)
        return
    if not has_room:
        raise TooMany(tries.counters().seconds_left(limits.login_limit_address, Tries.SIGN_IN_ADDRESS, place()))
    tries.spend(Tries.SIGN_IN_ACCOUNT, limits.login_limit_account, attempt.account, EVERYWHERE, account=name)
    if _sprays(attempt, name) and not (seen is not None and seen.is_own_browser):
        mark = tries.counters().mark(attempt.password)
        raise TooMany(tries.counters().seconds_left(limits.login_limit_spray, Tries.SIGN_IN_SPRAY, mark, place()))


def _sprays(attempt: Attempt, name: str | None) -> bool:
    """Whether the password was tried at too many accounts from here; each account counts once."""
    counters, limit = tries.counters(), settings().login_limit_spray
    if not counters.is_first_of_spray(limit, place(), attempt.account, attempt.password):
        return False
    return not tries.is_within(Tries.SIGN_IN_SPRAY, limit, counters.mark(attempt.password), place(), account=name)


def _as_meant(seen: _Seen | None, attempt: Attempt) -> Attempt:
    """A password of our making is read out of the message it came in; one that a person chose is taken as typed."""
    if seen is None or not seen.must_change_password or _is_initial(attempt.password):
        return attempt
    return replace(attempt, password=spelling.secret(attempt.password) or attempt.password)


def _password_opens(seen: _Seen | None, attempt: Attempt) -> bool:
    """One hash is computed whatever the account's state, so that the time tells nothing."""
    usable = seen is not None and seen.is_active and not seen.is_locked
    stored = seen.password if seen is not None and usable else None
    right = passwords.matches(stored, attempt.password, settings().password_hash)
    return right and seen is not None and _first_password_still_lives(seen, attempt.password)


def _first_password_still_lives(seen: _Seen, password: str) -> bool:
    """The initial password opens one thing only, and only until its hour; so does any other one-time password."""
    ends = seen.first_password_ends_at
    if _is_initial(password):
        return seen.must_change_password and ends is not None and ends > now()
    return not seen.must_change_password or ends is None or ends > now()


def _is_initial(password: str) -> bool:
    return hmac.compare_digest(password.encode("utf-8", "replace"), settings().initial_password.encode())


def _write_failure(seen: _Seen | None, attempt: Attempt) -> None:
    """Count it on the account and in the trail; an unknown name costs no write."""
    if seen is None:
        mark = hashlib.sha256(attempt.account.encode()).hexdigest()[:12]  # what was typed may be a phone number
        log.info("sign-in refused: unknown account %s from %s", mark, address())
        return
    session, instant = db(), now()
    begin_write(session)
    _one_more_failure(User, seen.user_id, instant)
    if seen.known_id is not None:
        _one_more_failure(KnownAddress, seen.known_id, instant)
        _show_lock(seen, instant)
    _record(_named(attempt.account), seen.user_id, instant, result="refused", sentence=WRONG)
    session.commit()


def _one_more_failure(model: type[User] | type[KnownAddress], key: int, instant: datetime) -> None:
    """One atomic statement: parallel failures all count, a lock that ran out starts the count again."""
    over = model.locked_until <= instant
    count = case((over, 1), else_=model.failed_attempts + 1)
    locked = case(
        (count >= settings().lockout_failures, instant + timedelta(minutes=settings().lockout_minutes)),
        else_=None,
    )
    free = or_(model.locked_until.is_(None), over)
    change = update(model).where(model.id == key, free).values(failed_attempts=count, locked_until=locked)
    db().execute(change, execution_options={"synchronize_session": False})


def _show_lock(seen: _Seen, instant: datetime) -> None:
    """A lock at an address that the owner uses stands on the account too, where an administrator sees and ends it."""
    ends = select(KnownAddress.locked_until).where(KnownAddress.id == seen.known_id).scalar_subquery()
    is_shorter = or_(User.locked_until.is_(None), User.locked_until < ends)
    change = update(User).where(User.id == seen.user_id, ends > instant, is_shorter).values(locked_until=ends)
    db().execute(change, execution_options={"synchronize_session": False})


def _open_session(seen: _Seen, attempt: Attempt) -> User | None:
    """The session of a password that was right, unless anything it was checked against has changed since."""
    session, instant = db(), now()
    begin_write(session)
    user = session.get_one(User, seen.user_id, populate_existing=True, with_for_update=True)
    known = session.scalar(select(KnownAddress).where(KnownAddress.user_id == user.id, KnownAddress.place == place()))
    held = _Seen.of(user, known)
    if not held.still_opens(seen):
        _record(_named(attempt.account), seen.user_id, instant, result="refused", sentence=WRONG)
        session.commit()
        return None
    _forget_failures(user, known, instant)
    user.last_login = instant.replace(tzinfo=None)
    _end_former_session(instant)
    token = sessions.start(session, user, at=instant, address=address(), user_agent=_browser())
    _record(replace(_named(user.username), user_id=user.id), user.id, instant)
    session.commit()
    sessions.carry(token, **({"needs_sms_code": True} if _needs_code(held, attempt) else {}))
    where = EVERYWHERE if known is None else place()
    tries.forget(Tries.SIGN_IN_ACCOUNT, settings().login_limit_account, attempt.account, where)
    forget_actor()
    return user


def _needs_code(seen: _Seen, attempt: Attempt) -> bool:
    """At a first sign-in from another browser than the one that registered."""
    has_code = _is_initial(attempt.password) or seen.has_sms_code
    return seen.must_change_password and not seen.is_own_browser and has_code


def _forget_failures(user: User, known: KnownAddress | None, instant: datetime) -> None:
    """The right password starts the count again here. A lock that strangers brought about stays theirs."""
    if known is None:
        db().add(KnownAddress(user_id=user.id, place=place(), last_used_at=instant))
    else:
        known.failed_attempts, known.locked_until, known.last_used_at = 0, None, instant
    if user.locked_until is None or user.locked_until <= instant:
        user.failed_attempts, user.locked_until = 0, None


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
