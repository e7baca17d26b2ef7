"""A tick is bound to the file it was given for: what counts as seen, for which project, and what voids it."""

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.terms import Kind, OriginalResult
from app.services import counter, counter_queue, originals, review, worklist
from app.services import project as project_service
from models.attachment import Attachment
from models.bureau import Bureau
from models.originals_check import OriginalsCheck
from tests.builders import (
    LIMITS,
    NOW,
    PROJECT,
    a_bureau,
    a_case,
    attach,
    check_all,
    draft_project,
    mandate_of,
    registered,
    submitted_project,
)


def replaced(session: Session, former: Attachment) -> Attachment:
    """Another file in the same place."""
    later = attach(session, former.project or former.enterprise, former.slot)
    former.superseded_at, former.superseded_by_id = NOW, later.id
    session.commit()
    return later


def seen(session: Session, project) -> set[int]:
    scans = originals.scans_to_check(session, project)
    return set(originals.latest_checks(session, project, scans))


def test_the_scans_are_those_of_the_enterprise_and_then_the_project(session: Session) -> None:
    case = a_case(session)
    project = submitted_project(session, case.applicant)

    scans = originals.scans_to_check(session, project)

    assert [scan.slot for scan in scans] == ["org_code_certificate", "approval_document"]


def test_a_replaced_scan_voids_only_its_own_tick(session: Session) -> None:
    case = a_case(session)
    project = submitted_project(session, case.applicant)
    attach(session, project, "other")
    check_all(session, project, case.clerk)
    before = originals.scans_to_check(session, project)

    later = replaced(session, next(scan for scan in before if scan.slot == "other"))

    kept = {scan.id for scan in before if scan.slot != "other"}
    assert seen(session, project) == kept
    assert later.id not in seen(session, project)
    assert originals.tally(session, {project.id: project.organization_id})[project.id] == originals.Tally(2, 3)


def test_the_same_file_uploaded_again_is_still_seen(session: Session) -> None:
    case = a_case(session)
    project = submitted_project(session, case.applicant)
    check_all(session, project, case.clerk)
    former = next(s for s in originals.scans_to_check(session, project) if s.slot == "approval_document")

    again = attach(session, project, former.slot)
    again.sha256 = former.sha256
    former.superseded_at = NOW
    session.commit()

    assert again.id in seen(session, project)


def test_enterprise_scans_seen_in_an_earlier_project_count(session: Session) -> None:
    case = a_case(session)
    check_all(session, submitted_project(session, case.applicant), case.clerk)

    project = submitted_project(session, case.applicant)

    of_enterprise = {s.id for s in originals.scans_to_check(session, project) if s.enterprise_id}
    assert seen(session, project) == of_enterprise
    told = originals.are_checked(session, project)
    assert str(told) == "还有 1 件扫描件没有核对原件，不能通过。"


def test_a_tick_for_another_organization_with_the_same_file_does_not_count(session: Session) -> None:
    one, other = a_case(session), a_case(session)
    first = draft_project(session, one.applicant)
    second = draft_project(session, other.applicant)
    shared = attach(session, first, "other", "the same paper")
    foreign = attach(session, second, "other", "the same paper")
    session.add(
        OriginalsCheck(
            attachment_id=shared.id, sha256=shared.sha256, project_id=first.id, result="match",
            checked_by_id=one.clerk.user_id, checked_at=NOW,
        )
    )  # fmt: skip
    session.commit()

    assert shared.id in originals.latest_checks(session, first, [shared])
    assert originals.latest_checks(session, second, [foreign]) == {}
    assert originals.tally(session, {second.id: second.organization_id})[second.id].seen == 0


@pytest.mark.parametrize("result", [OriginalResult.DIFFERS, OriginalResult.MISSING])
def test_the_latest_finding_counts(session: Session, result: OriginalResult) -> None:
    case = a_case(session)
    project = submitted_project(session, case.applicant)
    check_all(session, project, case.clerk)
    scan = originals.scans_to_check(session, project)[0]

    session.add(
        OriginalsCheck(
            attachment_id=scan.id, sha256=scan.sha256, project_id=project.id, result=result,
            checked_by_id=case.clerk.user_id, checked_at=NOW,
        )
    )  # fmt: skip
    session.commit()

    assert originals.latest_checks(session, project, [scan])[scan.id].result == result
    assert originals.are_checked(session, project) is not True
    assert not originals.tally(session, {project.id: project.organization_id})[project.id].is_complete


def test_nothing_seen_is_said_in_the_words_of_the_rule(session: Session) -> None:
    case = a_case(session)
    project = submitted_project(session, case.applicant)

    assert str(originals.are_checked(session, project)) == "尚未原件核验，不能通过。"


