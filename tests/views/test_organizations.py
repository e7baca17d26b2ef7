"""建设单位: registered for somebody, contact data, 更名, and the names of before; by administrators only."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.terms import Role
from app.services import rename
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.user import User
from tests import builders
from tests.app_fixtures import PASSWORD, ConsoleClient
from tests.builders import MOBILE, NOW, Case
from tests.databases import on_sqlite
from tests.views.applicants import a_case, account_of
from tests.views.pages import errors, inputs, messages, rows, value

ClientFor = Callable[..., ConsoleClient]
NEW_CODE = builders.org_code(88001)
REGISTERED = {
    "org_code": NEW_CODE, "name": "演示代办单位", "unit_kind": "government", "contact_name": "演示联系人",
    "contact_mobile": "13900001234", "privacy_consent": "y",
}  # fmt: skip
RENAMED = {
    "name": "演示更名后单位",
    "org_code": NEW_CODE,
    "uscc": "",
    "effective_on": "2026-11-20",
    "reason": "演示通知书",
}


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


@pytest.fixture
def admin(client_for: ClientFor) -> ConsoleClient:
    return client_for(Role.ADMINISTRATOR)


def page(browser: ConsoleClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status)
    return answer.get_data(as_text=True)


def fresh(session: Session, case: Case) -> Organization:
    session.rollback()  # a read that is still open would see an old picture
    return session.get_one(Organization, case.organization.id)


def renamed(session: Session, case: Case, **different: str) -> None:
    administrator = builders.staff(session, Role.ADMINISTRATOR)
    rename.rename(session, administrator, case.organization.id, {**RENAMED, **different}, version=None, now=NOW)


# 代为注册 ------------------------------------------------------------------------------------------


def test_registering_for_somebody_tells_how_the_first_sign_in_goes(admin: ConsoleClient, db_session: Session) -> None:
    answer = admin.send("/organizations/add", REGISTERED, follow_redirects=True)

    said = messages(answer.get_data(as_text=True))[0][1]
    assert NEW_CODE in said
    assert "11111" in said
    assert "验证码" in said
    assert account_of(db_session, NEW_CODE).must_change_password


def test_the_new_account_must_bring_the_code_that_was_sent(
    app: object, admin: ConsoleClient, client: ConsoleClient, db_session: Session
) -> None:
    admin.send("/organizations/add", REGISTERED)

    client.sign_in(NEW_CODE, "11111")

    assert "sms_code" in inputs(page(client, "/password/"))


@on_sqlite
def test_a_faulty_registration_keeps_what_was_typed(admin: ConsoleClient, db_session: Session) -> None:
    typed = {**REGISTERED, "org_code": "PDY8800", "contact_mobile": "12", "privacy_consent": ""}

    answer = admin.send("/organizations/add", typed)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert {"org_code", "contact_mobile", "privacy_consent"} <= set(errors(text))
    assert {name: inputs(text)[name] for name in ("org_code", "name", "contact_mobile")} == {
        name: typed[name] for name in ("org_code", "name", "contact_mobile")
    }
    assert db_session.scalar(select(func.count(Organization.id))) == 0


# 联系方式 ------------------------------------------------------------------------------------------


def test_contact_data_is_shown_masked_and_saved(admin: ConsoleClient, db_session: Session, case: Case) -> None:
    path = f"/organizations/edit/{case.organization.id}"
    form = inputs(page(admin, path))

    answer = admin.send(path, {**form, "contact_name": "演示新联系人", "email": "new@example.cn"})

    row = fresh(db_session, case)
    assert form["contact_mobile"] == "138****0000"
    assert answer.status_code == 302
    assert (row.contact_name, row.email, row.contact_mobile) == ("演示新联系人", "new@example.cn", MOBILE)


def test_a_second_form_of_the_same_version_is_told_and_kept(
    admin: ConsoleClient, db_session: Session, case: Case
) -> None:
    path = f"/organizations/edit/{case.organization.id}"
    form = inputs(page(admin, path))
    admin.send(path, {**form, "contact_name": "演示先改"})

    answer = admin.send(path, {**form, "contact_name": "演示后改"})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert inputs(text)["contact_name"] == "演示后改"
    assert "演示先改" in text
    assert fresh(db_session, case).contact_name == "演示先改"


@on_sqlite
def test_name_and_code_cannot_be_sent_through_the_contact_form(
    admin: ConsoleClient, db_session: Session, case: Case
) -> None:
    path, name = f"/organizations/edit/{case.organization.id}", case.organization.name
    admin.send(path, {**inputs(page(admin, path)), "name": "演示别名", "org_code": NEW_CODE, "uscc": "x"})

    assert (fresh(db_session, case).name, fresh(db_session, case).org_code) == (name, case.organization.org_code)


# 更名 ----------------------------------------------------------------------------------------------


def test_a_change_of_name_is_asked_for_by_one_administrator_and_confirmed_by_another(
    admin: ConsoleClient, client_for: ClientFor, make_user: Callable[..., User], db_session: Session, case: Case
) -> None:
    path, before = f"/organizations/rename/{case.organization.id}", case.organization.name
    form = inputs(page(admin, path))
    assert form["org_code"] == case.organization.org_code

    asked = admin.send(path, {**form, **RENAMED}).location

    request = asked.rsplit("/", 1)[1]
    assert RENAMED["name"] in page(admin, asked) and fresh(db_session, case).name == before
    admin.send(f"/accountrequests/confirm/{request}", {})
    assert fresh(db_session, case).name == before
    make_user("second.admin", Role.ADMINISTRATOR, bureau="320281")
    client_for("second.admin").send(f"/accountrequests/confirm/{request}", {})
    assert fresh(db_session, case).name == RENAMED["name"]
    db_session.rollback()
    assert admin.send(f"/accountrequests/acknowledge/{request}", {}).location.endswith("/accountrequests/list/")


def test_the_page_tells_the_former_name_and_why(admin: ConsoleClient, db_session: Session, case: Case) -> None:
    old_name, old_code = case.organization.name, case.organization.org_code
    renamed(db_session, case)

    text = page(admin, f"/organizations/show/{case.organization.id}")

    assert value(text, "name") == RENAMED["name"]
    assert "曾用名" in text
    for word in (old_name, old_code, "演示通知书", "2026-11-20"):
        assert word in text


def test_an_organization_is_found_by_its_former_name_and_code(
    admin: ConsoleClient, db_session: Session, case: Case
) -> None:
    old = (case.organization.name, case.organization.org_code, case.organization.org_code.lower().replace("-", ""))
    builders.registered(db_session)
    renamed(db_session, case)

    for wanted in (*old, RENAMED["name"], NEW_CODE):
        assert list(rows(page(admin, f"/organizations/list/?q={wanted}"))) == [case.organization.id], wanted


def test_the_old_code_opens_nothing_and_says_nothing(client: ConsoleClient, db_session: Session, case: Case) -> None:
    old_code = case.organization.org_code
    renamed(db_session, case)

    answers = {name: client.sign_in(name) for name in (old_code, "PDY99999-9")}

    said = {
        re.sub(r"\s+|PDY[0-9X-]+|value=\"[^\"]*\"|nonce=\"[^\"]*\"", "", answer.get_data(as_text=True))
        for answer in answers.values()
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    assert len(said) == 1
    assert "更名" not in said.pop()


def test_the_new_code_signs_in_with_the_same_password(client: ConsoleClient, db_session: Session, case: Case) -> None:
    renamed(db_session, case)

    assert client.sign_in(NEW_CODE, PASSWORD).status_code == 302


def test_whoever_is_signed_in_stays_so(client_for: ClientFor, db_session: Session, case: Case) -> None:
    browser = client_for(case.organization.org_code)

    renamed(db_session, case)

    assert "演示更名后单位" in page(browser, "/enterprises/show/1")


def test_registering_a_code_that_was_given_up_is_told(client: ConsoleClient, db_session: Session, case: Case) -> None:
    old_code = case.organization.org_code
    renamed(db_session, case)

    answer = client.send("/register/", {**REGISTERED, "org_code": old_code}, page="/register/")

    assert answer.status_code == 422
    assert "更名" in errors(answer.get_data(as_text=True))["org_code"]


@pytest.mark.parametrize("different", [{"org_code": "x"}, {"effective_on": "2026-11-24"}, {"reason": ""}], ids=str)
@on_sqlite
def test_a_faulty_change_keeps_what_was_typed(
    admin: ConsoleClient, db_session: Session, case: Case, different: dict[str, str]
) -> None:
    path = f"/organizations/rename/{case.organization.id}"
    typed = {**inputs(page(admin, path)), **RENAMED, **different}

    answer = admin.send(path, typed)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert set(different) <= set(errors(text))
    assert {**inputs(text), "form_mark": typed["form_mark"]} == typed  # the mark is each page's own
    assert db_session.scalars(select(OrganizationChange)).all() == []


def test_a_change_drawn_before_another_is_told_and_kept(admin: ConsoleClient, db_session: Session, case: Case) -> None:
    path = f"/organizations/rename/{case.organization.id}"
    form = inputs(page(admin, path))
    renamed(db_session, case, name="演示先改的单位")

    answer = admin.send(path, {**form, **RENAMED})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert {name: inputs(text)[name] for name in RENAMED} == RENAMED
    assert value(text, "now_name") == "演示先改的单位"
    assert fresh(db_session, case).name == "演示先改的单位"


@pytest.mark.parametrize(("bureau", "drawn"), [("320281", True), ("320213", False)])
@on_sqlite
def test_a_bureau_that_only_sees_it_has_no_buttons(
    client_for: ClientFor, db_session: Session, case: Case, bureau: str, drawn: bool
) -> None:
    builders.submitted_project(db_session, case.applicant, region_code="320213")

    text = page(client_for(Role.ADMINISTRATOR, bureau=bureau), f"/organizations/show/{case.organization.id}")

    for act in ("edit", "rename"):
        assert (f"/organizations/{act}/{case.organization.id}" in text) is drawn


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.APPLICANT)], ids=str)
@on_sqlite
def test_nobody_else_has_these_pages(client_for: ClientFor, db_session: Session, case: Case, role: Role) -> None:
    browser, key = client_for(role), case.organization.id
    users = db_session.scalar(select(func.count(User.id)))

    for path in ("add", f"edit/{key}", f"rename/{key}"):
        assert browser.get(f"/organizations/{path}").status_code == 403
        assert browser.send(f"/organizations/{path}", {**REGISTERED, **RENAMED}).status_code == 403
    db_session.rollback()
    assert db_session.scalar(select(func.count(User.id))) == users
