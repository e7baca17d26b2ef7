"""An organization after its registration: its contact data, and the names and codes it had before."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.clock import local_date
from app.domain.errors import Conflict, Invalid, say
from app.domain.fields import CONTACT, CodeTables, clean
from app.domain.permissions import Actor
from app.scope import criteria, fetch
from app.services import audit, editing
from app.services.deciding import deciding
from app.services.notify import notify_organization
from app.services.registration import require_right
from models.organization import Organization
from models.organization_change import OrganizationChange


def save_contact(
    session: Session,
    actor: Actor,
    organization_id: int,
    raw: Mapping[str, object],
    *,
    version: int | None,
    now: datetime,
) -> Organization:
    """Whom to ask, changed by an administrator; the number that was on file is told when another takes its place.

    Raises Invalid, Refused, Conflict or NotFound; then nothing is changed.
    """
    with deciding(session, actor, "organization:edit", "organization", organization_id, now=now):
        organization = fetch(session, actor, Organization, organization_id, lock=True)
        require_right(actor, "edit")
        check_version(organization, version)
        before, after = _changed(organization, raw, now)
        if not after:
            return organization
        if "contact_mobile" in after:  # before the new number stands there: this goes to the old one
            key = f"organization-{organization.id}-{organization.version}"
            notify_organization(session, organization, "organization:edit", key=key, now=now)
        editing.put(organization, after)
        organization.version += 1
        audit.record(
            session, actor, "organization:edit", "organization", organization.id,
            now=now, organization_id=organization.id, before=before, after=after,
        )  # fmt: skip
    return organization


def _changed(
    organization: Organization, raw: Mapping[str, object], now: datetime
) -> tuple[dict[str, object], dict[str, object]]:
    """Both sides of what differs. Raises Invalid with every problem; a mask that came back changes nothing."""
    current: dict[str, object] = {name: getattr(organization, name) for name in CONTACT.names}
    sent = {name: value for name, value in raw.items() if not editing.is_mask(name, value, current)}
    outcome = clean(CONTACT, {**current, **sent}, codes=CodeTables({}), today=local_date(now))
    problems = [problem for problem in outcome.problems if problem.field in sent]
    if problems:
        raise Invalid(problems)
    return audit.changed(current, {name: value for name, value in outcome.values.items() if name in sent})


def check_version(organization: Organization, version: int | None) -> None:
    """Raise Conflict when the form was drawn from an older version than the row has now."""
    if version is not None and organization.version != version:
        raise Conflict(say(editing.NOT_SAVED))


def changes(session: Session, actor: Actor, organization: Organization) -> list[OrganizationChange]:
    """The organization's legal changes (更名), newest first."""
    query = select(OrganizationChange).where(
        criteria(actor, OrganizationChange), OrganizationChange.organization_id == organization.id
    )
    newest = query.order_by(OrganizationChange.changed_at.desc(), OrganizationChange.id.desc())
    return list(session.scalars(newest.options(joinedload(OrganizationChange.changed_by))))
