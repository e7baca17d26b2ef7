"""The worklist page: who opens it, what its rows offer, and that its filters stay in the address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import Kind, Role
from app.services import review
from models.assignment import Assignment
from models.project import Project
from tests.app_fixtures import ConsoleClient
from tests.builders import NOW, Case, a_case, registered, submitted_enterprise, submitted_project

OPEN_TO = {Role.REVIEWER, Role.ADMINISTRATOR}


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


@pytest.fixture
def project(db_session: Session, case: Case) -> Project:
    return submitted_project(db_session, case.applicant)


@pytest.fixture
def reviewer(client_for: Callable[..., ConsoleClient]) -> ConsoleClient:
    return client_for(Role.REVIEWER)


def page(client: ConsoleClient, path: str = "/worklist/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_the_worklist_is_the_reviewers_and_administrators(client_for: Callable[..., ConsoleClient], role: Role) -> None:
    assert client_for(role).get("/worklist/").status_code == (200 if role in OPEN_TO else 403)


def test_rows_bear_their_marks_and_lead_to_the_review(
    reviewer: ConsoleClient, db_session: Session, project: Project
) -> None:
    enterprise = submitted_enterprise(db_session, registered(db_session)[1])

    text = page(reviewer)

    assert f'data-kind="project" data-id="{project.id}" data-status="submitted"' in text
    assert f'data-kind="enterprise" data-id="{enterprise.id}" data-status="submitted"' in text
    assert f'href="/projects/approve/{project.id}"' in text
    assert f'href="/enterprises/approve/{enterprise.id}"' in text
    assert text.count('<a class="btn btn-primary"') == 1


def test_claiming_comes_back_to_the_same_filters(
    reviewer: ConsoleClient, db_session: Session, project: Project
) -> None:
    path = "/worklist/?holder=unclaimed&kind=project"
    assert f'action="/projects/action/claim/{project.id}"' in page(reviewer, path)

    answer = reviewer.send(f"/projects/action/claim/{project.id}")

    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    db_session.rollback()
    assert db_session.scalars(select(Assignment.project_id)).one() == project.id
    assert f'action="/projects/action/release/{project.id}"' in page(reviewer)


def test_the_next_task_is_not_a_colleagues(
    reviewer: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    theirs = submitted_project(db_session, case.applicant)
    theirs.due_on = NOW.date() - timedelta(days=5)
    db_session.commit()
    review.claim(db_session, case.reviewer, Kind.PROJECT, theirs.id, now=NOW)

    text = page(reviewer)

    assert f'<a class="btn btn-primary" href="/projects/approve/{project.id}"' in text
    assert text.index(theirs.name) < text.index(project.name)
    assert f"/projects/action/claim/{theirs.id}" not in text


def test_an_administrator_looks_on(client_for: Callable[..., ConsoleClient], project: Project) -> None:
    text = page(client_for(Role.ADMINISTRATOR))

    assert f'href="/projects/show/{project.id}"' in text
    assert '<a class="btn btn-primary"' not in text
    assert "/action/claim/" not in text


def test_an_empty_queue_says_so(reviewer: ConsoleClient) -> None:
    assert "今天的待办已办完" in page(reviewer)
    assert "没有符合条件的待办" in page(reviewer, "/worklist/?q=没有")
    assert "您没有认领待办" in page(reviewer, "/worklist/?holder=mine")


def test_an_odd_address_is_no_filter(reviewer: ConsoleClient, project: Project) -> None:
    for query in ("holder=everybody", "kind=unit_work", "kind='", "holder=all&kind=&q=", "page=9"):
        assert project.name in page(reviewer, f"/worklist/?{query}")
    assert reviewer.get("/worklist/?q=%00").status_code == 400


def test_tasks_of_other_bureaus_do_not_show(client_for: Callable[..., ConsoleClient], project: Project) -> None:
    assert project.name not in page(client_for(Role.REVIEWER, bureau="320213"))
