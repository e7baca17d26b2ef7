"""The working-day calendar in force: the published years and the root administrator's overrides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.domain.calendar import WorkingCalendar
from app.domain.clock import local_date
from app.domain.days import is_arranged, read_days
from app.domain.errors import Invalid, Problem, Refused, say
from app.domain.fields import CodeTables, clean
from app.domain.fields.upkeep import CALENDAR_YEAR
from app.domain.limits import TimeLimits
from app.domain.permissions import Actor
from app.domain.terms import N_, Role, Status
from app.services import audit, due_dates, upsert
from app.services.deciding import deciding
from app.services.holidays import base_calendar
from app.services.reading import once
from models.account_request import AccountRequest
from models.calendar import CalendarOverride, CalendarYear
from models.clock_span import ClockSpan
from models.pending_act import PendingAct
from models.unit_work import UnitFiling

# What lapses by itself when nobody decides in its working days: rows with requested_at, state and lapses_on.
FOR_A_SECOND_PERSON: tuple[Any, ...] = (PendingAct, AccountRequest)


@once
def in_force(session: Session) -> WorkingCalendar:
    """Published days, with the override table on top; a year counts once somebody has published it."""
    return _over_the_base(*_stored(session))


def _stored(session: Session) -> tuple[dict[date, bool], dict[date, str], frozenset[int]]:
    """The overrides with their reasons, and the years published here."""
    overrides = list(session.scalars(select(CalendarOverride)))
    years = session.scalars(select(CalendarYear.year).where(CalendarYear.published_at.is_not(None)))
    return {o.day: o.is_working_day for o in overrides}, {o.day: o.reason for o in overrides}, frozenset(years)


def _over_the_base(overrides: Mapping[date, bool], notes: Mapping[date, str], years: frozenset[int]) -> WorkingCalendar:
    calendar = base_calendar().with_overrides(overrides, notes)
    return replace(calendar, published_years=calendar.published_years | years)


def effect_of(
    session: Session,
    changes: Mapping[date, bool | None],
    year: int | None = None,
    *,
    limits: TimeLimits,
) -> list[due_dates.Move]:
    """Which open cases get another due date by these days (None: no override any more); reads only."""
    overrides, notes, years = _stored(session)
    merged: dict[date, bool | None] = {**overrides, **changes}
    kept = {day: works for day, works in merged.items() if works is not None}
    calendar = _over_the_base(kept, notes, years | {year} if year else years)
    return due_dates.moves(session, calendar, limits=limits)


@dataclass(frozen=True)
class YearPlan:
    """A year as the notice of the holidays arranges it."""

    year: int
    days: dict[date, bool]  # True = 上班
    reason: str


def plan_of(raw: Mapping[str, object], today: date) -> YearPlan:
    """The form of a year in its typed values; raises Invalid naming each faulty input."""
    outcome = clean(CALENDAR_YEAR, raw, codes=CodeTables({}), today=today)
    problems = list(outcome.problems)
    days: dict[date, bool] = {}
    year = outcome.values.get("year")
    for name, works in (("days_off", False), ("made_up_days", True)):
        if not isinstance(year, int):
            break
        found, fault = read_days(str(outcome.values.get(name) or ""), year)
        if fault is None and days.keys() & set(found):
            fault = say(N_("同一天不能既放假又上班，请检查。"))
        if fault is not None:
            problems.append(Problem(name, fault))
        days.update(dict.fromkeys(found, works))
    if problems:
        raise Invalid(problems)
    return YearPlan(int(str(year)), days, str(outcome.values["reason"]))


def recompute(session: Session, *, limits: TimeLimits) -> list[due_dates.Move]:
    """Bring the due dates of all open cases in line with the calendar as it stands in this transaction."""
    session.flush()
    calendar = in_force(session)
    found = due_dates.moves(session, calendar, limits=limits)
    due_dates.write(session, found)
    for model in FOR_A_SECOND_PERSON:
        for row in session.scalars(select(model).where(model.state == "pending")):
            row.lapses_on = calendar.due(local_date(row.requested_at), limits.pending_act)
    return found


def undated() -> list[Any]:
    """The keys of acts and of requests that wait for a second person without a last day: one query for each."""
    return [select(model.id).where(_is_undated(model)) for model in FOR_A_SECOND_PERSON]


def _undated(session: Session) -> int:
    """How many there are."""
    return len(session.scalars(union_all(*undated())).all())


def _is_undated(model: Any) -> Any:
    return and_(model.state == "pending", model.lapses_on.is_(None))


def due_on(session: Session, start: date, working_days: int) -> date | None:
    """The last day of a limit; None while a needed year is not published (待公布日历)."""
    return in_force(session).due(start, working_days)


def missing_years(session: Session, *, limits: TimeLimits) -> list[int]:
    """Years that somebody's due date waits for, because their calendar is not published: one statement."""
    asked: tuple[tuple[int, Any, Any], ...] = (
        (limits.enterprise_review, ClockSpan.began_at, and_(ClockSpan.enterprise_id.is_not(None), _runs_undated())),
        (limits.project_review, ClockSpan.began_at, and_(ClockSpan.project_id.is_not(None), _runs_undated())),
        (limits.unit_works, UnitFiling.submitted_at, _waits_for_calendar(UnitFiling)),
        *((limits.pending_act, model.requested_at, _is_undated(model)) for model in FOR_A_SECOND_PERSON),
    )
    spans = [select(literal(days), func.min(column), func.max(column)).where(where) for days, column, where in asked]
    calendar, found = in_force(session), set()
    for days, *instants in session.execute(union_all(*spans)):
        for instant in filter(None, instants):
            last = calendar.explain(local_date(instant), days)[-1].day
            found |= set() if calendar.is_published(last) else {last.year}
    return sorted(found)


