"""Nobody gets stuck and nobody slips by: used-up unlocks, withdrawn answers, odd file names, texts with line breaks."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Refused
from app.domain.terms import Kind, OriginalResult, Role, Status
from app.services import administration, compare, counter, enterprise, originals, project, returns, review
from models.audit import AuditEvent
from models.enterprise import Enterprise
from models.project import Project
from models.review import ReturnItem
from tests import builders
from tests.builders import LIMITS, NOW, send_back


def test_a_used_up_unlock_can_be_opened_again(session: Session, case: builders.Case) -> None:
    administrator = builders.staff(session, Role.ADMINISTRATOR)
    query = select(Enterprise).where(Enterprise.organization_id == case.organization.id)
    record = session.scalars(query).one()
    opened = {"fields": ["address"], "reason": "演示"}
    until = NOW + builders.DAY
    administration.unlock(
        session, administrator, Kind.ENTERPRISE, record.id, **opened, until=until, now=NOW, limits=LIMITS
    )  # type: ignore[arg-type]
    enterprise.save(session, case.applicant, record.id, {"address": ""}, version=None, now=NOW)
    with pytest.raises(Refused, match="期限还没有到"):
        administration.unlock(
            session, administrator, Kind.ENTERPRISE, record.id, **opened, until=until, now=NOW, limits=LIMITS
        )  # type: ignore[arg-type]

    later = NOW + 3 * builders.DAY
    administration.unlock(
        session, administrator, Kind.ENTERPRISE, record.id, **opened, until=later + builders.DAY, now=later, limits=LIMITS,  # type: ignore[arg-type]
    )  # fmt: skip

    enterprise.save(session, case.applicant, record.id, {"address": "新地址"}, version=None, now=later)
    submitted = enterprise.submit(session, case.applicant, record.id, declared=True, now=later, limits=LIMITS)
    assert submitted.status == Status.SUBMITTED


def test_withdrawing_does_not_put_the_return_sheet_away(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    send_back(session, case, record)
    project.save(session, case.applicant, record.id, {"investment_10k_cny": "18651"}, version=None, now=NOW)
    project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)
    project.withdraw(session, case.applicant, record.id, now=NOW)
    project.save(session, case.applicant, record.id, {"investment_10k_cny": "18650"}, version=None, now=NOW)

    with pytest.raises(Refused, match="没有回应"):
        project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    answers = {item.id: "批文即为此数" for item in returns.open_items(session, record)}
    project.submit(session, case.applicant, record.id, declared=True, answers=answers, now=NOW, limits=LIMITS)
    assert [item.answer for item in compare.asked_last(session, record)] == ["批文即为此数"]


def test_an_instruction_with_line_breaks_is_stored_as_it_was_judged(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)

    send_back(session, case, record, returns.Item("address", "not_filled", ("字" * 9 + "\r\n") * 49))

    stored = session.scalars(select(ReturnItem.instruction)).one()
    assert "\r" not in stored
    assert len(stored) <= 500


def test_an_odd_file_name_does_not_stop_the_counter(session: Session, case: builders.Case) -> None:
    record = builders.draft_project(session, case.applicant)
    scan = builders.attach(session, record, "other")
    scan.original_name = "批文\ue000\u3164.pdf"
    session.commit()
    project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)
    letter = builders.mandate_of(session, case.organization.id, case.clerk)
    seen = {s.id: counter.Finding(OriginalResult.MATCH) for s in originals.scans_to_check(session, record)}
    seen[scan.id] = counter.Finding(OriginalResult.DIFFERS, "第 2 页\n缺章\u202e")

    counter.check_originals(session, case.clerk, record.id, letter.id, seen, now=NOW)

    assert session.get_one(Project, record.id).status == Status.RETURNED


def test_a_project_without_a_name_is_told_at_the_name(session: Session, case: builders.Case) -> None:
    with pytest.raises(Invalid) as refusal:
        project.create(session, case.applicant, {"remarks": "x"}, now=NOW)

    assert [problem.field for problem in refusal.value.problems] == ["name"]


def test_an_opened_record_has_no_due_date_until_it_comes_back(session: Session) -> None:
    _, applicant = builders.registered(session)
    record = builders.submitted_enterprise(session, applicant)
    administrator = builders.staff(session, Role.ADMINISTRATOR)
    until = NOW + 5 * builders.DAY

    administration.unlock(
        session,
        administrator,
        Kind.ENTERPRISE,
        record.id,
        fields=["fax"],
        until=until,
        reason="演示",
        now=NOW,
        limits=LIMITS,
    )

    session.refresh(record)
    assert record.due_on is None
    enterprise.submit(session, applicant, record.id, declared=True, now=NOW + builders.DAY, limits=LIMITS)
    assert record.due_on == date(2026, 11, 27)


def test_an_unlock_of_a_waiting_record_gives_the_bureau_its_days_back(session: Session) -> None:
    _, applicant = builders.registered(session)
    record = builders.submitted_enterprise(session, applicant)
    administrator = builders.staff(session, Role.ADMINISTRATOR)
    until = NOW + timedelta(days=20)
    administration.unlock(
        session,
        administrator,
        Kind.ENTERPRISE,
        record.id,
        fields=["fax"],
        until=until,
        reason="演示",
        now=NOW,
        limits=LIMITS,
    )

    administration.relock_expired(session, now=until + builders.DAY, limits=LIMITS)

    session.refresh(record)
    assert record.due_on == date(2026, 12, 17)


def test_the_loser_of_a_race_for_one_approval_document_leaves_a_row(
    session: Session, case: builders.Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = {"approval_document_number": "澄发改投〔2026〕演示88号"}
    first = builders.submitted_project(session, case.applicant, **same)
    second = builders.submitted_project(session, case.applicant, **same)
    for record in (first, second):
        builders.check_all(session, record, case.clerk)
    review.approve(session, case.reviewer, Kind.PROJECT, first.id, now=NOW)
    # As if the other approval were committed between the question and the answer: only the unique key is left.
    from app.services import facts

    monkeypatch.setitem(facts.READERS, "approval_document_is_unused", lambda question: True)

    with pytest.raises(Refused) as refusal:
        review.approve(session, case.reviewer, Kind.PROJECT, second.id, now=NOW)

    assert isinstance(refusal.value.__cause__, IntegrityError)
    denied = select(AuditEvent).where(AuditEvent.action == "project:approve", AuditEvent.result == "refused")
    assert session.scalars(denied).one().object_id == second.id
    assert session.get_one(Project, second.id).number is None


def test_what_an_administrator_opened_raises_no_alarm(session: Session, case: builders.Case) -> None:
    administrator = builders.staff(session, Role.ADMINISTRATOR)
    query = select(Enterprise).where(Enterprise.organization_id == case.organization.id)
    record = session.scalars(query).one()
    until = NOW + builders.DAY
    administration.unlock(
        session,
        administrator,
        Kind.ENTERPRISE,
        record.id,
        fields=["address"],
        until=until,
        reason="演示",
        now=NOW,
        limits=LIMITS,
    )
    enterprise.save(session, case.applicant, record.id, {"address": "新地址"}, version=None, now=NOW)
    enterprise.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    assert [(change.name, change.asked) for change in compare.since_last(session, record)] == [("address", True)]
