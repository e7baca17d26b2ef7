"""The queue of what waits for a decision: its order, its filters, its cost, and what each person may do with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event, insert, select
from sqlalchemy.orm import Session

from app.domain.terms import Kind, Role
from app.services import project, review, worklist
from app.services.holidays import base_calendar
from app.services.worklist import Asked, Group, Holder
from models.project import Project
from tests.builders import (
    LIMITS,
    NOW,
    Case,
    a_case,
    approved_enterprise,
    check_all,
    registered,
    send_back,
    staff,
    submitted_enterprise,
    submitted_project,
)
from tests.databases import on_sqlite

TODAY = date(2026, 11, 23)  # a Monday


@pytest.fixture
def case(session: Session) -> Case:
    return a_case(session)


def waiting(session: Session, case: Case, due_on: date | None = TODAY, *, again: bool = False) -> Project:
    """A submitted project with its clock set."""
    project = submitted_project(session, case.applicant)
    project.due_on, project.answers_return = due_on, again
    session.commit()
    return project


def ids(queue: worklist.Queue) -> list[int]:
    return [task.record_id for task in queue.tasks]


def test_resubmitted_then_overdue_then_today_then_the_rest(session: Session, case: Case) -> None:
    unknown, later = waiting(session, case, None), waiting(session, case, TODAY + timedelta(days=3))
    today, late = waiting(session, case, TODAY), waiting(session, case, TODAY - timedelta(days=3))
    again = waiting(session, case, TODAY + timedelta(days=4), again=True)

    queue = worklist.queue(session, case.reviewer, Asked(), now=NOW)

    assert ids(queue) == [again.id, late.id, today.id, later.id, unknown.id]
    assert [(group, len(tasks)) for group, _words, tasks in queue.groups] == [
        (Group.RESUBMITTED, 1),
        (Group.OVERDUE, 1),
        (Group.TODAY, 1),
        (Group.LATER, 2),
    ]


def test_what_was_withdrawn_and_submitted_again_waits_its_turn(session: Session, case: Case) -> None:
    record = submitted_project(session, case.applicant)
    project.withdraw(session, case.applicant, record.id, now=NOW)

    project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    task = worklist.queue(session, case.reviewer, Asked(), now=NOW).tasks[0]
    assert (task.submission_count, task.answers_return, task.group) == (2, False, Group.LATER)


def test_what_answers_a_return_comes_first_also_when_it_was_withdrawn_in_between(session: Session, case: Case) -> None:
    record = submitted_project(session, case.applicant)
    send_back(session, case, record)
    change = {"investment_10k_cny": "18651"}
    project.save(session, case.applicant, record.id, change, version=None, now=NOW)
    project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)
    project.withdraw(session, case.applicant, record.id, now=NOW)

    project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    assert worklist.queue(session, case.reviewer, Asked(), now=NOW).tasks[0].group == Group.RESUBMITTED


def test_enterprises_and_projects_stand_in_one_queue(session: Session, case: Case) -> None:
    _organization, applicant = registered(session)
    enterprise, project = submitted_enterprise(session, applicant), waiting(session, case, TODAY)

    queue = worklist.queue(session, case.reviewer, Asked(), now=NOW)

    assert [(t.kind, t.record_id) for t in queue.tasks] == [
        (Kind.PROJECT, project.id),
        (Kind.ENTERPRISE, enterprise.id),
    ]
    assert ids(worklist.queue(session, case.reviewer, Asked(kind=Kind.ENTERPRISE), now=NOW)) == [enterprise.id]


def test_whose_task_it_is_decides_what_may_be_done(session: Session, case: Case) -> None:
    colleague = staff(session, Role.REVIEWER)
    theirs, mine, free = (waiting(session, case) for _ in range(3))
    review.claim(session, colleague, Kind.PROJECT, theirs.id, now=NOW)
    review.claim(session, case.reviewer, Kind.PROJECT, mine.id, now=NOW)

    queue = worklist.queue(session, case.reviewer, Asked(), now=NOW)

    may = {t.record_id: (t.can_claim, t.can_release, t.can_decide, t.is_mine) for t in queue.tasks}
    assert may == {
        theirs.id: (False, False, False, False),
        mine.id: (False, True, True, True),
        free.id: (True, False, True, False),
    }
    assert queue.next_up is not None
    assert queue.next_up.record_id == mine.id
    assert queue.counts == worklist.Counts(all=3, mine=1, unclaimed=1)


@pytest.mark.parametrize(("holder", "which"), [(Holder.ALL, 3), (Holder.MINE, 1), (Holder.NOBODY, 1)])
def test_the_queue_is_narrowed_by_holder(session: Session, case: Case, holder: Holder, which: int) -> None:
    colleague = staff(session, Role.REVIEWER)
    theirs, mine, _free = (waiting(session, case) for _ in range(3))
    review.claim(session, colleague, Kind.PROJECT, theirs.id, now=NOW)
    review.claim(session, case.reviewer, Kind.PROJECT, mine.id, now=NOW)

    queue = worklist.queue(session, case.reviewer, Asked(holder=holder), now=NOW)

    assert len(queue.tasks) == which
    assert queue.counts.all == 3


def test_a_released_task_is_nobodys(session: Session, case: Case) -> None:
    project = waiting(session, case)
    review.claim(session, case.reviewer, Kind.PROJECT, project.id, now=NOW)
    review.release(session, case.reviewer, Kind.PROJECT, project.id, now=NOW)

    [task] = worklist.queue(session, case.reviewer, Asked(holder=Holder.NOBODY), now=NOW).tasks

    assert (task.record_id, task.holder_name, task.can_claim) == (project.id, None, True)


def test_words_find_name_organization_and_code(session: Session, case: Case) -> None:
    project = waiting(session, case)
    code = case.organization.org_code.replace("-", "").lower()

    found = [
        ids(worklist.queue(session, case.reviewer, Asked(text=text), now=NOW))
        for text in (project.name[1:], case.organization.name, code, "没有", "%")
    ]

    assert found == [[project.id], [project.id], [project.id], [], []]


def test_the_state_of_the_originals_is_told_where_it_matters(session: Session, case: Case) -> None:
    seen, _unseen = waiting(session, case), waiting(session, case)
    check_all(session, seen, case.clerk)

    queue = worklist.queue(session, case.reviewer, Asked(), now=NOW)

    told = {t.record_id == seen.id: (t.originals.seen, t.originals.total) for t in queue.tasks if t.originals}
    assert told == {True: (2, 2), False: (1, 2)}


@pytest.mark.parametrize(
    ("role", "bureau", "sees", "decides"),
    [
        (Role.REVIEWER, "320281", 1, True),
        (Role.REVIEWER, "320200", 1, True),
        (Role.REVIEWER, "320213", 0, False),
        (Role.ADMINISTRATOR, "320281", 1, False),
    ],
    ids=["its reviewer", "the bureau above", "another bureau", "its administrator"],
)
def test_a_bureau_sees_its_own_tasks_and_those_below(
    session: Session, case: Case, role: Role, bureau: str, sees: int, decides: bool
) -> None:
    waiting(session, case)

    queue = worklist.queue(session, staff(session, role, bureau=bureau), Asked(), now=NOW)

    assert (len(queue.tasks), queue.counts.all, queue.next_up is not None) == (sees, sees, decides)


def test_an_enterprise_seen_for_its_project_is_not_this_bureaus_task(session: Session, case: Case) -> None:
    elsewhere = staff(session, Role.REVIEWER, bureau="320213")
    _organization, applicant = registered(session)
    enterprise = approved_enterprise(session, applicant, elsewhere, region_code="320213")
    project = submitted_project(session, applicant)
    enterprise.status = "submitted"
    session.commit()

    queue = worklist.queue(session, case.reviewer, Asked(), now=NOW)

    assert [(t.kind, t.record_id) for t in queue.tasks] == [(Kind.PROJECT, project.id)]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_cost_does_not_grow_with_the_queue(session: Session, engine: Engine, case: Case) -> None:
    waiting(session, case)
    with statements(engine) as few:
        worklist.queue(session, case.reviewer, Asked(), now=NOW)
    for _ in range(3):
        check_all(session, waiting(session, case), case.clerk)
    session.expire_all()

    with statements(engine) as many:
        queue = worklist.queue(session, case.reviewer, Asked(), now=NOW)

    assert len(queue.tasks) == 4
    assert len(many) == len(few) <= 9


@on_sqlite
def test_a_long_queue_is_cut_and_says_so(session: Session, case: Case) -> None:
    first = waiting(session, case, TODAY)
    columns = [c.name for c in Project.__table__.columns if c.name not in {"id", "name", "submission_id"}]
    row = session.execute(select(*(Project.__table__.c[name] for name in columns))).mappings().one()
    copies = [{**row, "name": f"演示副本{n}", "due_on": TODAY + timedelta(days=1)} for n in range(worklist.LIMIT)]
    session.execute(insert(Project), copies)
    session.commit()

    queue = worklist.queue(session, case.reviewer, Asked(), now=NOW)

    assert (len(queue.tasks), queue.is_cut, queue.counts.all) == (worklist.LIMIT, True, worklist.LIMIT + 1)
    assert queue.tasks[0].record_id == first.id


@pytest.mark.parametrize(
    ("due_on", "words", "urgency"),
    [
        (None, "待公布日历", ""),
        (date(2026, 11, 23), "今天到期", "soon"),
        (date(2026, 11, 24), "剩 1 天", "soon"),
        (date(2026, 11, 25), "剩 2 天", ""),
        (date(2026, 11, 30), "剩 5 天", ""),
        (date(2026, 11, 20), "逾期 1 天", "over"),
        (date(2026, 11, 13), "逾期 6 天", "over"),
        (date(2026, 11, 22), "逾期 1 天", "over"),
        (date(2028, 1, 5), "2028-01-05 到期", ""),
    ],
    ids=["unknown", "today", "tomorrow", "two", "over a weekend", "since friday", "long", "sunday", "no calendar"],
)
def test_the_clock_is_told_in_working_days(due_on: date | None, words: str, urgency: str) -> None:
    told, pressing = worklist.due_words(due_on, TODAY, base_calendar())

    assert (str(told), pressing) == (words, urgency)


def test_on_a_day_off_what_was_due_before_is_late_by_no_working_day() -> None:
    told, pressing = worklist.due_words(date(2026, 11, 20), date(2026, 11, 21), base_calendar())

    assert (str(told), pressing) == ("已逾期", "over")
