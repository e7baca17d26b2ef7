"""单体信息: coded per project, filed by whoever builds, looked through by the bureau, told to the municipal flow."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.permissions import Actor
from app.domain.terms import Action, Kind, Role, Status
from app.domain.workflow import UNIT_WORKS
from app.services import administration, review, second_person, unit_works
from app.services import project as projects
from models.audit import AuditEvent
from models.inbox_message import InboxMessage
from models.outbox import Outbox
from models.project import Project
from models.unit_work import UnitFiling, UnitSubmission, UnitWork
from tests import builders
from tests.builders import LIMITS, NOW, Case, a_case
from tests.databases import on_sqlite
from tests.services.two_people import ask_unlock
from tests.services.unit_entries import a_filing, a_submitted_filing, building, codes

HOUR = timedelta(hours=1)


@pytest.fixture
def case(session: Session) -> Case:
    return a_case(session)


@pytest.fixture
def project(session: Session, case: Case) -> Project:
    return builders.approved_project(session, case, name="演示单体项目")


def pushes(session: Session) -> list[Outbox]:
    session.rollback()
    return list(session.scalars(select(Outbox).where(Outbox.kind == "municipal_push").order_by(Outbox.id)))


def picture(session: Session) -> dict[str, object]:
    """All that a refused step must leave as it was."""
    session.rollback()
    filing = session.scalars(select(UnitFiling)).first()
    return {
        "filing": filing and (filing.status, filing.version, filing.words, filing.submission_count),
        "units": [(unit.code, unit.name) for unit in session.scalars(select(UnitWork).order_by(UnitWork.id))],
        "pushes": len(session.scalars(select(Outbox.id)).all()),
        "inbox": len(session.scalars(select(InboxMessage.id)).all()),
        "done": len(session.scalars(select(AuditEvent.id).where(AuditEvent.result == "done")).all()),
    }


# Saving -----------------------------------------------------------------------------------------------


def test_unit_works_are_coded_from_one_in_each_project(session: Session, case: Case, project: Project) -> None:
    other = builders.approved_project(session, case, name="演示另一个项目", approval_document_number="演另〔2026〕9号")

    first, second = a_filing(session, case, project), a_filing(session, case, other, 1)

    assert codes(first) == [f"{project.number}-001", f"{project.number}-002"]
    assert codes(second) == [f"{other.number}-001"]


def test_a_code_is_not_given_again_after_its_unit_is_gone(session: Session, case: Case, project: Project) -> None:
    filing = a_filing(session, case, project)
    unit_works.remove(session, case.applicant, filing.units[1].id, now=NOW)

    unit = unit_works.save(session, case.applicant, project.id, building(3), now=NOW)

    assert unit.code == f"{project.number}-003"
    assert codes(unit.filing) == [f"{project.number}-001", f"{project.number}-003"]


def test_a_unit_work_keeps_its_code_when_it_is_changed(session: Session, case: Case, project: Project) -> None:
    unit = a_filing(session, case, project, 1).units[0]
    key, code = unit.id, unit.code

    unit_works.save(session, case.applicant, project.id, {"name": "更正的名称"}, unit_id=key, now=NOW)

    session.rollback()
    kept = session.get_one(UnitWork, key)
    assert (kept.code, kept.name, kept.floors_above) == (code, "更正的名称", 6)


def test_what_is_wrong_is_told_by_input_and_nothing_is_kept(session: Session, case: Case, project: Project) -> None:
    before = picture(session)

    with pytest.raises(Invalid) as invalid:
        unit_works.save(
            session, case.applicant, project.id, building(name="", floors_above="x", use_code="014"), now=NOW
        )

    assert {problem.field for problem in invalid.value.problems} == {"name", "floors_above", "use_code"}
    assert picture(session) == before


def test_a_form_that_is_out_of_date_saves_nothing(session: Session, case: Case, project: Project) -> None:
    filing = a_filing(session, case, project)
    version = filing.version
    unit_works.save(session, case.applicant, project.id, building(3), version=version, now=NOW)
    before = picture(session)

    with pytest.raises(Conflict):
        unit_works.save(session, case.applicant, project.id, building(4), version=version, now=NOW)

    assert picture(session) == before


def test_others_find_no_such_project(session: Session, case: Case, project: Project) -> None:
    unit = a_filing(session, case, project, 1).units[0]
    key, project_id = unit.id, project.id
    stranger = a_case(session).applicant

    for attempt in (
        lambda: unit_works.save(session, stranger, project_id, building(), now=NOW),
        lambda: unit_works.remove(session, stranger, key, now=NOW),
        lambda: unit_works.submit(session, stranger, project_id, declared=True, now=NOW, limits=LIMITS),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_a_project_without_a_number_has_no_unit_works(session: Session, case: Case) -> None:
    draft = builders.draft_project(session, case.applicant)

    with pytest.raises(Refused) as refused:
        unit_works.save(session, case.applicant, draft.id, building(), now=NOW)

    assert refused.value.code == "project_is_approved"
    assert picture(session)["filing"] is None


# Submitting -------------------------------------------------------------------------------------------


def test_the_submit_takes_the_project_into_the_municipal_flow(session: Session, case: Case, project: Project) -> None:
    filing = a_submitted_filing(session, case, project)

    assert (filing.status, filing.submission_count, filing.due_on.isoformat()) == ("submitted", 1, "2026-11-26")
    (push,) = pushes(session)
    assert push.dedup_key == f"municipal:{project.number}:v1.1"
    assert list(push.payload["units"]) == list(codes(filing))
    assert push.payload["record"]["fields"]["name"] == "演示单体项目"
    texts = session.scalars(select(InboxMessage.text).where(InboxMessage.event == "unit_work:submit")).all()
    assert ["进入市审批流程" in text for text in texts] == [True]


def test_what_was_handed_in_stays_as_it_was(session: Session, case: Case, project: Project) -> None:
    filing = a_submitted_filing(session, case, project, 1)
    unit_works.return_(session, case.reviewer, filing.id, "请写明结构", now=NOW)
    key = filing.units[0].id
    unit_works.save(session, case.applicant, project.id, {"name": "更正的名称"}, unit_id=key, now=NOW)
    unit_works.submit(session, case.applicant, project.id, declared=True, now=NOW + HOUR, limits=LIMITS)

    names = [
        next(iter(units.values()))["name"]
        for units in session.scalars(select(UnitSubmission.units).order_by(UnitSubmission.sequence))
    ]
    assert names == ["演示 1 号楼", "更正的名称"]


@pytest.mark.parametrize(
    ("declared", "count", "code"),
    [(False, 1, "is_declared"), (True, 0, "is_complete")],
    ids=["not declared", "no unit work"],
)
def test_a_submit_that_lacks_something_changes_nothing(
    session: Session, case: Case, project: Project, declared: bool, count: int, code: str
) -> None:
    project_id = project.id
    if count:
        a_filing(session, case, project, count)
    before = picture(session)

    with pytest.raises(Refused) as refused:
        unit_works.submit(session, case.applicant, project_id, declared=declared, now=NOW, limits=LIMITS)

    assert refused.value.code == code
    assert picture(session) == before


def test_a_unit_work_that_is_not_filled_in_is_named(session: Session, case: Case, project: Project) -> None:
    unit_works.save(session, case.applicant, project.id, {"name": "演示半成品"}, now=NOW)

    with pytest.raises(Refused) as refused:
        unit_works.submit(session, case.applicant, project.id, declared=True, now=NOW, limits=LIMITS)

    assert "演示半成品" in str(refused.value.sentence)


def test_what_is_gone_since_is_taken_back_from_the_flow(session: Session, case: Case, project: Project) -> None:
    filing = a_submitted_filing(session, case, project)
    unit_works.return_(session, case.reviewer, filing.id, "请核对", now=NOW)
    unit_works.remove(session, case.applicant, filing.units[0].id, now=NOW)
    unit_works.submit(session, case.applicant, project.id, declared=True, now=NOW, limits=LIMITS)

    last = pushes(session)[-1].payload
    assert (list(last["units"]), list(last["removed"])) == ([f"{project.number}-002"], [f"{project.number}-001"])


def test_a_void_number_takes_its_unit_works_with_it(session: Session, case: Case, project: Project) -> None:
    filing_id = a_submitted_filing(session, case, project).id
    asks, confirms = (builders.staff(session, Role.ADMINISTRATOR) for _ in range(2))
    act = administration.void(session, asks, Kind.PROJECT, project.id, reason="演示：立项撤销", now=NOW, limits=LIMITS)
    second_person.confirm(session, confirms, act.id, now=NOW)

    filing = session.get_one(UnitFiling, filing_id)
    assert (filing.status, filing.due_on) == ("voided", None)
    last = pushes(session)[-1]
    assert (last.payload["op"], last.payload["units"], len(last.payload["removed"])) == ("delete", {}, 2)


def test_a_correction_of_the_project_reaches_the_flow_too(session: Session, case: Case, project: Project) -> None:
    a_submitted_filing(session, case, project)
    first, second = (builders.staff(session, Role.ADMINISTRATOR) for _ in range(2))
    second_person.confirm(session, second, ask_unlock(session, first, project, "scale").id, now=NOW + HOUR)
    later = NOW + 2 * HOUR
    projects.save(session, case.applicant, project.id, {"scale": "更正的规模"}, version=None, now=later)
    projects.submit(session, case.applicant, project.id, declared=True, now=later, limits=LIMITS)
    review.approve(session, case.reviewer, Kind.PROJECT, project.id, now=later)

    versions = [push.dedup_key.rpartition(":v")[2] for push in pushes(session)]
    assert versions == ["1.1", "1.2"]
    assert pushes(session)[-1].payload["record"]["fields"]["scale"] == "更正的规模"


def test_a_project_that_is_not_in_the_flow_is_not_sent_there(session: Session, case: Case, project: Project) -> None:
    a_filing(session, case, project)

    assert pushes(session) == []


# The life cycle ---------------------------------------------------------------------------------------

DOORS: dict[Action, Callable[[Session, Actor, UnitFiling], object]] = {
    Action.EDIT: lambda s, a, f: unit_works.save(s, a, f.project_id, building(9), now=NOW),
    Action.SUBMIT: lambda s, a, f: unit_works.submit(s, a, f.project_id, declared=True, now=NOW, limits=LIMITS),
    Action.APPROVE: lambda s, a, f: unit_works.approve(s, a, f.id, now=NOW),
    Action.RETURN: lambda s, a, f: unit_works.return_(s, a, f.id, "演示原因", now=NOW),
    Action.UNLOCK: lambda s, a, f: unit_works.unlock(s, a, f.id, "演示原因", now=NOW),
}
ALLOWED = {(t.source, t.action, role): t.target for t in UNIT_WORKS for role in t.by}
EVERY = list(itertools.product(Status, DOORS, Role))


def somebody(session: Session, case: Case, role: Role) -> Actor:
    return case.applicant if role is Role.APPLICANT else builders.staff(session, role)


@pytest.mark.parametrize("role", Role)
@on_sqlite
def test_each_step_of_the_table_is_taken_and_every_other_refused(
    session: Session, case: Case, project: Project, role: Role
) -> None:
    """Every state × act for this role: the table's steps lead where it says, all others change nothing."""
    filing = a_filing(session, case, project)
    filing_id, actor, tried = filing.id, somebody(session, case, role), 0
    for status, action in itertools.product(Status, DOORS):
        row = session.get_one(UnitFiling, filing_id)
        row.status = status
        session.commit()
        before = picture(session)
        row = session.get_one(UnitFiling, filing_id)
        if (status, action, role) in ALLOWED:
            DOORS[action](session, actor, row)
            assert session.get_one(UnitFiling, filing_id).status == ALLOWED[status, action, role]
            tried += 1
        else:
            with pytest.raises((Refused, NotFound)):
                DOORS[action](session, actor, row)
            assert picture(session) == before, (status, action)
    assert tried == sum(1 for _source, action, by in ALLOWED if by == role and action in DOORS)


