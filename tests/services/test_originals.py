"""A tick is bound to the file it was given for: what counts as seen, for which project, and what voids it."""

import pytest
from sqlalchemy.orm import Session

from app.domain.terms import OriginalResult
from app.services import originals
from models.attachment import Attachment
from models.bureau import Bureau
from models.originals_check import OriginalsCheck
from tests.builders import NOW, a_case, attach, check_all, draft_project, registered, submitted_project


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
