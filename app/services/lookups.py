"""What claims and next steps depend on beside the record itself: who holds it, what was decided, what went out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import Role as FabRole
from flask_appbuilder.security.sqla.models import assoc_user_role
from sqlalchemy import Integer, Select, and_, bindparam, exists, func, literal, null, or_, select
from sqlalchemy.orm import Session

from app.domain import pushes
from app.domain.claims import Person, may_hold
from app.domain.terms import Role
from app.services import approvals, reference
from app.services.reading import once
from app.services.snapshot import Record
from models import push_ledger
from models.assignment import Assignment
from models.case_note import CaseNote
from models.counter_visit import CounterVisit
from models.enterprise import Enterprise
from models.hand_over import HandOver
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
    was_checked: bool  # its originals, at the counter
    twin_number: str | None  # of another numbered project of the same 立项
    is_handed_over: bool
    push_status: str | None  # of the latest delivery to the province, the outbox's word
    push_standing: str  # waiting, received or refused; empty before the first
    push_error: str
    note_count: int  # of staff, on the case


@once
def around(session: Session, record: Record) -> Lookups:
    """Look it all up, in one statement."""
    is_project = isinstance(record, Project)
    asked: dict[str, Any] = {"record": record.id, "organization": record.organization_id}
    if isinstance(record, Project):
        asked |= {"document_key": record.approval_key, "code": record.investment_project_code}
    row = session.execute(OF_PROJECT if is_project else OF_ENTERPRISE, asked).one()
    claim = Claim(row.assignee_id, row.who or "", row.claimed_at) if _binds(session, row, record) else None
    return Lookups(
        claim=claim,
        enterprise_status=row.enterprise_status,
        was_judged=bool(row.was_judged),
        was_checked=bool(row.was_checked),
        twin_number=row.twin_number,
        is_handed_over=bool(row.is_handed_over),
        push_status=row.push_status,
        push_standing=_standing(row),
        push_error=row.push_error or "",
        note_count=row.note_count or 0,
    )


def _binds(session: Session, row: Any, record: Record) -> bool:
    """A claim of somebody who could not take the record today holds nobody up, however it came to stand there."""
    if row.assignee_id is None:
        return False
    below = reference.bureaus_below(session, row.at_bureau) if row.at_bureau is not None else frozenset[int]()
    roles = frozenset({Role.REVIEWER}) if row.is_reviewer else frozenset[str]()
    holder = Person(bool(row.is_active), roles, below, row.belongs_to)
    return may_hold(holder, bureau_id=record.bureau_id, organization_id=record.organization_id)


IS_REVIEWER = (
    exists()
    .where(assoc_user_role.c.user_id == User.id, assoc_user_role.c.role_id == FabRole.id)
    .where(FabRole.name == Role.REVIEWER.value)
    .correlate(User)
)

# The statements are put together once: that costs more than running them.
RECORD = bindparam("record", type_=Integer)


def _standing(row: Any) -> str:
    if not row.push_status:
        return ""
    return pushes.standing(
        row.push_status,
        was_acknowledged=bool(row.push_was_acknowledged),
        is_own_fault=bool(row.push_is_own_fault),
    )


def _of_project() -> Select[Any]:
    checked = exists().where(CounterVisit.project_id == RECORD)
    asked = exists().where(PendingAct.project_id == RECORD)  # a second person
    judged = or_(exists().where(Review.project_id == RECORD), checked, asked)
    handed_over = exists().where(HandOver.project_id == RECORD)
    query = _with_claim(
        Assignment.project_id,
        judged.label("was_judged"),
        checked.label("was_checked"),
        approvals.first_number().label("twin_number"),
        handed_over.label("is_handed_over"),
        Outbox.status.label("push_status"),
        Outbox.last_error.label("push_error"),
        push_ledger.was_acknowledged().label("push_was_acknowledged"),
        push_ledger.is_own_fault().label("push_is_own_fault"),
        _notes(CaseNote.project_id),
    )
    pushes = select(func.max(Outbox.id)).where(
        Outbox.project_id == RECORD, Outbox.kind == "province_push", Outbox.status != "superseded"
    )
    return query.outerjoin(Outbox, Outbox.id == pushes.scalar_subquery())


def _of_enterprise() -> Select[Any]:
    asked = exists().where(PendingAct.enterprise_id == RECORD)  # a second person
    judged = or_(exists().where(Review.enterprise_id == RECORD), asked).label("was_judged")
    nothing = (
        "was_checked",
        "twin_number",
        "is_handed_over",
        "push_status",
        "push_error",
        "push_was_acknowledged",
        "push_is_own_fault",
    )
    told = (*(null().label(name) for name in nothing), _notes(CaseNote.enterprise_id))
    return _with_claim(Assignment.enterprise_id, judged, *told)


def _notes(on: Any) -> Any:
    return select(func.count(CaseNote.id)).where(on == RECORD).scalar_subquery().label("note_count")


def _with_claim(holds: Any, *columns: Any) -> Select[Any]:
    one_row = select(literal(1).label("one")).subquery("one_row")
    own = Enterprise.organization_id == bindparam("organization", type_=Integer)
    query = select(
        Assignment.assignee_id,
        Assignment.claimed_at,
        User.display_name.label("who"),
        User.active.label("is_active"),
        User.bureau_id.label("at_bureau"),
        User.organization_id.label("belongs_to"),
        IS_REVIEWER.label("is_reviewer"),
        select(Enterprise.status).where(own).scalar_subquery().label("enterprise_status"),
        *columns,
    )
    joined = query.select_from(one_row).outerjoin(Assignment, and_(holds == RECORD, Assignment.released_at.is_(None)))
    return joined.outerjoin(User, User.id == Assignment.assignee_id)


OF_PROJECT, OF_ENTERPRISE = _of_project(), _of_enterprise()
