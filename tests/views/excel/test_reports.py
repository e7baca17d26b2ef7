"""The monthly report in the browser: choose, drill down, download, issue; what is out of reach is not there."""

import io
import re
from html import unescape

import openpyxl
import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.issued_report import IssuedReport
from tests.views.pages import errors, messages, rows
from tests.views.world import World

PAGE = "/reports/?month=2026-11"
DRILLS = re.compile(r'href="(/reports/rows\?[^"]+)">(\d+)</a>')


def test_last_month_of_the_own_bureau_comes_first(world: World) -> None:
    page = world.page("manager", "/reports/")

    assert 'value="2026-10"' in page
    assert "上月" in page
    assert '<option value="320281" selected>' in page


def test_every_count_leads_to_as_many_projects(world: World) -> None:
    links = DRILLS.findall(world.page("manager", PAGE))

    assert len(links) > 10
    for address, count in links:
        if "figure=returns" not in address:  # counted in times
            assert len(rows(world.page("manager", unescape(address)))) == int(count), address


def test_the_workbook_has_the_figures_of_the_page(world: World) -> None:
    page = world.page("manager", PAGE)

    answer = world.post("manager", "/reports/export", {"month": "2026-11", "bureau": "320281"})

    total = list(openpyxl.load_workbook(io.BytesIO(answer.data))["登记月报"].iter_rows(values_only=True))[-1]
    shown = re.findall(r'<td class="num">(.*?)</td>', page.rpartition("<tr")[0].rpartition('<tr class="sum"')[2])
    assert "20281-2026-11.xlsx" in answer.headers["Content-Disposition"]
    assert str(total[4]) == re.sub("<[^>]+>", "", shown[1])


def test_an_export_stands_in_the_trail(world: World) -> None:
    world.post("manager", "/reports/export", {"month": "2026-11", "bureau": "320281"})

    with world.session() as session:
        query = select(AuditEvent).where(AuditEvent.action == "report:monthly:export").order_by(AuditEvent.id.desc())
        event = session.scalars(query).first()
        assert event is not None and event.address
        assert (event.actor_name, event.after["bureau"], event.after["month"]) == ("manager.test", "320281", "2026-11")


@pytest.mark.parametrize("path", ["/reports/?bureau=320200", "/reports/rows?bureau=320200&figure=registered"])
def test_a_bureau_out_of_reach_is_not_there(world: World, path: str) -> None:
    assert world.get("manager", path).status_code == 404
    assert world.get("root", path).status_code == 200


def test_nobody_exports_or_issues_past_the_reach(world: World) -> None:
    for step in ("export", "issue"):
        answer = world.post("manager", f"/reports/{step}", {"month": "2026-10", "bureau": "320200"})
        assert answer.status_code == 404, step


def test_a_wrong_month_is_said_at_its_field(world: World) -> None:
    page = world.page("manager", "/reports/?month=2026-13&bureau=320281", 422)

    assert errors(page)["month"].startswith("请按「2026-10」的样式填写月份。")
    assert "2026-13" in page


def test_a_figure_that_is_none_has_no_page(world: World) -> None:
    for figure in ("", "status", "registered_ytd", "id; DROP TABLE project"):
        assert world.get("manager", f"/reports/rows?figure={figure}").status_code == 404


def test_issuing_leads_to_the_edition_with_its_code(world: World) -> None:
    answer = world.post("manager", "/reports/issue", {"month": "2026-10", "bureau": "320281"}, follow_redirects=True)

    page = answer.get_data(as_text=True)
    assert messages(page) == [("success", "× 已发布 2026-10 月报第 2 版。")]
    assert re.search(r"校验码 <b[^>]*>[0-9A-F]{4}-[0-9A-F]{4}</b>", page)
    assert "发布后数字没有变动。" in page


def test_a_month_that_goes_on_is_refused_with_a_sentence(world: World) -> None:
    answer = world.post("manager", "/reports/issue", {"month": "2026-11", "bureau": "320281"}, follow_redirects=True)

    assert messages(answer.get_data(as_text=True)) == [("danger", "× 2026-11 还没有结束，请在次月发布。")]
    with world.session() as session:
        assert session.scalar(select(func.count()).select_from(IssuedReport)) == 1


def test_only_who_may_issue_is_offered_it(world: World) -> None:
    offered = {who: 'action="/reports/issue"' in world.page(who, "/reports/") for who in ("manager", "admin", "hats")}

    assert offered == {"manager": True, "admin": False, "hats": True}


def test_the_editions_workbook_is_the_frozen_one(world: World) -> None:
    answer = world.post("manager", "/reports/export", {"edition": str(world.own.report)})

    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert "已发布第 1 版" in book["登记月报"]["A2"].value
    assert "-v1.xlsx" in answer.headers["Content-Disposition"]


def test_the_page_speaks_english_too(world: World) -> None:
    browser = world.browser("manager")
    browser.get("/lang/en")

    answer = browser.get(PAGE)

    assert answer.status_code == 200
