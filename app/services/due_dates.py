"""Due dates of open cases under a calendar: which would move, and moving them. The clock starts as the case's did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.domain import time_account
from app.domain.calendar import WorkingCalendar
from app.domain.clock import local_date
from app.domain.limits import TimeLimits
from app.domain.terms import Kind, Status
from app.domain.time_account import Span
from models.clock_span import ClockSpan
from models.enterprise import Enterprise
from models.project import Project
from models.unit_work import UnitFiling

WITH_CLOCK = frozenset({Kind.ENTERPRISE, Kind.PROJECT})  # kinds whose clock may wait
UNIT_WORKS_NAME = select(Project.name).where(Project.id == UnitFiling.project_id).scalar_subquery()
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
        if rows and kind in WITH_CLOCK:
            runs = ClockSpan.__table__.c
            own = runs.project_id if kind == Kind.PROJECT else runs.enterprise_id
            clocks = update(ClockSpan.__table__).where(own == bindparam("key"), runs.ended_at.is_(None))
            session.connection().execute(clocks.values(due_on=bindparam("day")), rows)
    session.expire_all()


def _of_kind(session: Session, kind: Kind, calendar: WorkingCalendar, days: int) -> Iterator[Move]:
    for key, name, before, spans in _open_cases(session, kind):
        after = time_account.due(spans, days, calendar)
        if after != before:
            yield Move(kind, key, name, before, after)


def _open_cases(session: Session, kind: Kind) -> Iterator[tuple[int, str, date | None, list[Span]]]:
    """The cases whose clock runs: key, name, due date as it stands, and the bureau's stretches of it."""
    if kind not in WITH_CLOCK:
        query = select(UnitFiling.id, UNIT_WORKS_NAME, UnitFiling.due_on, UnitFiling.submitted_at)
        for key, name, before, began in session.execute(query.where(UnitFiling.status == Status.SUBMITTED)):
            if began is not None:
                yield key, name, before, [Span(local_date(began), None)]
        return
    model = MODELS[kind]
    query = (
        select(model.id, model.name, model.due_on, ClockSpan.began_at, ClockSpan.ended_at)
        .join(ClockSpan, ClockSpan.submission_id == model.submission_id)
        .where(model.status == Status.SUBMITTED, model.clock_waits.is_(False), ClockSpan.side == "bureau")
        .order_by(model.id, ClockSpan.began_at, ClockSpan.id)
    )
    for (key, name, before), rows in groupby(session.execute(query), lambda row: row[:3]):
        yield key, name, before, [Span(local_date(row[3]), local_date(row[4]) if row[4] else None) for row in rows]
