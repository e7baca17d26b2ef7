"""Every main page fits a telephone: nothing hangs over the edge of 360 pixels."""

import pypdfium2 as pdfium
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


def test_the_menu_has_its_words_on_every_page(person):
    somebody = person("reviewer.jiangyin", PHONE)

    for place in ("/projects/list/", ("approve", SUBMITTED)):
        somebody.opens_record(place[1], place[0]) if isinstance(place, tuple) else somebody.opens(place)
        somebody.page.locator("[data-rail-toggle]").click()
        words = somebody.page.locator("#rail a > span:first-of-type").all()
        assert len(words) > 5
        assert all(word.is_visible() for word in words), place


def test_review_on_a_telephone_goes_to_the_decision_in_one_touch(person):
    somebody = person("reviewer.jiangyin", PHONE)
    somebody.opens_record(SUBMITTED, "approve")

    somebody.page.get_by_role("link", name="转到审核决定").click()

    top = somebody.page.locator("#decision").evaluate("e => e.getBoundingClientRect().top")
    assert 0 <= top <= PHONE["height"] / 2


def test_the_counter_stands_in_one_column_on_a_tablet(person):
    somebody = person("clerk.jiangyin", {"width": 1000, "height": 760})
    somebody.opens(f"/counter/?q={TO_CHECK}")

    lefts = somebody.page.locator("form.review > *:not([type=hidden])").evaluate_all(
        "all => all.map(e => Math.round(e.getBoundingClientRect().left))"
    )

    assert len(lefts) >= 3
    assert len(set(lefts)) == 1
    assert somebody.page.evaluate(OVERHANG) == []


@pytest.mark.parametrize("width", [768, 800, 1023, 1024, 1366])
def test_the_other_language_is_seen_from_768_pixels_on(person, width):
    somebody = person("reviewer.jiangyin", {"width": width, "height": 800})

    for language, other in (("zh", "English"), ("en", "中文")):
        somebody.opens(f"/lang/{language}")
        link = somebody.page.locator(".app-bar a[hreflang]").get_by_text(other)
        box = link.bounding_box()
        assert box and box["x"] + box["width"] <= width
        assert box["height"] <= 48  # in one line


def test_a_printed_list_begins_on_its_first_page(person):
    somebody = person("reviewer.jiangyin")
    somebody.opens("/projects/list/")
    first = somebody.page.locator("main tbody tr a.name").first.inner_text()

    with pdfium.PdfDocument(somebody.page.pdf(format="A4")) as printed:
        page = printed[0].get_textpage().get_text_range()

    assert first in page.replace("\r\n", "")
    assert len(page) > 300
