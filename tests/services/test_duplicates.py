"""Look-alikes: the same 立项, the same scan, a near-equal name in the same district."""

from sqlalchemy.orm import Session

from app.services import duplicates
from tests import builders


def reasons(session: Session, record: object) -> list[str]:
    return [found.reason for found in duplicates.find(session, record)]  # type: ignore[arg-type]


def test_the_same_approval_document_is_found_in_any_spelling(session: Session, case: builders.Case) -> None:
    builders.submitted_project(session, case.applicant, approval_document_number="澄发改投〔2026〕演示77号")
    again = builders.draft_project(session, case.applicant, approval_document_number="澄发改投[2026]演示77号")

    assert reasons(session, again) == [duplicates.SAME_APPROVAL]


def test_the_very_same_scan_is_found_whatever_the_organization(session: Session, case: builders.Case) -> None:
    mine = builders.draft_project(session, case.applicant)
    builders.attach(session, mine, "other", "shared")
    other = builders.a_case(session)
    theirs = builders.submitted_project(session, other.applicant, name="完全不同的工程")
    builders.attach(session, theirs, "other", "shared")

    assert reasons(session, mine) == [duplicates.SAME_SCAN]


def test_a_near_equal_name_in_the_same_district_is_found(session: Session, case: builders.Case) -> None:
    builders.submitted_project(session, case.applicant, name="江阴市演示实验小学迁建工程一期")
    near = builders.draft_project(session, case.applicant, name="江阴市演示实验小学（迁建）工程一期")
    far = builders.draft_project(
        session, case.applicant, name="江阴市演示实验小学（迁建）工程一期", region_code="320282"
    )

    assert reasons(session, near) == [duplicates.NEAR_NAME]
    assert reasons(session, far) == []


def test_a_different_project_looks_like_none(session: Session, case: builders.Case) -> None:
    builders.submitted_project(session, case.applicant, name="演示污水处理厂扩建")
    record = builders.draft_project(session, case.applicant, name="滨江大道改造")

    assert reasons(session, record) == []
