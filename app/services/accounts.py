"""Staff accounts: who works at which bureau in which roles, and the administrator's acts on them."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, NotFound, Problem, Refused, Sentence, say
from app.domain.identifiers import is_code_at_login
from app.domain.matters import known
from app.domain.permissions import Actor, at_odds, may
from app.domain.terms import N_, Role
from app.scope import fetch
from app.services import audit, claims
from app.services.account_rules import hold_root_administrators, judged, values_of
from app.services.deciding import STALE, deciding
from app.services.upkeep import NOT_YOURS, fingerprint
from models.bureau import Bureau
from models.known_address import KnownAddress
from models.user import User
from models.user_session import UserSession

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when read from paper
TAKEN = N_("这个用户名已被使用。")
A_CODE = N_("这个账号会被当作单位的组织机构代码或统一社会信用代码，请换一个。")
OF_THE_TRAIL = N_("审计员的账号由市级管理员办理。")


@dataclass(frozen=True)
class OneTime:
    """A password that opens nothing but its own change, as it is stored, and its last instant."""

    password_hash: str
    expires_at: datetime


def one_time_password() -> str:
    """Three groups of four, to be read from a paper and typed once."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def add_staff(
    session: Session,
    actor: Actor,
    *,
    username: str,
    name: str,
    bureau_code: str,
    roles: Iterable[Role],
    password_hash: str,
    must_change_password: bool = True,
    matters: Iterable[str] = (),
    now: datetime,
) -> User:
    """Create a staff account for a command. Raises Invalid for an unknown bureau or a taken name, Refused for roles."""
    held = frozenset(roles)
    with deciding(session, actor, "user:add", "user", now=now):
        if Role.APPLICANT in held or at_odds(held):
            raise Refused(say(N_("这些角色不能由同一个人兼任。")), "roles")
        bureau = session.scalar(select(Bureau).where(Bureau.code == bureau_code))
        if bureau is None:
            raise Invalid([Problem("bureau_code", say(N_("没有这个机构。")))])
        _require_free(session, username)
        user = _account(session, username, name, bureau, held)
        user.password, user.must_change_password = password_hash, must_change_password
        user.matters = [str(matter) for matter in known(matters)] or None
        _store(session, actor, user, now)
    return user


def add(session: Session, actor: Actor, raw: Mapping[str, object], door: OneTime, *, now: datetime) -> User:
    """Create a staff account at one's own bureau or below, behind a one-time password. Raises Invalid or Refused."""
    try:
        with deciding(session, actor, "user:add", "user", now=now):
            _require_right(actor, "add")
            values = judged(session, actor, raw, None, now)
            _require_free(session, values["username"])
            bureau = session.get_one(Bureau, values["bureau_id"])
            user = _account(session, values["username"], values["display_name"], bureau, frozenset(values["roles"]))
            user.organization, user.active = values["organization"], values["active"]
            user.matters = list(values["matters"] or ())
            user.password, user.must_change_password = door.password_hash, True
            user.initial_password_expires_at = door.expires_at
            _store(session, actor, user, now)
    except IntegrityError as net:  # the name was taken a moment ago
        raise Invalid([Problem("username", say(TAKEN))]) from net
    return user


def change(
    session: Session, actor: Actor, user_id: int, raw: Mapping[str, object], version: int, *, now: datetime
) -> User:
    """Change a staff account in reach. Raises Invalid, Refused, NotFound, or Conflict when it has changed meanwhile."""
    with deciding(session, actor, "user:edit", "user", user_id, now=now):
        _require_right(actor, "edit")
        hold_root_administrators(session)
        user = _staff_in_reach(session, actor, user_id)
        before = values_of(user)
        values = judged(session, actor, {**raw, "username": user.username}, user, now)
        if fingerprint(before) != version:
            raise Conflict(say(STALE))
        if _is_as_it_was(before, values):
            return user
        user.display_name = user.first_name = values["display_name"]
        user.bureau_id, user.organization, user.active = values["bureau_id"], values["organization"], values["active"]
        user.matters = list(values["matters"] or ())
        if set(before["roles"]) != set(values["roles"]):
            user.roles = _roles(session, values["roles"])
        session.flush()
        old, new = audit.changed(before, values_of(user))
        if new.keys() & {
            "roles",
            "matters",
            "bureau_id",
            "organization_code",
            "active",
        }:  # what the person may do is another thing now
            end_sessions_of(session, user, "changed", now)
            ended = claims.end_unfit(session, actor, now=now, user_id=user.id)
            new = {**new, "claims_ended": ended} if ended else new
        if new:
            audit.record(session, actor, "user:edit", "user", user.id, now=now, before=old, after=new)
    return user


