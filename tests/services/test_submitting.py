"""A record is submitted complete and declared; its owner may withdraw or delete it while nobody has judged it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Refused
from app.domain.notices import MOST_OF_OWN_ACTS, OF_OWN_ACTS
from app.domain.terms import Kind, Role, Status
from app.services import calendar, project, returns, review
from models.audit import AuditEvent
from models.inbox_message import InboxMessage
from models.outbox import Outbox
from models.project import Project
from models.submission import Submission
from tests import builders
from tests.builders import LIMITS, NOW, send_back


def test_a_project_waits_for_its_enterprise_to_be_approved(session: Session) -> None:
    _, applicant = builders.registered(session)
    builders.submitted_enterprise(session, applicant)

    with pytest.raises(Refused, match="企业信息通过后"):
        project.create(session, applicant, {"name": "演示"}, now=NOW)


def test_an_incomplete_record_is_refused_with_every_problem_named(session: Session, case: builders.Case) -> None:
    record = project.create(session, case.applicant, {"name": "演示项目"}, now=NOW)

    with pytest.raises(Invalid) as refusal:
        project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    named = {problem.field for problem in refusal.value.problems}
    assert {"category_code", "planned_start_on", "planned_finish_on", "approval_document"} <= named
    assert session.get_one(Project, record.id).status == Status.DRAFT


def test_a_submit_declares_truthfulness(session: Session, case: builders.Case) -> None:
    record = builders.draft_project(session, case.applicant)

    with pytest.raises(Refused, match="真实性"):
        project.submit(session, case.applicant, record.id, declared=False, now=NOW, limits=LIMITS)


def test_each_submit_leaves_an_immutable_snapshot_with_its_hash(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    send_back(session, case, record)
    project.save(session, case.applicant, record.id, {"investment_10k_cny": "18651"}, version=None, now=NOW)
    project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    first, second = session.scalars(
        select(Submission).where(Submission.project_id == record.id).order_by(Submission.sequence)
    )
    assert first.snapshot["fields"]["investment_10k_cny"] == "18650.0000"
    assert second.snapshot["fields"]["investment_10k_cny"] == "18651.0000"
    assert first.content_hash != second.content_hash
    assert session.get_one(Project, record.id).submission_id == second.id


def test_the_due_date_is_five_working_days_after_the_submit(session: Session, case: builders.Case) -> None:
    builders.no_originals(session)
    record = builders.submitted_project(session, case.applicant)

    assert record.due_on is not None and record.due_on.isoformat() == "2026-11-30"


def test_a_year_without_a_calendar_leaves_the_due_date_open_and_refuses_nothing(
    session: Session, case: builders.Case
) -> None:
    builders.no_originals(session)
    late = datetime(2026, 12, 30, 2, tzinfo=UTC)
    record = builders.submitted_project(session, case.applicant, now=late)
    assert record.due_on is None

    root = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
    new_year = {late.date().replace(year=2027, month=1, day=1): False}
    computed = calendar.publish_year(session, root, 2027, new_year, "演示通知", now=late, limits=LIMITS)

    assert computed == 1
    session.refresh(record)
    assert record.due_on is not None and record.due_on.isoformat() == "2027-01-07"


def test_only_the_root_administrator_publishes_a_year(session: Session) -> None:
    local = builders.staff(session, Role.ADMINISTRATOR)

    with pytest.raises(Refused):
        calendar.publish_year(session, local, 2027, {}, "演示通知", now=NOW, limits=LIMITS)


def test_a_submitted_project_is_withdrawn_until_somebody_claims_it(session: Session, case: builders.Case) -> None:
    first = builders.submitted_project(session, case.applicant)
    second = builders.submitted_project(session, case.applicant)
    review.claim(session, case.reviewer, Kind.PROJECT, second.id, now=NOW)

    project.withdraw(session, case.applicant, first.id, now=NOW)
    with pytest.raises(Refused, match="认领"):
        project.withdraw(session, case.applicant, second.id, now=NOW)

    assert session.get_one(Project, first.id).status == Status.DRAFT


def test_a_withdrawn_draft_that_is_deleted_is_void_and_leaves_its_audit_event(
    session: Session, case: builders.Case
) -> None:
    record = builders.submitted_project(session, case.applicant)
    record_id = record.id
    project.withdraw(session, case.applicant, record_id, now=NOW)

    project.delete(session, case.applicant, record_id, now=NOW)

    assert session.get_one(Project, record_id).status == Status.VOIDED
    event = select(AuditEvent).where(AuditEvent.action == "project:delete", AuditEvent.object_id == record_id)
    assert session.scalars(event).one().before == {"status": "draft"}
    assert session.scalar(select(func.count()).select_from(InboxMessage)) > 0


def test_a_judged_project_is_not_deleted(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    send_back(session, case, record)
    project.submit(
        session, case.applicant, record.id, declared=True,
        answers={i.id: "如批文" for i in returns.open_items(session, record)}, now=NOW, limits=LIMITS,
    )  # fmt: skip
    project.withdraw(session, case.applicant, record.id, now=NOW)

    with pytest.raises(Refused, match="不能删除"):
        project.delete(session, case.applicant, record.id, now=NOW)


def test_a_loop_of_submits_stops_ringing_the_phone(session: Session, case: builders.Case) -> None:
    """Whoever builds may submit and withdraw as often as it likes; beyond a day's measure only the inbox tells."""
    record = builders.draft_project(session, case.applicant)
    for _ in range(27):
        project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)
        project.withdraw(session, case.applicant, record.id, now=NOW)

    own = [event for event in session.scalars(select(InboxMessage.event)) if event in OF_OWN_ACTS]
    texts = [key for key in session.scalars(select(Outbox.dedup_key)) if key[4:].rpartition(":")[0] in OF_OWN_ACTS]
    assert len(own) == 55  # the enterprise's among them
    assert len(texts) == MOST_OF_OWN_ACTS
