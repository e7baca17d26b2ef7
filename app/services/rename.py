"""更名: a legal change of an organization's name or code, recorded by an administrator before and after.

The account, the enterprise record and the projects follow at once; snapshots keep the name of their day.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Invalid, Problem, say
from app.domain.fields import RENAME, CodeTables, clean
from app.domain.permissions import Actor
from app.domain.terms import N_
from app.scope import fetch
from app.services import audit, municipal, pushing
from app.services.deciding import deciding
from app.services.enterprise import of_organization
from app.services.notify import notify_organization
from app.services.organization import check_version, require_own
from app.services.registration import TAKEN, require_right, require_unknown
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.user import User

NAMED = ("name", "org_code", "uscc")
SAME = N_("名称和代码都没有变化，不用更名。")


def rename(
    session: Session,
    actor: Actor,
    organization_id: int,
    raw: Mapping[str, object],
    *,
    version: int | None,
    now: datetime,
) -> OrganizationChange:
    """Record the change at once and let everything that is of today follow; pages ask a second person first.

    Raises Invalid naming each faulty input, Refused, Conflict or NotFound; then nothing is changed.
    """
    try:
        with deciding(session, actor, "organization:rename", "organization", organization_id, now=now):
            organization = fetch(session, actor, Organization, organization_id, lock=True)
            require_right(actor, "rename")
            require_own(session, actor, organization)
            check_version(organization, version)
            change = carry_out(session, actor, organization, checked(session, organization, raw, now), now=now)
    except IntegrityError as taken:  # somebody registered the same code meanwhile
        raise Invalid([Problem("org_code", say(TAKEN))]) from taken
    return change


def carry_out(
    session: Session, actor: Actor, organization: Organization, values: Mapping[str, object], *, now: datetime
) -> OrganizationChange:
    """The change within the caller's transaction, and what other systems are told of its numbered projects."""
    before = {name: getattr(organization, name) for name in NAMED}
    change = _change(actor, organization, values, now)
    session.add(change)
    _follow(session, organization, values, now)
    _tell(session, actor, organization, before, values, now)
    for project in pushing.push_renamed(session, organization, now=now):
        municipal.push_renamed(session, project, now=now)
    return change


def checked(
    session: Session, organization: Organization, raw: Mapping[str, object], now: datetime
) -> dict[str, object]:
    """The typed values of a change that changes something, to a code that nobody else has. Raises Invalid."""
    values = _checked(organization, raw, now)
    require_unknown(session, values, own_id=organization.id)
    return values


def _checked(organization: Organization, raw: Mapping[str, object], now: datetime) -> dict[str, object]:
    outcome = clean(RENAME, raw, codes=CodeTables({}), today=local_date(now))
    if outcome.problems:
        raise Invalid(outcome.problems)
    if all(getattr(organization, name) == outcome.values[name] for name in NAMED):
        raise Invalid([Problem("name", say(SAME))])
    return outcome.values


def _change(
    actor: Actor, organization: Organization, values: Mapping[str, object], now: datetime
) -> OrganizationChange:
    effective_on = values["effective_on"]
    assert isinstance(effective_on, date) and actor.user_id is not None  # the form asks, and only persons rename
    return OrganizationChange(
        organization_id=organization.id,
        **{f"{name}_before": getattr(organization, name) for name in NAMED},
        **{f"{name}_after": values[name] for name in NAMED},
        effective_on=effective_on,
        reason=values["reason"],
        changed_by_id=actor.user_id,
        changed_at=now,
    )


def _follow(session: Session, organization: Organization, values: Mapping[str, object], now: datetime) -> None:
    """The organization, its account, whose name is the code, and its enterprise record, locked to both."""
    name, org_code = str(values["name"]), str(values["org_code"])
    organization.name, organization.org_code, organization.uscc = name, org_code, values["uscc"]  # type: ignore[assignment]
    organization.version += 1
    accounts = select(User).where(User.organization_id == organization.id, User.bureau_id.is_(None))
    for account in session.scalars(accounts):
        account.username, account.email = org_code, f"{org_code.lower()}@local.invalid"
        account.first_name = account.display_name = name[:64]
    enterprise = of_organization(session, organization.id)
    if enterprise is not None:
        enterprise.name, enterprise.org_code, enterprise.uscc = name, org_code, organization.uscc
        enterprise.updated_at = now


def _tell(
    session: Session,
    actor: Actor,
    organization: Organization,
    before: Mapping[str, object],
    values: Mapping[str, object],
    now: datetime,
) -> None:
    """The trail gets both sides, the contact a message with the account name that holds from now on."""
    session.flush()  # a code that is taken is refused before anybody is told
    changed_before, changed_after = audit.changed(before, {name: values[name] for name in NAMED})
    grounds = {name: values[name] for name in ("effective_on", "reason")}
    audit.record(
        session, actor, "organization:rename", "organization", organization.id,
        now=now, organization_id=organization.id, before=changed_before, after={**changed_after, **grounds},
    )  # fmt: skip
    key = f"organization-{organization.id}-{organization.version}"
    notify_organization(session, organization, "organization:rename", key=key, now=now, org_code=organization.org_code)
