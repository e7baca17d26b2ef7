"""A change of the calendar moves the due dates of open cases, from where their clock began, and nothing else."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.permissions import Actor
from app.domain.terms import Kind, Role
from app.services import administration, calendar, upkeep
from app.services.kept import KEPT
from models.audit import AuditEvent
from tests import builders
from tests.builders import LIMITS, NOW

CALENDAR = KEPT["calendar"]
FRIDAY = date(2026, 11, 27)
DUE = date(2026, 11, 30)  # five working days after Monday 23 November
LATE = datetime(2026, 12, 30, 2, 0, tzinfo=NOW.tzinfo)


@pytest.fixture(autouse=True)
def clocks_run(session: Session) -> None:
    builders.no_originals(session)


@pytest.fixture
def root(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR, bureau="320200")


@pytest.fixture
def free(session: Session, root: Actor) -> Callable[..., Any]:
    """Make a day free."""

    def act(day: date, *, now: datetime = NOW) -> Any:
        raw = {"day": day.isoformat(), "is_working_day": "free", "reason": "演示通知"}
        return upkeep.add(session, root, CALENDAR, raw, now=now, limits=LIMITS)

    return act


def test_a_free_day_moves_an_open_case_and_its_removal_moves_it_back(
    session: Session, case: builders.Case, root: Actor, free: Callable[..., Any]
) -> None:
    record = builders.submitted_project(session, case.applicant)
    shown = calendar.effect_of(session, {FRIDAY: False}, limits=LIMITS)

    row = free(FRIDAY)

    assert [(move.record_id, move.before, move.after) for move in shown] == [(record.id, DUE, date(2026, 12, 1))]
    assert record.due_on == date(2026, 12, 1)
    upkeep.remove(session, root, CALENDAR, row.id, now=NOW, limits=LIMITS)
    assert record.due_on == DUE


def test_what_moves_is_counted_in_the_trail_and_the_record_keeps_its_version(
    session: Session, case: builders.Case, free: Callable[..., Any]
) -> None:
    record = builders.submitted_project(session, case.applicant)
    version = record.version

    free(FRIDAY)

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "calendar_override:add")).one()
    session.refresh(record)
    assert event.after["due_dates_moved"] == 1  # type: ignore[index]
    assert record.version == version


def test_only_what_is_open_moves(session: Session, case: builders.Case, free: Callable[..., Any]) -> None:
    numbered, draft = builders.approved_project(session, case), builders.draft_project(session, case.applicant)
    before = (numbered.due_on, draft.due_on)

    free(FRIDAY)

    session.refresh(numbered)
    session.refresh(draft)
    assert (numbered.due_on, draft.due_on) == before


def test_after_a_relock_the_clock_runs_from_there(
    session: Session, case: builders.Case, free: Callable[..., Any]
) -> None:
    admin = builders.staff(session, Role.ADMINISTRATOR)
    record = builders.submitted_enterprise(session, builders.registered(session)[1])
    ends = NOW + timedelta(days=7)
    fields = {"fields": ["address"], "until": ends, "reason": "演示原因"}
    administration.unlock(session, admin, Kind.ENTERPRISE, record.id, now=NOW, **fields, limits=LIMITS)  # type: ignore[arg-type]
    administration.relock_expired(session, now=ends + timedelta(hours=1), limits=LIMITS)
    session.refresh(record)
    relocked_due = record.due_on

    free(date(2026, 11, 24))

    session.refresh(record)
    assert relocked_due == date(2026, 12, 3)
    assert record.due_on == relocked_due


def test_publishing_a_year_computes_what_waited_for_it(session: Session, case: builders.Case, root: Actor) -> None:
    record = builders.submitted_project(session, case.applicant, now=LATE)
    assert record.due_on is None
    shown = calendar.effect_of(session, {date(2027, 1, 1): False}, 2027, limits=LIMITS)

    count = calendar.publish_year(session, root, 2027, {date(2027, 1, 1): False}, "演示通知", now=LATE, limits=LIMITS)

    session.refresh(record)
    assert count == 1
    assert [(move.before, move.after) for move in shown] == [(None, record.due_on)]
    assert record.due_on == date(2027, 1, 7)


def test_the_notice_of_the_next_year_moves_what_is_due_in_this_december(
    session: Session, case: builders.Case, root: Actor
) -> None:
    record = builders.submitted_project(session, case.applicant, now=datetime(2026, 12, 24, 2, 0, tzinfo=NOW.tzinfo))
    notice = {"year": "2027", "days_off": "2026-12-31 至 2027-01-02", "made_up_days": "2026-12-27", "reason": "演示"}
    plan = calendar.plan_of(notice, date(2026, 11, 23))
    before = record.due_on

    calendar.publish_year(session, root, plan.year, plan.days, plan.reason, now=LATE, limits=LIMITS)

    session.refresh(record)
    assert (before, record.due_on) == (date(2026, 12, 31), date(2026, 12, 30))
    assert calendar.in_force(session).is_working(date(2026, 12, 31)) is False


def test_other_days_of_the_year_before_are_not_published(session: Session, root: Actor) -> None:
    with pytest.raises(Invalid):
        calendar.publish_year(session, root, 2027, {date(2026, 11, 30): False}, "演示", now=LATE, limits=LIMITS)


def test_the_form_of_a_year_says_all_that_is_wrong_with_it() -> None:
    raw = {"year": "2027", "reason": "", "days_off": "春节", "made_up_days": "2026-02-14"}

    with pytest.raises(Invalid) as refused:
        calendar.plan_of(raw, NOW.date())

    assert {problem.field for problem in refused.value.problems} == {"reason", "days_off", "made_up_days"}


def test_a_day_is_not_both_worked_and_free() -> None:
    raw = {"year": "2027", "reason": "演示", "days_off": "2027-02-05 至 2027-02-07", "made_up_days": "2027-02-06"}

    with pytest.raises(Invalid) as refused:
        calendar.plan_of(raw, NOW.date())

    assert [str(problem.sentence) for problem in refused.value.problems] == ["同一天不能既放假又上班，请检查。"]
