"""The interface for other systems: a project by its number, a matter written back, nothing of anybody else."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.api import KEPT_BACK
from app.domain.matters import TRANSITIONS, Matter, MatterAction, MatterStatus
from app.domain.terms import Kind, Role
from app.services import administration, published
from models.api_key import ApiKey
from models.audit import AuditEvent
from models.matter import MatterRecord, ProjectMatter
from models.outbox import Outbox
from models.project import Project
from models.user import User
from tests import builders
from tests.app_fixtures import MONDAY
from tests.builders import LIMITS, MOBILE, Case
from tests.databases import on_sqlite
from tests.services.matter_entries import entries
from tests.views.api.callers import System, issued

NUMBER = "3202812611230101"
PERMIT = f"/projects/{NUMBER}/matters/construction_permit"
PROBLEM = "application/problem+json"


def record(inner_number: str = "S-1", **different: object) -> dict[str, object]:
    """The body that records a permit."""
    given = {**entries(Matter.CONSTRUCTION_PERMIT, inner_number), **different}
    return {"step": "record", "record": {name: value for name, value in given.items() if value is not ...}}


def kept(session: Session) -> dict[str, Any]:
    """The permit as it stands, its records, and how many messages and events there are."""
    session.rollback()
    row = session.scalars(select(ProjectMatter).where(ProjectMatter.matter == "construction_permit")).first()
    done = select(AuditEvent).where(AuditEvent.action.startswith("matter:"), AuditEvent.result == "done")
    return {
        "status": row.status if row else None,
        "records": [(one.number, one.inner_number, one.entries) for one in session.scalars(select(MatterRecord))],
        "texts": len(session.scalars(select(Outbox.id).where(Outbox.kind == "sms")).all()),
        "events": len(session.scalars(done).all()),
    }


def test_a_key_that_is_withdrawn_after_the_door_let_it_in_writes_nothing(
    system: System, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = published.find

    def withdrawn_meanwhile(session: Session, *args: Any) -> Project:
        found = find(session, *args)
        db_session.execute(
            update(ApiKey).values(revoked_at=MONDAY, revoked_by_id=select(func.min(User.id)).scalar_subquery())
        )
        db_session.commit()
        return found

    monkeypatch.setattr(published, "find", withdrawn_meanwhile)

    for body in (record(), {"step": "accept"}):
        answer = system.put(PERMIT, body)

        assert answer.status_code in (401, 403), answer.json
    assert (kept(db_session)["status"], kept(db_session)["records"]) == ("open", [])


# Reading ----------------------------------------------------------------------------------------------


def test_a_project_is_read_by_its_number(system: System, case: Case) -> None:
    told = system.get(f"/projects/{NUMBER}").json

    assert {name: told[name] for name in ("number", "status", "issued_on", "version", "province")} == {
        "number": NUMBER, "status": "issued", "issued_on": "2026-11-23", "version": 1, "province": "waiting",
    }  # fmt: skip
    assert told["builder"]["name"] == case.organization.name
    assert told["fields"]["name"] == "演示接口项目"
    assert (told["fields"]["region_code"], told["fields"]["investment_10k_cny"]) == ("320281", "18650.0000")
    assert [one["matter"] for one in told["matters"]] == [str(matter) for matter in Matter]


def test_nothing_of_a_person_is_told(system: System) -> None:
    answer = system.get(f"/projects/{NUMBER}")

    assert not KEPT_BACK & answer.json["fields"].keys()
    assert MOBILE not in answer.get_data(as_text=True)


def test_what_is_being_changed_is_not_told_before_it_is_approved(
    system: System, db_session: Session, project: Project
) -> None:
    project.name, project.status = "没有审核过的名称", "returned"
    db_session.commit()

    told = system.get(f"/projects/{NUMBER}").json

    assert (told["status"], told["fields"]["name"]) == ("returned", "演示接口项目")


@pytest.mark.parametrize(
    "number",
    ["3202812611230102", "1", "' OR 1=1", "%2e%2e", "编号", "9" * 500],
    ids=["free", "short", "sql", "dots", "chinese", "long"],
)
@on_sqlite
def test_what_was_never_given_is_not_there(system: System, number: str) -> None:
    for answer in (
        system.get(f"/projects/{number}"),
        system.get(f"/projects/{number}/matters/tender"),
        system.put(f"/projects/{number}/matters/tender", {"step": "accept"}),
    ):
        assert (answer.status_code, answer.mimetype) == (404, PROBLEM)


def test_a_number_of_another_bureau_is_answered_like_none(app: Flask, db_session: Session, project: Project) -> None:
    before = kept(db_session)
    foreign = System(app, issued(db_session, bureau="320213")[1])

    for path in (f"/projects/{NUMBER}", "/projects/3202812611230199"):
        read, wrote = foreign.get(path), foreign.put(f"{path}/matters/tender", {"step": "accept"})
        assert (read.status_code, wrote.status_code) == (404, 404)
        assert {name: read.json[name] for name in ("title", "status")} == {"title": "Not Found", "status": 404}

    assert kept(db_session) == before


def test_the_root_bureau_reads_what_lies_below(app: Flask, db_session: Session, project: Project) -> None:
    assert System(app, issued(db_session, bureau="320200")[1]).get(f"/projects/{NUMBER}").status_code == 200


def test_records_are_for_the_systems_that_handle_the_matter(app: Flask, system: System, db_session: Session) -> None:
    system.put(PERMIT, record())
    reader = System(app, issued(db_session, scopes=["projects:read"])[1])

    own, others = system.get(PERMIT).json, reader.get(PERMIT).json

    assert [one["number"] for one in own["records"]] == [f"{NUMBER}-SX-001"]
    assert (others["status"], others["records"]) == ("done", None)


@on_sqlite
def test_a_matter_that_is_none_of_the_seven_is_not_there(system: System) -> None:
    path = f"/projects/{NUMBER}/matters/tea"

    assert (system.get(path).status_code, system.put(path, {"step": "accept"}).status_code) == (404, 404)


# Writing back -----------------------------------------------------------------------------------------


def test_a_record_gets_its_number_and_the_builder_a_message(system: System, db_session: Session) -> None:
    before = kept(db_session)

    answer = system.put(PERMIT, record())

    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["changed"]) == ("done", True)
    assert answer.json["records"][0]["record"]["contractor"] == "演示内容"
    after = kept(db_session)
    assert [one[0] for one in after["records"]] == [f"{NUMBER}-SX-001"]
    assert (after["texts"], after["events"]) == (before["texts"] + 1, before["events"] + 1)


def test_the_same_again_changes_nothing(system: System, db_session: Session) -> None:
    for body in ({"step": "accept"}, {"step": "supplement", "words": "请补图"}, {"step": "accept"}, record()):
        first = system.put(PERMIT, body)
        once = kept(db_session)
        again = system.put(PERMIT, body)

        assert (first.status_code, again.status_code) == (200, 200), body
        assert (first.json["changed"], again.json["changed"]) == (True, False), body
        assert {**first.json, "changed": None} == {**again.json, "changed": None}
        assert kept(db_session) == once


def test_the_same_source_number_corrects_its_record(system: System, db_session: Session) -> None:
    system.put(PERMIT, record())

    answer = system.put(PERMIT, record(contractor="更正后的总包"))

    assert answer.json["changed"] is True
    assert [(one[0], one[2]["contractor"]) for one in kept(db_session)["records"]] == [
        (f"{NUMBER}-SX-001", "更正后的总包")
    ]


def test_the_trail_names_the_key(system: System, db_session: Session) -> None:
    system.put(PERMIT, {"step": "accept"})

    event = db_session.scalars(select(AuditEvent).where(AuditEvent.action == "matter:accept")).one()
    assert event.actor_name.startswith("key:")
    assert (event.actor_id, event.result) == (None, "done")


REFUSED = [
    (status, action) for status in MatterStatus for action in MatterAction
    if (status, action) not in TRANSITIONS and action != MatterAction.CLOSE
]  # fmt: skip


@pytest.mark.parametrize(("status", "action"), REFUSED, ids=lambda part: str(part))
@on_sqlite
def test_what_the_table_does_not_have_is_refused(
    system: System, db_session: Session, status: MatterStatus, action: MatterAction
) -> None:
    row = db_session.scalars(select(ProjectMatter).where(ProjectMatter.matter == "construction_permit")).one()
    row.status, row.words = status, "别的原因"
    db_session.commit()
    before = kept(db_session)
    body = record() if action == MatterAction.RECORD else {"step": str(action)}
    if action in (MatterAction.SUPPLEMENT, MatterAction.REJECT):
        body["words"] = "演示原因"

    answer = system.put(PERMIT, body)

    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (409, PROBLEM, "state")
    assert answer.json["detail"]
    assert kept(db_session) == before


def test_a_matter_of_another_system_is_refused_and_told_in_the_trail(system: System, db_session: Session) -> None:
    before = kept(db_session)

    answer = system.put(f"/projects/{NUMBER}/matters/safety_supervision", {"step": "accept"})

    assert (answer.status_code, answer.json["code"]) == (403, "role")
    assert kept(db_session) == before
    denials = select(AuditEvent.result).where(AuditEvent.action == "matter:write_back")
    assert db_session.scalars(denials).all() == ["refused"]


def test_a_void_number_takes_nothing_any_more(
    system: System, db_session: Session, case: Case, project: Project
) -> None:
    asked, confirms = (builders.staff(db_session, Role.ADMINISTRATOR) for _ in range(2))
    from app.services import second_person

    act = administration.void(
        db_session, asked, Kind.PROJECT, project.id, reason="演示：立项撤销", now=MONDAY, limits=LIMITS
    )
    second_person.confirm(db_session, confirms, act.id, now=MONDAY)

    answer = system.put(PERMIT, {"step": "accept"})

    assert answer.status_code == 409
    assert system.get(f"/projects/{NUMBER}").json["status"] == "voided"


BAD_BODIES: Mapping[str, tuple[object, set[str]]] = {
    "a list": ([], {""}),
    "a word": ("accept", {""}),
    "nothing": (None, {""}),
    "no step": ({}, {"step"}),
    "a step that is none": ({"step": "close"}, {"step"}),
    "a step of another type": ({"step": ["accept"]}, {"step"}),
    "a field too many": ({"step": "accept", "status": "done"}, {"status"}),
    "words where none belong": ({"step": "accept", "words": "x"}, {"words"}),
    "no words": ({"step": "reject"}, {"words"}),
    "words of another type": ({"step": "reject", "words": 5}, {"words"}),
    "words without end": ({"step": "reject", "words": "长" * 501}, {"words"}),
    "words nobody sees": ({"step": "reject", "words": "a\u202eb"}, {"words"}),
    "no record": ({"step": "record"}, {"record"}),
    "a record of another type": ({"step": "record", "record": []}, {"record"}),
    "an unknown field": (record(status="done"), {"record.status"}),
    "another's key": (record(project_id=1), {"record.project_id"}),
    "a number for a name": (record(contractor=5), {"record.contractor"}),
    "a list for a name": (record(contractor=["a"]), {"record.contractor"}),
    "a fraction for a quantity": (record(floor_area_m2=1.5), {"record.floor_area_m2"}),
    "a word for a quantity": (record(floor_area_m2="much"), {"record.floor_area_m2"}),
    "a day that is none": (record(issued_on="2026-02-30"), {"record.issued_on"}),
    "a day to come": (record(issued_on="2027-01-01"), {"record.issued_on"}),
    "a name too long": (record(contractor="长" * 201), {"record.contractor"}),
    "a wrong code": (record(contractor_code="abc"), {"record.contractor_code"}),
    "half a character": (record(contractor="a\ud800"), {"record.contractor"}),
    "a missing field": (record(contractor=...), {"record.contractor"}),
    "an empty field": (record(contractor=None), {"record.contractor"}),
}


@pytest.mark.parametrize(("body", "fields"), BAD_BODIES.values(), ids=BAD_BODIES)
@on_sqlite
def test_a_wrong_body_is_told_by_field_and_changes_nothing(
    system: System, db_session: Session, body: object, fields: set[str]
) -> None:
    before = kept(db_session)

    answer = system.put(PERMIT, body)

    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
    assert {error["field"] for error in answer.json["errors"]} == fields
    assert all(error["detail"] for error in answer.json["errors"])
    assert kept(db_session) == before


UNREADABLE: Mapping[str, tuple[bytes, str, int]] = {
    "no JSON": (b"{", "application/json", 400),
    "nothing": (b"", "application/json", 400),
    "a form": (b"step=accept", "application/x-www-form-urlencoded", 415),
    "text": (b'{"step": "accept"}', "text/plain", 415),
    "no figure": (b'{"step": NaN}', "application/json", 400),
    "a figure without end": (b'{"step": ' + b"9" * 10_000 + b"}", "application/json", 400),
    "a key twice": (b'{"step": "accept", "step": "reject"}', "application/json", 400),
    "too deep": (b"[" * 30_000 + b"]" * 30_000, "application/json", 400),
    "another encoding": ('{"step": "受理"}'.encode("gb18030"), "application/json", 400),
    "too much": (b'{"step": "' + b"x" * 70_000 + b'"}', "application/json", 413),
    "far too much": (b" " * 3_000_000, "application/json", 413),
}


@pytest.mark.parametrize(("body", "kind", "code"), UNREADABLE.values(), ids=UNREADABLE)
@on_sqlite
def test_a_body_that_cannot_be_read_is_a_problem(
    system: System, db_session: Session, body: bytes, kind: str, code: int
) -> None:
    before = kept(db_session)

    answer = system.send("PUT", PERMIT, data=body, content_type=kind)

    assert (answer.status_code, answer.mimetype) == (code, PROBLEM)
    assert kept(db_session) == before


@on_sqlite
def test_a_name_with_rare_characters_is_kept(system: System, db_session: Session) -> None:
    system.put(PERMIT, record(contractor="演示㙟•𠮷建设"))

    assert kept(db_session)["records"][0][2]["contractor"] == "演示㙟•𠮷建设"


@pytest.mark.parametrize("query", ["?x=1", "?number=1", "?since=0"])
@on_sqlite
def test_an_argument_that_is_unknown_is_refused(system: System, query: str) -> None:
    assert system.get(f"/projects/{NUMBER}{query}").status_code == 400
