"""The whole way of SPEC §3 by keyboard alone: from an unknown organization to its number, a permit and the city's flow.

The other files of this folder use the mouse; here every stop of the focus must be seen as well.
"""

import json
import re
from datetime import date, timedelta
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from app.domain.matters import Matter
from tests.browser import papers
from tests.browser.keyboard import KeyboardPerson
from tests.browser.person import Person
from tests.services.matter_entries import entries

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CODE = papers.org_code(10042)


def test_an_organization_goes_from_nothing_to_its_number_without_a_mouse(person, console):
    applicant = person(hand=KeyboardPerson)
    registers_and_changes_its_password(applicant)
    hands_in_its_enterprise_record(applicant)
    reviewer = person("reviewer.jiangyin", hand=KeyboardPerson)
    approves_the_enterprise(reviewer)
    reads_the_good_news(applicant, reviewer)
    adds_a_project_and_submits_it_from_the_list(applicant)
    returns_the_project_with_two_items(reviewer)
    mends_it_and_submits_it_again_from_the_list(applicant)
    clerk = person("clerk.jiangyin", hand=KeyboardPerson)
    checks_the_originals(clerk)
    number = approves_the_project(reviewer)
    sees_its_number(applicant, number)
    sees_the_province_take_it(applicant, reviewer, number)
    hands_the_number_over(clerk, number)
    key = issues_a_key(person("admin.jiangyin", hand=KeyboardPerson))
    a_system_of_another_office_records_the_permit(console.origin, key, number)
    sees_the_permit(applicant, number)
    takes_its_unit_works_to_the_city(applicant, number)


def registers_and_changes_its_password(applicant: Person) -> None:
    applicant.registers(papers.registration(CODE))
    applicant.sees_message("success", f"用户名为组织机构代码 {CODE}，初始密码为 {papers.FIRST_PASSWORD}")
    applicant.signs_in(CODE, papers.FIRST_PASSWORD)
    for path in ("/", "/enterprises/list/", "/projects/add", "/inbox/"):
        applicant.opens(path)
        applicant.sees("请先修改密码")
        expect(applicant.page.locator("[name=sms_code]")).to_have_count(0)
    applicant.changes_password(papers.FIRST_PASSWORD, papers.NEW_PASSWORD)
    applicant.sees_message("success", "密码已修改")


def hands_in_its_enterprise_record(applicant: Person) -> None:
    applicant.opens("/enterprises/list/")
    applicant.fills(papers.ENTERPRISE)
    applicant.presses("保存")
    applicant.uploads_scans(papers.ENTERPRISE_SCANS)
    applicant.fills({"truthfulness_declared": True})
    applicant.presses("递交审核")
    applicant.sees_message("success", "已提交审核")
    applicant.sees_state("submitted")


def approves_the_enterprise(reviewer: Person) -> None:
    reviewer.opens("/worklist/")
    reviewer.follows(f"江阴演示建设有限公司（{CODE}）")
    reviewer.sees_scans()
    reviewer.presses("审核通过")
    reviewer.sees_message("success", "审核通过")
    reviewer.sees_state("approved")


def reads_the_good_news(applicant: Person, reviewer: Person) -> None:
    applicant.opens("/enterprises/list/")
    applicant.sees("审核通过")
    applicant.opens("/inbox/")
    applicant.sees("企业信息已审核通过，可以登记项目了。")
    reviewer.waits_for("/simulator/sms/", "企业信息已审核通过，可以登记项目了。")


def adds_a_project_and_submits_it_from_the_list(applicant: Person) -> None:
    applicant.opens("/projects/list/")
    applicant.follows("新添项目信息")
    applicant.fills(papers.PROJECT)
    applicant.presses("保存")
    applicant.sees_message("success", "已保存为草稿")
    applicant.uploads_scans(papers.PROJECT_SCANS)
    asked = applicant.acts_from_list("提交审核", papers.PROJECT["name"])
    assert "真实性" in asked
    applicant.sees_message("success", "已办理 1 项：提交审核")
    applicant.sees_row(papers.PROJECT["name"], "submitted")


def returns_the_project_with_two_items(reviewer: Person) -> None:
    reviewer.opens("/worklist/")
    reviewer.follows(papers.PROJECT["name"])
    reviewer.sees_scans()
    reviewer.presses("退回「总投资」")
    reviewer.fills({"items-0-reason_code": "differs_from_document", "items-0-instruction": "与批文不一致，请改正。"})
    reviewer.pushes("退回「建设规模」")
    reviewer.fills({"items-1-reason_code": "not_filled", "items-1-instruction": "请写明建筑层数。"})
    reviewer.presses("退回这 2 项")
    reviewer.sees_message("success", "已退回，共 2 项")
    reviewer.sees_state("returned")


