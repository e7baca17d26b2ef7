"""修改密码: what the gate asks, what is refused at which field, and which sessions survive."""

import pytest
from sqlalchemy import select

from app.domain.terms import Role
from models.outbox import Outbox
from tests.app_fixtures import PASSWORD
from tests.builders import MOBILE, org_code
from tests.databases import on_sqlite
from tests.views.applicants import account_of, an_applicant

pytestmark = on_sqlite

CODE, NEW = org_code(1), "Neues-Fahrrad-88"
CHANGE = {"current_password": "11111", "new_password": NEW, "confirm_password": NEW}


@pytest.fixture
def registered(client):
    """An organization that this browser has just registered."""
    form = {
        "org_code": CODE, "name": "演示建设单位", "unit_kind": "government", "contact_name": "演示联系人",
        "contact_mobile": MOBILE, "privacy_consent": "y",
    }  # fmt: skip
    assert client.send("/register/", form, page="/register/").status_code == 302
    return client


@pytest.fixture
def stranger(registered, app):
    """Another browser that knows the initial password."""
    browser = app.test_client()
    browser.sign_in(CODE, "11111")
    return browser


def sent_codes(session):
    """The codes that went to the phone, oldest first."""
    session.expire_all()
    texts = [row.payload["text"] for row in session.scalars(select(Outbox).order_by(Outbox.id))]
    return [text.split("验证码：")[1][:6] for text in texts if "验证码：" in text]


def change(browser, **different):
    return browser.send("/password/", {**CHANGE, **different}, page="/password/")


def test_the_gate_says_why_it_is_there(registered):
    registered.sign_in(CODE, "11111")

    page = registered.get("/password/").get_data(as_text=True)

    assert "修改后才能办理业务" in page
    assert 'class="app-rail' not in page


def test_after_the_change_the_person_goes_on_signed_in(registered, db_session):
    registered.sign_in(CODE, "11111")

    answer = change(registered)

    assert (answer.status_code, answer.location) == (302, "/")
    page = registered.get("/").get_data(as_text=True)
    assert "密码已修改" in page
    assert "演示建设单位" in page
    assert not account_of(db_session, CODE).must_change_password


def test_after_the_change_the_initial_password_is_dead(registered, app):
    registered.sign_in(CODE, "11111")
    change(registered)

    assert app.test_client().sign_in(CODE, "11111").status_code == 200
    assert app.test_client().sign_in(CODE, NEW).status_code == 302


def test_the_change_ends_the_sessions_of_all_other_browsers(client_for, db_session):
    an_applicant(db_session, 1)
    here, there = client_for(CODE), client_for(CODE)

    change(here, current_password=PASSWORD)

    assert here.get("/inbox/").status_code == 200
    assert there.get("/inbox/").status_code == 302


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"current_password": "wrong"}, "current_password"),
        ({"current_password": ""}, "current_password"),
        ({"new_password": "11111", "confirm_password": "11111"}, "new_password"),
        ({"new_password": CODE, "confirm_password": CODE}, "new_password"),
        ({"new_password": CODE.replace("-", ""), "confirm_password": CODE.replace("-", "")}, "new_password"),
        ({"new_password": "演示建设单位演示建设单位", "confirm_password": "演示建设单位演示建设单位"}, "new_password"),
        ({"new_password": "Short-7", "confirm_password": "Short-7"}, "new_password"),
        ({"new_password": "x" * 2000, "confirm_password": "x" * 2000}, "new_password"),
        ({"confirm_password": "Another-Bike-9"}, "confirm_password"),
    ],
    ids=["wrong", "missing", "initial", "code", "code-without-dash", "name", "short", "huge", "unequal"],
)
def test_what_will_not_do_is_told_at_its_field(registered, db_session, different, field):
    registered.sign_in(CODE, "11111")
    before = account_of(db_session, CODE).password

    answer = change(registered, **different)

    assert answer.status_code == 422
    assert f'data-error-for="{field}"' in answer.get_data(as_text=True)
    assert account_of(db_session, CODE).password == before


def test_passwords_never_come_back_in_the_page(registered):
    registered.sign_in(CODE, "11111")

    page = change(registered, confirm_password="Another-Bike-9").get_data(as_text=True)

    assert NEW not in page
    assert "请重新输入" in page


def test_another_browser_without_the_code_changes_nothing(stranger, db_session):
    answer = change(stranger)

    assert answer.status_code == 422
    assert 'data-error-for="sms_code"' in answer.get_data(as_text=True)
    assert account_of(db_session, CODE).must_change_password


