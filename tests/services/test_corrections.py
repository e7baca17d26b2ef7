"""A correction always has a way and an end: opened in part, it is judged in part, sent back in part, and locked again."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.api import news_of
from app.domain.corrections import AT_LEAST
from app.domain.errors import Invalid, Refused
from app.domain.month import Month
from app.domain.permissions import Actor
from app.domain.terms import Kind, Role, Status
from app.services import (
    administration,
    enterprise,
    history,
    import_batch,
    lookup,
    project,
    report,
    returns,
    review,
    snapshot,
    unsaved,
)
from models.audit import AuditEvent
from models.dictionary import DictionaryEntry, RequiredDocument
from models.inbox_message import InboxMessage
from models.project import Project
from models.region import Region
from tests import builders
from tests.builders import DAY, LIMITS, NOW
from tests.services import import_files as files
from tests.services.two_people import opened

MOBILE = {"contact_mobile": "13900000000"}
ENDS = NOW + 10 * DAY


@pytest.fixture
def record(session: Session, case: builders.Case) -> Project:
    return builders.approved_project(session, case)


@pytest.fixture
def historic(session: Session, case: builders.Case) -> Project:
    admin = builders.staff(session, Role.ADMINISTRATOR)
    row = files.project_row(0, case.organization.org_code, project_number="3202811510080101")
    import_batch.store(session, admin, files.batch(session, files.projects(row)), now=NOW)
    return session.scalars(select(Project)).one()


def hand_in(session: Session, actor: Actor, record: Project, now: object = NOW) -> Project:
    return project.submit(session, actor, record.id, declared=True, now=now, limits=LIMITS)  # type: ignore[arg-type]


def corrected(session: Session, case: builders.Case, record: Project) -> Project:
    opened(session, record, "contact_mobile", until=ENDS)
    project.save(session, case.applicant, record.id, MOBILE, version=None, now=NOW)
    return hand_in(session, case.applicant, record)


def sent_back(session: Session, case: builders.Case, record: Project, now: object = NOW) -> Project:
    corrected(session, case, record)
    item = returns.Item("contact_mobile", "wrong_figure", "请再核对")
    review.return_(session, case.reviewer, Kind.PROJECT, record.id, [item], now=now)  # type: ignore[arg-type]
    session.refresh(record)
    return record


def test_a_correction_in_an_abolished_region_can_be_handed_in_and_approved(
    session: Session, case: builders.Case, record: Project
) -> None:
    region = session.scalars(select(Region).where(Region.code == "320281")).one()
    region.valid_to, region.successor_code = date(2026, 11, 22), "320282"
    session.commit()

    corrected(session, case, record)
    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)

    assert session.get_one(Project, record.id).status == Status.APPROVED


def test_a_correction_of_history_needs_no_scan_that_history_never_had(
    session: Session, case: builders.Case, historic: Project
) -> None:
    assert corrected(session, case, historic).status == Status.SUBMITTED


def test_a_scan_asked_for_since_does_not_hold_a_correction_up(
    session: Session, case: builders.Case, record: Project
) -> None:
    asked = session.scalars(select(RequiredDocument).where(RequiredDocument.record_kind == "project")).first()
    assert asked is not None
    asked.min_count = asked.max_count = 5
    session.commit()

    assert corrected(session, case, record).status == Status.SUBMITTED


def test_a_code_retired_since_does_not_hold_a_correction_up_and_its_form_saves(
    session: Session, case: builders.Case, record: Project
) -> None:
    assert record.use_code is not None
    session.execute(update(DictionaryEntry).values(is_active=False))
    session.commit()
    opened(session, record, "contact_mobile")
    whole_form = {"use_code": record.use_code, "approval_level_code": record.approval_level_code, **MOBILE}

    project.save(session, case.applicant, record.id, whole_form, version=None, now=NOW)

    assert hand_in(session, case.applicant, record).status == Status.SUBMITTED


def test_a_correction_answers_for_what_it_breaks_in_a_closed_input(
    session: Session, case: builders.Case, record: Project
) -> None:
    assert record.planned_finish_on is not None
    opened(session, record, "planned_start_on")
    after = (record.planned_finish_on + 5 * DAY).isoformat()

    with pytest.raises(Invalid) as refused:
        project.save(session, case.applicant, record.id, {"planned_start_on": after}, version=None, now=NOW)

    assert [problem.field for problem in refused.value.problems] == ["planned_finish_on"]


def test_an_opened_scan_is_asked_for(session: Session, case: builders.Case, historic: Project) -> None:
    opened(session, historic, "approval_document")

    with pytest.raises(Invalid) as refused:
        hand_in(session, case.applicant, historic)

    assert [problem.field for problem in refused.value.problems] == ["approval_document"]


def test_a_return_opens_no_more_than_the_unlock_did(session: Session, case: builders.Case, record: Project) -> None:
    sent_back(session, case, record)

    with pytest.raises(Invalid):
        other = {"name": "另一个工程", "investment_10k_cny": "99999"}
        project.save(session, case.applicant, record.id, other, version=None, now=NOW)

    project.save(session, case.applicant, record.id, {"contact_mobile": "13900000001"}, version=None, now=NOW)
    assert hand_in(session, case.applicant, record).status == Status.SUBMITTED


def test_a_reviewer_returns_only_what_was_opened(session: Session, case: builders.Case, record: Project) -> None:
    corrected(session, case, record)

    with pytest.raises(Invalid) as refused:
        item = returns.Item("name", "wrong_figure", "请改名称")
        review.return_(session, case.reviewer, Kind.PROJECT, record.id, [item], now=NOW)

    assert [problem.field for problem in refused.value.problems] == ["items-0-target"]


def test_the_days_of_the_bureau_are_not_taken_from_a_returned_correction(
    session: Session, case: builders.Case, record: Project
) -> None:
    sent_back(session, case, record, now=NOW + 4 * DAY)

    assert record.unlocked_until == ENDS + 4 * DAY


def test_a_returned_correction_that_nobody_answers_becomes_what_it_was(
    session: Session, case: builders.Case, record: Project
) -> None:
    before = record.contact_mobile
    sent_back(session, case, record, now=NOW + 60 * DAY)
    assert record.unlocked_until == max(ENDS + 60 * DAY, NOW + 60 * DAY + AT_LEAST)

    assert administration.relock_expired(session, now=record.unlocked_until, limits=LIMITS) == 1

    session.refresh(record)
    assert (record.status, record.contact_mobile) == (Status.APPROVED, before)
    assert (record.unlocked_fields, record.approved_content) == (None, None)
    assert record.submission is not None and record.submission.sequence == 1
    opened(session, record, "scale", now=NOW + 99 * DAY, until=NOW + 120 * DAY)


def test_the_end_of_an_unlock_binds_save_and_submit_alike(
    session: Session, case: builders.Case, record: Project
) -> None:
    opened(session, record, "scale", until=NOW + DAY)
    project.save(session, case.applicant, record.id, {"scale": "另一规模"}, version=None, now=NOW)

    with pytest.raises(Refused) as of_save:
        project.save(session, case.applicant, record.id, {"scale": "又一规模"}, version=None, now=NOW + DAY)
    with pytest.raises(Refused) as of_submit:
        hand_in(session, case.applicant, record, now=NOW + DAY)

    assert of_save.value.sentence == of_submit.value.sentence


def test_what_was_saved_and_not_handed_in_is_kept_for_the_form_and_told(
    session: Session, case: builders.Case, record: Project
) -> None:
    before = record.scale
    opened(session, record, "scale", until=NOW + DAY)
    project.save(session, case.applicant, record.id, {"scale": "另一规模"}, version=None, now=NOW)

    assert administration.relock_expired(session, now=NOW + 2 * DAY, limits=LIMITS) == 1

    session.refresh(record)
    kept = unsaved.kept(session, case.applicant, f"/projects/edit/{record.id}")
    told = session.scalars(select(InboxMessage.event).where(InboxMessage.project_id == record.id)).all()
    assert record.scale == before
    assert kept is not None and kept.entries == {"scale": ["另一规模"]}
    assert "project:relock" in told


def test_a_changed_approval_document_is_again_the_one_that_was_numbered(
    session: Session, case: builders.Case, record: Project
) -> None:
    before = record.approval_key
    opened(session, record, "approval_document_number", until=NOW + DAY)
    typed = {"approval_document_number": "澄发改〔2026〕999号"}
    project.save(session, case.applicant, record.id, typed, version=None, now=NOW)
    assert record.approval_key != before

    administration.relock_expired(session, now=NOW + 2 * DAY, limits=LIMITS)

    session.refresh(record)
    assert record.approval_key == before


def test_an_enterprise_correction_that_is_left_is_approved_as_it_was(session: Session, case: builders.Case) -> None:
    own = enterprise.of_organization(session, case.organization.id)
    assert own is not None
    before, admin = own.address, builders.staff(session, Role.ADMINISTRATOR)
    administration.unlock(
        session,
        admin,
        Kind.ENTERPRISE,
        own.id,
        fields=["address"],
        until=NOW + DAY,
        reason="地址变更",
        now=NOW,
        limits=LIMITS,
    )
    enterprise.save(session, case.applicant, own.id, {"address": "新地址"}, version=None, now=NOW)

    assert administration.relock_expired(session, now=NOW + 2 * DAY, limits=LIMITS) == 1

    session.refresh(own)
    assert (own.status, own.address) == (Status.APPROVED, before)


def test_an_enterprise_record_that_waited_and_was_opened_waits_again_as_handed_in(session: Session) -> None:
    _, applicant = builders.registered(session)
    own = builders.submitted_enterprise(session, applicant)
    before, admin = own.address, builders.staff(session, Role.ADMINISTRATOR)
    administration.unlock(
        session,
        admin,
        Kind.ENTERPRISE,
        own.id,
        fields=["address"],
        until=NOW + DAY,
        reason="地址变更",
        now=NOW,
        limits=LIMITS,
    )
    enterprise.save(session, applicant, own.id, {"address": "新地址"}, version=None, now=NOW)

    administration.relock_expired(session, now=NOW + 2 * DAY, limits=LIMITS)

    session.refresh(own)
    assert (own.status, own.address, own.unlocked_fields) == (Status.SUBMITTED, before, None)


def test_the_public_name_stays_through_open_save_return_and_end(
    session: Session, case: builders.Case, historic: Project
) -> None:
    name, number = historic.name, str(historic.number)
    opened(session, historic, "name", until=ENDS)
    project.save(session, case.applicant, historic.id, {"name": "未经审核的名称"}, version=None, now=NOW)
    hand_in(session, case.applicant, historic)
    item = returns.Item("name", "wrong_figure", "请再核对")
    review.return_(session, case.reviewer, Kind.PROJECT, historic.id, [item], now=NOW)
    assert lookup.by_number(session, number).name == name  # type: ignore[union-attr]

    administration.relock_expired(session, now=ENDS + 30 * DAY, limits=LIMITS)

    session.refresh(historic)
    assert (historic.status, historic.name, historic.submission_id) == (Status.APPROVED, name, None)


def test_history_messages_and_feed_say_that_a_correction_issues_no_number(
    session: Session, case: builders.Case, record: Project
) -> None:
    corrected(session, case, record)

    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW + DAY)

    said = [str(entry.text) for entry in history.entries(session, record)]
    messages = session.scalars(select(InboxMessage).where(InboxMessage.project_id == record.id)).all()
    again = next(message for message in messages if message.event == "project:approve_correction")
    approvals = select(AuditEvent).where(AuditEvent.action == "project:approve").order_by(AuditEvent.id)
    told = [news_of(event.action, event.after) for event in session.scalars(approvals)]
    assert sum("发号" in text for text in said) == 1
    assert "领取" not in again.text and str(record.number) in again.text
    assert told == ["project.approved", "project.corrected"]


def test_the_first_approval_of_a_correction_of_history_is_no_issue(
    session: Session, case: builders.Case, historic: Project
) -> None:
    corrected(session, case, historic)
    builders.check_all(session, historic, case.clerk)

    review.approve(session, case.reviewer, Kind.PROJECT, historic.id, now=NOW)

    assert not any("发号" in str(entry.text) for entry in history.entries(session, historic))


def test_an_organization_goes_on_after_its_record_was_voided(session: Session) -> None:
    _, applicant = builders.registered(session)
    own = builders.submitted_enterprise(session, applicant)
    admin = builders.staff(session, Role.ADMINISTRATOR)
    administration.void(session, admin, Kind.ENTERPRISE, own.id, reason="填错单位", now=NOW, limits=LIMITS)

    again = enterprise.create(session, applicant, builders.ENTERPRISE, now=NOW)

    assert (again.status, again.submission_id) == (Status.DRAFT, None)
    assert returns.open_items(session, again) == []
    with pytest.raises(Refused):
        enterprise.create(session, applicant, builders.ENTERPRISE, now=NOW)


def test_nothing_of_a_void_record_is_taken_over(session: Session) -> None:
    _, applicant = builders.registered(session)
    own = builders.submitted_enterprise(session, applicant)
    admin = builders.staff(session, Role.ADMINISTRATOR)
    administration.void(session, admin, Kind.ENTERPRISE, own.id, reason="填错单位", now=NOW, limits=LIMITS)

    again = enterprise.create(session, applicant, {"address": "新址"}, now=NOW)

    assert (again.address, again.legal_representative, again.contact_mobile) == ("新址", None, None)
    assert snapshot.live_attachments(session, again) == []


def test_a_withdrawn_draft_that_is_deleted_stays_in_the_month_that_counted_it(
    session: Session, case: builders.Case
) -> None:
    record = builders.submitted_project(session, case.applicant)
    manager = builders.staff(session, Role.MANAGER)

    def registered() -> object:
        told = report.monthly(session, manager, "320281", Month(2026, 11), now=NOW + 20 * DAY)
        return told.figures.total().value("registered")

    project.withdraw(session, case.applicant, record.id, now=NOW + DAY)
    assert registered() == 1

    project.delete(session, case.applicant, record.id, now=NOW + 15 * DAY)

    assert registered() == 1
    assert session.get_one(Project, record.id).status == Status.VOIDED
