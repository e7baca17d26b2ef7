"""Approvals and unlocks: who may, on which snapshot, and what one decision leaves behind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.number import LIMIT
from app.domain.permissions import SYSTEM_ACTOR
from app.domain.terms import Kind, Role, Status
from app.services import administration, enterprise, review
from models.assignment import Assignment
from models.audit import AuditEvent
from models.enterprise import Enterprise
from models.number import NumberCounter, NumberRegister
from models.outbox import Outbox
from models.pending_act import PendingAct
from models.project import Project
from tests import builders
from tests.builders import LIMITS, NOW


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
        fields=["address"], until=NOW + builders.DAY, reason="地址变更", now=NOW, limits=LIMITS,
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


def test_an_unlock_opens_named_inputs_only_and_relocks_itself(session: Session, case: builders.Case) -> None:
    administrator = builders.staff(session, Role.ADMINISTRATOR)
    owner = session.scalars(select(Enterprise).where(Enterprise.organization_id == case.organization.id)).one()
    administration.unlock(
        session, administrator, Kind.ENTERPRISE, owner.id,
        fields=["address"], until=NOW + builders.DAY, reason="地址变更", now=NOW, limits=LIMITS,
    )  # fmt: skip

    with pytest.raises(Invalid) as outside:
        enterprise.save(session, case.applicant, owner.id, {"postal_code": "214401"}, version=None, now=NOW)
    assert [p.field for p in outside.value.problems] == ["postal_code"]

    assert administration.relock_expired(session, now=NOW + timedelta(hours=23), limits=LIMITS) == 0
    assert administration.relock_expired(session, now=NOW + timedelta(hours=25), limits=LIMITS) == 1
    session.refresh(owner)
    assert owner.status == Status.APPROVED
    assert owner.unlocked_fields is None


def test_a_numbered_project_is_not_unlocked_or_voided_by_one_person(session: Session, case: builders.Case) -> None:
    record = builders.approved_project(session, case)
    administrator = builders.staff(session, Role.ADMINISTRATOR)

    waits = administration.void(
        session, administrator, Kind.PROJECT, record.id, reason="撤销立项", now=NOW, limits=LIMITS
    )

    assert isinstance(waits, PendingAct)
    assert session.get_one(Project, record.id).status == Status.APPROVED


def test_the_system_actor_has_no_persons_right(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)

    with pytest.raises((Refused, NotFound)):
        review.approve(session, SYSTEM_ACTOR, Kind.PROJECT, record.id, now=NOW)


@pytest.mark.parametrize("end", ["approve", "return", "release"])
def test_a_second_between_two_hosts_refuses_nothing(session: Session, case: builders.Case, end: str) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)
    review.claim(session, case.reviewer, Kind.PROJECT, record.id, now=NOW + timedelta(seconds=1))
    ends: dict[str, Callable[[], object]] = {
        "approve": lambda: review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW),
        "return": lambda: builders.send_back(session, case, record),
        "release": lambda: review.release(session, case.reviewer, Kind.PROJECT, record.id, now=NOW),
    }

    ends[end]()

    held = session.scalars(select(Assignment)).one()
    assert held.released_at == held.claimed_at
