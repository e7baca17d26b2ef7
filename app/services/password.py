"""Passwords: the forced first change and every later one; sessions of the account end with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash

from app.domain import spelling
from app.domain.errors import Invalid, NotFound, Problem, Refused, say
from app.domain.passwords import weakness
from app.domain.permissions import Actor
from app.domain.terms import N_
from app.services import audit
from app.services.accounts import forget_failures
from app.services.deciding import deciding
from app.services.notify import notify_organization
from app.services.registration import one_time_code
from models import locks
from models.user import User
from models.user_session import UserSession

CODE_LASTS = timedelta(minutes=30)
CODE_TRIES = 5
MOST_BYTES = 1024


@dataclass(frozen=True)
class Change:
    """What the password page sent, and what the session must prove."""

    current: str
    new: str
    confirm: str
    sms_code: str = ""
    needs_code: bool = False  # the browser is not the one that registered


def change(
    session: Session,
    actor: Actor,
    form: Change,
    *,
    initial_password: str,
    hash_password: Callable[[str], str],
    opens: Callable[[str, str], bool] = check_password_hash,
    alongside: Callable[[User], object] = lambda _user: None,
    now: datetime,
) -> User:
    """Set the new password and end all sessions of the account. Raises Invalid naming each faulty input.

    `opens(stored, given)` checks a secret. Hashing is slow by design, so it happens before the write begins.
    `alongside` opens the session that goes on, in the same transaction: whoever ends all sessions ends it too.
    """
    seen = _read(session, actor)
    problems = _problems(seen, form, initial_password, opens)
    code_fits = not form.needs_code or bool(problems) or _code_fits(seen, form.sms_code, now, opens)
    session.rollback()
    if problems:
        raise Invalid(problems)
    if not code_fits:
        _count_wrong_code(session, actor, now)
        raise Invalid([Problem("sms_code", say(N_("验证码不对或已失效，请核对短信或重新获取。")))])
    password_hash = hash_password(form.new)
    with deciding(session, actor, "password:change", "user", actor.user_id, now=now):
        user = _account(session, actor)
        code_still_fits = (user.sms_code_hash, user.sms_code_attempts) == (seen.sms_code_hash, seen.sms_code_attempts)
        is_the_same = (user.password, user.session_epoch) == (seen.password, seen.epoch) and user.active
        if not is_the_same or (form.needs_code and not code_still_fits):
            raise Refused(say(N_("密码刚刚在别处修改过，请重新登录。")), "changed")
        _set(session, user, password_hash, now)
        alongside(user)
        audit.record(session, actor, "password:change", "user", user.id, now=now, organization_id=user.organization_id)
        if user.organization is not None and user.bureau_id is None:  # of staff it is only a conflict of interest
            notify_organization(
                session, user.organization, "password:changed", key=f"user-{user.id}-{user.session_epoch}", now=now
            )
    return user


@dataclass(frozen=True)
class _Seen:
    """The account as it stood when the secrets were checked."""

    username: str
    password: str
    epoch: int
    is_staff: bool
    must_change_password: bool
    known: tuple[str, ...]
    sms_code_hash: str | None
    sms_code_expires_at: datetime | None
    sms_code_attempts: int


def _read(session: Session, actor: Actor) -> _Seen:
    user = session.scalar(select(User).where(User.id == actor.user_id).execution_options(populate_existing=True))
    if user is None:
        raise NotFound("User")
    organization = user.organization
    of_unit = (organization.name, organization.org_code, organization.uscc or "") if organization else ()
    return _Seen(
        username=user.username,
        password=user.password or "",
        epoch=user.session_epoch,
        is_staff=user.bureau_id is not None,
        must_change_password=user.must_change_password,
        known=(user.username, *of_unit),
        sms_code_hash=user.sms_code_hash,
        sms_code_expires_at=user.sms_code_expires_at,
        sms_code_attempts=user.sms_code_attempts,
    )


def _count_wrong_code(session: Session, actor: Actor, now: datetime) -> None:
    """A wrong code is counted although the change is refused; five end it."""
    with deciding(session, actor, "password:wrong_code", "user", actor.user_id, now=now):
        _account(session, actor).sms_code_attempts += 1
        audit.record(session, actor, "password:wrong_code", "user", actor.user_id, now=now, result="refused")


def send_code(session: Session, actor: Actor, *, hash_password: Callable[[str], str], now: datetime) -> None:
    """Send a fresh one-time code to the contact's mobile. Raises Refused when one was sent a moment ago."""
    code = one_time_code()
    code_hash = hash_password(code)  # slow by design: before the write begins
    with deciding(session, actor, "password:send_code", "user", actor.user_id, now=now):
        user = _account(session, actor)
        if user.organization is None or user.bureau_id is not None or not user.must_change_password:
            raise Refused(say(N_("这个账号不需要验证码。")), "code")
        if _was_sent_a_moment_ago(user, now):
            raise Refused(say(N_("验证码刚刚发送过，请一分钟后再试。")), "too_soon")
        user.sms_code_hash = code_hash
        user.sms_code_expires_at, user.sms_code_attempts = now + CODE_LASTS, 0
        audit.record(
            session,
            actor,
            "password:send_code",
            "user",
            user.id,
            now=now,
            organization_id=user.organization_id,
        )
        notify_organization(
            session,
            user.organization,
            "password:code",
            key=f"user-{user.id}-{now:%Y%m%d%H%M%S}",
            now=now,
            code=code,
        )


