"""What managers take away, by hand: the monthly report and its edition, lists as workbooks, each opened."""

import pytest

from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def manager(person) -> Person:
    return person("manager.jiangyin")


def test_the_monthly_report_is_issued_and_taken_away(manager: Person) -> None:
    manager.opens("/reports/")
    month = manager.typed("month")
    shown = [number(text) for text in manager.reads("tr:has(> td:first-child:text-is('1')) td")]

    draft = manager.downloads(lambda: manager.button("下载 Excel").click())
    asked = manager.confirms("发布月报")
    issued = manager.downloads(lambda: manager.button("下载 Excel").click())

    assert "不再改变" in asked
    manager.sees(f"已发布 {month} 月报第 1 版", "校验码")
    for book in (draft, issued):
        sheet, charts, _definitions, _parameters = book.worksheets
        printed = next(list(row) for row in sheet.iter_rows(values_only=True) if row[0] == 1)
        assert [value for value in shown if value in printed] == shown
        assert sheet.print_title_rows == "$3:$3"
        assert charts._charts
    assert "未发布" in str(draft.worksheets[0]["A2"].value)
    assert "未发布" not in str(issued.worksheets[0]["A2"].value)


def number(text: str) -> float | str | None:
    """What a cell of the workbook holds where the page shows this."""
    plain = text.replace(",", "")
    return None if text == "—" else float(plain) if plain.replace(".", "").isdigit() else text


def test_a_list_goes_out_as_it_is_narrowed(manager: Person) -> None:
    manager.opens("/projects/list/?status=approved")
    names = manager.first_rows(3)
    count = manager.page.locator(".status-tabs .active .badge").inner_text()
    manager.follows("导出")
    manager.sees(f"共 {count} 行")

    book = manager.downloads(lambda: manager.button("导出 Excel").click())

    rows = list(book.worksheets[0].values)
    head = next(row for row in rows if "项目名称" in row)
    listed = [row[head.index("项目名称")] for row in rows[rows.index(head) + 1 :] if row[head.index("项目名称")]]
    assert listed[:3] == names
    assert len(listed) == int(count)


def test_an_export_of_ticked_rows_holds_those_alone(manager: Person) -> None:
    manager.opens("/projects/list/?status=approved")
    names = manager.first_rows(2)
    others = set(manager.reads("tr[data-id] a.name")) - set(names)
    manager.ticks(*names)

    book = manager.downloads(lambda: manager.button("导出", ".bulkbar").click())

    cells = {cell for row in book.worksheets[0].values for cell in row}
    assert set(names) <= cells
    assert not others & cells


@pytest.mark.parametrize(
    ("screen", "heading"), [("enterprises", "单位名称"), ("reviews", "办理人"), ("numbers", "项目编号")]
)
def test_every_list_that_goes_out_opens_with_its_headings(manager: Person, screen: str, heading: str) -> None:
    manager.opens(f"/{screen}/list/")
    count = manager.page.locator("tr[data-id]").count()
    manager.follows("导出")

    book = manager.downloads(lambda: manager.button("导出 Excel").click())

    rows = list(book.worksheets[0].values)
    assert any(heading in row for row in rows)
    assert len(rows) > count