def mends_it_and_submits_it_again_from_the_list(applicant: Person) -> None:
    applicant.opens("/")
    applicant.follows("逐项修改")
    applicant.sees("与批文不一致，请改正。", "请写明建筑层数。")
    applicant.fills({"investment_10k_cny": "18950.5", "items-1-answer": "厂房均为单层，批文未写层数。"})
    applicant.presses("保存")
    applicant.acts_from_list("转审核", papers.PROJECT["name"])
    applicant.sees_row(papers.PROJECT["name"], "submitted")


def checks_the_originals(clerk: Person) -> None:
    clerk.opens(f"/counter/?q={CODE}")
    clerk.sees(papers.PROJECT["name"], "还有 3 件未核")
    clerk.fills(papers.MANDATE, "#desk")
    clerk.chooses_file("mandate", "演示法人授权委托书.pdf")
    clerk.presses("登记委托书")
    clerk.sees_message("success", "委托书已登记")
    clerk.sees_scans()
    for mark in clerk.page.locator(".original [value=match]").all():
        clerk.checks(mark)
    clerk.presses("核验完成，出具回执")
    clerk.sees_message("success", "原件核验完成")
    clerk.sees("原件核验回执")
    expect(clerk.page.locator('.original[data-status="match"]')).to_have_count(3)


def approves_the_project(reviewer: Person) -> str:
    reviewer.opens("/worklist/")
    reviewer.follows(papers.PROJECT["name"])
    reviewer.sees("18,650.0000 万元", "18,950.5000 万元", "退回单要求修改", "厂房均为单层，批文未写层数。")
    reviewer.presses("审核通过并发号")
    segments = reviewer.reads(".plate li b")
    assert [len(part) for part in segments] == [6, 6, 2, 2]
    number = "".join(segments)
    assert re.fullmatch(r"320281\d{6}01\d{2}", number)
    reviewer.sees_message("success", f"已发号 {number}")
    return number


def sees_its_number(applicant: Person, number: str) -> None:
    applicant.opens("/")
    assert applicant.reads(f'[data-number="{number}"] b') == [number[:6], number[6:12], number[12:14], number[14:]]


def sees_the_province_take_it(applicant: Person, reviewer: Person, number: str) -> None:
    reviewer.waits_for("/simulator/province/", papers.PROJECT["name"], seconds=10)
    reviewer.opens(f"/pushes/list/?number={number}")
    reviewer.sees_row(papers.PROJECT["name"], "delivered")
    applicant.opens("/")
    applicant.sees("省厅已接收")


def hands_the_number_over(clerk: Person, number: str) -> None:
    clerk.opens(f"/counter/?q={number}")
    clerk.fills({"received_by": papers.MANDATE["agent_name"]}, "#desk")
    clerk.presses("办理领取")
    clerk.sees_message("success", "编号已领取")
    assert clerk.reads('[data-field="received_by"]') == [papers.MANDATE["agent_name"]]


def issues_a_key(administrator: Person) -> str:
    administrator.opens("/apikeys/list/")
    administrator.follows("新添")
    administrator.fills({"name": "演示许可系统", "expires_on": (date.today() + timedelta(days=90)).isoformat()})
    administrator.fills({"scopes": ["projects:read", "matters:write"], "matters": ["construction_permit"]})
    administrator.presses("保存")
    administrator.sees("只显示这一次")
    return administrator.reads('[data-field="key"]')[0]


def a_system_of_another_office_records_the_permit(origin: str, key: str, number: str) -> None:
    """It knows the address, its key and the number, and sends the same twice."""
    address = f"{origin}/api/v1/projects/{number}"
    body = {"step": "record", "record": entries(Matter.CONSTRUCTION_PERMIT, "演许〔2026〕1号")}

    assert called(key, address)["fields"]["name"] == papers.PROJECT["name"]
    answers = [called(key, f"{address}/matters/construction_permit", body) for _ in range(2)]

    assert [answer["changed"] for answer in answers] == [True, False]
    assert answers[0]["records"][0]["number"] == f"{number}-SX-001"


def called(key: str, address: str, body: object = None) -> dict[str, Any]:
    """What the interface answers, by the standard library alone."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    sent = None if body is None else json.dumps(body).encode()
    with urlopen(Request(address, sent, headers, method="PUT" if sent else "GET"), timeout=20) as answer:
        return json.load(answer)


def sees_the_permit(applicant: Person, number: str) -> None:
    applicant.opens(f"/matters/list/?number={number}&status=done")
    applicant.follows("查看")
    applicant.sees(f"{number}-SX-001", "演许〔2026〕1号")


def takes_its_unit_works_to_the_city(applicant: Person, number: str) -> None:
    applicant.opens("/projects/list/")
    applicant.ticks(papers.PROJECT["name"])
    applicant.presses("单体信息编辑", ".bulkbar")
    applicant.follows("添加单体")
    applicant.fills(papers.UNIT_WORK)
    applicant.presses("保存")
    applicant.sees_message("success", f"已保存：{number}-001")
    applicant.fills({"truthfulness_declared": True})
    applicant.presses("提交单体信息")
    applicant.sees_message("success", "项目进入市审批流程")
    applicant.waits_for(applicant.page.url, "已进入市审批流程", seconds=10)
