"""Exporting and issuing the monthly report: who may, what is kept, what was restated."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.month import Month, read
from app.domain.permissions import PERMISSIONS, Actor
from app.domain.terms import Role
from app.services import project, report
from models.audit import AuditEvent
from models.issued_report import IssuedReport
from reports.monthly.definitions import DEFINITION_VERSION, Rows
from tests import builders
from tests.builders import NOW, staff

NOVEMBER = Month(2026, 11)
DECEMBER = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
HERE, ROOT = "320281", "320200"


@pytest.fixture
def manager(session: Session) -> Actor:
    return staff(session, Role.MANAGER, bureau=HERE)


@pytest.fixture
def numbered(session: Session, case: builders.Case) -> int:
    """A project with a number, of November."""
    return builders.approved_project(session, case).id


def events(session: Session, action: str) -> list[AuditEvent]:
    session.rollback()
    return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)))


def exported(session: Session, actor: Actor, bureau: str = HERE) -> tuple[str, io.BytesIO]:
    file = io.BytesIO()
    return report.export(session, actor, bureau, NOVEMBER, file, now=DECEMBER), file


# Reach and rights ------------------------------------------------------------------------------------


def test_a_bureau_above_is_not_there(session: Session, manager: Actor) -> None:
    with pytest.raises(NotFound):
        report.monthly(session, manager, ROOT, NOVEMBER, now=DECEMBER)


@pytest.mark.parametrize("bureau", [HERE, ROOT])
def test_the_root_bureau_reads_its_own_and_those_below(session: Session, numbered: int, bureau: str) -> None:
    above = staff(session, Role.MANAGER, bureau=ROOT)

    made = report.monthly(session, above, bureau, NOVEMBER, now=DECEMBER)

    assert made.figures.total().value("issued") == 1


def test_another_bureau_counts_nothing_of_ours(session: Session, numbered: int) -> None:
    elsewhere = staff(session, Role.MANAGER, bureau="320213")

    made = report.monthly(session, elsewhere, "320213", NOVEMBER, now=DECEMBER)

    assert not any(made.figures.total().parts.values())


@pytest.mark.parametrize("role", [role for role in Role if "reports" not in PERMISSIONS[role]])
def test_roles_without_the_right_are_refused_and_noted(session: Session, role: Role) -> None:
    actor = staff(session, role, bureau=HERE)

    with pytest.raises(Refused):
        exported(session, actor)

    assert [noted.result for noted in events(session, report.EXPORT)] == ["refused"]


def test_an_administrator_reads_but_does_not_issue(session: Session) -> None:
    administrator = staff(session, Role.ADMINISTRATOR, bureau=HERE)

    assert report.monthly(session, administrator, HERE, NOVEMBER, now=DECEMBER)
    with pytest.raises(Refused):
        report.issue(session, administrator, HERE, NOVEMBER, now=DECEMBER)
    assert session.scalar(select(IssuedReport.id)) is None


# Exporting -------------------------------------------------------------------------------------------


def test_an_export_leaves_parameters_and_rows_in_the_trail(session: Session, manager: Actor, numbered: int) -> None:
    name, file = exported(session, manager)

    rows = len(list(openpyxl.load_workbook(file)["登记月报"].iter_rows(min_row=4)))
    after = {
        "bureau": HERE,
        "month": "2026-11",
        "edition": None,
        "definition_version": DEFINITION_VERSION,
        "rows": rows,
    }
    assert name == "登记月报-320281-2026-11.xlsx"
    assert [(e.result, e.actor_id, e.after) for e in events(session, report.EXPORT)] == [
        ("done", manager.user_id, after)
    ]


def test_an_export_out_of_reach_leaves_its_denial(session: Session, manager: Actor) -> None:
    with pytest.raises(NotFound):
        exported(session, manager, ROOT)

    assert [noted.result for noted in events(session, report.EXPORT)] == ["refused"]


# Issuing ---------------------------------------------------------------------------------------------


def test_a_month_that_goes_on_is_not_issued(session: Session, manager: Actor) -> None:
    with pytest.raises(Refused, match="还没有结束"):
        report.issue(session, manager, HERE, NOVEMBER, now=NOW)

    assert session.scalar(select(IssuedReport.id)) is None


def test_an_edition_freezes_figures_and_keys(session: Session, manager: Actor, numbered: int) -> None:
    row = report.issue(session, manager, HERE, NOVEMBER, now=DECEMBER)

    opened = report.opened(session, manager, row.id, now=DECEMBER)
    assert (row.edition, opened.is_sound, bool(opened.restated)) == (1, True, False)
    assert opened.report.figures.total().value("issued") == 1
    assert row.row_ids[Rows.ISSUED.value] == [["320281", "01", "004", [numbered]]]


def test_each_issue_is_the_next_edition_and_is_noted(session: Session, manager: Actor) -> None:
    editions = [report.issue(session, manager, HERE, NOVEMBER, now=DECEMBER).edition for _ in range(2)]

    assert editions == [1, 2]
    assert [noted.after["edition"] for noted in events(session, report.ISSUE)] == [1, 2]


@pytest.mark.parametrize(
    "change", [update(IssuedReport).values(edition=9), delete(IssuedReport)], ids=["update", "delete"]
)
def test_an_edition_never_changes(session: Session, manager: Actor, change: object) -> None:
    report.issue(session, manager, HERE, NOVEMBER, now=DECEMBER)

    with pytest.raises(DBAPIError):
        session.execute(change)  # type: ignore[call-overload]
    session.rollback()

    assert session.scalars(select(IssuedReport.edition)).all() == [1]


def test_what_changed_since_is_shown_old_and_new(session: Session, manager: Actor, case: builders.Case) -> None:
    submitted = builders.submitted_project(session, case.applicant, now=NOW)
    row = report.issue(session, manager, HERE, NOVEMBER, now=DECEMBER)

    late = builders.submitted_project(session, case.applicant, now=NOW + timedelta(days=1))
    restated = report.opened(session, manager, row.id, now=DECEMBER).restated

    line = ("line", ("320281", "01", "004"), "registered")
    assert restated.cells[line] == (1, 2)
    assert restated.came[Rows.REGISTERED] == {late.id}
    assert submitted.id not in restated.came[Rows.REGISTERED]


def test_a_frozen_figure_lists_what_it_listed(session: Session, manager: Actor, case: builders.Case) -> None:
    kept = builders.submitted_project(session, case.applicant, now=NOW)
    row = report.issue(session, manager, HERE, NOVEMBER, now=DECEMBER)
    builders.submitted_project(session, case.applicant, now=NOW)

    found = report.drilled_edition(session, manager, row.id, Rows.REGISTERED, ("320281", "", ""))

    assert ([p.id for p in found.projects], found.count) == ([kept.id], 1)


def test_an_edition_of_another_bureau_is_not_there(session: Session, manager: Actor) -> None:
    above = staff(session, Role.MANAGER, bureau=ROOT)
    row = report.issue(session, above, ROOT, NOVEMBER, now=DECEMBER)

    for reading in (report.opened, report.export_edition):
        arguments = (io.BytesIO(),) if reading is report.export_edition else ()
        with pytest.raises(NotFound):
            reading(session, manager, row.id, *arguments, now=DECEMBER)  # type: ignore[operator]


# Drilling down ---------------------------------------------------------------------------------------


def test_a_figure_lists_its_projects(session: Session, manager: Actor, case: builders.Case) -> None:
    here, waits = (builders.submitted_project(session, case.applicant, now=NOW) for _ in range(2))
    builders.check_all(session, here, case.clerk, now=NOW)
    withdrawn = builders.submitted_project(session, case.applicant, now=NOW)
    project.withdraw(session, case.applicant, withdrawn.id, now=NOW)

    found = {
        rows: [
            p.id for p in report.drilled(session, manager, HERE, NOVEMBER, rows, ("", "", ""), now=DECEMBER).projects
        ]
        for rows in (Rows.REGISTERED, Rows.PENDING)
    }

    assert found == {Rows.REGISTERED: [here.id, waits.id, withdrawn.id], Rows.PENDING: [here.id]}


# Cost ------------------------------------------------------------------------------------------------


def test_the_number_of_statements_does_not_grow_with_the_projects(
    session: Session, manager: Actor, case: builders.Case
) -> None:
    counts = []
    for _ in range(2):
        session.rollback()
        with counted(session) as statements:
            report.monthly(session, manager, HERE, NOVEMBER, now=DECEMBER)
        counts.append(len(statements))
        for _more in range(3):
            builders.approved_project(session, case)

    assert counts[0] == counts[1] <= 18


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    yield statements
    event.remove(session.get_bind(), "before_cursor_execute", note)


# Months ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "1999-12", "２０２６-10", "2026-10-01", "abc"]
)
def test_a_month_is_written_in_one_way(text: str) -> None:
    with pytest.raises(Invalid):
        read(text, now=NOW)


def test_a_month_begins_at_midnight_in_shanghai() -> None:
    before_new_year = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)

    with pytest.raises(Invalid):
        read("2027-01", now=before_new_year)
    assert read("2027-01", now=before_new_year + timedelta(seconds=1)) == Month(2027, 1)
