"""What the counter finds and what waits there, for its own bureaus."""

import pytest
from sqlalchemy.orm import Session

from app.domain.identifiers import uscc_check_character
from app.services import counter, counter_queue
from models.organization import Organization
from models.project import Project
from tests.builders import (
    NOW,
    Case,
    a_case,
    approved_project,
    check_all,
    draft_project,
    org_code,
    submitted_project,
)


@pytest.fixture
def case(session: Session) -> Case:
    return a_case(session)


@pytest.fixture
def project(session: Session, case: Case) -> Project:
    return submitted_project(session, case.applicant)


def uscc_of(code: str) -> str:
    body = "12320281" + code.replace("-", "")
    return body + uscc_check_character(body)


def spelt(project: Project, organization: Organization) -> dict[str, str]:
    code, uscc, number = organization.org_code, organization.uscc or "", project.number or ""
    segments = f"{number[:6]} {number[6:12]}-{number[12:14]}·{number[14:]}"
    return {
        "number": number,
        "number in segments": segments,
        "code": code,
        "code in lower case without hyphen": code.replace("-", "").lower(),
        "code in full width": code.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)}),
        "credit code": uscc,
        "credit code in lower case with blanks": f" {uscc[:8].lower()} {uscc[8:].lower()}",
        "part of the project's name": project.name[2:],
        "part of the organization's name": organization.name[2:],
        "mobile with blanks": "153 1234 5678",
    }


def test_a_project_is_found_in_any_spelling(session: Session, case: Case) -> None:
    project = approved_project(session, case)
    organization = case.organization
    organization.uscc = uscc_of(organization.org_code)
    session.commit()

    spellings = spelt(project, organization)
    missed = [how for how, text in spellings.items() if counter.find(session, case.clerk, text) != [project]]

    assert missed == []


@pytest.mark.parametrize("text", ["%", "_", "\\", "没有这个项目", "3202812611230199", org_code(99999)])
def test_what_is_not_there_is_not_found(session: Session, case: Case, project: Project, text: str) -> None:
    assert counter.find(session, case.clerk, text) == []


def test_drafts_are_not_the_counters(session: Session, case: Case) -> None:
    draft = draft_project(session, case.applicant)

    assert counter.find(session, case.clerk, draft.name) == []


def test_each_project_waits_for_one_step(session: Session, case: Case) -> None:
    fresh, checked = (submitted_project(session, case.applicant) for _ in range(2))
    check_all(session, checked, case.clerk)
    numbered, taken = approved_project(session, case), approved_project(session, case)
    counter.hand_over(session, case.clerk, taken.id, received_by="演示法人", now=NOW)

    lines = counter_queue.lines(session, [fresh, checked, numbered, taken])

    assert [line.step for line in lines] == ["check", "review", "hand_over", "done"]
    assert [line.project.id for line in counter_queue.to_check(session, case.clerk)] == [fresh.id]
    assert [row.id for row in counter_queue.to_hand_over(session, case.clerk)] == [numbered.id]
