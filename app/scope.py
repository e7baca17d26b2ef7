"""Which rows a person may see or touch (SPEC §8): one function, as SQL criteria, used by every path to a row.

A model without an entry gives no row to anybody. Not yours is answered like not there: NotFound, 404.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.permissions import Actor
from app.domain.terms import Role, Status
from models.assignment import Assignment
from models.attachment import Attachment
from models.audit import AuditEvent
from models.bureau import Bureau, Contact
from models.calendar import CalendarOverride, CalendarYear
from models.dictionary import DictionaryEntry, RequiredDocument, ReturnReason
from models.enterprise import Enterprise
from models.export_job import ExportJob
from models.hand_over import HandOver
from models.inbox_message import InboxMessage
from models.issued_report import IssuedReport
from models.mandate import Mandate
from models.notice_template import NoticeTemplate
from models.number import NumberRegister
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.originals_check import OriginalsCheck
from models.outbox import Outbox
from models.pending_act import PendingAct
from models.project import Project
from models.region import Region
from models.review import ReturnItem, Review
from models.submission import Submission
from models.user import User

Row = TypeVar("Row")
Criterion = ColumnElement[bool]

BUREAU_ROLES = frozenset({Role.COUNTER_CLERK, Role.REVIEWER, Role.MANAGER, Role.ADMINISTRATOR})


def criteria(actor: Actor, model: type[Any]) -> Criterion:
    """The rows of `model` that the actor may see, as a WHERE criterion."""
    rule = _RULES.get(model)
    return rule(actor) if rule else false()


def fetch(session: Session, actor: Actor, model: type[Row], row_id: object, *, lock: bool = False) -> Row:
    """The row, if it is the actor's to see; NotFound otherwise. `lock` holds it until the transaction ends."""
    query = select(model).where(model.id == row_id, criteria(actor, model))  # type: ignore[attr-defined]
    if lock:
        query = query.with_for_update(of=model).execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none() if _is_key(row_id) else None
    if row is None:
        raise NotFound(model.__name__)
    return row


def _is_key(row_id: object) -> bool:
    return isinstance(row_id, int) and 0 < row_id < 2**31


def _at_bureau(actor: Actor) -> bool:
    return bool(actor.roles & BUREAU_ROLES) and bool(actor.bureau_ids)


def _any(*parts: Criterion | None) -> Criterion:
    present = [part for part in parts if part is not None]
    return or_(*present) if present else false()


def _own(actor: Actor, column: Any) -> Criterion | None:
    if Role.APPLICANT in actor.roles and actor.organization_id is not None:
        return column == actor.organization_id
    return None


def _projects(actor: Actor) -> Criterion:
    staff = Project.bureau_id.in_(actor.bureau_ids) if _at_bureau(actor) else None
    matter = None
    if Role.MATTER_CLERK in actor.roles and actor.bureau_ids:
        matter = and_(Project.bureau_id.in_(actor.bureau_ids), Project.number.is_not(None))
    return _any(_own(actor, Project.organization_id), staff, matter)


def _enterprises(actor: Actor) -> Criterion:
    """Staff see enterprises of their bureaus, and those with a project under way there."""
    staff = None
    if _at_bureau(actor):
        here = select(Project.organization_id).where(
            Project.bureau_id.in_(actor.bureau_ids), Project.status != Status.DRAFT
        )
        staff = or_(Enterprise.bureau_id.in_(actor.bureau_ids), Enterprise.organization_id.in_(here))
    return _any(_own(actor, Enterprise.organization_id), staff)


def _organizations(actor: Actor) -> Criterion:
    """Staff also see organizations that have not said yet where they are registered."""
    staff = None
    if _at_bureau(actor):
        placed = select(Enterprise.organization_id).where(Enterprise.bureau_id.is_not(None))
        seen = select(Enterprise.organization_id).where(_enterprises(actor))
        staff = or_(Organization.id.not_in(placed), Organization.id.in_(seen))
    return _any(_own(actor, Organization.id), staff)


