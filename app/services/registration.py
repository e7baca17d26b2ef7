"""Registration (注册): an organization names itself and gets its one account, closed until the password is changed."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Invalid, Problem, Refused, say
from app.domain.fields import PRIVACY_NOTICE_VERSION, REGISTRATION, CodeTables, clean
from app.domain.permissions import Actor, may
from app.domain.terms import N_, Role
from app.services import audit
from app.services.deciding import deciding, judging
from app.services.notify import notify_organization
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.types import blind_index
from models.user import User

AT_COUNTER = "organization:add"
TAKEN = N_("这个代码已经注册。忘记密码或被他人占用，请持证件到窗口办理。")
GIVEN_UP = N_("这个代码已在一次更名中变更为新代码，不能再用来注册。请用新代码登录，或持证件到窗口查询。")
CODE_DIGITS = 6


@dataclass(frozen=True)
class FirstDoor:
    """How a new account is opened: the notice's password, how long it lives, how secrets are hashed."""

    initial_password: str
    lasts: timedelta
    hash_password: Callable[[str], str]


def register(
    session: Session,
    actor: Actor,
    raw: Mapping[str, object],
    door: FirstDoor,
    *,
    claim_nonce: str,
    now: datetime,
) -> Organization:
    """Create the organization and its account; the account name is the org code.

    `claim_nonce` is the secret that the registering browser keeps. Raises Invalid naming each faulty input;
    a code that is registered in any spelling, alone or inside a unified code, is refused.
    """
    return _register(session, actor, "registration:done", raw, door, claim_nonce, now)


def register_at_counter(
    session: Session, actor: Actor, raw: Mapping[str, object], door: FirstDoor, *, now: datetime
) -> Organization:
    """Register for somebody who came with a paper form (代为注册): same rules, same initial password, same notice.

    No browser holds the account's first secret, so its owner needs the code sent to the contact's mobile.
    Raises Refused without the right, else as `register`.
    """
    with judging(session, actor, AT_COUNTER, "organization", now=now):
        require_right(actor, "add")
    return _register(session, actor, AT_COUNTER, raw, door, None, now)


def require_right(actor: Actor, verb: str) -> None:
    """Raise Refused when the actor may not do this to organizations."""
    if not may(actor.roles, "organizations", verb):
        raise Refused(say(N_("没有这项权限。")), "right")


def _register(
    session: Session,
    actor: Actor,
    action: str,
    raw: Mapping[str, object],
    door: FirstDoor,
    claim_nonce: str | None,
    now: datetime,
) -> Organization:
    values = _checked(raw, now)
    code = one_time_code()
    # Hashing is slow by design, so it happens before the write transaction begins.
    secrets_kept = (door.hash_password(door.initial_password), door.hash_password(code))
    try:
        with deciding(session, actor, action, "organization", now=now):
            require_unknown(session, values)
            organization = enroll(session, values, secrets_kept, now + door.lasts, claim_nonce=claim_nonce, now=now)
            audit.record(
                session, actor, action, "organization", organization.id,
                now=now, organization_id=organization.id,
                after={**values, "privacy_notice_version": PRIVACY_NOTICE_VERSION},
            )  # fmt: skip
            notify_organization(
                session,
                organization,
                "registration:done",
                key=f"organization-{organization.id}",
                now=now,
                code=code,
            )
    except IntegrityError as taken:  # somebody registered the same code meanwhile
        raise Invalid([Problem("org_code", say(TAKEN))]) from taken
    return organization


def enroll(
    session: Session,
    values: Mapping[str, object],
    secrets_kept: tuple[str, str | None],
    until: datetime,
    *,
    claim_nonce: str | None = None,
    now: datetime,
) -> Organization:
    """The organization and its one account, behind the hash of its first password and, if there is one, of a code."""
    organization = _organization(values, now)
    session.add(organization)
    session.add(account_for(session, organization, claim_nonce, secrets_kept, until))
    session.flush()  # the notice and the audit event name the new rows
    return organization


def one_time_code() -> str:
    """Six digits for one phone."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def digest(secret: str) -> str:
    """How a nonce is kept, SHA-256 hex: it is long and random, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _checked(raw: Mapping[str, object], now: datetime) -> dict[str, object]:
    outcome = clean(REGISTRATION, raw, codes=CodeTables({}), today=local_date(now))
    if outcome.problems:
        raise Invalid(outcome.problems)
    return outcome.values


def require_unknown(session: Session, values: Mapping[str, object], *, own_id: int | None = None) -> None:
    """Raise Invalid when another organization or account has one of the codes, or gave it up in a change."""
    place = "uscc" if values["uscc"] else "org_code"
    codes = [code for code in (values["org_code"], values["uscc"]) if code]
    holder = select(Organization.id).where(
        or_(Organization.org_code.in_(codes), Organization.uscc.in_(codes)), _other_than(Organization.id, own_id)
    )
    account = select(User.id).where(
        User.username == values["org_code"],
        or_(User.organization_id.is_(None), _other_than(User.organization_id, own_id)),
    )
    if session.scalar(holder) is not None or session.scalar(account) is not None:
        raise Invalid([Problem(place, say(TAKEN))])
    given_up = select(OrganizationChange.id).where(
        OrganizationChange.org_code_before.in_(codes),
        OrganizationChange.org_code_before != OrganizationChange.org_code_after,
        _other_than(OrganizationChange.organization_id, own_id),
    )
    if session.scalar(given_up.limit(1)) is not None:
        raise Invalid([Problem(place, say(GIVEN_UP))])


def _other_than(column: Any, own_id: int | None) -> ColumnElement[bool]:
    return true() if own_id is None else column != own_id


def _organization(values: Mapping[str, object], now: datetime) -> Organization:
    columns = {name: value for name, value in values.items() if name != "privacy_consent"}
    return Organization(
        **columns,
        contact_mobile_index=blind_index(str(values["contact_mobile"])),
        privacy_notice_version=PRIVACY_NOTICE_VERSION,
        privacy_consented_at=now,
        registered_at=now,
    )


def account_for(
    session: Session,
    organization: Organization,
    claim_nonce: str | None,
    secrets_kept: tuple[str, str | None],
    until: datetime,
) -> User:
    """The organization's one account, named by its code, behind the hash of its first password until then."""
    role = session.scalars(select(FabRole).where(FabRole.name == Role.APPLICANT)).one()
    return User(
        username=organization.org_code,
        first_name=organization.name[:64],
        last_name="",
        display_name=organization.name[:64],
        email=f"{organization.org_code.lower()}@local.invalid",
        active=True,
        password=secrets_kept[0],
        organization=organization,
        roles=[role],
        must_change_password=True,
        initial_password_expires_at=until,
        claim_nonce_hash=digest(claim_nonce) if claim_nonce else None,
        sms_code_hash=secrets_kept[1],
        sms_code_expires_at=until if secrets_kept[1] else None,
    )
