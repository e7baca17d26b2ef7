"""Ways around the rules that must stay closed: unlocks, transfers, claims, texts, hashes."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.terms import Kind, OriginalResult, Role, Status
from app.services import administration, attachment, counter, enterprise, originals, project, review, snapshot
from models.enterprise import Enterprise
from models.project import Project
from models.review import Review
from models.user import User
from tests import builders
from tests.builders import ITEM, LIMITS, NOW, send_back


def enterprise_of(session: Session, case: builders.Case) -> Enterprise:
    query = select(Enterprise).where(Enterprise.organization_id == case.organization.id)
    return session.scalars(query).one()


def unlock(session: Session, record: Enterprise, administrator: object, *fields: str) -> None:
    administration.unlock(
        session, administrator, Kind.ENTERPRISE, record.id,  # type: ignore[arg-type]
        fields=fields or ["fax"], until=NOW + builders.DAY, reason="演示", now=NOW, limits=LIMITS,
    )  # fmt: skip


def test_an_unused_unlock_of_a_waiting_record_ends_where_it_began(session: Session) -> None:
    _, applicant = builders.registered(session)
    record = builders.submitted_enterprise(session, applicant)
    unlock(session, record, builders.staff(session, Role.ADMINISTRATOR))

    administration.relock_expired(session, now=NOW + 2 * builders.DAY, limits=LIMITS)

    session.refresh(record)
    assert record.status == Status.SUBMITTED
    assert session.scalar(select(Review.id).where(Review.enterprise_id == record.id)) is None


def test_a_bureau_that_only_sees_an_enterprise_does_not_decide_on_it(session: Session, case: builders.Case) -> None:
    builders.submitted_project(session, case.applicant, region_code="320213")
    record = enterprise_of(session, case)
    stranger = builders.staff(session, Role.ADMINISTRATOR, Role.REVIEWER, bureau="320213")

    with pytest.raises(Refused, match="别的机构"):
        unlock(session, record, stranger)

    assert enterprise_of(session, case).status == Status.APPROVED


def test_an_unlock_ends_when_it_said(session: Session, case: builders.Case) -> None:
    record = enterprise_of(session, case)
    unlock(session, record, builders.staff(session, Role.ADMINISTRATOR), "address")

    with pytest.raises(Refused, match="期限已过"):
        late = NOW + timedelta(days=30)
        enterprise.save(session, case.applicant, record.id, {"address": "新地址"}, version=None, now=late)


def test_while_its_enterprise_is_unlocked_a_project_is_not_approved(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)
    unlock(session, enterprise_of(session, case), builders.staff(session, Role.ADMINISTRATOR), "address")

    with pytest.raises(Refused, match="企业信息通过后"):
        review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)

    administration.relock_expired(session, now=NOW + 2 * builders.DAY, limits=LIMITS)
    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW + 2 * builders.DAY)
    assert session.get_one(Project, record.id).status == Status.APPROVED


def test_a_project_moves_only_to_its_regions_bureau_or_one_above(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    root = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
    elsewhere, above = builders.a_bureau(session, "320213").id, builders.a_bureau(session, "320200").id

    with pytest.raises(Refused):
        administration.transfer(session, root, Kind.PROJECT, record.id, bureau_id=elsewhere, reason="演示", now=NOW)
    administration.transfer(session, root, Kind.PROJECT, record.id, bureau_id=above, reason="演示", now=NOW)

    reviewer = builders.staff(session, Role.REVIEWER, bureau="320200")
    with pytest.raises(Refused, match="原件核验"):
        review.approve(session, reviewer, Kind.PROJECT, record.id, now=NOW)


def test_a_transfer_outlives_the_applicants_next_save(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    root = builders.staff(session, Role.ADMINISTRATOR, Role.REVIEWER, bureau="320200")
    above = builders.a_bureau(session, "320200").id
    administration.transfer(session, root, Kind.PROJECT, record.id, bureau_id=above, reason="演示", now=NOW)
    review.return_(session, root, Kind.PROJECT, record.id, [ITEM], now=NOW)

    project.save(session, case.applicant, record.id, {"remarks": "改"}, version=None, now=NOW)

    assert session.get_one(Project, record.id).bureau_id == above


def test_another_reviewers_file_is_not_moved_away(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    review.claim(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)
    other = builders.staff(session, Role.REVIEWER)

    with pytest.raises(Refused, match="其他审核人员"):
        above = builders.a_bureau(session, "320200").id
        administration.transfer(session, other, Kind.PROJECT, record.id, bureau_id=above, reason="演示", now=NOW)


def test_one_file_gets_one_finding(session: Session, case: builders.Case) -> None:
    record = builders.draft_project(session, case.applicant)
    first = builders.attach(session, record, "other", "same")
    second = builders.attach(session, record, "other", "same")
    project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)
    letter = builders.mandate_of(session, case.organization.id, case.clerk)
    seen = {s.id: counter.Finding(OriginalResult.MATCH) for s in originals.scans_to_check(session, record)}
    seen[first.id] = counter.Finding(OriginalResult.DIFFERS)

    with pytest.raises(Invalid) as refusal:
        counter.check_originals(session, case.clerk, record.id, letter.id, seen, now=NOW)

    assert [p.field for p in refusal.value.problems] == [f"originals-{second.id}"]


def test_a_numbered_project_keeps_what_its_number_says(session: Session, case: builders.Case) -> None:
    record = builders.approved_project(session, case)
    session.execute(text("UPDATE project SET status = 'returned' WHERE id = :id"), {"id": record.id})
    session.commit()
    session.expire_all()

    with pytest.raises(Invalid) as refusal:
        project.save(session, case.applicant, record.id, {"region_code": "320282"}, version=None, now=NOW)

    assert [p.field for p in refusal.value.problems] == ["region_code"]


def test_a_comment_is_refused_rather_than_cut(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)

    with pytest.raises(Invalid) as refusal:
        review.return_(session, case.reviewer, Kind.PROJECT, record.id, [ITEM], comment="字" * 2001, now=NOW)

    assert [p.field for p in refusal.value.problems] == ["comment"]
    assert session.get_one(Project, record.id).status == Status.SUBMITTED


def test_a_mark_nobody_sees_is_refused_in_an_answer(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    send_back(session, case, record)
    item = session.scalars(select(Review).where(Review.project_id == record.id)).one().return_items[0]

    with pytest.raises(Invalid) as refusal:
        project.save(session, case.applicant, record.id, {}, version=None, answers={item.id: "已改\u202e"}, now=NOW)

    assert [p.field for p in refusal.value.problems] == ["items-0-answer"]


def test_the_hash_of_a_snapshot_needs_the_key(session: Session, case: builders.Case) -> None:
    import hashlib
    import json

    record = builders.submitted_project(session, case.applicant)
    assert record.submission is not None
    plain = json.dumps(record.submission.snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    assert record.submission.content_hash != hashlib.sha256(plain.encode()).hexdigest()
    assert snapshot.is_as_submitted(session, record)


def test_a_renamed_organization_keeps_its_submissions(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)
    case.organization.name = "演示更名单位"
    session.commit()

    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)

    assert session.get_one(Project, record.id).status == Status.APPROVED


def test_a_full_slot_can_be_emptied(session: Session, case: builders.Case) -> None:
    record = builders.draft_project(session, case.applicant)
    scans = [builders.attach(session, record, "approval_document") for _ in range(9)]

    attachment.remove(session, case.applicant, scans[0].id, now=NOW)

    assert len(snapshot.live_attachments(session, record)) == 9


def test_staff_do_not_decide_on_the_organization_they_belong_to(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    user = session.get_one(User, case.reviewer.user_id)
    user.organization_id = case.organization.id
    session.commit()

    with pytest.raises(Refused, match="自己所在单位"):
        review.claim(session, builders.actor_of(session, user), Kind.PROJECT, record.id, now=NOW)


def test_a_change_of_roles_ends_the_sessions(session: Session, case: builders.Case) -> None:
    user = session.get_one(User, case.reviewer.user_id)
    before = user.session_epoch

    user.roles = []
    session.commit()

    assert user.session_epoch == before + 1


def test_a_stranger_does_not_find_an_attachment_to_remove(session: Session, case: builders.Case) -> None:
    record = builders.draft_project(session, case.applicant)
    scan = builders.attach(session, record, "other")
    _, stranger = builders.registered(session)

    with pytest.raises(NotFound):
        attachment.remove(session, stranger, scan.id, now=NOW)
