"""The same form sent many times at the same moment has one effect, on both databases."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.enterprise import Enterprise
from models.outbox import Outbox
from models.project import Project
from models.submission import Submission
from tests import builders
from tests.app_fixtures import ConsoleClient
from tests.builders import Case
from tests.views.applicants import a_case, an_applicant
from tests.views.pages import inputs

RIVALS = 6
DECLARED = {"truthfulness_declared": "y"}


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


def browsers(app: Flask, username: str, count: int = RIVALS) -> list[ConsoleClient]:
    """Tabs of one browser: one session, one cookie each."""
    found = []
    for _ in range(count):
        browser: ConsoleClient = app.test_client()  # type: ignore[assignment]
        found.append(browser)
    assert found[0].sign_in(username).status_code == 302
    found[0]._session_token()
    cookie = found[0].get_cookie("yht")
    assert cookie is not None
    for browser in found[1:]:
        browser.set_cookie("yht", cookie.value)
    return found


def at_once(jobs: list[Callable[[], int]]) -> list[int]:
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], int]) -> int:
        start.wait(timeout=30)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result() for done in [pool.submit(run, job) for job in jobs]]


def send(browser: ConsoleClient, path: str, form: dict[str, Any]) -> Callable[[], int]:
    data = {"csrf_token": browser._session_token(), **form}
    return lambda: browser.post(path, data=data).status_code


def count(session: Session, model: Any, *where: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def test_a_submit_sent_many_times_is_one_submission_and_one_message(
    app: Flask, db_session: Session, case: Case
) -> None:
    key = builders.draft_project(db_session, case.applicant).id
    sms = count(db_session, Outbox)
    db_session.rollback()
    jobs = [
        send(browser, f"/projects/action/submit/{key}", DECLARED)
        for browser in browsers(app, case.organization.org_code)
    ]
    db_session.rollback()

    codes = at_once(jobs)

    assert set(codes) == {302}
    assert count(db_session, Submission, Submission.project_id == key) == 1
    assert count(db_session, Outbox) - sms <= 1
    assert db_session.get_one(Project, key).submission_count == 1


def test_of_many_edits_from_one_page_one_is_saved_and_the_others_are_told(
    app: Flask, db_session: Session, case: Case
) -> None:
    key = builders.draft_project(db_session, case.applicant).id
    tabs = browsers(app, case.organization.org_code)
    form = inputs(tabs[0].get(f"/projects/edit/{key}").get_data(as_text=True))
    jobs = [send(tab, f"/projects/edit/{key}", {**form, "remarks": f"第{n}个"}) for n, tab in enumerate(tabs)]
    db_session.rollback()

    codes = at_once(jobs)

    assert sorted(codes) == [302] + [409] * (RIVALS - 1)
    db_session.rollback()
    row = db_session.get_one(Project, key)
    assert row.version == int(form["version"]) + 1
    assert row.remarks == f"第{codes.index(302)}个"


def test_an_organization_opens_its_record_once(app: Flask, db_session: Session) -> None:
    organization, _actor = an_applicant(db_session)
    key, code = organization.id, organization.org_code
    jobs = [send(tab, "/enterprises/add", dict(builders.ENTERPRISE)) for tab in browsers(app, code)]
    db_session.rollback()

    codes = at_once(jobs)

    assert codes.count(302) == 1
    assert set(codes) <= {302, 422}
    assert count(db_session, Enterprise, Enterprise.organization_id == key) == 1


def test_a_draft_that_is_submitted_and_deleted_at_once_has_one_fate(
    app: Flask, db_session: Session, case: Case
) -> None:
    keys = [builders.draft_project(db_session, case.applicant).id for _ in range(3)]
    tabs = browsers(app, case.organization.org_code, 6)
    jobs = []
    for n, key in enumerate(keys):
        jobs.append(send(tabs[2 * n], f"/projects/action/submit/{key}", DECLARED))
        jobs.append(send(tabs[2 * n + 1], f"/projects/delete/{key}", {}))
    db_session.rollback()

    codes = at_once(jobs)

    assert set(codes) <= {302, 404}
    for key in keys:
        submissions = count(db_session, Submission, Submission.project_id == key)
        project = db_session.get(Project, key)
        assert (project is None and submissions == 0) or (project.status == "submitted" and submissions == 1)