def test_another_browser_with_the_code_from_the_phone_is_let_in(stranger, db_session):
    answer = change(stranger, sms_code=sent_codes(db_session)[-1])

    assert (answer.status_code, answer.location) == (302, "/")


def test_a_code_is_spent_after_five_wrong_ones(stranger, db_session):
    for _ in range(5):
        change(stranger, sms_code="000000x")

    answer = change(stranger, sms_code=sent_codes(db_session)[-1])

    assert answer.status_code == 422


def test_a_new_code_replaces_the_old_one(stranger, db_session):
    answer = stranger.send("/password/", {"action": "send_code"}, page="/password/")

    assert answer.location == "/password/"
    old, new = sent_codes(db_session)
    assert old == new or change(stranger, sms_code=old).status_code == 422
    assert change(stranger, sms_code=new).status_code == 302


def test_the_mobile_is_shown_masked(stranger):
    page = stranger.get("/password/").get_data(as_text=True)

    assert MOBILE not in page
    assert "138****0000" in page


def test_codes_are_not_sent_twice_within_a_minute(stranger, db_session):
    for _ in range(2):
        stranger.send("/password/", {"action": "send_code"})

    assert len(sent_codes(db_session)) == 2  # one at registration
    assert "刚刚发送过" in stranger.get("/password/").get_data(as_text=True)


def test_one_mobile_gets_so_many_codes_a_day(stranger, db_session, clock, settings):
    from datetime import timedelta

    for _ in range(settings.sms_daily_limit + 3):
        clock.advance(timedelta(minutes=2))
        stranger.send("/password/", {"action": "send_code"})

    assert len(sent_codes(db_session)) == settings.sms_daily_limit  # that of the registration among them


def test_the_browser_that_registered_is_counted_too(registered, db_session, clock, settings):
    """It needs no code, but nothing keeps it from asking for one."""
    from datetime import timedelta

    registered.sign_in(CODE, "11111")
    for _ in range(settings.sms_daily_limit + 3):
        clock.advance(timedelta(minutes=2))
        registered.send("/password/", {"action": "send_code"})

    assert len(sent_codes(db_session)) == settings.sms_daily_limit


def test_who_needs_no_code_gets_none(client_for, db_session):
    an_applicant(db_session, 1)
    before = len(sent_codes(db_session))

    client_for(CODE).send("/password/", {"action": "send_code"})

    assert len(sent_codes(db_session)) == before


def test_guessing_the_current_password_is_limited(client_for, db_session, settings):
    an_applicant(db_session, 1)
    browser = client_for(CODE)
    most = int(settings.login_limit_account.split()[0])
    for _ in range(most):
        change(browser, current_password="wrong")

    answer = change(browser, current_password=PASSWORD)

    assert answer.status_code == 429
    assert account_of(db_session, CODE).password_changed_at is None


def test_staff_change_theirs_by_the_longer_rule(client_for):
    browser = client_for(Role.REVIEWER)

    short = change(browser, current_password=PASSWORD, new_password="Rad-blau-7", confirm_password="Rad-blau-7")

    assert "至少 12 位" in short.get_data(as_text=True)
    assert change(browser, current_password=PASSWORD).status_code == 302


def test_a_stranger_is_asked_to_sign_in(client):
    answer = client.get("/password/")

    assert answer.status_code == 302
    assert answer.location.startswith("/login/")


@pytest.mark.parametrize("dress", ["{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "\u200b{0}\u2060 ", "{1}", "{0[0]}-{0}"])
def test_a_code_out_of_its_message_costs_no_try(stranger, db_session, dress):
    code = sent_codes(db_session)[-1]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)

    answer = change(stranger, sms_code=dress.format(code, wide).replace(f"{code[0]}-{code}", "-".join(code)))

    assert answer.status_code == 302
    assert account_of(db_session, CODE).sms_code_attempts == 0


@pytest.mark.parametrize("typed", ["１１１１１", " 111 11\u200b", "\u202d11111\u202c", "11111\n"])
def test_a_one_time_password_out_of_its_message_opens(registered, app, db_session, typed):
    assert app.test_client().sign_in(CODE, typed).status_code == 302
    assert account_of(db_session, CODE).failed_attempts == 0

    registered.sign_in(CODE, "11111")
    assert change(registered, current_password=typed).status_code == 302


def test_a_chosen_password_is_taken_as_typed_and_holds_nothing_unseen(registered, app):
    registered.sign_in(CODE, "11111")

    unseen = "Neues\u200bFahrrad-88"
    assert change(registered, new_password=unseen, confirm_password=unseen).status_code == 422
    assert change(registered).status_code == 302
    assert app.test_client().sign_in(CODE, f"{NEW} ").status_code == 200