def _of_records(actor: Actor, model: Any) -> Criterion:
    """Rows that hang on a project or an enterprise follow their record."""
    return or_(
        model.project_id.in_(select(Project.id).where(_projects(actor))),
        model.enterprise_id.in_(select(Enterprise.id).where(_enterprises(actor))),
    )


def _of_projects(actor: Actor, model: Any) -> Criterion:
    return model.project_id.in_(select(Project.id).where(_projects(actor)))


def _staff_record(model: type[Any]) -> Callable[[Actor], Criterion]:
    def rule(actor: Actor) -> Criterion:
        return _of_records(actor, model) if _at_bureau(actor) else false()

    return rule


def _mandates(actor: Actor) -> Criterion:
    staff = None
    if _at_bureau(actor):
        staff = Mandate.organization_id.in_(select(Organization.id).where(_organizations(actor)))
    return _any(_own(actor, Mandate.organization_id), staff)


def _attachments(actor: Actor) -> Criterion:
    on_mandate = Attachment.mandate_id.in_(select(Mandate.id).where(_mandates(actor)))
    return or_(_of_records(actor, Attachment), on_mandate)


def _numbers(actor: Actor) -> Criterion:
    imported = NumberRegister.project_id.is_(None) if _at_bureau(actor) and actor.is_root else None
    return _any(_of_projects(actor, NumberRegister), imported)


def _pending_acts(actor: Actor) -> Criterion:
    return _of_records(actor, PendingAct) if Role.ADMINISTRATOR in actor.roles else false()


def _notices(actor: Actor) -> Criterion:
    """Staff see what was sent about records and organizations of theirs."""
    if not _at_bureau(actor):
        return false()
    return Outbox.organization_id.in_(select(Organization.id).where(_organizations(actor)))


def _changes(actor: Actor) -> Criterion:
    return OrganizationChange.organization_id.in_(select(Organization.id).where(_organizations(actor)))


def _reports(actor: Actor) -> Criterion:
    reads = actor.roles & {Role.MANAGER, Role.ADMINISTRATOR}
    return IssuedReport.bureau_id.in_(actor.bureau_ids) if reads else false()


def _reference(actor: Actor) -> Criterion:
    """What every bureau works by: read by administrators; who may change it is for the permissions."""
    return true() if Role.ADMINISTRATOR in actor.roles else false()


_RULES: dict[type[Any], Callable[[Actor], Criterion]] = {
    Project: _projects,
    Enterprise: _enterprises,
    Organization: _organizations,
    Attachment: _attachments,
    Mandate: _mandates,
    Submission: lambda actor: _of_records(actor, Submission),
    Review: lambda actor: _of_records(actor, Review),
    ReturnItem: lambda actor: ReturnItem.review_id.in_(select(Review.id).where(_of_records(actor, Review))),
    Assignment: _staff_record(Assignment),
    OriginalsCheck: lambda actor: _of_projects(actor, OriginalsCheck),
    HandOver: lambda actor: _of_projects(actor, HandOver),
    NumberRegister: _numbers,
    InboxMessage: lambda actor: _any(_own(actor, InboxMessage.organization_id)),
    User: lambda actor: User.bureau_id.in_(actor.bureau_ids) if Role.ADMINISTRATOR in actor.roles else false(),
    Bureau: lambda actor: Bureau.id.in_(actor.bureau_ids),
    Contact: lambda actor: Contact.bureau_id.in_(actor.bureau_ids) if _at_bureau(actor) else false(),
    PendingAct: _pending_acts,
    Outbox: _notices,
    OrganizationChange: _changes,
    IssuedReport: _reports,
    ExportJob: lambda actor: ExportJob.requested_by_id == actor.user_id if actor.user_id else false(),
    **dict.fromkeys(
        (
            Region,
            DictionaryEntry,
            RequiredDocument,
            ReturnReason,
            NoticeTemplate,
            CalendarOverride,
            CalendarYear,
        ),
        _reference,
    ),
    AuditEvent: lambda actor: true() if Role.AUDITOR in actor.roles else false(),
}
