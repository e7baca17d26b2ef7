"""An organization after its registration: its contact data, and the names and codes it had before."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.clock import local_date
from app.domain.errors import Conflict, Invalid, Refused, Sentence, say
from app.domain.fields import CONTACT, CodeTables, clean
from app.domain.notices import NOTICES, has_code
from app.domain.permissions import Actor
from app.domain.terms import N_, Status
from app.outbox.enqueue import redirect
from app.scope import criteria, fetch
from app.services import audit, editing
from app.services.deciding import deciding
from app.services.notify import notify_organization
from app.services.reading import once
from app.services.registration import require_right
from models.bureau import Bureau
from models.enterprise import Enterprise
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.project import Project

ELSEWHERE = N_("这个单位由其他部门受理，请联系受理部门或市级管理员办理。")
CLOSED = N_("这个单位的登记已停用：代码已由原单位认领。")
NOT_PLACED = N_("这个单位还没有受理部门，由市级管理员办理。")


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
        require_own(session, actor, organization)
        check_version(organization, version)
        before, after = _changed(organization, raw, now)
        if not after:
            return organization
        if "contact_mobile" in after:  # before the new number stands there: this goes to the old one
            key = f"organization-{organization.id}-{organization.version}"
            notify_organization(session, organization, "organization:edit", key=key, now=now)
        editing.put(organization, after)
        if "contact_mobile" in after:
            redirect(session, organization.id, organization.contact_mobile, frozenset(filter(has_code, NOTICES)))
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


@once
def why_not(session: Session, actor: Actor, organization: Organization) -> Sentence | None:
    """Why this administrator may see the organization and not change it; None when it is his bureau's.

    It is that of its enterprise record; until there is one, that of its only projects or the one that imported it,
    else the root bureau's.
    """
    record = select(Enterprise.bureau_id).where(Enterprise.organization_id == organization.id)
    if organization.reclaimed_at is not None:
        return say(CLOSED)
    place = session.scalar(record)
    if place is not None:
        return None if place in actor.bureau_ids else say(ELSEWHERE)
    if actor.is_root:
        return None
    projects = select(func.distinct(Project.bureau_id)).where(
        Project.organization_id == organization.id, Project.status != Status.DRAFT
    )
    imported = select(Bureau.id).where(Bureau.code == organization.import_bureau_code)
    places = set(session.scalars(projects)) or set(session.scalars(imported))
    return None if places and places <= actor.bureau_ids else say(ELSEWHERE if places else NOT_PLACED)


def require_own(session: Session, actor: Actor, organization: Organization) -> None:
    """Raise Refused unless the organization is this administrator's bureau's."""
    sentence = why_not(session, actor, organization)
    if sentence is not None:
        raise Refused(sentence, "bureau")


def changes(session: Session, actor: Actor, organization: Organization) -> list[OrganizationChange]:
    """The organization's legal changes (更名), newest first."""
    query = select(OrganizationChange).where(
        criteria(actor, OrganizationChange), OrganizationChange.organization_id == organization.id
    )
    newest = query.order_by(OrganizationChange.changed_at.desc(), OrganizationChange.id.desc())
    return list(session.scalars(newest.options(joinedload(OrganizationChange.changed_by))))
