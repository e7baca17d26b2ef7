"""内部备注: written and read by staff of the case, closed in the database, seen by nobody else."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.terms import Kind, Role
from app.services import notes
from models.case_note import CaseNote
from models.project import Project
from tests import builders
from tests.app_fixtures import ConsoleClient
from tests.builders import NOW, Case
from tests.views.api.callers import System, issued
from tests.views.applicants import a_case
from tests.views.pages import errors

ClientFor = Callable[..., ConsoleClient]
SAID = "演示备注：批文存疑，已电话核实<b>"


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


@pytest.fixture
def project(db_session: Session, case: Case) -> Project:
    return builders.approved_project(db_session, case, name="演示备注项目")


def test_staff_write_and_read_a_note(client_for: ClientFor, db_session: Session, project: Project) -> None:
    key, reviewer, clerk = project.id, client_for(Role.REVIEWER), client_for(Role.COUNTER_CLERK)
    db_session.rollback()
    assert reviewer.send(f"/projects/notes/{key}", {"note": SAID}).status_code == 302

    page = clerk.get(f"/projects/notes/{key}").get_data(as_text=True)

    assert "已电话核实&lt;b&gt;" in page
    assert 'data-notes="1"' in reviewer.get(f"/projects/show/{key}").get_data(as_text=True)
    stored = db_session.connection().exec_driver_sql("SELECT text FROM case_note").scalar_one()
    assert "备注" not in stored


def test_whoever_builds_sees_none_of_it(
    app: Flask, client_for: ClientFor, db_session: Session, case: Case, project: Project
) -> None:
    notes.add(db_session, case.reviewer, Kind.PROJECT, project.id, SAID, now=NOW)
    number, owner = project.number, client_for(case.organization.org_code)

    pages = [
        owner.get(path)
        for path in (f"/projects/show/{project.id}", "/projects/list/", "/", "/inbox/", "/reviews/list/")
    ]

    for page in pages:
        text = page.get_data(as_text=True)
        assert page.status_code == 200 and "电话核实" not in text and "data-notes" not in text
    assert owner.get(f"/projects/notes/{project.id}").status_code == 403
    assert "电话核实" not in System(app, issued(db_session)[1]).get(f"/projects/{number}").get_data(as_text=True)


@pytest.mark.parametrize("text", ["", "  \n", "长" * 2001, "a\u202eb"], ids=["empty", "blank", "long", "unseen"])
def test_what_cannot_be_kept_stays_typed(
    client_for: ClientFor, db_session: Session, project: Project, text: str
) -> None:
    answer = client_for(Role.REVIEWER).send(f"/projects/notes/{project.id}", {"note": text})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "note" in errors(page)
    assert text.strip() in page
    db_session.rollback()
    assert db_session.scalars(select(CaseNote)).all() == []


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.MATTER_CLERK, Role.MANAGER, Role.AUDITOR])
def test_others_write_none(db_session: Session, case: Case, project: Project, role: Role) -> None:
    somebody = case.applicant if role is Role.APPLICANT else builders.staff(db_session, role)
    key = project.id

    with pytest.raises((Refused, NotFound)):
        notes.add(db_session, somebody, Kind.PROJECT, key, SAID, now=NOW)

    assert db_session.scalars(select(CaseNote)).all() == []


def test_a_note_is_for_the_staff_of_the_case(db_session: Session, case: Case, project: Project) -> None:
    notes.add(db_session, case.reviewer, Kind.PROJECT, project.id, SAID, now=NOW)
    elsewhere = builders.staff(db_session, Role.REVIEWER, bureau="320213")

    assert [note.text for note in notes.of_record(db_session, case.reviewer, project)] == [SAID]
    assert notes.of_record(db_session, elsewhere, project) == []
    assert notes.of_record(db_session, case.applicant, project) == []
    with pytest.raises(NotFound):
        notes.add(db_session, elsewhere, Kind.PROJECT, project.id, SAID, now=NOW)


def test_an_enterprise_has_its_own(db_session: Session, case: Case) -> None:
    record = case.organization.enterprise

    notes.add(db_session, case.reviewer, Kind.ENTERPRISE, record.id, SAID, now=NOW)

    assert [note.text for note in notes.of_record(db_session, case.reviewer, record)] == [SAID]
    with pytest.raises(Invalid):
        notes.add(db_session, case.reviewer, Kind.ENTERPRISE, record.id, "", now=NOW)
