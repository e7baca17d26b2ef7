"""The clock of a review: it waits for the visit, runs once everything was seen, and keeps the days already used."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.terms import Kind, OriginalResult, Role
from app.services import administration, calendar, counter, originals, project, review, review_clock, worklist
from app.services.worklist import Asked, Group
from models.bureau import Bureau
from models.project import Project
from tests import builders
from tests.builders import DAY, LIMITS, NOW, Case

WEDNESDAY = NOW + 2 * DAY
DUE_FROM_WEDNESDAY = date(2026, 12, 2)


@pytest.fixture
def case(session: Session) -> Case:
    return builders.a_case(session)


def fresh(session: Session, record: Project) -> Project:
    session.expire_all()
    return session.get_one(Project, record.id)


def test_a_case_waits_for_the_visit_and_has_no_due_date_until_then(session: Session, case: Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    long_after = NOW + 30 * DAY

    task = worklist.queue(session, case.reviewer, Asked(), now=long_after).tasks[0]

    assert (record.due_on, record.clock_waits) == (None, True)
    assert (str(task.due), task.urgency, task.group) == ("等待建设单位到窗口核验原件", "", Group.LATER)
    assert calendar.missing_years(session, limits=LIMITS) == []


def test_the_last_original_seen_starts_the_bureaus_days_and_leaves_the_version(session: Session, case: Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    version = record.version

    builders.check_all(session, record, case.clerk, now=WEDNESDAY)

    record = fresh(session, record)
    assert (record.due_on, record.clock_waits, record.version) == (DUE_FROM_WEDNESDAY, False, version)


def test_an_original_that_differs_gives_the_case_back_without_a_due_date(session: Session, case: Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    letter = builders.mandate_of(session, record.organization_id, case.clerk)
    seen = {s.id: counter.Finding(OriginalResult.DIFFERS) for s in originals.scans_to_check(session, record)}

    counter.check_originals(session, case.clerk, record.id, letter.id, seen, now=WEDNESDAY)

    record = fresh(session, record)
    assert (record.status, record.due_on, record.clock_waits) == ("returned", None, False)


def test_what_answers_a_return_runs_at_once_where_everything_was_seen(session: Session, case: Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)
    builders.send_back(session, case, record)
    project.save(session, case.applicant, record.id, {"investment_10k_cny": "18651"}, version=None, now=NOW)

    project.submit(session, case.applicant, record.id, declared=True, now=WEDNESDAY, limits=LIMITS)

    assert fresh(session, record).due_on == DUE_FROM_WEDNESDAY


def test_days_used_before_an_unlock_stay_used_when_it_runs_out(session: Session) -> None:
    _, applicant = builders.registered(session)
    record = builders.submitted_enterprise(session, applicant)
    admin, until = builders.staff(session, Role.ADMINISTRATOR), NOW + 9 * DAY
    administration.unlock(
        session, admin, Kind.ENTERPRISE, record.id, fields=["fax"], until=until, reason="演示", now=WEDNESDAY,
        limits=LIMITS,
    )  # fmt: skip

    administration.relock_expired(session, now=until, limits=LIMITS)  # a Wednesday; one of three days is left

    session.refresh(record)
    assert record.due_on == date(2026, 12, 3)


def test_a_bureau_that_asks_no_more_for_originals_lets_the_clock_run(session: Session, case: Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    session.execute(update(Bureau).values(requires_originals=False))
    session.commit()

    moved = [review_clock.sweep(session, now=WEDNESDAY) for _ in range(2)]

    assert moved == [1, 0]
    assert fresh(session, record).due_on == DUE_FROM_WEDNESDAY


def test_a_withdrawn_or_decided_case_has_no_clock(session: Session, case: Case) -> None:
    withdrawn, decided = (builders.submitted_project(session, case.applicant) for _ in range(2))
    builders.check_all(session, decided, case.clerk)

    project.withdraw(session, case.applicant, withdrawn.id, now=NOW + timedelta(hours=1))
    review.approve(session, case.reviewer, Kind.PROJECT, decided.id, now=NOW + timedelta(hours=1))

    records = [fresh(session, record) for record in (withdrawn, decided)]
    assert [(record.due_on, record.clock_waits) for record in records] == [(None, False)] * 2
    assert [review_clock._running(session, record) for record in records] == [None, None]
