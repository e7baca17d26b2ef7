"""Everybody can walk through everything the menu offers, in Chinese, on a desk and on a telephone."""

import pytest

from tests.browser.walk import complaints, faults, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = {
    "public": ("", 4),
    "administrator of the city": ("admin.wuxi", 12),
    "administrator": ("admin.jiangyin", 12),
    "reviewer": ("reviewer.jiangyin", 9),
    "manager": ("manager.jiangyin", 6),
    "counter clerk": ("clerk.jiangyin", 9),
    "matter clerk": ("matter.jiangyin", 3),
    "auditor": ("auditor.wuxi", 2),
    "organization": ("PDY00001-X", 9),
}


@pytest.mark.parametrize(("username", "fewest"), PEOPLE.values(), ids=PEOPLE)
def test_every_page_that_the_menu_leads_to_is_fit_to_be_seen(person, username, fewest):
    """The watch beside it fails on a script's complaint, another host, or an answer from 400 on."""
    somebody = person(username)

    found = walk(somebody)

    assert not complaints(found), "\n".join(complaints(found))
    assert len(found) >= fewest, sorted(found)


MISDEEDS = {
    "a code": ("待审核 submitted", "code submitted"),
    "a crumb of the framework": ("No records found", "not Chinese: records"),
    "a sentence that is not filled in": ("共 %(count)s 项", "unfinished: %(count)"),
    "a code in a cell": (
        "<table><thead><tr><th>分类</th></tr></thead><tr><td>01</td></tr></table>",
        "code in a cell: 01",
    ),
    "an input without a name": ("<input>", "axe: label"),
    "a link that only its colour tells": (
        "<p style='color:#222'>请看<a href='#x' style='color:#333;text-decoration:none'>说明</a>。</p>",
        "axe: link",
    ),
    "a name cut short that is told nowhere": (
        "<p style='width:40px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap'>江阴演示城市建设有限公司</p>",
        "cut off",
    ),
    "something too wide": ("<div class='wide'><pre>" + "宽" * 90 + "</pre></div>", "hangs over 360"),
}


@pytest.mark.parametrize(("markup", "told"), MISDEEDS.values(), ids=MISDEEDS)
def test_the_walk_notices(chromium, markup, told):
    """Or every walk above would prove less than it says."""
    page = chromium.new_page()
    page.set_content(f"<html lang='zh-CN'><title>演示</title><main>{markup}</main></html>")

    assert any(told in fault for fault in faults(page)), faults(page)
    page.close()


def test_the_walk_takes_names_codes_and_numbers_for_what_they_are(chromium):
    page = chromium.new_page()
    page.set_content(
        "<html lang='zh-CN'><title>演示</title><main>reviewer.jiangyin PDY00001-X 320281 261119 02 01 name@example.cn</main>"
    )

    assert faults(page) == []
    page.close()
