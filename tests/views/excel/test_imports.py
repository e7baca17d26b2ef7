"""/imports/: a trial first, the file kept for an hour under a signed token, markup shown as text."""

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from models.project import Project
from tests import builders
from tests.services import import_files as files
from tests.views.pages import messages
from tests.views.world import World

TOKEN = re.compile(r'name="token" value="([^"]+)"')


def upload(world: World, data: bytes, who: str = "admin", kind: str = "projects") -> tuple[int, str]:
    answer = world.post(who, "/imports/check", {"kind": kind, "file": (io.BytesIO(data), "history.xlsx")})
    return answer.status_code, answer.get_data(as_text=True)


def rows(count: int) -> list[dict[str, object]]:
    return [files.project_row(n, builders.org_code(1)) for n in range(count)]


def imported(world: World) -> int:
    with world.session() as session:
        query = select(func.count()).select_from(Project).where(Project.name.startswith("演示历史"))
        return session.scalar(query) or 0


def shown(page: str, field: str) -> str:
    found = re.search(rf'data-field="{field}">([^<]*)<', page)
    return found[1] if found else ""


def test_a_trial_tells_the_figures_and_stores_nothing(world: World) -> None:
    code, page = upload(world, files.projects(*rows(3)))

    assert (code, shown(page, "new"), shown(page, "bad")) == (200, "3", "0")
    assert ("success", "试运行没有发现问题，还没有导入。") in messages(page)
    assert imported(world) == 0


def test_what_was_tried_is_stored_when_confirmed_and_once_only(world: World) -> None:
    _, page = upload(world, files.projects(*rows(3)))
    token = TOKEN.search(page)[1]  # type: ignore[index]

    first = world.post("admin", "/imports/store", {"token": token}).get_data(as_text=True)
    again = world.post("admin", "/imports/store", {"token": token}).get_data(as_text=True)

    assert "已导入 3 行。" in first and "没有新的内容" in again
    assert imported(world) == 3


def test_an_imported_project_has_its_page_for_all_who_may_see_it(world: World) -> None:
    _, page = upload(world, files.projects(*rows(1)))
    world.post("admin", "/imports/store", {"token": TOKEN.search(page)[1]})  # type: ignore[index]
    with world.session() as session:
        key = session.scalars(select(Project.id).where(Project.name == "演示历史项目0")).one()

    for who in ("owner", "clerk", "reviewer", "manager", "admin"):
        assert "演示历史项目0" in world.page(who, f"/projects/show/{key}"), who
    assert world.get("stranger", f"/projects/show/{key}").status_code == 404


def test_a_bad_row_blocks_the_whole_and_the_good_ones_may_be_chosen(world: World) -> None:
    bad = rows(3)
    bad[1]["investment_10k_cny"] = "很多"
    _, page = upload(world, files.projects(*bad))
    token = TOKEN.search(page)[1]  # type: ignore[index]

    refused = world.post("admin", "/imports/store", {"token": token})
    assert (refused.status_code, imported(world)) == (409, 0)

    world.post("admin", "/imports/store", {"token": token, "only_good": "1"})
    assert imported(world) == 2


def test_the_workbook_comes_back_with_notes(world: World) -> None:
    bad = rows(1)
    bad[0]["investment_10k_cny"] = "很多"
    _, page = upload(world, files.projects(*bad))

    answer = world.post("admin", "/imports/annotated", {"token": TOKEN.search(page)[1]})  # type: ignore[index]

    sheet = load_workbook(io.BytesIO(answer.data))["项目"]
    assert [cell.comment.text for line in sheet.iter_rows() for cell in line if cell.comment]


def test_markup_from_a_workbook_is_text_on_every_page(world: World) -> None:
    payload = "<img src=x onerror=alert(1)>"
    row = files.project_row(0, payload, name=payload, construction_nature_code=payload, **{payload: payload})

    _, page = upload(world, files.projects(row))

    assert payload not in page and "&lt;img src=x" in page


@pytest.mark.parametrize("data", [b"a,b\n", b"PK\x03\x04broken", b""], ids=["csv", "broken", "empty"])
def test_what_is_no_workbook_is_refused_with_a_sentence(world: World, data: bytes) -> None:
    code, page = upload(world, data)

    assert (code, "error-summary" in page) == (422, True)


def test_a_forgotten_file_is_asked_for(world: World) -> None:
    assert world.post("admin", "/imports/check", {"kind": "projects"}).status_code == 422


def test_a_token_is_the_persons_own_and_dies_with_its_hour(world: World) -> None:
    from datetime import timedelta

    _, page = upload(world, files.projects(*rows(1)))
    token = TOKEN.search(page)[1]  # type: ignore[index]

    assert world.post("root", "/imports/store", {"token": token}).status_code == 400
    assert world.post("admin", "/imports/store", {"token": token + "x"}).status_code == 400
    clock = world.app.extensions["yht"].clock
    clock.advance(timedelta(minutes=61))
    try:
        late = world.post("admin", "/imports/store", {"token": token})
    finally:
        clock.advance(-timedelta(minutes=61))
    assert late.status_code in (302, 422) and imported(world) == 0
