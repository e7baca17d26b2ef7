"""What the public learns of a number: issued, voided, from before us; in any spelling, never of anything else."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services import lookup
from models.number import NumberRegister
from tests import builders
from tests.builders import NOW, Case


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
