"""What a staff account must be: its values, the hats of one person, and what nobody does to himself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Invalid, Problem, say
from app.domain.fields import CodeTables, clean
from app.domain.fields.account import STAFF
from app.domain.matters import known
from app.domain.permissions import Actor, at_odds
from app.domain.terms import N_, Role
from models.bureau import Bureau
from models.organization import Organization
from models.user import User

AT_ODDS = N_("系统管理员与审计员不能由同一个人兼任。")


def values_of(user: User) -> dict[str, Any]:
    """The account by input name."""
    return {
        "username": user.username,
        "display_name": user.display_name,
        "bureau_id": user.bureau_id,
        "roles": tuple(sorted(role.name for role in user.roles)),
        "matters": tuple(known(user.matters or ())),
        "organization_code": user.organization.org_code if user.organization else None,
        "active": bool(user.active),
    }


def judged(
    session: Session, actor: Actor, raw: Mapping[str, object], user: User | None, now: datetime
) -> dict[str, Any]:
    """Typed values, `organization` among them, or Invalid."""
    outcome = clean(STAFF, raw, codes=CodeTables({}), today=local_date(now))
    if outcome.problems:
        raise Invalid(outcome.problems)
    values: dict[str, Any] = dict(outcome.values)
    code = values["organization_code"]
    values["organization"] = session.scalar(select(Organization).where(Organization.org_code == code)) if code else None
    problems = [*_of_the_account(actor, values, user), *_of_oneself(actor, values, user)]
    if not problems and user is not None and _leaves_no_administrator(session, user, values):
        problems = [Problem("roles", say(N_("市级至少要有一名在用的系统管理员。")))]
    if problems:
        raise Invalid(problems)
    return values


def _of_the_account(actor: Actor, values: Mapping[str, Any], user: User | None) -> list[Problem]:
    held, former = frozenset(values["roles"]), frozenset(role.name for role in user.roles) if user else frozenset()
    problems = []
    if values["bureau_id"] not in actor.bureau_ids:
        problems.append(Problem("bureau_id", say(N_("请选择本部门或下级部门。"))))
    if at_odds(held):
        problems.append(Problem("roles", say(AT_ODDS)))
    elif Role.AUDITOR in held - former and not actor.is_root:  # the trail that an auditor reads is every bureau's
        problems.append(Problem("roles", say(N_("审计员能看到各部门的记录，由市级管理员设置。"))))
    if Role.MATTER_CLERK in held and not values["matters"]:
        problems.append(Problem("matters", say(N_("请选择经办的事项。"))))
    if values["organization_code"] and values["organization"] is None:
        problems.append(Problem("organization_code", say(N_("没有这个代码的建设单位。"))))
    return problems


def _of_oneself(actor: Actor, values: Mapping[str, Any], user: User | None) -> list[Problem]:
    """Nobody gives himself rights, moves himself, unties himself from an organization, or locks himself out."""
    if user is None or user.id != actor.user_id:
        return []
    problems = []
    if set(values["roles"]) != {role.name for role in user.roles}:
        problems.append(Problem("roles", say(N_("不能修改自己的角色，请由另一位管理员办理。"))))
    if values["bureau_id"] != user.bureau_id:
        problems.append(Problem("bureau_id", say(N_("不能修改自己的部门，请由另一位管理员办理。"))))
    own_link = user.organization.org_code if user.organization else None
    if (values["organization_code"] or None) != own_link:  # it keeps one from judging that organization's records
        problems.append(Problem("organization_code", say(N_("不能修改自己的关联单位，请由另一位管理员办理。"))))
    if not values["active"]:
        problems.append(Problem("active", say(N_("不能停用自己的账号。"))))
    return problems


def hold_root_administrators(session: Session) -> frozenset[int]:
    """Who administers the root bureau. Held first and in order, so that two cannot take each other away at once."""
    roots = select(Bureau.id).where(Bureau.parent_id.is_(None))
    query = select(User.id).where(
        User.bureau_id.in_(roots), User.active.is_(True), User.roles.any(FabRole.name == Role.ADMINISTRATOR)
    )
    return frozenset(session.scalars(query.order_by(User.id).with_for_update(of=User)))


def _leaves_no_administrator(session: Session, user: User, values: Mapping[str, Any]) -> bool:
    stays = Role.ADMINISTRATOR in values["roles"] and values["active"] and values["bureau_id"] == user.bureau_id
    return not stays and hold_root_administrators(session) == {user.id}