def _was_sent_a_moment_ago(user: User, now: datetime) -> bool:
    """A code sent on request lives for CODE_LASTS; the one of the registration lives longer and does not count."""
    expires_at = user.sms_code_expires_at
    return expires_at is not None and now + CODE_LASTS - timedelta(minutes=1) < expires_at <= now + CODE_LASTS


def _account(session: Session, actor: Actor) -> User:
    locks.hold_organization(session, User, actor.user_id)
    user = session.scalars(select(User).where(User.id == actor.user_id).with_for_update(of=User)).one_or_none()
    if user is None:
        raise NotFound("User")
    return user


def _problems(seen: _Seen, form: Change, initial_password: str, opens: Callable[[str, str], bool]) -> list[Problem]:
    found = []
    if len(form.current.encode()) > MOST_BYTES or not opens(seen.password, _as_meant(seen, form.current)):
        found.append(Problem("current_password", say(N_("原密码不对。"))))
    weak = weakness(form.new, is_staff=seen.is_staff, known=(*seen.known, initial_password))
    if weak is not None:
        found.append(Problem("new_password", weak))
    elif form.new in (form.current, _as_meant(seen, form.current)):
        found.append(Problem("new_password", say(N_("新密码不能与原密码相同。"))))
    if form.new != form.confirm:
        found.append(Problem("confirm_password", say(N_("两次输入的新密码不一致。"))))
    return found


def _as_meant(seen: _Seen, password: str) -> str:
    """A one-time password out of its message; one that a person chose is taken as typed."""
    return (spelling.secret(password) or password) if seen.must_change_password else password


def _code_fits(seen: _Seen, code: str, now: datetime, opens: Callable[[str, str], bool]) -> bool:
    alive = seen.sms_code_expires_at is not None and seen.sms_code_expires_at > now
    tries_left = seen.sms_code_attempts < CODE_TRIES
    return bool(alive and tries_left and seen.sms_code_hash and opens(seen.sms_code_hash, spelling.bare(code)))


def _set(session: Session, user: User, password_hash: str, now: datetime) -> None:
    user.password, user.password_changed_at = password_hash, now
    user.must_change_password = False
    user.initial_password_expires_at = user.claim_nonce_hash = None
    user.sms_code_hash = user.sms_code_expires_at = None
    forget_failures(session, user)
    user.session_epoch += 1
    open_sessions = update(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    session.execute(open_sessions.values(ended_at=now, ended_reason="password"))
