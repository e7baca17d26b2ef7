"""短信模拟: staff see what phones would get, in the demo alone."""

import pytest

from app.cli.sms_simulator import SmsGatewaySimulator
from app.domain.clock import FixedClock
from app.domain.terms import Role
from tests.app_fixtures import MONDAY, running, settings_for
from tests.databases import on_sqlite
from tests.simulators import serving
from tests.views.applicants import an_applicant

pytestmark = on_sqlite


@pytest.fixture
def gateway():
    with serving(SmsGatewaySimulator("127.0.0.1", 0, FixedClock(MONDAY))) as server:
        yield server


@pytest.fixture
def sms_url(gateway):
    return gateway.url


@pytest.fixture
def settings(database_url, tmp_path, sms_url):
    return settings_for(database_url, tmp_path, profile="demo", sms_url=sms_url)


def simulated(browser):
    answer = browser.get("/simulator/sms/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.APPLICANT], ids=str)
def test_all_staff_see_what_a_phone_would_get(client_for, gateway, role):
    gateway.keep("one", "13812345678", "【一号通】验证码：123456，演示。")

    page = simulated(client_for(role))

    assert "验证码：123456" in page
    assert "2026-11-23 10:00" in page
    assert "这是模拟" in page


def test_of_a_mobile_only_the_last_four_digits_are_shown(client_for, gateway):
    gateway.keep("one", "13812345678", "演示")

    page = simulated(client_for(Role.REVIEWER))

    assert "*******5678" in page
    assert "1381234" not in page


def test_the_newest_come_first(client_for, gateway):
    for n in (1, 2):
        gateway.keep(str(n), "13812345678", f"演示短信{n}")

    page = simulated(client_for(Role.REVIEWER))

    assert page.index("演示短信2") < page.index("演示短信1")


def test_markup_in_a_message_is_text(client_for, gateway):
    gateway.keep("one", "13812345678", "<script>alert(1)</script>")

    assert "<script>alert" not in simulated(client_for(Role.REVIEWER))


def test_applicants_never_see_others_codes(db_session, client_for):
    organization, _actor = an_applicant(db_session)

    assert client_for(organization.org_code).get("/simulator/sms/").status_code == 403


def test_strangers_are_asked_to_sign_in(client):
    answer = client.get("/simulator/sms/")

    assert answer.status_code == 302
    assert "/login/" in answer.location


@pytest.mark.parametrize("sms_url", ["http://127.0.0.1:9", ""], ids=["down", "not-set"])
def test_without_a_gateway_the_page_says_so_calmly(client_for):
    assert 'data-level="warning"' in simulated(client_for(Role.REVIEWER))


@pytest.mark.parametrize("path", ["/simulator/sms/", "/simulator/province/"])
@pytest.mark.parametrize("profile", ["dev", "production"])
def test_outside_the_demo_there_is_no_such_page(database_url, tmp_path, profile, path):
    strict = {"public_url": "https://example.invalid", "secret_key": "0123456789abcdefghijklmnopqrstuv",
              "password_hash": "scrypt"}  # fmt: skip
    settings = settings_for(database_url, tmp_path, profile=profile, **(strict if profile == "production" else {}))
    with running(settings, FixedClock(MONDAY)) as app:
        host = {"base_url": settings.public_url}
        assert app.test_client().get(path, **host).status_code == 404
