"""A lost session, a closed browser, a second thought: what was typed into a record's form comes back."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser

APPLICANT = "PDY00001-X"
TYPED = {"name": "演示填了一半的工程", "contact_mobile": "13912345678", "investment_10k_cny": "12.5"}


def state(person: Person) -> Locator:
    return person.page.locator("[data-kept-state]")


@pytest.fixture
def applicant(person):
    """Somebody who has nothing kept of a new project, before or after."""
    somebody = person(APPLICANT)
    wants_none_of_it(somebody)
    yield somebody
    wants_none_of_it(somebody)


def wants_none_of_it(somebody: Person) -> None:
    """Other files fill in this form as well."""
    somebody.opens("/projects/add")
    if somebody.page.locator("[data-kept]").count():
        somebody.presses("丢弃")


def test_a_form_half_filled_in_outlives_its_browser_and_its_session(applicant, person):
    applicant.opens("/projects/add")
    applicant.fills(TYPED)
    expect(state(applicant)).to_contain_text("已暂存")

    again = person(APPLICANT)  # another browser: the first one is as good as lost
    again.opens("/")
    again.page.locator("[data-kept-form='/projects/add']").get_by_role("link", name="接着填写").click()
    again.page.get_by_role("button", name="恢复").click()

    expect(again.page.locator("#name")).to_have_value(TYPED["name"])
    again.sees_typed(TYPED)
    expect(again.page.locator("[data-kept]")).to_have_count(0)
    expect(state(again)).to_contain_text("已暂存")  # and goes on being kept


def test_what_is_typed_past_the_end_of_the_session_is_kept_after_signing_in_anew(applicant, console):
    applicant.opens("/projects/add")
    applicant.page.context.clear_cookies()
    applicant.may_be_refused(401)
    applicant.fills(TYPED)
    expect(state(applicant)).to_contain_text("没有暂存")

    tab = applicant.another_tab()
    tab.signs_in(APPLICANT, console.password)
    applicant.fills({"name": "演示接着填的工程"})

    expect(state(applicant)).to_contain_text("已暂存")
    applicant.presses("保存")
    assert "/projects/edit/" in applicant.page.url


def test_while_it_is_offered_nothing_takes_its_place(applicant):
    applicant.opens("/projects/add")
    applicant.fills(TYPED)
    expect(state(applicant)).to_contain_text("已暂存")
    applicant.opens("/projects/add")

    applicant.fills({"name": "另起一个"})
    expect(state(applicant)).to_contain_text("恢复或丢弃")
    applicant.page.get_by_role("button", name="恢复").click()

    expect(applicant.page.locator("#name")).to_have_value(TYPED["name"])
