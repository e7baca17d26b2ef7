"""Every main page fits a telephone: nothing hangs over the edge of 360 pixels."""

import pytest

from tests.browser.walk import OVERHANG, PHONE

pytestmark = pytest.mark.browser

DRAFT, RETURNED, SUBMITTED = "演示码头堆场改造项目", "演示镇便民服务中心装修改造工程", "江阴市演示实验小学迁建工程"
NUMBERED, TO_CHECK = "江阴市演示实验中学新建工程", "演示大道（滨江路至澄杨路段）改造工程"

PAGES = {
    "": ("/", "/register/", "/login/", "/help/", "/lookup/?number=3202812611180102"),
    "PDY00001-X": (
        "/", "/projects/list/", "/projects/add", "/enterprises/list/", "/inbox/", "/password/", "/help/",
        ("edit", DRAFT), ("edit", RETURNED), ("show", NUMBERED),
    ),
    "reviewer.jiangyin": (
        "/worklist/", "/projects/list/", "/enterprises/list/", "/simulator/sms/", "/reviews/list/",
        ("show", NUMBERED), ("approve", SUBMITTED), ("return", SUBMITTED),
    ),
    "clerk.jiangyin": (
        "/", "/counter/", "/counter/?q=PDY00001-X", f"/counter/?q={TO_CHECK}", f"/counter/?q={NUMBERED}",
        ("show", SUBMITTED),
    ),
}  # fmt: skip


@pytest.mark.parametrize("username", PAGES, ids=["public", "applicant", "reviewer", "clerk"])
def test_pages_fit_a_phone(person, username):
    somebody = person(username, PHONE)
    too_wide = {}

    for place in PAGES[username]:
        if isinstance(place, tuple):
            somebody.opens_record(place[1], place[0])
        else:
            somebody.opens(place)
        overhang = somebody.page.evaluate(OVERHANG)
        if overhang:
            too_wide[place] = overhang

    assert not too_wide


def test_filters_wait_behind_one_button_and_say_how_many_are_set(person):
    somebody = person("reviewer.jiangyin", PHONE)
    somebody.opens("/projects/list/?region=320281")
    region, button = somebody.page.locator("#f-region"), somebody.button("筛选条件")

    assert button.inner_text().split() == ["筛选条件", "1"]
    assert (region.is_visible(), button.get_attribute("aria-expanded")) == (False, "false")
    button.click()

    assert (region.is_visible(), button.get_attribute("aria-expanded")) == (True, "true")
    assert somebody.page.evaluate(OVERHANG) == []
