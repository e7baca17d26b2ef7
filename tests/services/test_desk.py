"""The first page of staff: what waits by state and age, own latest deeds, latest numbers; nothing out of reach."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.terms import Kind, Role, Status
from app.services import desk, review
from app.services.desk import Age
from models.project import Project
from tests.builders import NOW, Case, approved_project, staff, submitted_project

TODAY = local_date(NOW)
DAY = timedelta(days=1)


def put(session: Session, case: Case, **values: object) -> Project:
    project = submitted_project(session, case.applicant)
    for name, value in values.items():
        setattr(project, name, value)
    session.commit()
    return project


def ages(session: Session, actor, status: Status, kind: Kind = Kind.PROJECT) -> dict[Age, int]:
    found = desk.of_staff(session, actor, now=NOW)
    row = next(row for row in found.waiting if (row.kind, row.status) == (kind, status))
    assert row.total == sum(row.by_age.values())
    return {age: count for age, count in row.by_age.items() if count}


@pytest.mark.parametrize(
    ("due_on", "age"),
    [
        (TODAY - DAY, Age.OVERDUE),
        (TODAY, Age.TODAY),
        (TODAY + DAY, Age.SOON),
        (TODAY + desk.SOON, Age.SOON),
        (TODAY + desk.SOON + DAY, Age.LATER),
        (None, Age.WAITING),
    ],
)
def test_what_waits_for_the_bureau_is_as_old_as_its_due_date_says(session, case, due_on: date | None, age: Age):
    put(session, case, due_on=due_on)

    assert ages(session, case.reviewer, Status.SUBMITTED) == {age: 1}
    first, last = desk.due_between(age, TODAY)
    if due_on is not None:
        assert (first or date.min) <= due_on <= (last or date.max)


@pytest.mark.parametrize(
    ("returned_at", "age"),
    [
        (NOW, Age.WEEK),
        (datetime.combine(TODAY - 8 * DAY, NOW.timetz()), Age.MONTH),
        (datetime.combine(TODAY - 31 * DAY, NOW.timetz()), Age.OLDER),
    ],
)
def test_what_waits_for_the_builder_is_as_old_as_its_return(session, case, returned_at: datetime, age: Age):
    put(session, case, status=Status.RETURNED, decided_at=returned_at)

    assert ages(session, case.reviewer, Status.RETURNED) == {age: 1}


def test_another_bureau_counts_and_sees_nothing_of_it(session, case):
    put(session, case, due_on=TODAY)
    approved_project(session, case)
    elsewhere = staff(session, Role.REVIEWER, bureau="320213")

    found = desk.of_staff(session, elsewhere, now=NOW)

    assert [row.total for row in found.waiting] == [0, 0, 0, 0]
    assert (found.deeds, list(found.numbered)) == ([], [])


def test_own_latest_deeds_stand_once_each_newest_first(session, case):
    first, second = (put(session, case, name=name) for name in ("演示甲", "演示乙"))
    for minute, project in enumerate((first, second, first)):
        at = NOW + timedelta(minutes=minute)
        act = review.release if minute == 2 else review.claim
        act(session, case.reviewer, Kind.PROJECT, project.id, now=at)

    found = desk.of_staff(session, case.reviewer, now=NOW)

    assert [(deed.record.id, deed.action) for deed in found.deeds if isinstance(deed.record, Project)] == [
        (first.id, "project:release"),
        (second.id, "project:claim"),
    ]
    assert desk.of_staff(session, staff(session, Role.REVIEWER), now=NOW).deeds == []


def test_the_latest_numbers_come_first(session, case):
    numbers = [approved_project(session, case).id for _ in range(desk.MOST_NUMBERS + 1)]

    found = [project.id for project in desk.of_staff(session, case.reviewer, now=NOW).numbered]

    assert found == numbers[:0:-1]
