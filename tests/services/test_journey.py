"""The life of a record through the services: submit, return, resubmit, withdraw, delete, approve, unlock."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.number import LIMIT
from app.domain.permissions import SYSTEM_ACTOR
from app.domain.terms import Kind, Role, Status
from app.services import administration, calendar, enterprise, project, returns, review
from models.audit import AuditEvent
from models.enterprise import Enterprise
from models.inbox_message import InboxMessage
from models.number import NumberCounter, NumberRegister
from models.outbox import Outbox
from models.project import Project
from models.review import ReturnItem
from models.submission import Submission
from tests import builders
from tests.builders import NOW

ITEM = returns.Item("investment_10k_cny", "wrong_figure", "请按批文第四条改正")
SCAN_ITEM = returns.Item("approval_document", "incomplete_scan", "缺第 2 页")


@pytest.fixture
def case(session: Session) -> builders.Case:
    return builders.a_case(session)


def send_back(session: Session, case: builders.Case, record: Project, *items: returns.Item) -> None:
    review.return_(session, case.reviewer, Kind.PROJECT, record.id, items or (ITEM,), now=NOW)


# Submitting -----------------------------------------------------------------------------------------------


def test_a_project_waits_for_its_enterprise_to_be_approved(session: Session) -> None:
    _, applicant = builders.registered(session)
    builders.submitted_enterprise(session, applicant)

    with pytest.raises(Refused, match="企业信息通过后"):
        project.create(session, applicant, {"name": "演示"}, now=NOW)


def test_an_incomplete_record_is_refused_with_every_problem_named(session: Session, case: builders.Case) -> None:
    record = project.create(session, case.applicant, {"name": "演示项目"}, now=NOW)

    with pytest.raises(Invalid) as refusal:
        project.submit(session, case.applicant, record.id, declared=True, now=NOW)

    named = {problem.field for problem in refusal.value.problems}
    assert {"category_code", "planned_start_on", "planned_finish_on", "approval_document"} <= named
    assert session.get_one(Project, record.id).status == Status.DRAFT


def test_a_submit_declares_truthfulness(session: Session, case: builders.Case) -> None:
    record = builders.draft_project(session, case.applicant)

    with pytest.raises(Refused, match="真实性"):
        project.submit(session, case.applicant, record.id, declared=False, now=NOW)


def test_each_submit_leaves_an_immutable_snapshot_with_its_hash(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    send_back(session, case, record)
    project.save(session, case.applicant, record.id, {"investment_10k_cny": "18651"}, version=None, now=NOW)
    project.submit(session, case.applicant, record.id, declared=True, now=NOW)

    first, second = session.scalars(
        select(Submission).where(Submission.project_id == record.id).order_by(Submission.sequence)
    )
    assert first.snapshot["fields"]["investment_10k_cny"] == "18650.0000"
    assert second.snapshot["fields"]["investment_10k_cny"] == "18651.0000"
    assert first.content_hash != second.content_hash
    assert session.get_one(Project, record.id).submission_id == second.id


def test_the_due_date_is_five_working_days_after_the_submit(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)

    assert record.due_on is not None and record.due_on.isoformat() == "2026-11-30"


def test_a_year_without_a_calendar_leaves_the_due_date_open_and_refuses_nothing(
    session: Session, case: builders.Case
) -> None:
    late = datetime(2026, 12, 30, 2, tzinfo=UTC)
    record = builders.submitted_project(session, case.applicant, now=late)
    assert record.due_on is None

    root = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
    new_year = {late.date().replace(year=2027, month=1, day=1): False}
    computed = calendar.publish_year(session, root, 2027, new_year, "演示通知", now=late)

    assert computed == 1
    session.refresh(record)
    assert record.due_on is not None and record.due_on.isoformat() == "2027-01-07"


def test_only_the_root_administrator_publishes_a_year(session: Session) -> None:
    local = builders.staff(session, Role.ADMINISTRATOR)

    with pytest.raises(Refused):
        calendar.publish_year(session, local, 2027, {}, "演示通知", now=NOW)


# Returning and resubmitting --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (returns.Item("no_such_input", "not_filled", "x"), "items-0-target"),
        (returns.Item("address", "no_such_reason", "x"), "items-0-reason_code"),
        (returns.Item("address", "not_filled", " "), "items-0-instruction"),
        (returns.Item("address", "not_filled", "字" * 501), "items-0-instruction"),
    ],
    ids=["target", "reason", "no instruction", "endless instruction"],
)
def test_a_return_item_says_what_why_and_how(
    session: Session, case: builders.Case, item: returns.Item, field: str
) -> None:
    record = builders.submitted_project(session, case.applicant)

    with pytest.raises(Invalid) as refusal:
        send_back(session, case, record, item)

    assert [problem.field for problem in refusal.value.problems] == [field]
    assert session.get_one(Project, record.id).status == Status.SUBMITTED


def test_a_return_without_items_is_refused(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)

    with pytest.raises(Refused, match="至少要有一项"):
        review.return_(session, case.reviewer, Kind.PROJECT, record.id, [], now=NOW)


def test_a_resubmit_refuses_untouched_items_and_takes_changed_or_answered_ones(
    session: Session, case: builders.Case
) -> None:
    record = builders.submitted_project(session, case.applicant)
    send_back(session, case, record, ITEM, SCAN_ITEM)
    project.save(session, case.applicant, record.id, {"investment_10k_cny": "18700"}, version=None, now=NOW)

    with pytest.raises(Refused, match="2 项还有 1 项没有回应"):
        project.submit(session, case.applicant, record.id, declared=True, now=NOW)

    item = session.scalars(select(ReturnItem).where(ReturnItem.target == "approval_document")).one()
    answers = {item.id: "批文只有一页，没有第 2 页"}
    project.submit(session, case.applicant, record.id, declared=True, answers=answers, now=NOW)
    session.refresh(item)
    assert item.answer == "批文只有一页，没有第 2 页"
    assert session.get_one(Project, record.id).status == Status.SUBMITTED


def test_items_that_stood_there_the_first_time_are_marked(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    send_back(session, case, record, ITEM)
    project.save(session, case.applicant, record.id, {"investment_10k_cny": "18700"}, version=None, now=NOW)
    project.submit(session, case.applicant, record.id, declared=True, now=NOW)
    send_back(session, case, record, ITEM, returns.Item("scale", "not_filled", "请写层数"))

    late = session.scalars(select(ReturnItem).order_by(ReturnItem.id.desc()).limit(2)).all()
    assert {item.target: item.was_visible_before for item in late} == {
        "scale": True,
        "investment_10k_cny": False,
    }


def test_the_answer_of_another_projects_item_is_ignored(session: Session, case: builders.Case) -> None:
    mine = builders.submitted_project(session, case.applicant)
    other = builders.submitted_project(session, case.applicant)
    send_back(session, case, mine)
    send_back(session, case, other)
    foreign = session.scalars(select(ReturnItem).order_by(ReturnItem.id.desc())).first()
    assert foreign is not None

    with pytest.raises(Refused):
        answers = {foreign.id: "已改"}
        project.submit(session, case.applicant, mine.id, declared=True, answers=answers, now=NOW)

    session.refresh(foreign)
    assert foreign.answer is None


# Withdrawing and deleting ----------------------------------------------------------------------------------


def test_a_submitted_project_is_withdrawn_until_somebody_claims_it(session: Session, case: builders.Case) -> None:
    first = builders.submitted_project(session, case.applicant)
    second = builders.submitted_project(session, case.applicant)
    review.claim(session, case.reviewer, Kind.PROJECT, second.id, now=NOW)

    project.withdraw(session, case.applicant, first.id, now=NOW)
    with pytest.raises(Refused, match="认领"):
        project.withdraw(session, case.applicant, second.id, now=NOW)

    assert session.get_one(Project, first.id).status == Status.DRAFT


def test_a_withdrawn_draft_can_be_deleted_and_leaves_its_audit_event(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    record_id = record.id
    project.withdraw(session, case.applicant, record_id, now=NOW)

    project.delete(session, case.applicant, record_id, now=NOW)

    assert session.get(Project, record_id) is None
    event = select(AuditEvent).where(AuditEvent.action == "project:delete", AuditEvent.object_id == record_id)
    assert session.scalars(event).one().before == {"status": "draft"}
    assert session.scalar(select(func.count()).select_from(InboxMessage)) > 0


def test_a_judged_project_is_not_deleted(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    send_back(session, case, record)
    project.submit(
        session, case.applicant, record.id, declared=True,
        answers={i.id: "如批文" for i in returns.open_items(session, record)}, now=NOW,
    )  # fmt: skip
    project.withdraw(session, case.applicant, record.id, now=NOW)

    with pytest.raises(Refused, match="不能删除"):
        project.delete(session, case.applicant, record.id, now=NOW)


# Deciding -------------------------------------------------------------------------------------------------


def test_a_project_without_checked_originals_is_not_approved_where_the_bureau_wants_them(
    session: Session, case: builders.Case
) -> None:
    record = builders.submitted_project(session, case.applicant)

    with pytest.raises(Refused, match="尚未原件核验"):
        review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)


def test_the_number_is_of_the_shanghai_day(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)
    new_year_in_shanghai = datetime(2026, 12, 31, 16, 0, 0, 100_000, tzinfo=UTC)

    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=new_year_in_shanghai)

    assert session.get_one(Project, record.id).number == "3202812701010101"


def test_a_moment_before_midnight_is_still_the_old_day(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)
    last_moment = datetime(2026, 12, 31, 15, 59, 59, 900_000, tzinfo=UTC)

    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=last_moment)

    assert session.get_one(Project, record.id).number == "3202812612310101"


def test_the_hundredth_of_a_day_is_refused_and_the_record_stays(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)
    session.add(
        NumberCounter(
            region_code="320281",
            issued_on=NOW.date(),
            category_code=record.category_code,
            last_sequence=LIMIT,
        )
    )
    session.commit()

    with pytest.raises(Refused, match="当日该区划该类别编号已用完"):
        review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)

    assert session.get_one(Project, record.id).status == Status.SUBMITTED
    assert session.scalar(select(func.count()).select_from(NumberRegister)) == 0


def test_one_approval_document_gets_one_number_in_any_spelling(session: Session, case: builders.Case) -> None:
    first = builders.submitted_project(session, case.applicant, approval_document_number="澄发改投〔2026〕演示9号")
    again = builders.submitted_project(session, case.applicant, approval_document_number="澄发改投[2026] 演示９号")
    for record in (first, again):
        builders.check_all(session, record, case.clerk)
    review.approve(session, case.reviewer, Kind.PROJECT, first.id, now=NOW)

    with pytest.raises(Refused, match="该立项已发号"):
        review.approve(session, case.reviewer, Kind.PROJECT, again.id, now=NOW)

    assert session.get_one(Project, again.id).number is None


def test_a_stale_decision_form_is_told_so(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)
    seen = record.version
    review.claim(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)
    record.remarks = "改动"
    session.commit()

    with pytest.raises((Conflict, Refused)):
        review.approve(session, case.reviewer, Kind.PROJECT, record.id, version=seen, now=NOW)

    assert session.get_one(Project, record.id).status == Status.SUBMITTED


def test_a_record_changed_behind_its_snapshot_is_not_approved(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)
    builders.attach(session, record, "approval_document", "swapped")

    with pytest.raises(Refused, match="不一致"):
        review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)


def test_nobody_decides_on_the_own_organizations_record(session: Session, case: builders.Case) -> None:
    from dataclasses import replace

    record = builders.submitted_project(session, case.applicant)
    insider = replace(case.reviewer, organization_id=case.organization.id)

    with pytest.raises(Refused, match="自己所在单位"):
        review.approve(session, insider, Kind.PROJECT, record.id, now=NOW)


def test_a_reviewer_of_another_district_does_not_find_the_record(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    stranger = builders.staff(session, Role.REVIEWER, bureau="320213")

    with pytest.raises(NotFound):
        review.approve(session, stranger, Kind.PROJECT, record.id, now=NOW)

    denied = select(AuditEvent).where(AuditEvent.action == "project:approve", AuditEvent.result == "refused")
    assert session.scalars(denied).one().actor_name == stranger.username


def test_while_the_enterprise_is_unlocked_its_projects_are_not_approved(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)
    administrator = builders.staff(session, Role.ADMINISTRATOR)
    owner = session.scalars(select(Enterprise).where(Enterprise.organization_id == case.organization.id)).one()
    administration.unlock(
        session, administrator, Kind.ENTERPRISE, owner.id,
        fields=["address"], until=NOW + builders.DAY, reason="地址变更", now=NOW,
    )  # fmt: skip

    with pytest.raises(Refused, match="企业信息通过后"):
        review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)


def test_an_approval_leaves_one_of_each(session: Session, case: builders.Case) -> None:
    record = builders.approved_project(session, case)

    def count(model: type, *where: object) -> int:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]

    assert record.number == "3202812611230101"
    assert count(NumberRegister, NumberRegister.number == record.number) == 1
    assert count(Outbox, Outbox.kind == "province_push") == 1
    assert count(Outbox, Outbox.dedup_key.like("sms:project:approve:%")) == 1
    assert count(AuditEvent, AuditEvent.action == "project:approve", AuditEvent.result == "done") == 1


# Unlocking ------------------------------------------------------------------------------------------------


def test_an_unlock_opens_named_inputs_only_and_relocks_itself(session: Session, case: builders.Case) -> None:
    administrator = builders.staff(session, Role.ADMINISTRATOR)
    owner = session.scalars(select(Enterprise).where(Enterprise.organization_id == case.organization.id)).one()
    administration.unlock(
        session, administrator, Kind.ENTERPRISE, owner.id,
        fields=["address"], until=NOW + builders.DAY, reason="地址变更", now=NOW,
    )  # fmt: skip

    with pytest.raises(Invalid) as outside:
        enterprise.save(session, case.applicant, owner.id, {"postal_code": "214401"}, version=None, now=NOW)
    assert [p.field for p in outside.value.problems] == ["postal_code"]

    assert administration.relock_expired(session, now=NOW + timedelta(hours=23)) == 0
    assert administration.relock_expired(session, now=NOW + timedelta(hours=25)) == 1
    session.refresh(owner)
    assert owner.status == Status.APPROVED
    assert owner.unlocked_fields is None


def test_a_used_unlock_does_not_relock(session: Session, case: builders.Case) -> None:
    administrator = builders.staff(session, Role.ADMINISTRATOR)
    owner = session.scalars(select(Enterprise).where(Enterprise.organization_id == case.organization.id)).one()
    administration.unlock(
        session, administrator, Kind.ENTERPRISE, owner.id,
        fields=["address"], until=NOW + builders.DAY, reason="地址变更", now=NOW,
    )  # fmt: skip
    enterprise.save(session, case.applicant, owner.id, {"address": "新地址"}, version=None, now=NOW)

    assert administration.relock_expired(session, now=NOW + 2 * builders.DAY) == 0
    session.refresh(owner)
    assert owner.status == Status.RETURNED


def test_a_numbered_project_is_not_unlocked_or_voided_by_one_person(session: Session, case: builders.Case) -> None:
    record = builders.approved_project(session, case)
    administrator = builders.staff(session, Role.ADMINISTRATOR)

    with pytest.raises(Refused, match="另一位"):
        administration.void(session, administrator, Kind.PROJECT, record.id, reason="撤销立项", now=NOW)

    assert session.get_one(Project, record.id).status == Status.APPROVED


def test_the_system_actor_has_no_persons_right(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)

    with pytest.raises((Refused, NotFound)):
        review.approve(session, SYSTEM_ACTOR, Kind.PROJECT, record.id, now=NOW)
