"""Due dates of open cases under a calendar: which would move, and moving them. The clock starts as the case's did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from app.domain.calendar import WorkingCalendar
from app.domain.clock import local_date
from app.domain.limits import TimeLimits
from app.domain.terms import Action, Kind, Status
from models.audit import AuditEvent
from models.enterprise import Enterprise
from models.project import Project
from models.unit_work import UnitFiling

MODELS: dict[Kind, Any] = {Kind.ENTERPRISE: Enterprise, Kind.PROJECT: Project, Kind.UNIT_WORK: UnitFiling}


@dataclass(frozen=True)
class Move:
    """One open case whose due date changes; None is 待公布日历."""

    kind: Kind
    record_id: int
    name: str
    before: date | None
    after: date | None


def moves(session: Session, calendar: WorkingCalendar, *, limits: TimeLimits) -> list[Move]:
    """The open cases whose due date is another one under this calendar, the earliest first."""
    found = [move for kind in MODELS for move in _of_kind(session, kind, calendar, limits.review_of(kind))]
    return sorted(found, key=lambda move: (move.before or date.max, move.kind, move.record_id))


def write(session: Session, found: Iterable[Move]) -> None:
    """Set the new due dates in the caller's transaction; the version of the record stays, nothing was decided."""
    for kind, model in MODELS.items():
        rows = [{"key": move.record_id, "day": move.after} for move in found if move.kind == kind]
        if rows:
            table = model.__table__
            statement = update(table).where(table.c.id == bindparam("key"), table.c.status == Status.SUBMITTED)
            session.connection().execute(statement.values(due_on=bindparam("day")), rows)
    session.expire_all()


def _of_kind(session: Session, kind: Kind, calendar: WorkingCalendar, days: int) -> Iterator[Move]:
    model = MODELS[kind]
    relocked = _relocked(session, kind)
    query = select(model.id, _name_of(model), model.submitted_at, model.due_on).where(model.status == Status.SUBMITTED)
    for key, name, submitted_at, before in session.execute(query):
        started = max(filter(None, (submitted_at, relocked.get(key))), default=None)
        if started is None:
            continue
        after = calendar.due(local_date(started), days)
        if after != before:
            yield Move(kind, key, name, before, after)


def _name_of(model: Any) -> Any:
    """What the case is called: unit works by their project."""
    if model is UnitFiling:
        return select(Project.name).where(Project.id == UnitFiling.project_id).scalar_subquery()
    return model.name


def _relocked(session: Session, kind: Kind) -> dict[int, datetime]:
    """When an unlock ran out unused, the review's clock began anew."""
    query = select(AuditEvent.object_id, func.max(AuditEvent.at)).where(
        AuditEvent.action == f"{kind}:{Action.RELOCK}", AuditEvent.result == "done"
    )
    return {key: at for key, at in session.execute(query.group_by(AuditEvent.object_id)) if key is not None}
