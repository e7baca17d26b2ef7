"""省厅模拟: staff see what the province got; administrators tell it how to behave."""

import pytest

from app.cli.province_simulator import Mode
from app.domain.clock import FixedClock
from app.domain.terms import Role
from tests.app_fixtures import MONDAY, settings_for
from tests.databases import on_sqlite
from tests.outbox.provinces import NUMBER, a_province, a_sender, parcel

pytestmark = on_sqlite


@pytest.fixture
def province():
    with a_province(FixedClock(MONDAY)) as simulator:
        yield simulator


@pytest.fixture
def province_url(province):
    return province.url


@pytest.fixture
def settings(database_url, tmp_path, province_url):
    return settings_for(database_url, tmp_path, profile="demo", province_url=province_url)


def simulated(browser):
    answer = browser.get("/simulator/province/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.APPLICANT], ids=str)
def test_all_staff_see_what_the_province_got(client_for, province, role):
    a_sender(province.url)(parcel(name="<b>演示</b>"))

    page = simulated(client_for(role))

    assert NUMBER[:6] in page
    assert "&lt;b&gt;演示&lt;/b&gt;" in page
    assert ('action="/simulator/province/mode"' in page) is (role is Role.ADMINISTRATOR)


def test_an_administrator_tells_it_how_to_behave(client_for, province):
    browser = client_for(Role.ADMINISTRATOR)

    answer = browser.send("/simulator/province/mode", {"mode": "refuse", "code": "005", "seconds": "7"})

    assert answer.status_code == 302
    assert (province.mode, province.code, province.seconds) == (Mode.REFUSE, "005", 7)
    assert "现在怎样：退回" in simulated(browser)


@pytest.mark.parametrize(
    "data", [{}, {"mode": "explode"}, {"mode": "ok", "code": "9"}, {"mode": "ok", "seconds": "999"}]
)
def test_what_makes_no_sense_changes_nothing(client_for, province, data):
    answer = client_for(Role.ADMINISTRATOR).send("/simulator/province/mode", data, follow_redirects=True)

    assert 'data-level="danger"' in answer.get_data(as_text=True)
    assert (province.mode, province.code, province.seconds) == (Mode.OK, "003", 3)


@pytest.mark.parametrize("province_url", ["http://127.0.0.1:9", ""], ids=["down", "not-set"])
def test_without_a_province_the_page_says_so_calmly(client_for):
    assert 'data-level="warning"' in simulated(client_for(Role.REVIEWER))
