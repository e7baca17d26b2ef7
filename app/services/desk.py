"""What the first page of a member of staff tells: what waits by state and age, own latest deeds, latest numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, load_only

from app.domain.clock import SHANGHAI, local_date
from app.domain.permissions import Actor, may
from app.domain.terms import N_, Kind, Status
from app.listing import COUNT_CAP
from app.scope import criteria
from app.services import snapshot
from app.services.review import MODELS
from models.audit import AuditEvent
from models.project import Project
from models.sqlite_hint import by_index

RESOURCES = {Kind.ENTERPRISE: "enterprises", Kind.PROJECT: "projects"}
WAITING = (Status.SUBMITTED, Status.RETURNED)
SOON = timedelta(days=3)
LOOK_BACK = 100  # own deeds among which the latest records are sought
MOST_DEEDS, MOST_NUMBERS = 8, 5


class Age(StrEnum):
    """How long something may still wait, or has waited."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    UNDATED = "undated"
    WAITING = "waiting"
    WEEK = "week"
    MONTH = "month"
    OLDER = "older"


# What waits for the bureau is as old as its due date says, what waits for the builder as its return.
AGES: dict[Status, dict[Age, str]] = {
    Status.SUBMITTED: {
        Age.OVERDUE: N_("已逾期"), Age.TODAY: N_("今天到期"), Age.SOON: N_("三天内到期"), Age.LATER: N_("以后到期"),
        Age.UNDATED: N_("待公布日历"), Age.WAITING: N_("等待建设单位到窗口核验原件"),
    },
    Status.RETURNED: {Age.WEEK: N_("退回七天内"), Age.MONTH: N_("退回三十天内"), Age.OLDER: N_("退回更久")},
}  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """One kind in one state: how many there are of each age, counted to COUNT_CAP in all."""

    kind: Kind
    status: Status
    by_age: dict[Age, int]

    @property
    def total(self) -> int:
        """Of all ages."""
        return sum(self.by_age.values())


@dataclass(frozen=True)
class Deed:
    """The latest thing that this person did to a record."""

    record: snapshot.Record
    action: str
    at: datetime


@dataclass(frozen=True)
class Desk:
    """The page's content."""

    waiting: Sequence[Waiting]
    deeds: Sequence[Deed]
    numbered: Sequence[Project]
    today: date


def of_staff(session: Session, actor: Actor, *, now: datetime) -> Desk:
    """Read it all: a fixed number of statements and of rows."""
    kinds = [kind for kind in RESOURCES if may(actor.roles, RESOURCES[kind], "list")]
    today = local_date(now)
    waiting = [row for kind in kinds for row in _waiting(session, actor, kind, today)]
    return Desk(waiting, _deeds(session, actor, kinds), _numbered(session, actor), today)


def due_between(age: Age, today: date) -> tuple[date | None, date | None]:
    """The first and the last due date of an age; None for no end on that side."""
    return {
        Age.OVERDUE: (None, today - timedelta(days=1)),
        Age.TODAY: (today, today),
        Age.SOON: (today + timedelta(days=1), today + SOON),
        Age.LATER: (today + SOON + timedelta(days=1), None),
    }.get(age, (None, None))


def _waiting(session: Session, actor: Actor, kind: Kind, today: date) -> Iterable[Waiting]:
    model = MODELS[kind]
    ages = {status: _age(model, status, today) for status in WAITING}
    rows = (
        select(model.status, case(*((model.status == status, age) for status, age in ages.items())).label("age"))
        .where(by_index(criteria(actor, model)), model.status.in_(WAITING))
        .limit(COUNT_CAP)
        .subquery()
    )
    found = session.execute(select(rows.c.status, rows.c.age, func.count()).group_by(rows.c.status, rows.c.age))
    counts = {(status, age): count for status, age, count in found}
    for status in WAITING:
        yield Waiting(kind, status, {age: counts.get((status, age), 0) for age in AGES[status]})


def _age(model: Any, status: Status, today: date) -> Any:
    if status == Status.SUBMITTED:
        due = model.due_on
        tests = [
            (and_(due.is_(None), model.clock_waits), Age.WAITING),
            (due.is_(None), Age.UNDATED),
            (due < today, Age.OVERDUE),
            (due == today, Age.TODAY),
        ]
        return case(*tests, (due <= today + SOON, Age.SOON), else_=Age.LATER)
    begin = datetime(today.year, today.month, today.day, tzinfo=SHANGHAI)
    week, month = (begin - timedelta(days=days) for days in (7, 30))
    since = func.coalesce(model.decided_at, model.updated_at)
    return case((since >= week, Age.WEEK), (since >= month, Age.MONTH), else_=Age.OLDER)


def _deeds(session: Session, actor: Actor, kinds: Sequence[Kind]) -> list[Deed]:
    """The records that this person worked on last, each once and with the latest deed."""
    own = (
        select(AuditEvent.object_type, AuditEvent.object_id, AuditEvent.action, AuditEvent.at)
        .where(AuditEvent.actor_name == actor.username, AuditEvent.actor_id == actor.user_id)
        .where(AuditEvent.result == "done", AuditEvent.object_type.in_(kinds), AuditEvent.object_id.is_not(None))
        .order_by(AuditEvent.at.desc())
        .limit(LOOK_BACK)
    )
    latest: dict[tuple[str, int], Any] = {}
    for event in session.execute(own):
        latest.setdefault((event.object_type, event.object_id), event)
    events = list(latest.values())[:MOST_DEEDS]
    records: dict[tuple[str, int], snapshot.Record] = {}
    for kind in kinds:
        keys = [event.object_id for event in events if event.object_type == kind]
        records |= {(kind, record.id): record for record in _named(session, actor, kind, keys)}
    found = ((records.get((event.object_type, event.object_id)), event) for event in events)
    return [Deed(record, event.action, event.at) for record, event in found if record is not None]


def _named(session: Session, actor: Actor, kind: Kind, keys: list[int]) -> Iterable[Any]:
    if not keys:
        return []
    model = MODELS[kind]
    named = (model.name, model.status, *([model.number] if model is Project else ()))
    query = select(model).where(criteria(actor, model), model.id.in_(keys)).options(load_only(*named))
    return session.scalars(query)


def _numbered(session: Session, actor: Actor) -> Sequence[Project]:
    """The latest numbers in reach."""
    query = select(Project).where(criteria(actor, Project), Project.numbered_at.is_not(None))
    shown = load_only(Project.number, Project.name, Project.builder_name, Project.status, Project.numbered_at)
    return session.scalars(
        query.options(shown).order_by(Project.numbered_at.desc(), Project.id.desc()).limit(MOST_NUMBERS)
    ).all()
