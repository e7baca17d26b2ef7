"""What was typed does not die with the session: whoever signs in again finds the form filled in."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TYPED = {"name": "演示在新窗口登录的工程", "contact_mobile": "13912345678", "investment_10k_cny": "12.5"}
REVIEWER, CLERK, APPLICANT, ROOT = "reviewer.jiangyin", "clerk.jiangyin", "PDY00001-X", "admin.wuxi"


def loses_its_session(somebody: Person) -> None:
    """Signed out in another tab: this page goes on as if nothing had happened."""
    tab = somebody.another_tab()
    tab.opens("/help/")
    tab.signs_out()
    tab.page.close()


def returned(somebody: Person, username: str, password: str) -> None:
    """The page of sign-in says where the text is; signing in leads back to it."""
    somebody.sees("您填写的内容已暂存")
    somebody.fills({"username": username, "password": password})
    somebody.presses("登录")
    expect(somebody.page.locator("[data-returned-form]")).to_contain_text("还没有提交")


def project_in_review(reviewer: Person) -> str:
    reviewer.opens("/worklist/?kind=project&holder=unclaimed")
    return (reviewer.page.locator("tr[data-id] a.name").first.get_attribute("href") or "").rpartition("/")[2]


def test_a_return_sheet_of_three_items_stands_there_again_and_for_nobody_else(person, console):
    reviewer = person(REVIEWER)
    path = f"/projects/return/{project_in_review(reviewer)}"
    reviewer.opens(path)
    typed = {}
    for n in range(3):
        if n:
            reviewer.pushes("再加一项")
        for part in ("target", "reason_code"):
            reviewer.page.locator(f'[name="items-{n}-{part}"]').select_option(index=n + 1)
            typed[f"items-{n}-{part}"] = reviewer.typed(f"items-{n}-{part}")
        typed[f"items-{n}-instruction"] = f"演示第 {n + 1} 项"
        reviewer.fills({f"items-{n}-instruction": typed[f"items-{n}-instruction"]})
    reviewer.fills({"comment": "演示总的意见"})

    loses_its_session(reviewer)
    reviewer.page.locator("form[data-return-sheet] button[type=submit]").click()
    reviewer.sees("您填写的内容已暂存")
    other = person("reviewer.liangxi")
    other.may_be_refused(404)
    other.opens(path)
    expect(other.page.locator("body")).not_to_contain_text("演示总的意见")
    returned(reviewer, REVIEWER, console.password)

    assert urlsplit(reviewer.page.url).path == path
    reviewer.sees_typed({**typed, "comment": "演示总的意见"})
    reviewer.presses("退回这 3 项")
    reviewer.sees_message("success", "已退回，共 3 项")
    reviewer.opens("/")
    expect(reviewer.page.locator("[data-returned-form]")).to_have_count(0)


def test_signed_in_anew_in_another_window_save_just_works(person, console):
    applicant = person(APPLICANT)
    applicant.opens("/projects/add")
    if applicant.page.locator("[data-kept]").count():
        applicant.presses("丢弃")
    applicant.may_be_refused(401)  # what is being typed is not kept without a session
    applicant.fills(TYPED)
    loses_its_session(applicant)

    applicant.another_tab().signs_in(APPLICANT, console.password)
    applicant.presses("保存")

    assert "/projects/edit/" in applicant.page.url
    applicant.sees_typed({"name": TYPED["name"]})


def test_a_letter_at_the_counter_stands_there_again(person, console):
    clerk = person(CLERK)
    clerk.opens("/counter/")
    clerk.page.locator(
        "main a[href^='/counter/']:not([href='/counter/']):not([href*='?']):not([href*='log'])"
    ).first.click()
    clerk.page.locator("details.new-letter:not([open]) > summary").click()
    clerk.fills({"mandate_form": "tender_agency", "agent_name": "演示经办人", "agency_name": "演示代理公司"})
    loses_its_session(clerk)
    clerk.presses("登记委托书")
    returned(clerk, CLERK, console.password)

    clerk.sees_typed({"agent_name": "演示经办人", "agency_name": "演示代理公司"})
    expect(clerk.page.locator('[name="mandate_form"][value="tender_agency"]')).to_be_checked()
    expect(clerk.page.locator('[name="agent_name"]')).to_be_visible()


def test_an_administrators_form_stands_there_again_and_may_be_dropped(person, console):
    root = person(ROOT)
    root.opens("/bureaus/add")
    root.fills({"name": "演示主管部门"})
    loses_its_session(root)
    root.presses("保存")
    returned(root, ROOT, console.password)
    root.sees_typed({"name": "演示主管部门"})
    root.presses("丢弃")
    root.sees_typed({"name": ""})
