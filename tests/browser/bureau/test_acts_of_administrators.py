"""What administrators do to records, by keyboard alone: acts that a second person confirms, transfers, changes of name."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import papers
from tests.browser.keyboard import KeyboardPerson
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REASON = "单位来函：演示更正。"


@pytest.fixture
def administrator(person) -> Person:
    return person("admin.jiangyin", hand=KeyboardPerson)


@pytest.fixture
def second(person) -> Person:
    """Who confirms: nobody confirms what they asked for themselves."""
    return person("admin2.jiangyin", hand=KeyboardPerson)


def numbered(administrator: Person, count: int) -> list[str]:
    administrator.opens("/projects/list/?status=approved")
    return administrator.first_rows(count)


def confirms(second: Person, name: str, act: str) -> None:
    """The second person reads what is asked, and why, and confirms it."""
    second.opens("/pendingacts/list/")
    second.clicks(second.row(name).get_by_role("link", name="复核"))
    second.sees(REASON, act)
    second.presses(f"确认：{act}")


def test_an_unlock_names_fields_and_a_day_and_waits_for_the_second_person(administrator, second) -> None:
    name = numbered(administrator, 1)[0]
    administrator.opens_record(name, "unlock")
    administrator.fills({"fields": ["address", "scale"], "reason": REASON})
    until = administrator.typed("until")
    administrator.presses("提请复核：解锁（人工退回）")
    administrator.opens_record(name)
    administrator.sees_state("approved")
    administrator.opens("/pendingacts/list/")
    expect(administrator.row(name).get_by_role("link", name="复核")).to_have_count(0)

    confirms(second, name, "解锁（人工退回）")

    second.opens_record(name)
    second.sees_state("returned")
    second.sees("项目地点", "建设规模", until)
    assert date.fromisoformat(until) > date.today()


def test_a_voided_number_stays_in_the_register_with_its_reason(administrator, second) -> None:
    name = numbered(administrator, 2)[1]
    administrator.opens_record(name)
    number = administrator.page.locator("[data-copy]").get_attribute("data-copy")
    administrator.opens_record(name, "void")
    administrator.fills({"reason": REASON})
    administrator.presses("提请复核：作废")

    confirms(second, name, "作废")

    second.opens(f"/numbers/list/?q={number}")
    second.follows(str(number), "tbody")
    second.sees("作废", REASON, name)


def test_many_numbers_are_put_up_for_voiding_with_one_reason(administrator) -> None:
    names = numbered(administrator, 4)[2:]
    administrator.ticks(*names)
    administrator.presses("作废", ".bulkbar")
    administrator.may_be_refused(422)
    administrator.presses("作废（2 项）")
    administrator.sees_error("reason", "请")
    administrator.fills({"reason": REASON})
    administrator.presses("作废（2 项）")

    administrator.sees_results(dict.fromkeys(names, "waits"))
    administrator.opens("/pendingacts/list/")
    administrator.sees(*names)


def test_the_second_person_may_say_no(administrator, second) -> None:
    name = numbered(administrator, 5)[4]
    administrator.opens_record(name, "void")
    administrator.fills({"reason": REASON})
    administrator.presses("提请复核：作废")

    second.opens("/pendingacts/list/")
    second.clicks(second.row(name).get_by_role("link", name="复核"))
    second.fills({"note": "演示：批文仍有效。"})
    second.presses("拒绝")

    second.opens_record(name)
    second.sees_state("approved")


def test_a_project_goes_to_the_bureau_above_and_out_of_sight(administrator, person) -> None:
    administrator.opens("/projects/list/?status=submitted")
    name = administrator.first_rows(3)[2]
    administrator.opens_record(name, "transfer")
    administrator.page.locator("[name=bureau_id]").select_option(label="无锡市住房和城乡建设局")
    administrator.fills({"reason": "演示：由市局直接审核。"})
    administrator.presses("移交")

    administrator.opens(f"/projects/list/?q={name}")
    expect(administrator.row(name)).to_have_count(0)
    city = person("admin.wuxi")
    city.opens(f"/worklist/?q={name}")
    expect(city.row(name)).to_be_visible()


def test_an_unlocked_enterprise_holds_up_its_projects(administrator, person) -> None:
    reviewer = person("reviewer.jiangyin")
    reviewer.opens("/projects/list/?status=submitted")
    name = reviewer.first_rows(1)[0]
    builder = reviewer.row(name).locator('[data-field="builder_name"]').inner_text()

    administrator.opens(f"/enterprises/list/?status=approved&q={builder}")
    administrator.clicks(administrator.row(builder).locator("a.name"))
    administrator.clicks(administrator.page.get_by_role("link", name="解锁（人工退回）"))
    administrator.fills({"fields": ["address"], "reason": REASON})
    administrator.presses("解锁（人工退回）")
    administrator.sees_state("returned")

    reviewer.opens_record(name, "approve")
    expect(reviewer.button("审核通过并发号")).to_be_disabled()
    reviewer.sees("企业信息")


def test_the_register_is_checked_and_made_to_be_printed(administrator) -> None:
    administrator.opens("/numbers/list/")
    administrator.follows("核对与打印")
    administrator.presses("核对")
    administrator.sees("项目统一编号登记簿", "无缺号")
    expect(administrator.button("打印")).to_be_visible()


def test_a_change_of_name_is_an_act_with_before_and_after(person) -> None:
    city = person("admin.wuxi")
    city.opens("/organizations/list/?q=演示高新")
    old = city.first_rows(1)[0]
    new = f"{old}（更名）"
    city.follows(old)
    city.follows("更名")
    city.fills({"name": new, "effective_on": date.today().isoformat(), "reason": "演示登记机关准予变更通知书 1 号"})
    city.presses("提请更名", ".savebar")
    city.sees_message("success", "已提请更名")
    second = person("admin2.wuxi")
    second.opens(urlsplit(city.page.url).path)
    second.presses("确认办理")

    second.sees_message("success", "已更名")
    second.opens("/organizations/list/?q=演示高新")
    second.follows(new)
    second.sees(old, new, "演示登记机关准予变更通知书 1 号")
    auditor = person("auditor.wuxi")
    auditor.opens("/audit/list/")
    auditor.page.locator("tr[data-id]").filter(has_text="更名").first.locator("a.name").click()
    auditor.sees(old, new)


def test_an_organization_is_registered_for_somebody_at_the_counter(administrator) -> None:
    code = papers.org_code(10077)
    administrator.opens("/organizations/add")
    administrator.fills(papers.registration(code, "13800000077"))
    administrator.presses("注册")
    administrator.sees_message("success", code)
