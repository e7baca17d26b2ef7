"""Every screen that an administrator keeps, changed once by hand, and what comes of it for others."""

from datetime import date

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser import papers
from tests.browser.person import Person
from tests.reports.bombs import saved

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LATER = f"{date.today().year + 1}-06-18"


@pytest.fixture
def administrator(person) -> Person:
    return person("admin.wuxi")


# What is added: screen, values, what its list then shows.
ADDED = {
    "bureau": ("bureaus", {
        "code": "320291", "name": "无锡演示开发区建设局", "parent_id": "1", "region_code": "320291",
    }, "无锡演示开发区建设局"),
    "region": ("regions", {
        "code": "320291", "name": "演示开发区", "parent_code": "320200", "valid_from": "2026-01-01", "is_local": True,
    }, "演示开发区"),
    "code": ("dictionaries", {
        "kind": "funding_nature_code", "code": "990", "label_zh": "演示资金", "label_en": "Demo funding",
        "is_active": True, "edition": "2018",
    }, "演示资金"),
    "document": ("requireddocuments", {
        "record_kind": "project", "slot": "demo_sheet", "label_zh": "演示附图", "label_en": "Demo drawing",
        "min_count": "0", "max_count": "3",
    }, "演示附图"),
    "reason": ("returnreasons", {
        "code": "demo_reason", "label_zh": "演示原因", "label_en": "Demo reason", "is_active": True,
    }, "演示原因"),
    "day": ("calendar", {"day": LATER, "is_working_day": "free", "reason": "演示通知 1 号"}, "演示通知 1 号"),
    "contact": ("contacts", {
        "bureau_id": "1", "person": "演示联系人戊", "phones": "0510-00000000", "sort": "9",
    }, "演示联系人戊"),
    "person": ("users", {
        "username": "clerk.demo", "display_name": "演示窗口人员（新）", "bureau_id": "2", "roles": "counter_clerk",
        "active": True,
    }, "演示窗口人员（新）"),
}  # fmt: skip
ORDER = ("region", "bureau", "code", "document", "reason", "day", "contact", "person")  # a bureau needs its region

# What is changed: screen, which row, values.
CHANGED = {
    "bureau": ("bureaus", "无锡市新吴区住房和城乡建设局", {"sort": "18"}),
    "region": ("regions", "新吴区", {"municipal_code": "WX08"}),
    "code": ("dictionaries", "外商投资", {"label_en": "Foreign-funded"}),
    "document": ("requireddocuments", "其他材料", {"max_count": "6"}),
    "reason": ("returnreasons", "未填写或填写不完整", {"sort": "2"}),
    "contact": ("contacts", "张潇", {"qq_group": "115399102"}),
    "person": ("users", "演示审核员（梁溪）", {"display_name": "演示审核员甲（梁溪）"}),
}


@pytest.mark.parametrize("what", ORDER)
def test_a_row_is_added(administrator: Person, what: str) -> None:
    screen, values, shown = ADDED[what]
    administrator.opens(f"/{screen}/list/")
    administrator.follows("新添")
    administrator.fills(values)
    administrator.presses("保存")

    if what == "person":
        administrator.sees("请当面交给本人", "只显示这一次")
    else:
        administrator.sees_message("success", "已保存。")
    finds(administrator, screen, shown)


@pytest.mark.parametrize("what", CHANGED)
def test_a_row_is_changed(administrator: Person, what: str) -> None:
    screen, name, values = CHANGED[what]
    finds(administrator, screen, name)
    administrator.row(name).first.get_by_role("link", name="编辑").click()
    administrator.fills(values)
    administrator.presses("保存")
    if administrator.button("确认保存").count():  # what the change reaches is shown first
        administrator.presses("确认保存")

    administrator.sees_message("success", "已保存。")
    finds(administrator, screen, values.get("display_name", name))
    administrator.row(values.get("display_name", name)).first.get_by_role("link", name="编辑").click()
    administrator.sees_typed(values)


