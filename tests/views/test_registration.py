"""注册: who may register, what is refused, and what a registration leaves behind."""

import re

import pytest
from sqlalchemy import func, select

from app.domain.clock import FixedClock
from app.domain.identifiers import uscc_check_character
from models.dictionary import RequiredDocument
from models.organization import Organization
from models.user import User
from tests.app_fixtures import MONDAY, running, settings_for
from tests.builders import MOBILE, org_code
from tests.databases import on_sqlite
from tests.views.applicants import account_of, an_applicant

pytestmark = on_sqlite

GOOD = {
    "org_code": org_code(1), "name": "演示建设单位", "unit_kind": "enterprise", "contact_name": "演示联系人",
    "contact_mobile": MOBILE, "privacy_consent": "y",
}  # fmt: skip
USCC = "91320281" + org_code(1).replace("-", "")
USCC += uscc_check_character(USCC)


def register(client, **different):
    return client.send("/register/", {**GOOD, **different}, page="/register/")


def count(session, model=Organization):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model))


def test_the_page_asks_for_the_unit_kind_and_says_which_scans_follow(client, db_session):
    page = client.get("/register/").get_data(as_text=True)

    assert len(re.findall(r'type="radio" name="unit_kind"', page)) == 5
    for document in db_session.scalars(select(RequiredDocument).where(RequiredDocument.record_kind == "enterprise")):
        assert document.label_zh in page
    assert "个人信息处理说明（2026.1 版）" in page


def test_registration_makes_the_organization_and_one_account_behind_the_gate(client, db_session):
    answer = register(client)

    assert answer.status_code == 302
    assert answer.location == "/login/"
    account = account_of(db_session, org_code(1))
    assert account.must_change_password
    assert [role.name for role in account.roles] == ["applicant"]
    assert account.organization.privacy_notice_version == "2026.1"


def test_the_answer_tells_the_user_name_and_the_initial_password(client):
    register(client)

    page = client.get("/login/").get_data(as_text=True)

    assert 'data-level="success"' in page
    assert "用户名为组织机构代码" in page
    assert org_code(1) in page
    assert "11111" in page


def test_the_registering_browser_needs_no_code_at_its_first_sign_in(client):
    register(client)

    client.sign_in(org_code(1), "11111")

    assert 'name="sms_code"' not in client.get("/password/").get_data(as_text=True)


def test_another_browser_needs_the_code(client, app):
    register(client)
    other = app.test_client()

    other.sign_in(org_code(1), "11111")

    assert 'name="sms_code"' in other.get("/password/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("org_code", "PDY00001-0"),
        ("org_code", "pdy00001-x"),
        ("org_code", "ＰＤＹ００００１－Ｘ"),
        ("org_code", "PDY00001X"),
        ("org_code", "admin"),
        ("org_code", ""),
        ("uscc", "91320281PDY000019K"),
        ("name", "演"),
        ("unit_kind", "bureau"),
        ("contact_name", ""),
        ("contact_mobile", "12345"),
        ("email", "nobody"),
        ("privacy_consent", ""),
    ],
    ids=lambda value: value or "empty",
)
def test_a_faulty_value_is_told_at_its_field_and_everything_typed_stays(client, db_session, field, typed):
    answer = register(client, **{field: typed})
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert f'data-error-for="{field}"' in page
    assert f'<a href="#{field}">' in page
    kept = {"name": GOOD["name"], "contact_mobile": MOBILE, field: typed}
    for name in ("org_code", "name", "contact_mobile"):
        if kept.get(name):
            assert f'value="{kept[name]}"' in page
    assert count(db_session) == 0


def test_a_near_miss_is_answered_with_the_right_spelling(client):
    page = register(client, org_code=org_code(1).lower()).get_data(as_text=True)

    assert org_code(1) in page


def test_the_unified_code_alone_gives_the_user_name(client, db_session):
    assert register(client, org_code="", uscc=USCC).status_code == 302

    assert account_of(db_session, org_code(1)).organization.uscc == USCC


def test_a_unified_code_of_a_registered_organization_is_the_same_organization(client, db_session):
    an_applicant(db_session, 1)

    page = register(client, org_code="", uscc=USCC).get_data(as_text=True)

    assert "已经注册" in page
    assert count(db_session) == 1


def test_a_code_that_is_registered_is_refused_and_named_so(client, db_session):
    an_applicant(db_session, 1)

    page = register(client).get_data(as_text=True)

    assert "已经注册" in page
    assert count(db_session) == 1


def test_a_staff_name_cannot_be_registered(client, db_session, make_user):
    make_user(org_code(1))

    page = register(client).get_data(as_text=True)

    assert "已经注册" in page
    assert count(db_session) == 0


def test_inputs_that_are_not_asked_for_change_nothing(client, db_session):
    register(client, roles="1", active="0", is_staff="1", status="approved", version="9", bureau_id="1")

    account = account_of(db_session, org_code(1))
    assert [role.name for role in account.roles] == ["applicant"]
    assert account.active
    assert account.bureau_id is None
    assert account.organization.version == 1


def test_markup_in_a_name_is_shown_as_text(client):
    page = register(client, name="<b>演示</b>", privacy_consent="").get_data(as_text=True)

    assert "<b>演示</b>" not in page


@pytest.mark.parametrize("method", ["get", "send"])
def test_somebody_signed_in_is_sent_home(client_for, db_session, method):
    organization, _actor = an_applicant(db_session)
    browser = client_for(organization.org_code)

    answer = getattr(browser, method)("/register/")

    assert answer.status_code == 302
    assert answer.location == "/"
    assert count(db_session) == 1


def test_without_the_token_nothing_is_registered(client, db_session):
    answer = client.post("/register/", data=GOOD)

    assert answer.status_code == 400
    assert count(db_session, User) == 0


@pytest.fixture
def limited(database_url, tmp_path):
    settings = settings_for(database_url, tmp_path, register_limit="2 per 60 minutes")
    with running(settings, FixedClock(MONDAY)) as app:
        yield app


def test_an_address_registers_so_often_and_keeps_what_it_typed(limited):
    client = limited.test_client()
    for n in (1, 2):
        assert register(client, org_code=org_code(n)).status_code == 302

    answer = register(client, org_code=org_code(3))

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert f'value="{org_code(3)}"' in answer.get_data(as_text=True)


def test_forms_with_mistakes_do_not_count_as_registrations(limited):
    client = limited.test_client()
    for _ in range(4):
        register(client, name="")

    assert register(client).status_code == 302


def test_one_phone_is_not_flooded_by_registrations(client):
    answers = [register(client, org_code=org_code(7000 + n)).status_code for n in range(12)]

    assert answers == [302] * 10 + [429] * 2
