"""What reviewers do all day, by hand, in a bureau with its usual files: the queue, decisions, many rows at once."""

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def reviewer(person) -> Person:
    return person("reviewer.jiangyin")


CHECKED = ".finding-ok"  # 原件已核


def in_queue(reviewer: Person, holder: str, *, checked: bool = False) -> str:
    """The first project of the queue, with all its originals checked or with some still to be seen."""
    reviewer.opens(f"/worklist/?kind=project&holder={holder}")
    seen = reviewer.page.locator(f'[data-field="originals"] {CHECKED}')
    rows = reviewer.page.locator("tr[data-id]")
    found = rows.filter(has=seen) if checked else rows.filter(has_not=seen)
    return found.first.locator("a.name").inner_text()


def test_a_task_is_claimed_and_put_back(reviewer: Person) -> None:
    name = in_queue(reviewer, "unclaimed")

    row = reviewer.row(name)
    with reviewer.page.expect_navigation():
        row.get_by_role("button", name="认领").click()
    reviewer.opens("/worklist/?holder=mine")
    expect(reviewer.row(name).locator('[data-field="holder"]')).to_have_text("我")

    with reviewer.page.expect_navigation():
        reviewer.row(name).get_by_role("button", name="放回待办").click()
    reviewer.opens("/worklist/?holder=mine")
    expect(reviewer.row(name)).to_have_count(0)
    reviewer.opens("/worklist/?holder=unclaimed")
    expect(reviewer.row(name).locator('[data-field="holder"]')).to_have_text("未认领")


def test_a_checked_project_gets_its_number_and_explains_it(reviewer: Person) -> None:
    name = in_queue(reviewer, "all", checked=True)

    reviewer.follows(name)
    reviewer.presses("审核通过并发号")

    number = "".join(reviewer.reads(".plate li b"))
    reviewer.sees_message("success", f"已发号 {number}")
    reviewer.opens(f"/numbers/list/?q={number}")
    reviewer.follows(number)
    reviewer.sees(name, "320281")


def test_an_enterprise_is_returned_item_by_item(reviewer: Person) -> None:
    reviewer.opens("/enterprises/list/?status=submitted")
    name = reviewer.first_rows(1)[0]
    reviewer.row(name).get_by_role("link", name="审核").click()

    reviewer.page.get_by_role("button", name="退回「营业地址」").click()
    reviewer.fills({"items-0-reason_code": "not_filled", "items-0-instruction": "请填写门牌号。"})
    reviewer.presses("退回这 1 项")

    reviewer.sees_message("success", "已退回，共 1 项")
    reviewer.sees_state("returned")
    reviewer.opens("/reviews/list/")
    reviewer.sees(name)


def test_many_are_approved_and_those_that_cannot_say_why(reviewer: Person) -> None:
    unchecked = in_queue(reviewer, "unclaimed")
    checked = in_queue(reviewer, "unclaimed", checked=True)

    reviewer.opens("/projects/list/?status=submitted")
    reviewer.ticks(checked, unchecked)
    reviewer.confirms("审核通过", ".bulkbar")

    reviewer.sees_message("success", "已办理 1 项")
    reviewer.sees_message("warning", f"「{unchecked}」没有办理：还有")
    reviewer.opens(f"/projects/list/?q={checked}")
    reviewer.sees_row(checked, "approved")
    reviewer.opens(f"/projects/list/?q={unchecked}")
    reviewer.sees_row(unchecked, "submitted")


def test_many_are_returned_with_one_sheet(reviewer: Person) -> None:
    reviewer.opens("/projects/list/?status=submitted")
    names = reviewer.first_rows(2)
    reviewer.ticks(*names)
    reviewer.presses("退回", ".bulkbar")
    reviewer.fills({
        "items-0-target": "scale", "items-0-reason_code": "not_filled", "items-0-instruction": "请写明建筑层数。",
    })  # fmt: skip
    reviewer.presses("退回（2 项）")

    reviewer.sees_results(dict.fromkeys(names, "done"))
    for name in names:
        reviewer.opens(f"/projects/list/?q={name}")
        reviewer.sees_row(name, "returned")
