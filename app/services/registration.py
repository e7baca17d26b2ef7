"""Registration (注册): an organization names itself and gets its one account, closed until the password is changed."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Invalid, Problem, say
from app.domain.fields import PRIVACY_NOTICE_VERSION, REGISTRATION, CodeTables, clean
from app.domain.permissions import Actor
from app.domain.terms import N_, Role
from app.services import audit
from app.services.deciding import deciding
from app.services.notify import notify_organization
from models.organization import Organization
from models.types import blind_index
from models.user import User

TAKEN = N_("这个代码已经注册。忘记密码或被他人占用，请持证件到窗口办理。")
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
    values = _checked(raw, now)
    code = one_time_code()
    # Hashing is slow by design, so it happens before the write transaction begins.
    secrets_kept = (door.hash_password(door.initial_password), door.hash_password(code))
    try:
        with deciding(session, actor, "registration:done", "organization", now=now):
            _require_unknown(session, values)
            organization = _organization(values, now)
            session.add(organization)
            session.add(_account(session, organization, claim_nonce, secrets_kept, now + door.lasts))
            session.flush()  # the notice and the audit event name the new rows
            audit.record(
                session, actor, "registration:done", "organization", organization.id,
                now=now, organization_id=organization.id, after=values,
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


def _require_unknown(session: Session, values: Mapping[str, object]) -> None:
    query = select(Organization.org_code).where(
        or_(
            Organization.org_code == values["org_code"],
            Organization.uscc == values["uscc"] if values["uscc"] else Organization.id < 0,
        )
    )
    staff_name = select(User.id).where(User.username == values["org_code"])
    if session.scalar(query) is not None or session.scalar(staff_name) is not None:
        raise Invalid([Problem("uscc" if values["uscc"] else "org_code", say(TAKEN))])


def _organization(values: Mapping[str, object], now: datetime) -> Organization:
    columns = {name: value for name, value in values.items() if name != "privacy_consent"}
    return Organization(
        **columns,
        contact_mobile_index=blind_index(str(values["contact_mobile"])),
        privacy_notice_version=PRIVACY_NOTICE_VERSION,
        privacy_consented_at=now,
        registered_at=now,
    )


def _account(
    session: Session, organization: Organization, claim_nonce: str, secrets_kept: tuple[str, str], until: datetime
) -> User:
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
        claim_nonce_hash=digest(claim_nonce),
        sms_code_hash=secrets_kept[1],
        sms_code_expires_at=until,
    )
