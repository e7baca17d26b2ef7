"""The clock of a review: it runs while the bureau has the case, and waits while its originals are not all seen.

Always within the caller's transaction. A record's due date is written past its version: nobody edited the record.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.domain import time_account
from app.domain.clock import local_date
from app.domain.permissions import SYSTEM_ACTOR
from app.domain.terms import Status
from app.domain.time_account import Span
from app.services import calendar, originals, snapshot
from app.services.deciding import deciding
from app.services.snapshot import Record
from models.clock_span import ClockSpan
from models.project import Project


def begin(session: Session, record: Record, *, days: int, now: datetime) -> None:
    """A submission begins, or goes on where an unlock ran out unused: days used before stay used."""
    session.flush()  # the record points at the submission that is judged
    assert record.submission_id is not None
    stop(session, record, now=now)
    _open(session, record, days, now)


def stop(session: Session, record: Record, *, now: datetime) -> None:
    """The case is no longer waiting for its decision."""
    running = _running(session, record)
    if running is not None:
        running.ended_at = max(now, running.began_at)
        session.flush()  # one of a record runs


def settle(session: Session, record: Record, *, now: datetime) -> None:
    """Whose turn it is may have changed: what was seen at the counter, what the bureau asks for, who has the case."""
    running = _running(session, record)
    if record.status != Status.SUBMITTED or running is None:
        return
    if running.side != _side(session, record):
        stop(session, record, now=now)
        _open(session, record, running.days, now)


def settle_all(session: Session, projects: Iterable[Project], *, now: datetime) -> None:
    """The same for each of these projects."""
    for project in projects:
        settle(session, project, now=now)


def of_organization(session: Session, organization_id: int) -> list[Project]:
    """The organization's projects under review: scans of its enterprise record are theirs too.

    One that somebody else holds at this moment is left out, as two such acts must not wait for each other; whoever
    holds it settles it, or the sweep does.
    """
    waits = Project.organization_id == organization_id, Project.status == Status.SUBMITTED
    query = select(Project).where(*waits).order_by(Project.id)
    return list(session.scalars(query.with_for_update(of=Project, skip_locked=True)))


def of_bureaus(session: Session) -> list[Project]:
    """The projects whose clock tells another side than what their bureaus ask for now; five statements."""
    query = select(Project.id, Project.organization_id, Project.clock_waits).where(Project.status == Status.SUBMITTED)
    rows = session.execute(query).all()
    wanting = originals.wanting(session, [row.id for row in rows])
    seen = originals.tally(session, {row.id: row.organization_id for row in rows if row.id in wanting})
    wrong = [row.id for row in rows if row.clock_waits != (row.id in wanting and not seen[row.id].is_complete)]
    found = select(Project).where(Project.id.in_(wrong), Project.status == Status.SUBMITTED).order_by(Project.id)
    return list(session.scalars(found.with_for_update(of=Project, skip_locked=True)))


def sweep(session: Session, *, now: datetime) -> int:
    """The worker's look over all clocks, for whatever changed whose turn it is past the acts above; gives how many."""
    wrong = len(of_bureaus(session))
    session.rollback()
    if wrong:
        with deciding(session, SYSTEM_ACTOR, "project:edit", "project", now=now):
            settle_all(session, of_bureaus(session), now=now)
    return wrong


def _open(session: Session, record: Record, days: int, now: datetime) -> None:
    side = _side(session, record)
    project = isinstance(record, Project)
    span = ClockSpan(
        project_id=record.id if project else None, enterprise_id=None if project else record.id,
        submission_id=record.submission_id, side=side, days=days, began_at=now,
    )  # fmt: skip
    session.add(span)
    session.flush()
    if side == "bureau":
        span.due_on = time_account.due(spans_of(session, record), days, calendar.in_force(session))
    _put(session, record, span)


def spans_of(session: Session, record: Record) -> list[Span]:
    """The bureau's stretches of the record's present submission."""
    query = select(ClockSpan.began_at, ClockSpan.ended_at).where(
        ClockSpan.submission_id == record.submission_id, ClockSpan.side == "bureau"
    )
    rows = session.execute(query.order_by(ClockSpan.began_at, ClockSpan.id))
    return [Span(local_date(began), local_date(ended) if ended else None) for began, ended in rows]


def _side(session: Session, record: Record) -> str:
    seen = not isinstance(record, Project) or originals.are_checked(session, record) is True
    return "bureau" if seen else "applicant"


def _running(session: Session, record: Record) -> ClockSpan | None:
    query = select(ClockSpan).where(snapshot.of_record(ClockSpan, record), ClockSpan.ended_at.is_(None))
    with session.no_autoflush:  # the caller is in the middle of its own change
        return session.scalar(query)


def _put(session: Session, record: Record, span: ClockSpan) -> None:
    session.flush()
    values = {"due_on": span.due_on, "clock_waits": span.side != "bureau"}
    table = type(record).__table__
    session.execute(update(table).where(table.c.id == record.id).values(**values))
    for name, value in values.items():
        set_committed_value(record, name, value)
