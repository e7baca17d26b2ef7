"""Everybody can walk through everything in English, which stays chosen, on a desk and on a telephone."""

import pytest

from tests.browser.bureau.test_walks import PEOPLE
from tests.browser.walk import complaints, faults_in_english, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


# An administrator below the root bureau sees pages that the city's sees, and fewer.
READERS = {who: told for who, told in PEOPLE.items() if who != "administrator"}


@pytest.mark.parametrize(("username", "fewest"), READERS.values(), ids=READERS)
def test_every_page_is_english_but_for_its_data(person, username, fewest):
    somebody = person(username)
    somebody.opens("/lang/en")

    found = walk(somebody, faults_in_english)

    assert not complaints(found), "\n".join(complaints(found))
    assert len(found) >= fewest, sorted(found)
    assert somebody.page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        ("<p>已保存。</p>", "not English: 已保存。"),
        ("<input placeholder='快速查找'>", "not English: 快速查找"),
        ("<a title='修改密码' href='/'>Go</a>", "not English: 修改密码"),
        ("<p>%(count)s rows</p>", "unfinished: %(count)"),
        ("<pre>" + "wide " * 300 + "</pre>", "hangs over 1366"),
    ],
)
def test_the_walk_notices(chromium, markup, told):
    page = chromium.new_page()
    page.set_content(f"<html lang='en'><title>Demo</title><main>{markup}</main></html>")

    assert any(fault.startswith(told) for fault in faults_in_english(page, "/"))
    page.close()


def test_names_are_data(chromium):
    page = chromium.new_page()
    page.set_content(
        "<html lang='en'><title>Demo</title><main><i lang='zh-CN' data-marked>江阴演示港口发展有限公司</i> <b lang='zh-CN'>已保存。</b></main></html>"
    )

    assert faults_in_english(page, "/") == []
    page.close()