def test_all_steps_but_the_system_s_have_a_door() -> None:
    assert {t.action for t in UNIT_WORKS} - set(DOORS) == {Action.VOID}


def test_a_return_without_words_is_refused(session: Session, case: Case, project: Project) -> None:
    filing_id = a_submitted_filing(session, case, project).id
    before = picture(session)

    with pytest.raises(Refused) as refused:
        unit_works.return_(session, case.reviewer, filing_id, "  ", now=NOW)

    assert refused.value.code == "has_reason"
    assert picture(session) == before


def test_nobody_decides_on_the_own_organization(session: Session, case: Case, project: Project) -> None:
    from dataclasses import replace

    filing_id = a_submitted_filing(session, case, project).id
    own = replace(case.reviewer, organization_id=case.organization.id)

    with pytest.raises(Refused) as refused:
        unit_works.approve(session, own, filing_id, now=NOW)

    assert refused.value.code == "is_not_own_organization"


def test_another_bureau_finds_no_such_filing(session: Session, case: Case, project: Project) -> None:
    filing_id = a_submitted_filing(session, case, project).id

    with pytest.raises(NotFound):
        unit_works.approve(session, builders.staff(session, Role.REVIEWER, bureau="320213"), filing_id, now=NOW)


def test_each_step_leaves_its_event(session: Session, case: Case, project: Project) -> None:
    filing = a_submitted_filing(session, case, project, 1)
    unit_works.return_(session, case.reviewer, filing.id, "请写明结构", now=NOW)
    unit_works.submit(session, case.applicant, project.id, declared=True, now=NOW, limits=LIMITS)
    unit_works.approve(session, case.reviewer, filing.id, now=NOW)

    query = select(AuditEvent.action).where(AuditEvent.object_type == "unit_work").order_by(AuditEvent.id)
    assert session.scalars(query).all() == [
        "unit_work:edit", "unit_work:submit", "unit_work:return", "unit_work:submit", "unit_work:approve",
    ]  # fmt: skip