def _is_as_it_was(before: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Does the form say what the account is already? Lists are compared without their order."""
    lists = ("roles", "matters")
    plain = all(before[name] == values[name] for name in before.keys() - {*lists, "username"})
    return plain and all(set(before[name]) == set(values[name] or ()) for name in lists)


def unlock(session: Session, actor: Actor, user_id: int, *, now: datetime, is_counted_out: bool = False) -> User:
    """解除锁定 after too many wrong passwords. `is_counted_out`: its tries are spent though no lock is in force."""
    with deciding(session, actor, "user:unlock", "user", user_id, now=now):
        _require_right(actor, "edit")
        user = _staff_in_reach(session, actor, user_id)
        if not is_locked(user, now=now) and not is_counted_out:
            raise Refused(say(N_("这个账号没有锁定。")), "state")
        before = {"locked_until": user.locked_until, "failed_attempts": user.failed_attempts}
        forget_failures(session, user)
        audit.record(session, actor, "user:unlock", "user", user.id, now=now, before=before)
    return user


def is_locked(user: User, *, now: datetime) -> bool:
    """Whether a lock is in force; one at an address that the owner uses stands on the account as well."""
    return user.locked_until is not None and user.locked_until > now


def forget_failures(session: Session, user: User) -> None:
    """Wrong passwords start to count anew, from everywhere. Within the caller's transaction."""
    user.failed_attempts, user.locked_until = 0, None
    session.execute(
        update(KnownAddress).where(KnownAddress.user_id == user.id).values(failed_attempts=0, locked_until=None),
        execution_options={"synchronize_session": False},
    )


def places_of(session: Session, user_id: int) -> list[str]:
    """Where the account was signed in to."""
    return list(session.scalars(select(KnownAddress.place).where(KnownAddress.user_id == user_id)))


def end_sessions(session: Session, actor: Actor, user_id: int, *, now: datetime) -> User:
    """Sign the account out everywhere."""
    with deciding(session, actor, "user:end_sessions", "user", user_id, now=now):
        _require_right(actor, "edit")
        user = _staff_in_reach(session, actor, user_id)
        ended = end_sessions_of(session, user, "administrator", now)
        if not ended:
            raise Refused(say(N_("这个账号没有正在使用的登录。")), "state")
        after = {"sessions": ended}
        audit.record(session, actor, "user:end_sessions", "user", user.id, now=now, after=after)
    return user


def reset_password(session: Session, actor: Actor, user_id: int, door: OneTime, *, now: datetime) -> User:
    """A new one-time password for somebody else's account, handed over in person; all its sessions end."""
    with deciding(session, actor, "user:reset_password", "user", user_id, now=now):
        _require_right(actor, "edit")
        user = _staff_in_reach(session, actor, user_id)
        if user.id == actor.user_id:
            raise Refused(say(N_("修改自己的密码请用右上角的「修改密码」。")), "self")
        close_door(session, user, door, now=now)
        audit.record(session, actor, "user:reset_password", "user", user.id, now=now)
    return user


def _require_right(actor: Actor, verb: str) -> None:
    if not may(actor.roles, "users", verb):
        raise Refused(say(NOT_YOURS), "role")


def _staff_in_reach(session: Session, actor: Actor, user_id: int) -> User:
    """A staff account of one's own bureau or below; an organization's account is nobody's to change here.

    Raises Refused for an auditor's unless the root bureau asks: who signs in as an auditor reads everybody's trail.
    """
    user = fetch(session, actor, User, user_id, lock=True)
    if user.bureau_id is None or user.bureau_id not in actor.bureau_ids:
        raise NotFound("User")
    sentence = why_not(actor, user)
    if sentence is not None:
        raise Refused(sentence, "auditor")
    return user


def why_not(actor: Actor, user: User) -> Sentence | None:
    """Why this administrator does not touch the account; None when nothing stands in the way."""
    of_auditor = any(role.name == Role.AUDITOR for role in user.roles)
    return say(OF_THE_TRAIL) if of_auditor and not actor.is_root else None


def open_sessions(session: Session, user_id: int, *, now: datetime) -> int:
    """In how many browsers the account is signed in."""
    is_open = UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.expires_at > now
    return session.scalar(select(func.count()).select_from(UserSession).where(*is_open)) or 0


# Writing ------------------------------------------------------------------------------------------------


def _require_free(session: Session, username: str) -> None:
    """Raise Invalid for a name that is taken in any case, or that stands for an organization, registered or not."""
    if is_code_at_login(username):
        raise Invalid([Problem("username", say(A_CODE))])
    if session.scalar(select(User.id).where(func.lower(User.username) == username.lower())) is not None:
        raise Invalid([Problem("username", say(TAKEN))])


def _roles(session: Session, names: Iterable[str]) -> list[Any]:
    return list(session.scalars(select(FabRole).where(FabRole.name.in_([str(name) for name in names]))))


def _account(session: Session, username: str, name: str, bureau: Bureau, roles: frozenset[str]) -> User:
    return User(
        username=username,
        first_name=name[:64],
        last_name="",
        display_name=name[:64],
        email=f"{username}@local.invalid",
        active=True,
        bureau=bureau,
        roles=_roles(session, roles),
    )


def _store(session: Session, actor: Actor, user: User, now: datetime) -> None:
    session.add(user)
    session.flush()  # the audit event names the new account
    held = sorted(role.name for role in user.roles)
    after = {"username": user.username, "bureau": user.bureau.code, "roles": held}  # type: ignore[union-attr]
    audit.record(session, actor, "user:add", "user", user.id, now=now, after=after)


def close_door(session: Session, account: User, door: OneTime, *, now: datetime) -> None:
    """Whatever opened the account opens it no longer."""
    account.password, account.must_change_password = door.password_hash, True
    account.initial_password_expires_at = door.expires_at
    account.claim_nonce_hash = account.sms_code_hash = account.sms_code_expires_at = None
    account.sms_code_attempts = 0
    forget_failures(session, account)
    end_sessions_of(session, account, "password", now)


def end_sessions_of(session: Session, user: User, reason: str, now: datetime) -> int:
    """Every session of the account is over, also one that starts at this moment; gives how many were open."""
    user.session_epoch = (user.session_epoch or 0) + 1
    session.flush()
    count = open_sessions(session, user.id, now=now)
    is_open = UserSession.user_id == user.id, UserSession.ended_at.is_(None)
    session.execute(update(UserSession).where(*is_open).values(ended_at=now, ended_reason=reason))
    return count
