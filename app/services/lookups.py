"""What claims and next steps depend on beside the record itself: who holds it, what was decided, what went out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, null, or_, select
from sqlalchemy.orm import Session

from app.domain.terms import Status
from app.services.reading import once
from app.services.snapshot import Record, of_record
from models.assignment import Assignment
from models.enterprise import Enterprise
from models.hand_over import HandOver
from models.originals_check import OriginalsCheck
from models.outbox import Outbox
from models.pending_act import PendingAct
from models.project import Project
from models.review import Review
from models.user import User


@dataclass(frozen=True)
class Claim:
    """Who holds the record (认领), and since when."""

    assignee_id: int
    who: str
    claimed_at: datetime


@dataclass(frozen=True)
class Lookups:
    """The rows around one record, as far as somebody asks about them."""

    claim: Claim | None
    enterprise_status: str | None  # of the organization's enterprise record
    was_judged: bool
    twin_number: str | None  # of another numbered project of the same 立项
    is_handed_over: bool
    push_status: str | None  # of the latest delivery to the province, the outbox's word
    push_error: str


@once
def around(session: Session, record: Record) -> Lookups:
    """Look it all up, in one statement."""
    row = session.execute(_project(record) if isinstance(record, Project) else _enterprise(record)).one()
    claim = Claim(row.assignee_id, row.who or "", row.claimed_at) if row.assignee_id is not None else None
    return Lookups(
        claim=claim,
        enterprise_status=row.enterprise_status,
        was_judged=bool(row.was_judged),
        twin_number=row.twin_number,
        is_handed_over=bool(row.is_handed_over),
        push_status=row.push_status,
        push_error=row.push_error or "",
    )


def _project(project: Project) -> Any:
    checked = exists().where(OriginalsCheck.project_id == project.id)
    handed_over = exists().where(HandOver.project_id == project.id)
    query = _with_claim(
        project,
        or_(_judged(project), checked, _asked(project)).label("was_judged"),
        _twin(project).label("twin_number"),
        handed_over.label("is_handed_over"),
        Outbox.status.label("push_status"),
        Outbox.last_error.label("push_error"),
    )
    pushes = select(func.max(Outbox.id)).where(
        Outbox.project_id == project.id, Outbox.kind == "province_push", Outbox.status != "superseded"
    )
    return query.outerjoin(Outbox, Outbox.id == pushes.scalar_subquery())


def _enterprise(record: Enterprise) -> Any:
    nothing = ("twin_number", "is_handed_over", "push_status", "push_error")
    judged = or_(_judged(record), _asked(record)).label("was_judged")
    return _with_claim(record, judged, *(null().label(name) for name in nothing))


def _with_claim(record: Record, *columns: Any) -> Any:
    one_row = select(literal(1).label("one")).subquery("one_row")
    status = select(Enterprise.status).where(Enterprise.organization_id == record.organization_id)
    held = and_(of_record(Assignment, record), Assignment.released_at.is_(None))
    query = select(
        Assignment.assignee_id,
        Assignment.claimed_at,
        User.display_name.label("who"),
        status.scalar_subquery().label("enterprise_status"),
        *columns,
    )
    joined = query.select_from(one_row).outerjoin(Assignment, held)
    return joined.outerjoin(User, User.id == Assignment.assignee_id)


def _judged(record: Record) -> ColumnElement[bool]:
    return exists().where(of_record(Review, record))


def _asked(record: Record) -> ColumnElement[bool]:
    """Whether a second person was ever asked about it."""
    return exists().where(of_record(PendingAct, record))


def _twin(project: Project) -> Any:
    if project.approval_key is None:
        return null()
    twins = select(func.min(Project.number)).where(
        Project.approval_key == project.approval_key,
        Project.id != project.id,
        Project.number.is_not(None),
        Project.status != Status.VOIDED,
    )
    return twins.scalar_subquery()
