"""The working-day calendar in force: the published years and the root administrator's overrides."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.domain.calendar import WorkingCalendar
from app.domain.clock import local_date
from app.domain.errors import Invalid, Problem, Refused, say
from app.domain.limits import DEFAULT_LIMITS, TimeLimits
from app.domain.permissions import Actor
from app.domain.terms import N_, Role, Status
from app.services import audit
from app.services.deciding import deciding
from app.services.holidays import base_calendar
from models.calendar import CalendarOverride, CalendarYear
from models.enterprise import Enterprise
from models.pending_act import PendingAct
from models.project import Project


def in_force(session: Session) -> WorkingCalendar:
    """Published days, with the override table on top; a year counts once somebody has published it."""
    overrides = list(session.scalars(select(CalendarOverride)))
    years = session.scalars(select(CalendarYear.year).where(CalendarYear.published_at.is_not(None)))
    calendar = base_calendar().with_overrides(
        {o.day: o.is_working_day for o in overrides}, {o.day: o.reason for o in overrides}
    )
    return replace(calendar, published_years=calendar.published_years | frozenset(years))


def due_on(session: Session, start: date, working_days: int) -> date | None:
    """The last day of a limit; None while a needed year is not published (待公布日历)."""
    return in_force(session).due(start, working_days)


def missing_years(session: Session, *, limits: TimeLimits = DEFAULT_LIMITS) -> list[int]:
    """Years that somebody's due date waits for, because their calendar is not published: one statement."""
    asked: tuple[tuple[int, Any, Any], ...] = (
        (limits.enterprise_review, Enterprise.submitted_at, _waits_for_calendar(Enterprise)),
        (limits.project_review, Project.submitted_at, _waits_for_calendar(Project)),
        (
            limits.pending_act,
            PendingAct.requested_at,
            and_(PendingAct.state == "pending", PendingAct.lapses_on.is_(None)),
        ),
    )
    spans = [select(literal(days), func.min(column), func.max(column)).where(where) for days, column, where in asked]
    calendar, found = in_force(session), set()
    for days, *instants in session.execute(union_all(*spans)):
        for instant in filter(None, instants):
            last = calendar.explain(local_date(instant), days)[-1].day
            found |= set() if calendar.is_published(last) else {last.year}
    return sorted(found)


def _waits_for_calendar(model: Any) -> Any:
    return and_(model.status == Status.SUBMITTED, model.due_on.is_(None))


def publish_year(
    session: Session,
    actor: Actor,
    year: int,
    overrides: Mapping[date, bool],
    reason: str,
    *,
    now: datetime,
    limits: TimeLimits = DEFAULT_LIMITS,
) -> int:
    """Save a year's days off and make-up days (True = 上班); due dates that waited for it are computed.

    Gives how many were. Raises Refused for anybody but an administrator of the root bureau, Invalid for other days.
    """
    with deciding(session, actor, "calendar:publish", "calendar", year, now=now):
        if Role.ADMINISTRATOR not in actor.roles or not actor.is_root:
            raise Refused(say(N_("日历由市级管理员维护。")), "role")
        if not reason.strip() or any(day.year != year for day in overrides):
            raise Invalid([Problem("day", say(N_("请写明依据，日期须在 %(year)s 年内。"), year=year))])
        known = {o.day: o for o in session.scalars(select(CalendarOverride))}
        for day, works in overrides.items():
            row = known.get(day) or CalendarOverride(day=day)
            row.is_working_day, row.reason = works, reason.strip()[:200]
            session.add(row)
        if session.scalar(select(CalendarYear.id).where(CalendarYear.year == year)) is None:
            session.add(CalendarYear(year=year, published_at=now))
        session.flush()  # the due dates are computed from what was just saved
        count = _fill_open_due_dates(session, now=now, limits=limits)
        after = {day.isoformat(): works for day, works in sorted(overrides.items())}
        audit.record(session, actor, "calendar:publish", "calendar", year, now=now, after=after)
    return count


def _fill_open_due_dates(session: Session, *, now: datetime, limits: TimeLimits) -> int:
    """Due dates that were 待公布日历."""
    calendar, count = in_force(session), 0
    kinds: tuple[tuple[Any, int], ...] = (
        (Enterprise, limits.enterprise_review),
        (Project, limits.project_review),
    )
    for model, days in kinds:
        for record in session.scalars(select(model).where(_waits_for_calendar(model))):
            record.due_on = calendar.due(local_date(record.submitted_at or now), days)
            count += record.due_on is not None
    acts = select(PendingAct).where(PendingAct.state == "pending", PendingAct.lapses_on.is_(None))
    for act in session.scalars(acts):
        act.lapses_on = calendar.due(local_date(act.requested_at), limits.pending_act)
        count += act.lapses_on is not None
    return count
