"""事项 on screen: clerks step and record the own ones, whoever builds follows, others read; nothing typed is lost."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.matters import Matter
from app.domain.terms import Role
from models.matter import MatterRecord, ProjectMatter
from models.project import Project
from models.user import User
from tests import builders
from tests.app_fixtures import ConsoleClient
from tests.builders import Case
from tests.databases import on_sqlite
from tests.services.matter_entries import entries
from tests.views.pages import errors, inputs, rows, value

pytestmark = on_sqlite  # what the services do stands tried on both
ClientFor = Callable[..., ConsoleClient]


def page(browser: ConsoleClient, path: str, code: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == code, (path, answer.status)
    return answer.get_data(as_text=True)


@pytest.fixture
def project(db_session: Session, case: Case) -> Project:
    return builders.approved_project(db_session, case, name="演示办理事项的项目")


@pytest.fixture
def clerk(client_for: ClientFor, make_user: Callable[..., User]) -> ConsoleClient:
    mine = [Matter.CONSTRUCTION_PERMIT, Matter.TENDER]
    user = make_user("matter.test", Role.MATTER_CLERK, bureau="320281", matters=[str(matter) for matter in mine])
    return client_for(user.username)


def matter(session: Session, project: Project, which: Matter = Matter.CONSTRUCTION_PERMIT) -> ProjectMatter:
    key = project.id
    session.rollback()
    query = select(ProjectMatter).where(ProjectMatter.project_id == key, ProjectMatter.matter == which)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def test_a_clerk_sees_the_own_matters_alone(clerk: ConsoleClient, db_session: Session, project: Project) -> None:
    listed = page(clerk, "/matters/list/")

    assert set(rows(listed)) == {matter(db_session, project, m).id for m in (Matter.CONSTRUCTION_PERMIT, Matter.TENDER)}
    page(clerk, f"/matters/show/{matter(db_session, project, Matter.DRAWING_REVIEW).id}", 404)


def test_the_list_is_narrowed(clerk: ConsoleClient, db_session: Session, project: Project) -> None:
    for query, count in (
        ("matter=tender", 1), ("matter=drawing_review", 0), ("status=open", 2), ("status=done", 0),
        (f"number={project.number}", 2), ("number=1", 0),
    ):  # fmt: skip
        assert len(rows(page(clerk, f"/matters/list/?{query}"))) == count, query


def test_a_result_is_recorded_and_whoever_builds_reads_it(
    client_for: ClientFor, clerk: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    row, number = matter(db_session, project), project.number
    form = inputs(page(clerk, f"/matters/record/{row.id}"))
    given = {**form, **entries(Matter.CONSTRUCTION_PERMIT, "X-77", contractor="演示总包<b>")}

    answer = clerk.send(f"/matters/record/{row.id}", given)

    assert answer.status_code == 302
    owner = client_for(case.organization.org_code)
    shown = page(owner, f"/matters/show/{row.id}")
    assert f"{number}-SX-001" in shown.replace("<b>", "").replace("</b>", "").replace("<strong>", "")
    assert value(shown, "contractor") == "演示总包<b>"
    assert "演示总包&lt;b&gt;" in shown
    assert "我的事项" in page(owner, "/matters/list/")
    assert f"/matters/show/{row.id}" in page(owner, f"/projects/show/{project.id}")


def test_what_is_wrong_is_said_at_its_input_and_what_was_typed_stays(
    clerk: ConsoleClient, db_session: Session, project: Project
) -> None:
    row = matter(db_session, project)
    form = inputs(page(clerk, f"/matters/record/{row.id}"))
    given = {**form, **entries(Matter.CONSTRUCTION_PERMIT), "issued_on": "2026-13-01", "contractor_code": "abc"}

    answer = clerk.send(f"/matters/record/{row.id}", given)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert set(errors(text)) == {"issued_on", "contractor_code"}
    assert inputs(text)["project_manager"] == "演示人员"
    assert matter(db_session, project).status == "open"


def test_a_correction_begins_with_what_is_there(clerk: ConsoleClient, db_session: Session, project: Project) -> None:
    row = matter(db_session, project)
    clerk.send(f"/matters/record/{row.id}", {**entries(Matter.CONSTRUCTION_PERMIT), "version": str(row.version)})
    key = matter(db_session, project).id
    (record,) = db_session.scalars(select(MatterRecord))
    form = inputs(page(clerk, f"/matters/record/{key}?of={record.id}"))
    assert (form["inner_number"], form["issued_on"]) == ("S-1", "2026-11-20")

    assert clerk.send(f"/matters/record/{key}", {**form, "contractor": "更正后的总包"}).status_code == 302

    db_session.rollback()
    (kept,) = db_session.scalars(select(MatterRecord))
    assert kept.entries["contractor"] == "更正后的总包"
    page(clerk, f"/matters/record/{key}?of=999999", 404)


def test_a_step_that_needs_words_keeps_what_was_typed(
    clerk: ConsoleClient, db_session: Session, project: Project
) -> None:
    row = matter(db_session, project)
    assert clerk.send(f"/matters/step/{row.id}", {"step": "accept"}).status_code == 302

    without = clerk.send(f"/matters/step/{row.id}", {"step": "supplement", "words": ""})
    too_long = clerk.send(f"/matters/step/{row.id}", {"step": "supplement", "words": "长" * 501})
    assert (without.status_code, too_long.status_code) == (422, 422)
    assert "words" in errors(without.get_data(as_text=True))
    assert "长" * 501 in too_long.get_data(as_text=True)
    assert matter(db_session, project).status == "accepted"

    clerk.send(f"/matters/step/{row.id}", {"step": "supplement", "words": "请补交图纸"})
    assert matter(db_session, project).words == "请补交图纸"


def test_a_page_that_is_out_of_date_steps_nothing(clerk: ConsoleClient, db_session: Session, project: Project) -> None:
    row = matter(db_session, project)
    old = {"step": "accept", "version": str(row.version)}
    clerk.send(f"/matters/step/{row.id}", old)
    clerk.send(f"/matters/step/{row.id}", {"step": "reject", "words": "演示", "version": old["version"]})
    stale = {**entries(Matter.CONSTRUCTION_PERMIT), "version": old["version"]}

    assert clerk.send(f"/matters/record/{row.id}", stale).status_code == 409
    assert matter(db_session, project).status == "accepted"
    for step in ("close", "record", "explode", ""):
        assert clerk.send(f"/matters/step/{row.id}", {"step": step}).status_code == 302
    assert matter(db_session, project).status == "accepted"


def test_others_read_and_are_offered_nothing(client_for: ClientFor, db_session: Session, project: Project) -> None:
    row, browser = matter(db_session, project), client_for(Role.REVIEWER)

    shown = page(browser, f"/matters/show/{row.id}")

    assert "/matters/step/" not in shown
    assert "/matters/record/" not in shown


def test_a_matter_clerk_needs_the_matters_to_handle(client_for: ClientFor) -> None:
    browser = client_for(Role.ADMINISTRATOR)
    form = inputs(page(browser, "/users/add"))
    given = {**form, "username": "matter.new", "display_name": "演示经办", "roles": "matter_clerk"}

    answer = browser.send("/users/add", given)

    assert answer.status_code == 422
    assert errors(answer.get_data(as_text=True))["matters"] == "请选择经办的事项。"


def test_the_checklist_is_ticked_by_the_clerk_and_read_by_whoever_builds(
    client_for: ClientFor, make_user: Callable[..., User], db_session: Session, case: Case, project: Project
) -> None:
    user = make_user("filing.test", Role.MATTER_CLERK, bureau="320281", matters=["project_filing"])
    browser, row = client_for(user.username), matter(db_session, project, Matter.PROJECT_FILING)
    boxes = re.findall(r'name="received" value="(\d+)"', page(browser, f"/matters/show/{row.id}"))

    browser.send(f"/matters/step/{row.id}", {"step": "accept", "checklist": "1", "received": boxes[:2]})

    shown = page(client_for(case.organization.org_code), f"/matters/show/{row.id}")
    assert re.findall(r'data-in="(\w+)"', shown) == ["yes", "yes"] + ["no"] * (len(boxes) - 2)
    assert 'name="received"' not in shown


def test_what_a_permit_still_lacks_stands_on_its_page(
    client_for: ClientFor, db_session: Session, case: Case, project: Project
) -> None:
    row = matter(db_session, project)

    shown = page(client_for(case.organization.org_code), f"/matters/show/{row.id}")

    found = re.findall(r'data-presence="(\w+)"', shown)
    assert found.count("present") == 2
    assert found.count("missing") == 8
    other = matter(db_session, project, Matter.TENDER)
    assert "data-precheck" not in page(client_for(Role.REVIEWER), f"/matters/show/{other.id}")
