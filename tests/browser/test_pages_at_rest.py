"""Buttons and lines that say what is going on stop saying it once it is over; keys do what the help says."""

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def reviewer(person) -> Person:
    return person("reviewer.jiangyin")


def test_copying_twice_gives_the_button_its_words_back(reviewer: Person) -> None:
    reviewer.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reviewer.opens("/projects/list/?status=approved")
    reviewer.clicks(reviewer.page.locator("tr[data-id] a.name").first)
    button = reviewer.page.locator("[data-copy]").first

    button.click()
    button.click()

    expect(button).to_contain_text("已复制")
    expect(button).to_have_text("复制编号")


def test_a_copy_that_fails_says_so_and_marks_the_number(reviewer: Person) -> None:
    reviewer.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    reviewer.opens("/projects/list/?status=approved")
    reviewer.clicks(reviewer.page.locator("tr[data-id] a.name").first)
    button = reviewer.page.locator("[data-copy]").first

    button.click()

    expect(button).to_contain_text("Ctrl C")
    marked = "".join(reviewer.page.evaluate("window.getSelection().toString()").split())
    assert (button.get_attribute("data-copy") or "")[:6] in marked
    expect(button).to_have_text("复制编号")


def test_nothing_goes_on_after_the_way_back(reviewer: Person) -> None:
    reviewer.opens("/worklist/")
    held = reviewer.page.locator("form.filterbar")
    reviewer.page.route("**/worklist/?*", lambda route: route.fulfill(status=204))  # the page stays
    reviewer.page.evaluate("document.querySelector('form.filterbar').requestSubmit()")
    expect(reviewer.page.locator(".waiting")).to_contain_text("秒")

    reviewer.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    expect(reviewer.page.locator(".waiting")).to_have_count(0)
    reviewer.page.wait_for_timeout(1200)
    expect(reviewer.page.locator(".waiting")).to_have_count(0)
    expect(held).not_to_have_attribute("data-busy", "")


def test_the_keys_of_the_review_page_move_and_decide_nothing_while_typing(reviewer: Person) -> None:
    reviewer.opens("/worklist/?kind=project&holder=unclaimed")
    reviewer.clicks(reviewer.page.locator("tr[data-id] a.name").first)
    first = reviewer.page.url

    reviewer.page.locator("#comment").focus()
    reviewer.page.keyboard.type("rand")
    assert reviewer.typed("comment") == "rand"
    reviewer.page.locator("h1").click()
    reviewer.page.keyboard.press("r")
    expect(reviewer.page.locator("[data-key=r]")).to_be_focused()
    reviewer.page.keyboard.press("d")
    with reviewer.page.expect_navigation():
        reviewer.page.keyboard.press("n")

    assert reviewer.page.url != first
    assert "/approve/" in reviewer.page.url


def test_claiming_from_a_narrowed_worklist_comes_back_to_it(reviewer: Person) -> None:
    reviewer.opens("/worklist/?kind=project&holder=unclaimed&q=演示")
    place = reviewer.page.url

    with reviewer.page.expect_navigation():
        reviewer.page.get_by_role("button", name="认领").first.click()

    assert reviewer.page.url == place
