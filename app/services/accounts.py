"""Staff accounts: who works at which bureau in which roles."""

from collections.abc import Iterable
from datetime import datetime

from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Problem, Refused, say
from app.domain.permissions import EXCLUSIVE_ROLES, Actor
from app.domain.terms import N_, Role
from app.services import audit
from app.services.deciding import deciding
from models.bureau import Bureau
from models.user import User


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
    now: datetime,
) -> User:
    """Create a staff account. Raises Invalid for an unknown bureau or a taken name, Refused for roles at odds."""
    held = frozenset(roles)
    with deciding(session, actor, "user:add", "user", now=now):
        if Role.APPLICANT in held or any(pair <= held for pair in EXCLUSIVE_ROLES):
            raise Refused(say(N_("这些角色不能由同一个人兼任。")), "roles")
        bureau = session.scalar(select(Bureau).where(Bureau.code == bureau_code))
        if bureau is None:
            raise Invalid([Problem("bureau_code", say(N_("没有这个机构。")))])
        if session.scalar(select(User.id).where(User.username == username)) is not None:
            raise Invalid([Problem("username", say(N_("这个用户名已被使用。")))])
        user = User(
            username=username,
            first_name=name[:64],
            last_name="",
            display_name=name[:64],
            email=f"{username}@local.invalid",
            active=True,
            password=password_hash,
            bureau=bureau,
            roles=list(session.scalars(select(FabRole).where(FabRole.name.in_(held)))),
            must_change_password=must_change_password,
        )
        session.add(user)
        session.flush()  # the audit event names the new account
        audit.record(
            session, actor, "user:add", "user", user.id,
            now=now, after={"username": username, "bureau": bureau_code, "roles": sorted(held)},
        )  # fmt: skip
    return user