def _runs_undated() -> Any:
    return and_(ClockSpan.ended_at.is_(None), ClockSpan.side == "bureau", ClockSpan.due_on.is_(None))


def _waits_for_calendar(model: Any) -> Any:
    return and_(model.status == Status.SUBMITTED, model.due_on.is_(None))


def _stands_already(session: Session, year: int, days: Mapping[date, bool], reason: str) -> bool:
    """Is the year published, with these days for this reason?"""
    works, notes, years = _stored(session)
    return year in years and all(
        works.get(day) == is_worked and notes[day] == reason for day, is_worked in days.items()
    )


def publish_year(
    session: Session,
    actor: Actor,
    year: int,
    overrides: Mapping[date, bool],
    reason: str,
    *,
    now: datetime,
    limits: TimeLimits,
) -> int:
    """Save what a year's notice arranges (True = 上班), the December before it too; due dates are computed again.

    Gives how many were. Raises Refused for anybody but an administrator of the root bureau, Invalid for other days.
    """
    with deciding(session, actor, "calendar:publish", "calendar", year, now=now):
        if Role.ADMINISTRATOR not in actor.roles or not actor.is_root:
            raise Refused(say(N_("日历由市级管理员维护。")), "role")
        if not reason.strip() or not all(is_arranged(day, year) for day in overrides):
            raise Invalid([Problem("day", say(N_("请写明依据。日期须在 %(year)s 年或上一年 12 月内。"), year=year))])
        if _stands_already(session, year, overrides, reason.strip()[:200]):
            return 0
        for day, works in sorted(overrides.items()):
            upsert.put(
                session, CalendarOverride, {"day": day}, {"is_working_day": works, "reason": reason.strip()[:200]}
            )
        upsert.ensure(session, CalendarYear, {"year": year}, {"published_at": now})
        dated = _undated(session)
        moved = recompute(session, limits=limits)
        dated -= _undated(session)
        after = {day.isoformat(): works for day, works in sorted(overrides.items())}
        details = {**after, "reason": reason.strip()[:200], "due_dates_moved": len(moved)}
        audit.record(session, actor, "calendar:publish", "calendar", year, now=now, after=details)
    return dated + sum(move.before is None and move.after is not None for move in moved)
