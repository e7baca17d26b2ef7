"""What the public learns of a number: issued, voided, from before us; in any spelling, never of anything else."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import Kind, Role
from app.services import lookup, project, review, second_person
from models.number import NumberRegister
from models.project import Project
from tests import builders
from tests.builders import LIMITS, NOW, Case
from tests.services.two_people import ask_unlock, ask_void


def imported(session: Session, number: str, **different: object) -> None:
    session.add(NumberRegister(number=number, origin="imported", status="issued", issued_at=NOW, **different))
    session.commit()


@pytest.mark.parametrize(
    "spelling",
    [
        "3202812611230101",
        " 320281 261123 01 01 ",
        "320281-261123-01-01",
        "３２０２８１·２６１１２３·０１·０１",
    ],
)
def test_a_number_is_found_in_any_spelling(session: Session, case: Case, spelling: str) -> None:
    record = builders.approved_project(session, case)

    found = lookup.by_number(session, spelling)

    assert found == lookup.Found(
        "3202812611230101", record.name, case.organization.name, "approved", date(2026, 11, 23), False
    )


def test_a_voided_number_says_so(session: Session, case: Case) -> None:
    record = builders.approved_project(session, case)
    row = session.scalars(select(NumberRegister)).one()
    row.voided_at, row.voided_reason, row.status = NOW, "演示原因", "voided"
    session.commit()

    found = lookup.by_number(session, record.number or "")

    assert found is not None
    assert (found.status, found.name) == ("voided", record.name)


@pytest.mark.parametrize("spelling", ["JY-2010-015", "ＪＹ-2010-015"])
def test_a_number_from_before_us_keeps_its_hyphens(session: Session, case: Case, spelling: str) -> None:
    imported(session, "JY-2010-015", organization_id=case.organization.id)

    found = lookup.by_number(session, spelling)

    assert found is not None
    assert (found.number, found.name, found.builder) == ("JY-2010-015", None, case.organization.name)
    assert (found.issued_on, found.is_imported) == (None, True)


@pytest.mark.parametrize("typed", ["2010-15", "201015"])
def test_the_number_as_it_was_typed_comes_first(session: Session, typed: str) -> None:
    imported(session, "2010-15")
    imported(session, "201015")

    found = lookup.by_number(session, typed)

    assert found is not None
    assert found.number == typed


@pytest.mark.parametrize("text", ["", " ", "---", "3202812611230102", "32028126112301010000000000", "'; --", "编号"])
def test_what_was_never_given_is_not_found(session: Session, case: Case, text: str) -> None:
    builders.approved_project(session, case)

    assert lookup.by_number(session, text) is None


def test_an_unnumbered_project_is_not_found_by_anything(session: Session, case: Case) -> None:
    record = builders.submitted_project(session, case.applicant)

    assert [lookup.by_number(session, text) for text in (record.name, str(record.id))] == [None, None]


UNREVIEWED = "演示没有人审核过的名称"


def opened_and_renamed(session: Session, case: Case) -> Project:
    """A numbered project, opened by two administrators, under a name of the applicant's own."""
    asker, other = (builders.staff(session, Role.ADMINISTRATOR) for _ in range(2))
    record = builders.approved_project(session, case)
    second_person.confirm(session, other, ask_unlock(session, asker, record, "name").id, now=NOW)
    project.save(session, case.applicant, record.id, {"name": UNREVIEWED}, version=None, now=NOW)
    return record


def public_name(session: Session, record: Project) -> str | None:
    found = lookup.by_number(session, record.number or "")
    assert found is not None
    return found.name


@pytest.mark.parametrize("state", ["returned", "submitted", "voided"])
def test_a_name_that_nobody_has_reviewed_is_not_shown(session: Session, case: Case, state: str) -> None:
    record = opened_and_renamed(session, case)
    approved = session.scalars(select(NumberRegister)).one().submission
    if state == "submitted":
        project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)
    if state == "voided":
        asker, other = (builders.staff(session, Role.ADMINISTRATOR) for _ in range(2))
        second_person.confirm(session, other, ask_void(session, asker, record).id, now=NOW)

    assert (record.status, record.name) == (state, UNREVIEWED)
    assert approved is not None
    assert public_name(session, record) == approved.snapshot["fields"]["name"] != UNREVIEWED


def test_a_corrected_name_is_shown_once_it_is_approved(session: Session, case: Case) -> None:
    record = opened_and_renamed(session, case)
    project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)

    assert public_name(session, record) == UNREVIEWED
    asker, other = (builders.staff(session, Role.ADMINISTRATOR) for _ in range(2))
    second_person.confirm(session, other, ask_unlock(session, asker, record, "name").id, now=NOW)
    project.save(session, case.applicant, record.id, {"name": "演示又改的名称"}, version=None, now=NOW)
    assert public_name(session, record) == UNREVIEWED
