"""账号办理 by its pages: the squatter's live session dies, a one-time password opens the gate and nothing else."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import Role
from models.account_request import AccountRequest
from models.organization import Organization
from models.outbox import Outbox
from tests.app_fixtures import ConsoleClient
from tests.builders import Case
from tests.views.applicants import a_case
from tests.views.pages import errors

ClientFor = Callable[..., ConsoleClient]
SEEN = {"brought_by": "演示经办人", "basis": "演示：盖章申请一份", "originals_seen": "y"}
PASSWORD = re.compile(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}")
SHOWN = re.compile(r'data-field="secret">([a-z2-9-]{14})<')
CHOSEN = "新的口令 demo 2026 long"


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


def waiting(session: Session) -> AccountRequest:
    session.expire_all()
    return session.scalars(select(AccountRequest)).one()


def test_a_reset_is_taken_in_confirmed_and_opens_the_gate(
    app: Flask, client_for: ClientFor, db_session: Session, case: Case
) -> None:
    key, code = case.organization.id, case.organization.org_code
    db_session.rollback()
    owner, clerk, admin = client_for(code), client_for(Role.COUNTER_CLERK), client_for(Role.ADMINISTRATOR)
    assert owner.get("/projects/list/").status_code == 200
    assert clerk.send(f"/accountrequests/reset/{key}", SEEN).status_code == 302
    request = waiting(db_session).id
    db_session.rollback()

    assert admin.send(f"/accountrequests/confirm/{request}", {"delivery": "sms"}).status_code == 302

    sms = db_session.scalars(select(Outbox).where(Outbox.dedup_key.like("sms:password:reset:%"))).one()
    found = PASSWORD.search(sms.payload["text"])
    db_session.rollback()
    assert found
    assert "/login/" in owner.get("/projects/list/").headers["Location"]  # the live session has died
    again = ConsoleClient(app)
    again.send("/login/", {"username": code, "password": found[0]})
    assert again.get("/projects/list/").headers["Location"].endswith("/password/")
    form = {"current_password": found[0], "new_password": CHOSEN, "confirm_password": CHOSEN}
    assert again.send("/password/", form).status_code == 302
    assert again.get("/projects/list/").status_code == 200
    reused = ConsoleClient(app)
    reused.send("/login/", {"username": code, "password": found[0]})
    assert "/login/" in reused.get("/projects/list/").headers["Location"]


def test_a_password_in_person_is_shown_once_and_to_no_register(
    client_for: ClientFor, db_session: Session, case: Case
) -> None:
    key = case.organization.id
    db_session.rollback()
    clerk, admin = client_for(Role.COUNTER_CLERK), client_for(Role.ADMINISTRATOR)
    clerk.send(f"/accountrequests/reset/{key}", SEEN)
    request = waiting(db_session).id
    db_session.rollback()

    slip = admin.send(f"/accountrequests/confirm/{request}", {"delivery": "in_person"}).get_data(as_text=True)

    found = SHOWN.search(slip)
    assert found and "演示经办人" in slip
    for path in (f"/accountrequests/show/{request}", "/accountrequests/list/", "/notices/list/"):
        assert found[1] not in admin.get(path).get_data(as_text=True)


def test_a_reclaim_lets_the_squatter_out_and_the_owner_in(
    app: Flask, client_for: ClientFor, db_session: Session, case: Case
) -> None:
    key, code = case.organization.id, case.organization.org_code
    db_session.rollback()
    squatter, clerk, admin = client_for(code), client_for(Role.COUNTER_CLERK), client_for(Role.ADMINISTRATOR)
    assert squatter.get("/enterprises/list/").status_code in (200, 302)
    owner = {
        "org_code": code, "name": "演示真正的单位", "unit_kind": "enterprise", "contact_name": "演示真联系人",
        "contact_mobile": "13900001234", "privacy_consent": "y", **SEEN,
    }  # fmt: skip
    assert clerk.send(f"/accountrequests/reclaim/{key}", owner).status_code == 302
    request = waiting(db_session).id
    db_session.rollback()

    slip = admin.send(f"/accountrequests/confirm/{request}", {}).get_data(as_text=True)

    found = SHOWN.search(slip)
    assert found
    assert "/login/" in squatter.get("/").headers.get("Location", "/login/")
    assert "/login/" in squatter.get("/projects/list/").headers["Location"]
    new = ConsoleClient(app)
    new.send("/login/", {"username": code, "password": found[1]})
    form = {"current_password": found[1], "new_password": CHOSEN, "confirm_password": CHOSEN}
    assert new.send("/password/", form).status_code == 302
    assert case.organization.name not in new.get("/").get_data(as_text=True)
    successor = waiting(db_session).successor_id
    assert db_session.get_one(Organization, successor).org_code == code


@pytest.mark.parametrize("kind", ["reset", "reclaim"])
def test_a_faulty_form_keeps_what_was_typed(client_for: ClientFor, db_session: Session, case: Case, kind: str) -> None:
    key = case.organization.id
    db_session.rollback()
    answer = client_for(Role.COUNTER_CLERK).send(f"/accountrequests/{kind}/{key}", {"basis": "演示已收申请"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert {"brought_by", "originals_seen"} <= set(errors(page)) and "演示已收申请" in page
    db_session.rollback()
    assert db_session.scalars(select(AccountRequest)).all() == []


def badge_of(browser: ConsoleClient) -> str:
    """What stands beside 账号办理 in the menu."""
    text = browser.get("/counter/").get_data(as_text=True)
    entry = text.split('href="/accountrequests/list/"', 1)[1].split("</li>", 1)[0]
    found = re.search(r'class="badge[^"]*">(\d+)', entry)
    return found[1] if found else ""


def test_the_clerk_learns_of_a_refusal_and_the_page_promises_nothing_more(
    client_for: ClientFor, db_session: Session, case: Case
) -> None:
    key = case.organization.id
    db_session.rollback()
    clerk, admin = client_for(Role.COUNTER_CLERK), client_for(Role.ADMINISTRATOR)
    shown = clerk.send(f"/accountrequests/reset/{key}", SEEN).headers["Location"]
    request = waiting(db_session).id
    db_session.rollback()
    assert badge_of(clerk) == ""

    admin.send(f"/accountrequests/refuse/{request}", {"note": "演示：申请未盖章"})

    text = clerk.get(shown).get_data(as_text=True)
    assert "账号和单位信息未作变动" in text and "演示：申请未盖章" in text and "立即失效" not in text
    assert badge_of(clerk) == "1"
    clerk.send(f"/accountrequests/acknowledge/{request}", {})
    assert badge_of(clerk) == ""
    assert "已阅" not in clerk.get(shown).get_data(as_text=True)
