"""The register under inspection: every day's sequence whole, what is missing named, no more than a print holds."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import number_register
from app.services.number_register import Place
from models.number import NumberCounter, NumberRegister
from models.project import Project
from tests import builders
from tests.builders import NOW, Case

TODAY = date(2026, 11, 23)
HERE = Place("320281", TODAY, "01")
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def manager(session: Session) -> Actor:
    return builders.staff(session, Role.MANAGER)


def by_force(session: Session, project: Project, sequence: int, **different: object) -> NumberRegister:
    """A number that no approval gave."""
    values: dict[str, object] = {
        "number": f"32028126112301{sequence:02d}", "region_code": "320281", "issued_on": TODAY, "category_code": "01",
        "sequence": sequence, "project_id": project.id, "organization_id": project.organization_id,
        "origin": "issued", "status": "issued", "issued_at": NOW,
    }  # fmt: skip
    row = NumberRegister(**{**values, **different})
    session.add(row)
    session.commit()
    return row


def imported(session: Session, **different: object) -> NumberRegister:
    row = NumberRegister(**{"origin": "imported", "status": "issued", "issued_at": NOW, **different})
    session.add(row)
    session.commit()
    return row


def test_what_was_issued_here_has_no_gap(session: Session, case: Case, manager: Actor) -> None:
    for _ in range(3):
        builders.approved_project(session, case)

    found = number_register.inspect(session, manager, *YEAR)

    assert (found.checked.places, found.checked.gaps) == (1, {})
    assert [row.sequence for row in found.rows] == [1, 2, 3]


def test_a_number_that_jumps_leaves_its_gap_named(session: Session, case: Case, manager: Actor) -> None:
    project = builders.approved_project(session, case)

    row = by_force(session, project, 4)

    assert number_register.inspect(session, manager, *YEAR).checked.gaps == {HERE: [2, 3]}
    assert number_register.gaps_of(session, row) == [2, 3]


def test_a_counter_that_ran_ahead_is_a_gap_too(session: Session, case: Case, manager: Actor) -> None:
    builders.approved_project(session, case)
    session.get_one(NumberCounter, ("320281", TODAY, "01")).last_sequence = 3
    session.add(NumberCounter(region_code="320281", issued_on=TODAY, category_code="02", last_sequence=1))
    session.commit()

    gaps = number_register.inspect(session, manager, *YEAR).checked.gaps

    assert gaps == {HERE: [2, 3], Place("320281", TODAY, "02"): [1]}


def test_a_number_from_before_us_fills_its_place_and_is_no_gap_itself(
    session: Session, case: Case, manager: Actor
) -> None:
    project = builders.approved_project(session, case)
    by_force(session, project, 3)
    row = imported(
        session, number="3202812611230102", region_code="320281", issued_on=TODAY, category_code="01", sequence=2,
        project_id=project.id,
    )  # fmt: skip

    assert number_register.inspect(session, manager, *YEAR).checked.gaps == {}
    assert number_register.gaps_of(session, row) == []


def test_a_voided_number_is_counted_and_leaves_no_gap(session: Session, case: Case, manager: Actor) -> None:
    project = builders.approved_project(session, case)
    by_force(session, project, 2, status="voided", voided_at=NOW, voided_reason="演示原因")

    found = number_register.inspect(session, manager, *YEAR)

    assert (found.totals.count, found.totals.voided, found.totals.imported) == (2, 1, 0)
    assert found.checked.gaps == {}


def test_other_regions_are_not_told_of(session: Session, case: Case) -> None:
    project = builders.approved_project(session, case)
    by_force(session, project, 5)
    elsewhere, root = (builders.staff(session, Role.MANAGER, bureau=code) for code in ("320213", "320200"))

    hidden = number_register.inspect(session, elsewhere, *YEAR)
    seen = number_register.inspect(session, root, *YEAR)

    assert (hidden.rows, hidden.checked.places, hidden.checked.gaps) == ([], 0, {})
    assert (len(seen.rows), seen.checked.gaps) == (2, {HERE: [2, 3, 4]})


def test_history_without_a_day_is_counted_apart_at_the_root(session: Session) -> None:
    imported(session, number="3202002010", flags=["not_sixteen_digits"])
    root = builders.staff(session, Role.MANAGER, bureau="320200")

    found = number_register.inspect(session, root, *YEAR)

    assert (found.rows, found.without_day) == ([], 1)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, TODAY, "from"),
        (TODAY, None, "to"),
        (TODAY, date(2026, 11, 22), "to"),
        (date(2025, 11, 22), TODAY, "to"),
    ],
)
def test_a_period_is_whole_and_at_most_a_year(
    session: Session, manager: Actor, first: date | None, last: date | None, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        number_register.inspect(session, manager, first, last)

    assert [problem.field for problem in refused.value.problems] == [field]


def test_too_many_for_one_print_are_counted_and_not_read(
    session: Session, case: Case, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(number_register, "MOST_ROWS", 1)
    for _ in range(2):
        builders.approved_project(session, case)

    found = number_register.inspect(session, manager, *YEAR)

    assert (found.is_too_long, found.rows, found.totals.count) == (True, [], 2)


def test_many_places_that_do_not_add_up_are_all_read(session: Session, manager: Actor) -> None:
    for day in range(1, 29):
        for month in range(1, 9):
            session.add(
                NumberCounter(
                    region_code="320281", issued_on=date(2026, month, day), category_code="99", last_sequence=2
                )
            )
    session.commit()

    checked = number_register.inspect(session, manager, *YEAR).checked

    assert checked.places == len(checked.gaps) == 28 * 8
    assert set(map(tuple, checked.gaps.values())) == {(1, 2)}