def test_a_bureau_that_does_not_ask_for_originals_gets_its_approval(session: Session) -> None:
    case = a_case(session)
    project = submitted_project(session, case.applicant)

    session.get_one(Bureau, project.bureau_id).requires_originals = False
    session.commit()

    assert originals.are_checked(session, project) is True


def test_the_last_visit_is_what_the_receipt_shows(session: Session) -> None:
    case = a_case(session)
    project = submitted_project(session, case.applicant)
    assert originals.visit(session, project) == []

    check_all(session, project, case.clerk)

    findings = originals.visit(session, project)
    assert [f.attachment.slot for f in findings] == ["org_code_certificate", "approval_document"]
    assert {f.mandate.agent_name for f in findings} == {"演示经办人"}
    assert {f.checked_by_id for f in findings} == {case.clerk.user_id}


def test_no_project_gives_no_tally(session: Session) -> None:
    registered(session)

    assert originals.tally(session, {}) == {}


# One visit for each project ---------------------------------------------------------------------


def one_file_for_two(session: Session):
    """Two projects of one organization whose 立项批文 is one and the same file."""
    case = a_case(session)
    records = []
    for name in ("演示一期", "演示二期"):
        values = {**PROJECT, "name": name, "approval_document_number": f"澄发改〔2026〕{name}"}
        record = project_service.create(session, case.applicant, values, now=NOW)
        attach(session, record, "approval_document", content="one and the same file")
        records.append(
            project_service.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)
        )
    return case, *records


def test_a_check_for_one_project_is_none_for_the_next(session: Session) -> None:
    case, first, second = one_file_for_two(session)

    check_all(session, first, case.clerk)

    assert originals.visit(session, second) == []
    assert originals.tally(session, {second.id: second.organization_id})[second.id] == originals.Tally(1, 2, False)
    with pytest.raises(Refused):
        review.approve(session, case.reviewer, Kind.PROJECT, second.id, now=NOW)


def test_a_project_with_carried_over_scans_alone_still_needs_somebody_to_come(session: Session) -> None:
    case = a_case(session)
    check_all(session, submitted_project(session, case.applicant), case.clerk)
    project = submitted_project(session, case.applicant)
    for scan in project.attachments:
        scan.superseded_at = NOW
    session.commit()

    told = originals.are_checked(session, project)
    letter = mandate_of(session, case.organization.id, case.clerk)
    counter.check_originals(session, case.clerk, project.id, letter.id, {}, now=NOW)

    assert str(told) == originals.NOBODY_CAME
    assert originals.are_checked(session, project) is True
    assert originals.last_visit(session, project).presented_by == letter.agent_name


def test_the_same_file_in_another_place_needs_a_look_of_its_own(session: Session) -> None:
    case = a_case(session)
    project = submitted_project(session, case.applicant)
    check_all(session, project, case.clerk)
    document = next(scan for scan in originals.scans_to_check(session, project) if scan.project_id)

    other = attach(session, project, "other")
    other.sha256 = document.sha256
    session.commit()

    assert document.id in seen(session, project)
    assert other.id not in seen(session, project)


def test_an_enterprise_scan_that_was_put_back_is_still_seen(session: Session) -> None:
    case = a_case(session)
    project = submitted_project(session, case.applicant)
    check_all(session, project, case.clerk)
    first = originals.scans_to_check(session, project)[0]
    second = replaced(session, first)
    assert second.id not in seen(session, project)

    third = replaced(session, second)
    third.sha256 = first.sha256
    session.commit()

    assert third.id in seen(session, project)


def test_a_letter_taken_back_later_unsees_nothing(session: Session) -> None:
    case = a_case(session)
    project = submitted_project(session, case.applicant)
    check_all(session, project, case.clerk)

    for letter in case.organization.mandates:
        letter.revoked_at = NOW
    session.commit()

    assert originals.are_checked(session, project) is True


def test_a_project_at_another_bureau_keeps_its_visit(session: Session) -> None:
    case = a_case(session)
    project = submitted_project(session, case.applicant)
    check_all(session, project, case.clerk)

    project.bureau_id = a_bureau(session, "320282").id
    session.commit()

    assert originals.are_checked(session, project) is True


def test_worklist_counter_and_approval_say_the_same(session: Session) -> None:
    case, first, second = one_file_for_two(session)
    check_all(session, first, case.clerk)

    lines = {line.project.id: line for line in counter_queue.lines(session, [first, second])}
    tasks = {t.record_id: t for t in worklist.queue(session, case.reviewer, worklist.Asked(), now=NOW).tasks}

    for record in (first, second):
        is_done = originals.are_checked(session, record) is True
        assert is_done is (record is first)
        assert lines[record.id].tally.is_complete is tasks[record.id].originals.is_complete is is_done
        assert (lines[record.id].step == counter_queue.Step.CHECK) is not is_done
