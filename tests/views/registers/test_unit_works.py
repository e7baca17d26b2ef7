"""单体信息 on screen: from the ticked project to the municipal flow; nothing typed is lost, others find nothing."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import Role
from models.outbox import Outbox
from models.project import Project
from models.unit_work import UnitFiling, UnitWork
from tests import builders
from tests.app_fixtures import ConsoleClient
from tests.builders import Case
from tests.databases import on_sqlite
from tests.services.unit_entries import a_submitted_filing, building
from tests.views.pages import errors, inputs, rows, value

pytestmark = on_sqlite  # what the services do stands tried on both
ClientFor = Callable[..., ConsoleClient]


def page(browser: ConsoleClient, path: str, code: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == code, (path, answer.status)
    return answer.get_data(as_text=True)


@pytest.fixture
def project(db_session: Session, case: Case) -> Project:
    return builders.approved_project(db_session, case, name="演示单体页面的项目")


@pytest.fixture
def owner(client_for: ClientFor, case: Case) -> ConsoleClient:
    return client_for(case.organization.org_code)


def filing(session: Session) -> UnitFiling:
    session.rollback()
    return session.scalars(select(UnitFiling).execution_options(populate_existing=True)).one()


def test_the_ticked_project_leads_to_its_unit_works(owner: ConsoleClient, project: Project) -> None:
    answer = owner.send("/projects/action_post", {"action": "unit_works", "rowid": [project.id]})

    assert answer.location == f"/unitworks/edit/{project.id}"
    assert "还没有单体" in page(owner, answer.location)
    assert "unit_works" in page(owner, "/projects/list/")
    assert f"/unitworks/edit/{project.id}" in page(owner, f"/projects/show/{project.id}")


def test_unit_works_are_filled_in_and_submitted(owner: ConsoleClient, db_session: Session, project: Project) -> None:
    form = inputs(page(owner, f"/unitworks/unit/{project.id}"))
    assert owner.send(f"/unitworks/unit/{project.id}", {**form, **building(1)}).status_code == 302
    shown = page(owner, f"/unitworks/edit/{project.id}")
    assert re.findall(r'data-code="([^"]+)"', shown) == [f"{project.number}-001"]
    assert "比项目的" in shown, "the sums are said"

    version = filing(db_session).version
    answer = owner.send(f"/unitworks/submit/{project.id}", {"truthfulness_declared": "y", "version": str(version)})

    assert answer.status_code == 302
    assert filing(db_session).status == "submitted"
    shown = page(owner, f"/projects/show/{project.id}")
    assert 'data-units="submitted"' in shown
    assert "待报送市审批系统" in shown
    assert len(rows(page(owner, "/unitworks/list/"))) == 1


def test_what_is_wrong_is_said_at_its_input_and_what_was_typed_stays(
    owner: ConsoleClient, db_session: Session, project: Project
) -> None:
    form = inputs(page(owner, f"/unitworks/unit/{project.id}"))
    given = {**form, **building(1, floors_above="六", planned_start_on="2026-12-01", planned_finish_on="2026-11-01")}

    answer = owner.send(f"/unitworks/unit/{project.id}", given)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert set(errors(text)) == {"floors_above", "planned_finish_on"}
    assert (inputs(text)["name"], inputs(text)["floors_above"]) == ("演示 1 号楼", "六")
    db_session.rollback()
    assert db_session.scalars(select(UnitWork)).all() == []


def test_a_form_that_is_out_of_date_keeps_what_was_typed(
    owner: ConsoleClient, db_session: Session, project: Project
) -> None:
    form = inputs(page(owner, f"/unitworks/unit/{project.id}"))
    owner.send(f"/unitworks/unit/{project.id}", {**form, **building(1)})

    answer = owner.send(f"/unitworks/unit/{project.id}", {**form, **building(2), "form_mark": ""})  # another tab's

    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert inputs(text)["name"] == "演示 2 号楼"
    assert owner.send(f"/unitworks/unit/{project.id}", inputs(text)).status_code == 302
    assert len(filing(db_session).units) == 2


def test_saving_again_after_a_conflict_keeps_what_the_other_changed(
    owner: ConsoleClient, db_session: Session, project: Project
) -> None:
    owner.send(f"/unitworks/unit/{project.id}", {**building(1), "version": "0"})
    path = f"/unitworks/unit/{project.id}?of={filing(db_session).units[0].id}"
    form = inputs(page(owner, path))
    owner.send(path, {**form, "name": "先到的名称"})

    answer = owner.send(path, {**form, "floor_area_m2": "2100"})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert text.count("<tr data-untouched>") == 1
    assert owner.send(path, inputs(text)).status_code == 302
    unit = filing(db_session).units[0]
    assert (unit.name, int(unit.floor_area_m2)) == ("先到的名称", 2100)


def test_a_unit_work_is_changed_and_taken_out(owner: ConsoleClient, db_session: Session, project: Project) -> None:
    owner.send(f"/unitworks/unit/{project.id}", {**building(1), "version": "0"})
    key = filing(db_session).units[0].id
    form = inputs(page(owner, f"/unitworks/unit/{project.id}?of={key}"))
    assert form["floor_area_m2"] == "2000"
    owner.send(f"/unitworks/unit/{project.id}?of={key}", {**form, "name": "更正的名称"})
    assert filing(db_session).units[0].name == "更正的名称"

    answer = owner.send(f"/unitworks/remove/{key}", {"version": str(filing(db_session).version)})

    assert answer.status_code == 302
    assert filing(db_session).units == []
    page(owner, f"/unitworks/unit/{project.id}?of={key}", 404)


def test_a_submit_without_the_declaration_says_so(owner: ConsoleClient, db_session: Session, project: Project) -> None:
    owner.send(f"/unitworks/unit/{project.id}", {**building(1), "version": "0"})

    answer = owner.send(f"/unitworks/submit/{project.id}", {"version": str(filing(db_session).version)})

    assert answer.location == f"/unitworks/edit/{project.id}"
    assert "声明" in page(owner, answer.location)
    assert filing(db_session).status == "draft"


def test_the_reviewer_finds_it_on_the_worklist_and_decides(
    client_for: ClientFor, owner: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    row = a_submitted_filing(db_session, case, project, 1)
    browser = client_for(Role.REVIEWER)
    assert f"/unitworks/show/{row.id}" in page(browser, "/worklist/")
    shown = page(browser, f"/unitworks/show/{row.id}")
    assert value(shown, "use_code") == "商品住房"

    without = browser.send(f"/unitworks/return/{row.id}", {"words": "", "version": str(row.version)})
    assert without.status_code == 422
    assert "words" in errors(without.get_data(as_text=True))
    browser.send(f"/unitworks/return/{row.id}", {"words": "请写明结构<b>", "version": str(filing(db_session).version)})

    assert filing(db_session).status == "returned"
    assert "请写明结构&lt;b&gt;" in page(owner, f"/unitworks/edit/{project.id}")
    stale = browser.send(f"/unitworks/approve/{row.id}", {"version": "1"})
    assert stale.status_code == 302
    assert filing(db_session).status == "returned"


def test_an_approved_filing_is_reopened_by_the_administrator(
    client_for: ClientFor, db_session: Session, case: Case, project: Project
) -> None:
    row = a_submitted_filing(db_session, case, project, 1)
    client_for(Role.REVIEWER).send(f"/unitworks/approve/{row.id}", {"version": str(row.version)})
    assert filing(db_session).status == "approved"
    browser = client_for(Role.ADMINISTRATOR)
    form = {"words": "演示：设计变更", "version": str(filing(db_session).version)}

    assert browser.send(f"/unitworks/unlock/{row.id}", form).status_code == 302

    assert filing(db_session).status == "returned"


def test_what_the_flow_refused_is_said_on_the_project(
    owner: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    a_submitted_filing(db_session, case, project, 1)
    push = db_session.scalars(select(Outbox).where(Outbox.kind == "municipal_push")).one()
    push.status, push.last_error = "failed", "对方系统没有接收（003）：演示退回"
    db_session.commit()

    shown = page(owner, f"/unitworks/show/{filing(db_session).id}")

    assert "市审批系统退回" in shown
    assert "演示退回" in shown


def test_another_organization_finds_nothing(
    client_for: ClientFor, owner: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    from tests.views.applicants import a_case

    row = a_submitted_filing(db_session, case, project, 1)
    stranger = client_for(a_case(db_session).organization.org_code)

    for path in (f"/unitworks/edit/{project.id}", f"/unitworks/unit/{project.id}", f"/unitworks/show/{row.id}"):
        page(stranger, path, 404)
    assert rows(page(stranger, "/unitworks/list/")) == {}
    assert stranger.send(f"/unitworks/submit/{project.id}", {"version": "1"}).status_code == 404


def test_the_page_says_what_comes_next_who_has_it_and_how_long(
    client_for: ClientFor, owner: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    a_submitted_filing(db_session, case, project)
    key = filing(db_session).id
    db_session.rollback()

    for browser in (owner, client_for(Role.REVIEWER)):
        step = re.search(r"<p class=\"next-step\" data-next>.*?</p>", page(browser, f"/unitworks/show/{key}"), re.S)
        assert step and "正在核对" in step[0] and "审核人员" in step[0] and "个工作日内" in step[0]
