"""Which rows a person may see or touch (SPEC §8): one function, as SQL criteria, used by every path to a row.

A model without an entry gives no row to anybody. Not yours is answered like not there: NotFound, 404.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.permissions import Actor
from app.domain.terms import Role, Status
from models import locks
from models.account_request import AccountRequest
from models.api_key import ApiKey
from models.assignment import Assignment
from models.attachment import Attachment
from models.audit import AuditEvent
from models.bureau import Bureau, Contact
from models.calendar import CalendarOverride, CalendarYear
from models.call_note import CallNote
from models.case_note import CaseNote
from models.counter_visit import CounterVisit
from models.dictionary import DictionaryEntry, RequiredDocument, ReturnReason
from models.enterprise import Enterprise
from models.export_job import ExportJob
from models.hand_over import HandOver
from models.inbox_message import InboxMessage
from models.issued_report import IssuedReport
from models.mandate import Mandate
from models.matter import MatterRecord, ProjectMatter
from models.matter_rule import MatterItem, MatterRule
from models.notice_template import NoticeTemplate
from models.number import NumberRegister
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.originals_check import OriginalsCheck
from models.outbox import Outbox
from models.pending_act import PendingAct
from models.project import Project
from models.push_attempt import PushAttempt
from models.reconciliation import Reconciliation
from models.region import Region
from models.review import ReturnItem, Review
from models.saved_view import SavedView
from models.sent_form import SentForm
from models.shown_error import ShownError
from models.sqlite_hint import NotByIndex, by_index
from models.submission import Submission
from models.unit_work import UnitFiling, UnitSubmission, UnitWork
from models.unsaved_entry import UnsavedEntry
from models.user import User

Row = TypeVar("Row")
Criterion = ColumnElement[bool]

AT_SOME_BUREAU = Project.bureau_id.is_not(None)
AT_NO_BUREAU = select(Project.id).where(~AT_SOME_BUREAU)
BUREAU_ROLES = frozenset({Role.COUNTER_CLERK, Role.REVIEWER, Role.MANAGER, Role.ADMINISTRATOR})


def criteria(actor: Actor, model: type[Any]) -> Criterion:
    """The rows of `model` that the actor may see, as a WHERE criterion."""
    return _criteria(replace(actor, username="", name="", address=None, request_id=None), model)


@lru_cache(maxsize=2_048)
def _criteria(actor: Actor, model: type[Any]) -> Criterion:
    """The same, put together once per reach of a person: it is asked by every statement of every page."""
    rule = _RULES.get(model)
    return rule(actor) if rule else false()


def at_own_bureaus(actor: Actor, model: type[Any]) -> Criterion:
    """The projects or enterprises at the bureaus of a member of staff: a part of `criteria`, found by an index."""
    return model.bureau_id.in_(actor.bureau_ids) if _at_bureau(actor) else false()


def hidden(actor: Actor, model: type[Any]) -> Any:
    """The keys of the few rows out of scope, for one who sees all others; None for everybody else.

    For counting without reading the rows. All bureaus stand below the root one, so of the projects there only those
    that are at no bureau yet are hidden, and an index has them.
    """
    return AT_NO_BUREAU if _sees_all(actor, model) else None


def counting(actor: Actor, model: type[Any]) -> Criterion:
    """The rows of `criteria` for a count, which has no order: by index, and by the shortest one for who sees all."""
    return AT_SOME_BUREAU if _sees_all(actor, model) else by_index(criteria(actor, model))


def _sees_all(actor: Actor, model: type[Any]) -> bool:
    return model is Project and actor.is_root and _at_bureau(actor) and Role.APPLICANT not in actor.roles


def fetch(session: Session, actor: Actor, model: type[Row], row_id: object, *, lock: bool = False) -> Row:
    """The row, if it is the actor's to see; NotFound otherwise. `lock` holds it until the transaction ends.

    Its organization is held before it: models/locks.py has the order.
    """
    query = select(model).where(model.id == row_id, criteria(actor, model))  # type: ignore[attr-defined]
    if lock and _is_key(row_id):
        locks.hold_organization(session, model, row_id)
        query = query.with_for_update(of=model, key_share=not locks.is_held_alone(model))
        query = query.execution_options(populate_existing=True)
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


def _of_person(actor: Actor, column: Any) -> Criterion:
    """What a person keeps is theirs alone, whatever their roles."""
    return column == actor.user_id if actor.user_id else false()


def _of_bureaus(actor: Actor, column: Any) -> Criterion:
    """One bureau's rows are looked up by it; of several bureaus, which is nearly everything, the list's order is."""
    if len(actor.bureau_ids) == 1:
        return column == next(iter(actor.bureau_ids))  # type: ignore[no-any-return]
    return NotByIndex(column).in_(actor.bureau_ids)


def _projects(actor: Actor) -> Criterion:
    staff = _of_bureaus(actor, Project.bureau_id) if _at_bureau(actor) else None
    matter = None
    if Role.MATTER_CLERK in actor.roles and actor.bureau_ids:
        matter = and_(_of_bureaus(actor, Project.bureau_id), Project.number.is_not(None))
    return _any(_own(actor, Project.organization_id), staff, matter)


def _enterprises(actor: Actor) -> Criterion:
    """Staff see enterprises of their bureaus, and those with a project under way there."""
    staff = None
    if _at_bureau(actor):
        here = _exists(
            Enterprise,
            Project.organization_id == Enterprise.organization_id,
            Project.bureau_id.in_(actor.bureau_ids),
            Project.status != Status.DRAFT,
        )
        staff = or_(_of_bureaus(actor, Enterprise.bureau_id), here)
    return _any(_own(actor, Enterprise.organization_id), staff)


def _organizations(actor: Actor) -> Criterion:
    """Staff see organizations with a record or a project at their bureaus, or imported there.

    Those of which nobody knows yet where they belong are seen by all.
    """
    staff = None
    if _at_bureau(actor):
        record, project = Enterprise.organization_id == Organization.id, Project.organization_id == Organization.id
        handed_in = Project.status != Status.DRAFT
        codes = select(Bureau.code).where(Bureau.id.in_(actor.bureau_ids))
        placed = or_(
            Organization.import_bureau_code.is_not(None),
            _exists(Organization, record, Enterprise.bureau_id.is_not(None)),
            _exists(Organization, project, handed_in, Project.bureau_id.is_not(None)),
        )
        staff = or_(
            ~placed,
            _exists(Organization, record, _enterprises(actor)),
            _exists(Organization, project, handed_in, Project.bureau_id.in_(actor.bureau_ids)),
            Organization.import_bureau_code.in_(codes),
        )
    return _any(_own(actor, Organization.id), staff)


def _of_records(actor: Actor, model: Any) -> Criterion:
    """Rows that hang on a project or an enterprise follow their record."""
    return or_(
        _of_projects(actor, model),
        _exists(model, Enterprise.id == model.enterprise_id, _enterprises(actor)),
    )


def _of_projects(actor: Actor, model: Any) -> Criterion:
    return _exists(model, Project.id == model.project_id, _projects(actor))


def _of_organizations(actor: Actor, model: Any) -> Criterion:
    return _exists(model, Organization.id == model.organization_id, _organizations(actor))


def _exists(outer: type[Any], *where: Criterion) -> Criterion:
    """A related row there is, asked row by row of the list: the set of them all may be the whole table."""
    return exists().where(*where).correlate(outer)


def _staff_record(model: type[Any]) -> Callable[[Actor], Criterion]:
    def rule(actor: Actor) -> Criterion:
        return _of_records(actor, model) if _at_bureau(actor) else false()

    return rule


def _mandates(actor: Actor) -> Criterion:
    staff = _of_organizations(actor, Mandate) if _at_bureau(actor) else None
    return _any(_own(actor, Mandate.organization_id), staff)


def _attachments(actor: Actor) -> Criterion:
    on_mandate = _exists(Attachment, Mandate.id == Attachment.mandate_id, _mandates(actor))
    return or_(_of_records(actor, Attachment), on_mandate)


def _numbers(actor: Actor) -> Criterion:
    imported = NumberRegister.project_id.is_(None) if _at_bureau(actor) and actor.is_root else None
    return _any(_of_projects(actor, NumberRegister), imported)


def _matters(actor: Actor) -> Criterion:
    """The matters of the projects in reach; a matter clerk sees the own ones alone."""
    others = replace(actor, roles=actor.roles - {Role.MATTER_CLERK})
    clerk = replace(actor, roles=actor.roles & {Role.MATTER_CLERK})
    own = and_(ProjectMatter.matter.in_(actor.matters), _of_projects(clerk, ProjectMatter)) if actor.matters else None
    return _any(_of_projects(others, ProjectMatter), own)


def _in_filings(actor: Actor, model: Any) -> Criterion:
    return _exists(model, UnitFiling.id == model.filing_id, _of_projects(actor, UnitFiling))


def _pending_acts(actor: Actor) -> Criterion:
    return _of_records(actor, PendingAct) if Role.ADMINISTRATOR in actor.roles else false()


def _outgoing(actor: Actor) -> Criterion:
    """Staff see what was sent about organizations of theirs; about a record only when that is theirs too.

    A push to another system is about its project alone.
    """
    if not _at_bureau(actor):
        return false()
    enterprise = _exists(Outbox, Enterprise.id == Outbox.enterprise_id, _enterprises(actor))
    text = and_(
        _of_organizations(actor, Outbox),
        or_(Outbox.project_id.is_(None), _of_projects(actor, Outbox)),
        or_(Outbox.enterprise_id.is_(None), enterprise),
    )
    push = and_(Outbox.kind != "sms", _of_projects(actor, Outbox))
    return or_(text, push)


def _changes(actor: Actor) -> Criterion:
    return _of_organizations(actor, OrganizationChange)


def _reports(actor: Actor) -> Criterion:
    reads = actor.roles & {Role.MANAGER, Role.ADMINISTRATOR}
    return IssuedReport.bureau_id.in_(actor.bureau_ids) if reads else false()


def _users(actor: Actor) -> Criterion:
    """An administrator sees the staff of his bureaus, and the accounts of organizations in reach."""
    if Role.ADMINISTRATOR not in actor.roles or not _at_bureau(actor):
        return false()
    of_organizations = select(Organization.id).where(_organizations(actor))
    return or_(
        User.bureau_id.in_(actor.bureau_ids),
        and_(User.bureau_id.is_(None), User.organization_id.in_(of_organizations)),
    )


def _requests(actor: Actor) -> Criterion:
    """What was asked for at the counter: for those who take it in and those who decide."""
    handles = _at_bureau(actor) and actor.roles & {Role.COUNTER_CLERK, Role.ADMINISTRATOR}
    return _of_organizations(actor, AccountRequest) if handles else false()


def _keys(actor: Actor) -> Criterion:
    """An administrator sees the keys that reach into the own bureaus alone."""
    return ApiKey.bureau_id.in_(actor.bureau_ids) if Role.ADMINISTRATOR in actor.roles else false()


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
    ReturnItem: lambda actor: _exists(ReturnItem, Review.id == ReturnItem.review_id, _of_records(actor, Review)),
    Assignment: _staff_record(Assignment),
    CaseNote: _staff_record(CaseNote),
    CounterVisit: lambda actor: _of_projects(actor, CounterVisit),
    OriginalsCheck: lambda actor: _of_projects(actor, OriginalsCheck),
    HandOver: lambda actor: _of_projects(actor, HandOver),
    NumberRegister: _numbers,
    InboxMessage: lambda actor: _any(_own(actor, InboxMessage.organization_id)),
    User: _users,
    AccountRequest: _requests,
    CallNote: lambda actor: _of_organizations(actor, CallNote) if _at_bureau(actor) else false(),
    ShownError: lambda actor: _of_organizations(actor, ShownError) if _at_bureau(actor) else false(),
    ApiKey: _keys,
    Bureau: lambda actor: Bureau.id.in_(actor.bureau_ids),
    Contact: lambda actor: Contact.bureau_id.in_(actor.bureau_ids) if _at_bureau(actor) else false(),
    PendingAct: _pending_acts,
    Outbox: _outgoing,
    OrganizationChange: _changes,
    IssuedReport: _reports,
    PushAttempt: lambda actor: _exists(PushAttempt, Outbox.id == PushAttempt.outbox_id, _outgoing(actor)),
    Reconciliation: lambda actor: true() if _at_bureau(actor) and actor.is_root else false(),
    ProjectMatter: _matters,
    MatterRecord: lambda actor: _exists(
        MatterRecord, ProjectMatter.id == MatterRecord.project_matter_id, _matters(actor)
    ),
    UnitFiling: lambda actor: _of_projects(actor, UnitFiling),
    UnitWork: lambda actor: _in_filings(actor, UnitWork),
    UnitSubmission: lambda actor: _in_filings(actor, UnitSubmission),
    ExportJob: lambda actor: _of_person(actor, ExportJob.requested_by_id),
    UnsavedEntry: lambda actor: _of_person(actor, UnsavedEntry.user_id),
    SavedView: lambda actor: _of_person(actor, SavedView.user_id),
    SentForm: lambda actor: _of_person(actor, SentForm.user_id),
    **dict.fromkeys(
        (
            Region,
            DictionaryEntry,
            RequiredDocument,
            ReturnReason,
            NoticeTemplate,
            CalendarOverride,
            CalendarYear,
            MatterItem,
            MatterRule,
            FabRole,
        ),
        _reference,
    ),
    AuditEvent: lambda actor: true() if Role.AUDITOR in actor.roles else false(),
}
