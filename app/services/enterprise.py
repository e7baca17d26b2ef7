"""The enterprise record (企业信息): opened for an organization, kept as a draft, handed in for review."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Refused, say
from app.domain.limits import TimeLimits
from app.domain.permissions import Actor
from app.domain.terms import N_, Action, Role, Status
from app.scope import fetch
from app.services import audit, editing, record, reference, returns, snapshot
from app.services.deciding import deciding
from app.services.lifecycle import move, require
from models.enterprise import Enterprise
from models.organization import Organization


def of_organization(session: Session, organization_id: int) -> Enterprise | None:
    """The organization's one enterprise record, if it was opened."""
    return session.scalar(select(Enterprise).where(Enterprise.organization_id == organization_id))


def create(session: Session, actor: Actor, raw: Mapping[str, object], *, now: datetime) -> Enterprise:
    """Open the record as a draft; name, code and unit kind come from the organization and stay locked to it.

    A record that was voided begins anew: its history, submissions and scans of before stay where they are.
    Raises Invalid for faulty values, Refused when the organization has its record already.
    """
    with deciding(session, actor, "enterprise:add", "enterprise", now=now):
        if Role.APPLICANT not in actor.roles or actor.organization_id is None:
            raise Refused(say(N_("只有建设单位可以登记企业信息。")), "role")
        organization = fetch(session, actor, Organization, actor.organization_id)
        session.refresh(organization, with_for_update={"key_share": True})  # one at a time; who refers to it goes on
        known = of_organization(session, organization.id)
        if known is not None and known.status == Status.VOIDED:
            return _begun_anew(session, actor, known, raw, now=now)
        if known is not None:
            raise Refused(say(N_("企业信息已经登记过，请在原记录上修改。")), "exists")
        enterprise = _opened(organization, now)
        values = editing.cleaned(session, enterprise, raw, now=now)
        editing.put(enterprise, values)
        _place(session, enterprise)
        session.add(enterprise)
        session.flush()  # the audit event names the new row
        audit.record(
            session, actor, "enterprise:add", "enterprise", enterprise.id,
            now=now, organization_id=organization.id, after={"status": Status.DRAFT, **values},
        )  # fmt: skip
    return enterprise


def _begun_anew(
    session: Session, actor: Actor, enterprise: Enterprise, raw: Mapping[str, object], *, now: datetime
) -> Enterprise:
    """重新登记: nothing of the void record is taken over but its trail."""
    session.refresh(enterprise, with_for_update=True)
    transition = require(session, actor, enterprise, Action.REOPEN, now=now)
    empty = dict.fromkeys(f.name for f in snapshot.fields_of(enterprise) if not f.locked)
    for scan in snapshot.live_attachments(session, enterprise):
        scan.superseded_at = now
    editing.put(enterprise, empty)
    values = editing.cleaned(session, enterprise, raw, now=now)
    editing.put(enterprise, values)
    enterprise.submission, enterprise.submitted_at, enterprise.decided_at = None, None, None
    enterprise.unlocked_fields, enterprise.unlocked_until, enterprise.approved_content = None, None, None
    _place(session, enterprise)
    move(session, actor, enterprise, transition, now=now, after=values)
    return enterprise


def _opened(organization: Organization, now: datetime) -> Enterprise:
    return Enterprise(
        organization_id=organization.id,
        status=Status.DRAFT,
        name=organization.name,
        org_code=organization.org_code,
        uscc=organization.uscc,
        unit_kind=organization.unit_kind,
        contact_name=organization.contact_name,
        contact_mobile=organization.contact_mobile,
        contact_mobile_index=organization.contact_mobile_index,
        submission_count=0,
        created_at=now,
        updated_at=now,
    )


def _place(session: Session, enterprise: Enterprise) -> None:
    """The registered region decides which bureau reviews the record."""
    bureau = reference.bureau_of_enterprise(session, enterprise.region_code)
    enterprise.bureau_id = bureau.id if bureau else None


def save(
    session: Session,
    actor: Actor,
    enterprise_id: int,
    raw: Mapping[str, object],
    *,
    version: int | None,
    answers: Mapping[int, str] | None = None,
    now: datetime,
) -> Enterprise:
    """保存. Raises Invalid, Refused, Conflict or NotFound; then nothing is changed."""
    with deciding(session, actor, "enterprise:edit", "enterprise", enterprise_id, now=now):
        enterprise = fetch(session, actor, Enterprise, enterprise_id, lock=True)
        region = enterprise.region_code
        editing.save(session, actor, enterprise, raw, version=version, now=now)
        returns.keep_answers(session, actor, enterprise, answers or {}, now=now)
        if enterprise.region_code != region:
            _place(session, enterprise)
    return enterprise


def submit(
    session: Session,
    actor: Actor,
    enterprise_id: int,
    *,
    declared: bool,
    answers: Mapping[int, str] | None = None,
    now: datetime,
    limits: TimeLimits,
) -> Enterprise:
    """递交审核: locks the record. Raises Invalid naming what is missing, Refused otherwise."""
    with deciding(session, actor, "enterprise:submit", "enterprise", enterprise_id, now=now):
        enterprise = fetch(session, actor, Enterprise, enterprise_id, lock=True)
        record.submit(session, actor, enterprise, declared=declared, answers=answers or {}, now=now, limits=limits)
    return enterprise


def delete(session: Session, actor: Actor, enterprise_id: int, *, now: datetime) -> None:
    """删除草稿. Raises Refused once anybody has judged it."""
    with deciding(session, actor, "enterprise:delete", "enterprise", enterprise_id, now=now):
        enterprise = fetch(session, actor, Enterprise, enterprise_id, lock=True)
        record.delete(session, actor, enterprise, now=now)
