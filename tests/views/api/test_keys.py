"""Keys of other systems: shown once, kept as a hash, narrow in scope, place and time, dead when withdrawn."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.clock import FixedClock
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.terms import Role
from app.services import api_keys
from models.api_key import ApiKey
from models.audit import AuditEvent
from tests import builders
from tests.app_fixtures import MONDAY, running, settings_for
from tests.builders import Case
from tests.databases import on_sqlite
from tests.views.api.callers import ALL, System, issued
from tests.views.pages import errors, inputs, value

NUMBER = "3202812611230101"


pytestmark = pytest.mark.usefixtures("numbered")


def events(session: Session, *tags: str) -> list[tuple[str, str, str]]:
    session.rollback()
    query = select(AuditEvent).where(AuditEvent.action.in_(tags)).order_by(AuditEvent.id)
    return [(event.action, event.actor_name, event.result) for event in session.scalars(query)]


def test_the_text_of_a_key_is_nowhere_in_the_database(app: Flask, db_session: Session, case: Case) -> None:
    row, text = issued(db_session)

    stored = [str(getattr(row, column.name)) for column in ApiKey.__table__.columns]
    told = [str(event.after) for event in db_session.scalars(select(AuditEvent))]
    secret = text.rpartition("_")[2] if text.count("_") == 2 else text[13:]
    assert not [one for one in [*stored, *told] if secret in one]
    assert System(app, text).get(f"/projects/{NUMBER}").status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic eWh0OngK",
        "Bearer yht_00000000_" + "a" * 43,
        "Bearer " + "x" * 5000,
        "Bearer 钥匙",
    ],
    ids=["none", "no text", "blank", "basic", "unknown", "long", "not latin"],
)
@on_sqlite
def test_without_a_key_that_opens_nothing_is_said(app: Flask, case: Case, header: str) -> None:
    client = app.test_client()

    sent = {"Authorization": header.encode("utf-8").decode("latin-1")} if header else {}
    answers = [
        client.get(path, headers=sent)
        for path in (f"/api/v1/projects/{NUMBER}", "/api/v1/changes", "/api/v1/openapi.json")
    ]

    for answer in answers:
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "演示" not in answer.get_data(as_text=True)


def test_a_key_with_one_letter_changed_opens_nothing(app: Flask, db_session: Session, case: Case) -> None:
    _row, text = issued(db_session)

    changed = text[:-1] + ("A" if text[-1] != "A" else "B")

    assert System(app, changed).get("/changes").status_code == 401


def test_a_key_ends_with_its_last_day(app: Flask, clock: FixedClock, db_session: Session, case: Case) -> None:
    row, text = issued(db_session, expires_on="2026-11-30")
    assert api_keys.last_day(row).isoformat() == "2026-11-30"

    ends = row.expires_at
    for at, code in ((ends - timedelta(seconds=1), 200), (ends, 401)):
        clock.instant = at
        assert System(app, text).get("/changes").status_code == code, at


def test_a_withdrawn_key_is_dead_at_the_next_request(app: Flask, db_session: Session, case: Case) -> None:
    row, text = issued(db_session)
    system, administrator = System(app, text), builders.staff(db_session, Role.ADMINISTRATOR)
    assert system.get("/changes").status_code == 200

    key_id = row.id
    api_keys.revoke(db_session, administrator, key_id, now=MONDAY)

    assert system.get("/changes").status_code == 401
    with pytest.raises(Refused):
        api_keys.revoke(db_session, administrator, key_id, now=MONDAY)
    assert [done[2] for done in events(db_session, "api_key:revoke")] == ["done", "refused"]


@pytest.mark.parametrize("scope", ALL)
def test_a_key_opens_what_its_scopes_name_and_nothing_else(
    app: Flask, db_session: Session, case: Case, scope: str
) -> None:
    _row, text = issued(db_session, scopes=[scope])
    system = System(app, text)

    answers = {
        "projects:read": system.get(f"/projects/{NUMBER}"),
        "changes:read": system.get("/changes"),
        "matters:write": system.put(f"/projects/{NUMBER}/matters/tender", {"step": "accept"}),
    }

    assert {name: answer.status_code for name, answer in answers.items()} == {
        name: 200 if name == scope else 403 for name in answers
    }
    assert system.get("/openapi.json").status_code == 200


def test_a_key_turned_away_is_told_in_the_trail(app: Flask, db_session: Session, case: Case) -> None:
    row, text = issued(db_session, scopes=["changes:read"])

    System(app, text).get(f"/projects/{NUMBER}")

    assert events(db_session, "api_projects:show") == [("api_projects:show", f"key:{row.prefix}", "refused")]


def test_the_last_use_is_noted_now_and_then(app: Flask, clock: FixedClock, db_session: Session, case: Case) -> None:
    row, text = issued(db_session)
    key_id, system = row.id, System(app, text)

    noted = []
    for minutes in (0, 5, 11):
        clock.instant = MONDAY + timedelta(minutes=minutes)
        system.get("/changes")
        db_session.rollback()
        noted.append(db_session.scalar(select(ApiKey.last_used_at).where(ApiKey.id == key_id)))

    assert noted == [MONDAY, MONDAY, MONDAY + timedelta(minutes=11)]


def test_requests_are_counted_per_key_and_wrong_keys_per_address(database_url: str, tmp_path, clock) -> None:
    chosen = settings_for(database_url, tmp_path, api_limit="2 per 1 minutes", api_key_limit="1 per 1 minutes")
    with running(chosen, clock) as app:
        with app.app_context():
            from app.extensions import db

            keys = [issued(db.session())[1] for _ in range(2)]
            db.session.remove()
        first, second = (System(app, key) for key in keys)
        codes = [first.get("/changes").status_code for _ in range(3)]
        wrong = [System(app, "yht_x").get("/changes") for _ in range(2)]

        assert codes == [200, 200, 429]
        assert second.get("/changes").status_code == 200
        assert [answer.status_code for answer in wrong] == [401, 429]
        assert int(wrong[1].headers["Retry-After"]) > 0


# Issuing ----------------------------------------------------------------------------------------------


WRONG = {
    "nothing": ({}, {"name", "bureau_id", "expires_on", "scopes"}),
    "an end of yesterday": ({"expires_on": "2026-11-22"}, {"expires_on"}),
    "an end of today": ({"expires_on": "2026-11-23"}, {"expires_on"}),
    "an end after more than a year": ({"expires_on": "2027-11-25"}, {"expires_on"}),
    "no day": ({"expires_on": "soon"}, {"expires_on"}),
    "a scope that is none": ({"scopes": ["projects:write"]}, {"scopes"}),
    "writing no matter": ({"scopes": ["matters:write"]}, {"matters"}),
    "a matter without writing": ({"matters": ["tender"]}, {"matters"}),
    "a matter that is none": ({"scopes": ["matters:write"], "matters": ["tea"]}, {"matters"}),
    "another bureau": ({"bureau_id": "1"}, {"bureau_id"}),
}


@pytest.mark.parametrize(("given", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_key_is_not_issued(engine, session: Session, given: dict[str, object], told: set[str]) -> None:
    administrator = builders.staff(session, Role.ADMINISTRATOR)
    good = {
        "name": "演示系统",
        "bureau_id": administrator.bureau_id,
        "expires_on": "2027-06-30",
        "scopes": ["projects:read"],
    }

    with pytest.raises(Invalid) as invalid:
        api_keys.issue(session, administrator, {**good, **given} if given else {}, now=MONDAY)

    assert {problem.field for problem in invalid.value.problems} == told
    assert session.scalars(select(ApiKey)).all() == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_issues_or_withdraws(engine, session: Session, role: Role) -> None:
    row, _text = issued(session)
    key_id = row.id
    somebody = builders.a_case(session).applicant if role is Role.APPLICANT else builders.staff(session, role)

    for attempt in (
        lambda: api_keys.issue(session, somebody, {}, now=MONDAY),
        lambda: api_keys.revoke(session, somebody, key_id, now=MONDAY),
    ):
        with pytest.raises((Refused, NotFound)):
            attempt()

    assert [key.revoked_at for key in session.scalars(select(ApiKey))] == [None]


def test_an_administrator_of_another_bureau_finds_no_such_key(engine, session: Session) -> None:
    row, _text = issued(session)
    key_id = row.id

    with pytest.raises(NotFound):
        api_keys.revoke(session, builders.staff(session, Role.ADMINISTRATOR, bureau="320213"), key_id, now=MONDAY)


# The page ---------------------------------------------------------------------------------------------


@on_sqlite
def test_a_key_is_shown_once_and_its_page_never_shows_it_again(app: Flask, client_for, db_session: Session) -> None:
    browser = client_for(Role.ADMINISTRATOR)
    form = inputs(browser.get("/apikeys/add").get_data(as_text=True))
    given = {**form, "name": "演示许可系统", "expires_on": "2027-06-30", "scopes": ["changes:read"]}

    answer = browser.send("/apikeys/add", given)

    text = value(answer.get_data(as_text=True), "key")
    assert System(app, text).get("/changes").status_code == 200
    (row,) = db_session.scalars(select(ApiKey))
    shown = browser.get(f"/apikeys/show/{row.id}").get_data(as_text=True)
    assert text not in shown
    assert row.prefix in shown
    assert browser.send(f"/apikeys/revoke/{row.id}").status_code == 302
    assert "已停用" in browser.get("/apikeys/list/").get_data(as_text=True)


@on_sqlite
def test_what_is_wrong_stands_at_its_input_and_what_was_typed_stays(client_for) -> None:
    browser = client_for(Role.ADMINISTRATOR)
    form = inputs(browser.get("/apikeys/add").get_data(as_text=True))

    answer = browser.send("/apikeys/add", {**form, "name": "演示许可系统", "expires_on": "2026-01-01", "scopes": []})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert set(errors(text)) == {"expires_on", "scopes"}
    assert inputs(text)["name"] == "演示许可系统"
