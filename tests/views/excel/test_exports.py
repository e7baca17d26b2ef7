"""导出 from a list: as narrowed, as ticked, in the background when long; never a row out of reach (T128)."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from app.listing import OPERATORS
from app.services import export, export_jobs
from models.export_job import ExportJob
from models.number import NumberRegister
from models.project import Project
from models.user import User
from reports.list_columns import LISTS
from reports.list_conditions import SAID, column_of
from tests.builders import NOW, a_bureau
from tests.views.staging import SECRET_WORD
from tests.views.world import World
from views.enterprises import EnterpriseView
from views.projects import ProjectView
from views.registers.numbers import NumberView
from views.reviews import ReviewView


def names(answer: TestResponse) -> list[object]:
    assert answer.status_code == 200, answer.status_code
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    return [row[3] for row in sheet.iter_rows(2, values_only=True)]


def test_the_list_offers_its_export_with_its_conditions(world: World) -> None:
    page = world.page("manager", "/projects/list/?status=submitted&q=甲方")

    assert 'href="/projects/export?status=submitted&amp;q=' in page
    assert "/projects/export" not in world.page("clerk", "/projects/list/")


@pytest.mark.parametrize("view", [ProjectView, EnterpriseView, ReviewView, NumberView])
def test_every_condition_that_a_list_offers_is_said_by_its_heading(view: Any) -> None:
    kind = LISTS[view.export_kind]
    offered = {each.column for each in view.filter_bar} | set(view.search_columns or ())
    offered |= {"status"} if view.has_tabs else set()

    assert offered
    assert {name for name in offered if column_of(kind, name) is None} == set()
    assert set(OPERATORS) == set(SAID)


def test_the_form_offers_columns_and_carries_the_conditions(world: World) -> None:
    page = world.page("manager", "/projects/export?status=returned")

    assert 'action="/projects/export?status=returned"' in page
    assert page.count('name="columns"') == 34 and page.count("checked") == 17


def test_the_whole_list_comes_as_it_is_narrowed(world: World) -> None:
    answer = world.post("manager", "/projects/export?status=returned&q=甲方")

    assert names(answer) == ["甲方项目returned"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_owner_exports_its_own_and_nothing_else(world: World) -> None:
    found = names(world.post("owner", "/projects/export"))

    assert len(found) == 5 and all(str(name).startswith("甲方") for name in found)


TAMPERED = ("?status=approved' OR 1=1", "?q=%25", f"?q={SECRET_WORD}", "?_flt_0_bureau_id=2", "?region=320213")


@pytest.mark.parametrize("asked", TAMPERED)
def test_no_filter_reaches_a_foreign_row(world: World, asked: str) -> None:
    found = names(world.post("owner", f"/projects/export{asked}"))

    assert not any(SECRET_WORD in str(name) for name in found)


def test_ticked_rows_come_alone_and_one_out_of_reach_is_none(world: World) -> None:
    own, foreign = world.own.projects["draft"], world.foreign.projects["draft"]

    mine = world.post("owner", "/projects/action_post", {"action": "export", "rowid": [own]})
    both = world.post("owner", "/projects/action_post", {"action": "export", "rowid": [own, foreign]})

    assert names(mine) == ["甲方项目draft"]
    assert both.status_code == 404


@pytest.mark.parametrize(
    ("who", "asked", "found"),
    [
        ("manager", "", {"own", "foreign"}), ("manager", "?status=voided", {"own"}), ("manager", "?from=2027-01-01", set()),
        ("manager", "?region=320213&origin=issued", set()), ("elsewhere", "", set()),
    ],
)  # fmt: skip
def test_the_register_comes_as_it_is_narrowed_with_its_numbers_as_text(
    world: World, who: str, asked: str, found: set[str]
) -> None:
    given = {"own": world.own, "foreign": world.foreign}
    world.put(
        NumberRegister,
        world.own.number,
        status="voided",
        voided_at=NOW,
        voided_reason="演示原因",
        flags=["after_start"],
    )
    with world.session() as session:
        numbers = {name: session.get_one(NumberRegister, kept.number).number for name, kept in given.items()}

    answer = world.post(who, f"/numbers/export{asked}")

    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    _head, *lines = sheet.iter_rows()
    assert {line[0].value for line in lines} == {numbers[name] for name in found}
    assert all((line[0].data_type, line[0].number_format) == ("s", "@") for line in lines)
    told = {str(line[0].value): [str(cell.value) for cell in line] for line in lines}
    assert "own" not in found or {"已作废", "发号日期在启用统一编号之后", "演示原因"} <= set(told[numbers["own"]])


def test_the_register_is_offered_for_export_to_those_who_may(world: World) -> None:
    assert 'href="/numbers/export?status=issued"' in world.page("reviewer", "/numbers/list/?status=issued")
    assert "/numbers/export" not in world.page("clerk", "/numbers/list/")


def test_a_long_list_is_written_in_the_background_and_told_of_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 0)
    browser = world.browser("manager")
    asked = world.post("manager", "/projects/export")
    assert asked.location == "/exports/"
    assert "排队中" in browser.get("/exports/").get_data(as_text=True)

    parts = world.app.extensions["yht"]
    folder = parts.settings.data_dir / export_jobs.FOLDER
    assert export_jobs.run_next(sessionmaker(world.engine), folder, lambda language: str, parts.clock)

    with world.session() as session:
        key = session.scalars(select(ExportJob.id).order_by(ExportJob.id.desc())).first()
    assert "导出已完成：项目清单" in browser.get("/lookup/").get_data(as_text=True)
    assert "导出已完成" not in browser.get("/lookup/").get_data(as_text=True)
    with browser.get(f"/exports/{key}/download") as answer:
        assert len(names(answer)) == 10


def test_a_file_is_its_owners_alone_and_only_while_it_is_there(world: World) -> None:
    address = f"/exports/{world.own.export}/download"

    assert world.read("manager", address).data == b"PK"
    assert [world.get(who, address).status_code for who in ("reviewer", "owner", "admin")] == [404, 404, 404]
    world.put(ExportJob, world.own.export, file_key="gone.xlsx", finished_at=None)
    assert world.get("manager", address).status_code == 404


def test_a_file_is_gone_with_the_bureau_it_was_written_for(world: World) -> None:
    with world.session() as session:
        job = session.get_one(ExportJob, world.own.export)
        session.get_one(User, job.requested_by_id).bureau = a_bureau(session, "320282")
        session.commit()

    assert world.get("manager", f"/exports/{world.own.export}/download").status_code == 404


@pytest.mark.parametrize(("kind", "answer"), [("projects", 200), ("reviews", 404)])
def test_a_file_is_there_only_while_its_list_may_be_exported(world: World, kind: str, answer: int) -> None:
    with world.session() as session:
        organization = session.get_one(Project, world.own.projects["draft"]).organization_id
        owner = session.scalars(select(User.id).where(User.organization_id == organization)).one()
    reach = {"bureau": None, "organization": organization}
    world.put(ExportJob, world.own.export, kind=kind, requested_by_id=owner, parameters={"reach": reach})

    with world.get("owner", f"/exports/{world.own.export}/download") as file:
        assert file.status_code == answer