def finds(administrator: Person, screen: str, name: str) -> None:
    """The list narrowed to this name by whatever search it has."""
    administrator.opens(f"/{screen}/list/")
    search = administrator.page.locator("main form[method=get] input:not([type=date]):not([type=hidden])").first
    if search.count():
        search.fill(name)
        search.press("Enter")
    expect(administrator.row(name).first).to_be_visible()


def test_a_notice_is_reworded_and_goes_back_to_its_default(administrator: Person) -> None:
    administrator.opens("/noticetemplates/edit/enterprise:approve")
    default = administrator.typed("text")
    administrator.fills({"text": "【一号通】演示：%(name)s的企业信息已审核通过。"})
    administrator.presses("预览")
    administrator.sees("演示：", "计 1 条短信")
    administrator.presses("保存")
    administrator.sees_message("success", "已保存")

    administrator.opens("/noticetemplates/show/enterprise:approve")
    administrator.sees("演示：%(name)s的企业信息已审核通过。")
    administrator.confirms("恢复默认")
    administrator.sees(default)


def test_roles_are_to_be_looked_at(administrator: Person) -> None:
    administrator.opens("/roles/list/")
    administrator.follows("审核人员")
    administrator.sees("审核通过", "退回", "移交")


def test_history_is_tried_mended_and_imported(administrator: Person) -> None:
    administrator.opens("/imports/")
    template = administrator.page.locator('a[href="/imports/template/organizations"]')
    book = administrator.downloads(template.click)
    sheet = book["建设单位"]
    keys = [cell.value for cell in sheet[1]]
    values = {
        "org_code": papers.org_code(10078), "name": "演示历史单位", "unit_kind": "行政机关",
        "contact_name": "演示联系人", "contact_mobile": "1380000007",
    }  # fmt: skip
    sheet.append([values.get(key) for key in keys])

    tries(administrator, book)
    administrator.sees("手机", "有不能导入的行")
    noted = administrator.downloads(lambda: administrator.button("下载带批注的工作簿").click())
    assert [cell.comment is not None for cell in noted["建设单位"][3]][keys.index("contact_mobile")]

    sheet.cell(3, keys.index("contact_mobile") + 1).value = "13800000078"
    tries(administrator, book)
    administrator.sees("试运行没有发现问题")
    administrator.confirms("确认导入")
    administrator.sees("已导入 1 行")
    finds(administrator, "organizations", "演示历史单位")
    tries(administrator, book)
    administrator.sees("没有新的内容")


def tries(administrator: Person, book) -> None:
    administrator.opens("/imports/")
    file = FilePayload(name="演示单位.xlsx", mimeType="application/octet-stream", buffer=saved(book))
    form = administrator.page.locator("form:has([name=kind][value=organizations])")
    form.locator("input[type=file]").set_input_files(file)
    with administrator.page.expect_navigation():
        form.get_by_role("button", name="试运行").click()


def test_a_stranger_looks_a_number_up(person, administrator: Person) -> None:
    administrator.opens("/projects/list/?status=approved")
    name = administrator.first_rows(1)[0]
    administrator.opens_record(name)
    number = administrator.page.locator("[data-copy]").get_attribute("data-copy")
    stranger = person()

    stranger.opens("/lookup/")
    stranger.fills({"number": number}, "main")
    stranger.presses("查询")

    stranger.sees(name)
    expect(stranger.page.locator("main")).not_to_contain_text("138")


def test_a_submission_is_taken_back_before_anybody_has_it(person) -> None:
    applicant = person("PDY00001-X")
    applicant.opens("/projects/list/?status=submitted")
    name = applicant.first_rows(3)[1]
    applicant.opens_record(name)
    applicant.confirms("撤回")

    applicant.sees_state("draft")
    applicant.opens(f"/projects/list/?q={name}")
    applicant.sees_row(name, "draft")
