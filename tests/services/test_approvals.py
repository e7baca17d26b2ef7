"""One 立项, one number: in any spelling, by document or by 国家投资项目代码, at approval, in a correction, at an import."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Refused
from app.domain.terms import Kind, Role
from app.services import administration, approvals, duplicates, import_batch, project, review, second_person
from app.services.import_verdict import Verdict
from models.project import Project
from tests import builders
from tests.builders import DAY, LIMITS, NOW, Case
from tests.services import import_files as files

CODE, OTHER_CODE = "2016-320281-70-03-000001", "2016-320281-70-03-000002"
DOCUMENT = "澄发改投〔2015〕演示90000号"
SPELLINGS = ["澄发改投〖２０１５〗演示090000号。", "澄发改投[2015年] 演示第90000号文", "文号：澄发改投—2015—演示90000"]


def agreed(session: Session, act: str, record: Project, **given: Any) -> None:
    """Two administrators do it to the project."""
    one, two = (builders.staff(session, Role.ADMINISTRATOR) for _ in range(2))
    doors: dict[str, Any] = {
        "void": lambda: administration.void(
            session, one, Kind.PROJECT, record.id, reason="演示：撤销", now=NOW, limits=LIMITS
        ),
        "allow": lambda: administration.allow_duplicate(
            session, one, record.id, reason="演示：分期", now=NOW, limits=LIMITS
        ),
        "open": lambda: administration.unlock(
            session,
            one,
            Kind.PROJECT,
            record.id,
            reason="演示：有误",
            until=NOW + 10 * DAY,
            now=NOW,
            limits=LIMITS,
            **given,
        ),
    }
    second_person.confirm(session, two, doors[act]().id, now=NOW)
    session.refresh(record)


def waiting(session: Session, case: Case, **values: object) -> Project:
    """A submitted project whose originals were seen."""
    record = builders.submitted_project(session, case.applicant, **values)
    builders.check_all(session, record, case.clerk)
    return record


def approve(session: Session, case: Case, record: Project) -> None:
    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"investment_project_code": CODE}, {"investment_project_code": CODE}, duplicates.SAME_CODE),
        *(
            ({"approval_document_number": DOCUMENT}, {"approval_document_number": text}, duplicates.SAME_APPROVAL)
            for text in SPELLINGS
        ),
    ],
    ids=["the code", *SPELLINGS],
)
def test_one_approval_gets_one_number(
    session: Session, case: Case, first: dict[str, str], second: dict[str, str], reason: str
) -> None:
    numbered = builders.approved_project(session, case, name="演示甲", **first)
    other = waiting(session, case, name="完全不同的工程", **second)

    assert [(found.project.id, found.reason) for found in duplicates.find(session, other)] == [(numbered.id, reason)]
    with pytest.raises(Refused, match=str(numbered.number)):
        approve(session, case, other)


def test_a_void_number_leaves_its_approval_to_the_next(session: Session, case: Case) -> None:
    agreed(session, "void", builders.approved_project(session, case, investment_project_code=CODE))
    following = waiting(session, case, investment_project_code=CODE)

    approve(session, case, following)

    third = waiting(session, case, investment_project_code=CODE)
    with pytest.raises(Refused, match=str(following.number)):
        approve(session, case, third)


@pytest.mark.parametrize(
    ("own", "field", "value"),
    [
        ({"approval_document_number": DOCUMENT}, "approval_document_number", SPELLINGS[0]),
        ({"investment_project_code": CODE}, "investment_project_code", "2016 320281 70 03 000001"),
    ],
    ids=["document", "code"],
)
def test_a_correction_to_the_approval_of_another_number_is_told_at_the_input(
    session: Session, case: Case, own: dict[str, str], field: str, value: str
) -> None:
    first = builders.approved_project(session, case, **own)
    second = builders.approved_project(session, case, investment_project_code=OTHER_CODE)
    agreed(session, "open", second, fields=[field])

    with pytest.raises(Invalid) as refusal:
        project.save(session, case.applicant, second.id, {field: value}, version=None, now=NOW)

    assert [problem.field for problem in refusal.value.problems] == [field]
    assert str(first.number) in str(refusal.value.problems[0].sentence)


def test_an_allowed_repeat_may_be_corrected_but_not_onto_a_third_approval(session: Session, case: Case) -> None:
    builders.approved_project(session, case, approval_document_number=DOCUMENT)
    third = builders.approved_project(session, case, investment_project_code=CODE)
    repeat = waiting(session, case, approval_document_number=DOCUMENT)
    agreed(session, "allow", repeat)
    approve(session, case, repeat)
    agreed(session, "open", repeat, fields=["investment_project_code", "address"])

    with pytest.raises(Invalid):
        project.save(session, case.applicant, repeat.id, {"investment_project_code": CODE}, version=None, now=NOW)
    project.save(session, case.applicant, repeat.id, {"address": "演示路 2 号"}, version=None, now=NOW)

    assert (repeat.duplicate_allowed, third.duplicate_allowed) == (True, False)


@pytest.mark.parametrize(
    ("own", "brought", "field"),
    [
        (
            {"approval_document_number": DOCUMENT},
            {"approval_document_number": SPELLINGS[0]},
            "approval_document_number",
        ),
        ({"investment_project_code": CODE}, {"investment_project_code": CODE}, "investment_project_code"),
    ],
    ids=["document", "code"],
)
def test_an_import_asks_for_every_live_number_of_the_approval(
    session: Session, case: Case, own: dict[str, str], brought: dict[str, str], field: str
) -> None:
    first = builders.approved_project(session, case, **own)
    repeat = waiting(session, case, **own)
    agreed(session, "allow", repeat)
    approve(session, case, repeat)
    agreed(session, "void", first)
    row = files.project_row(0, case.organization.org_code, project_number="3202811510080101", **brought)

    report = import_batch.check(
        session, builders.staff(session, Role.ADMINISTRATOR), files.batch(session, files.projects(row)), now=NOW
    )

    judged = next(iter(report))
    assert judged.verdict is Verdict.BAD
    assert [(found.field, str(repeat.number) in str(found.sentence)) for found in judged.problems] == [(field, True)]


def test_two_rows_of_one_file_do_not_share_a_code(session: Session, case: Case) -> None:
    rows = [
        files.project_row(
            n, case.organization.org_code, project_number=f"320281151008010{n + 1}", investment_project_code=CODE
        )
        for n in range(2)
    ]

    report = import_batch.check(
        session, builders.staff(session, Role.ADMINISTRATOR), files.batch(session, files.projects(*rows)), now=NOW
    )

    assert [judged.verdict for judged in report] == [Verdict.NEW, Verdict.BAD]


def test_what_has_neither_key_has_no_twin(session: Session, case: Case) -> None:
    numbered = builders.approved_project(session, case)
    numbered.approval_key = numbered.investment_project_code = None
    session.commit()
    other = waiting(session, case)

    assert approvals.holders(session, [approvals.NOTHING]) == {}
    approve(session, case, other)
