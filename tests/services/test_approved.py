"""Only what was approved is told, whatever a record is being changed to."""

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.month import Month
from app.domain.permissions import Actor
from app.domain.terms import Kind, Role
from app.services import (
    administration,
    approved,
    counter,
    enterprise,
    export,
    import_batch,
    lookup,
    published,
    rename,
    report,
    review,
)  # fmt: skip
from app.services import project as projects
from models.project import Project
from reports import list_words
from tests import builders
from tests.builders import DAY, LIMITS, NOW
from tests.services import import_files as files
from tests.services import two_people

UNREVIEWED = {"name": "未经审核的名称", "investment_10k_cny": "999999", "approval_level_code": "002"}


def imported(session: Session, case: builders.Case) -> tuple[Project, Actor]:
    admin = builders.staff(session, Role.ADMINISTRATOR)
    row = files.project_row(0, case.organization.org_code, project_number="3202811510080101")
    import_batch.store(session, admin, files.batch(session, files.projects(row)), now=NOW)
    return session.scalars(select(Project)).one(), admin


def changed(session: Session, case: builders.Case, record: Project) -> Project:
    two_people.opened(session, record, *UNREVIEWED)
    projects.save(session, case.applicant, record.id, UNREVIEWED, version=None, now=NOW)
    return record


def written(session: Session, actor: Actor) -> str:
    """Everything that an export of the list of projects says."""
    columns = tuple(column.key for column in export.LISTS["projects"].columns)
    file, words = BytesIO(), list_words.load(session, str, is_chinese=True)
    export.at_once(session, actor, export.Wanted("projects", columns=columns), file, words, now=NOW)
    rows = load_workbook(file).worksheets[0].iter_rows(values_only=True)
    return " ".join(str(value) for row in rows for value in row)


def test_the_look_up_and_other_systems_are_told_what_was_approved(session: Session, case: builders.Case) -> None:
    record, admin = imported(session, case)
    assert record.number is not None
    name, fields = (
        lookup.by_number(session, record.number).name,
        published.by_number(session, admin, record.number).fields,
    )  # type: ignore[union-attr]

    changed(session, case, record)

    assert lookup.by_number(session, record.number).name == name  # type: ignore[union-attr]
    assert published.by_number(session, admin, record.number).fields == fields


def test_the_report_sums_what_was_approved_in_its_line(session: Session, case: builders.Case) -> None:
    record = builders.approved_project(session, case)
    manager = builders.staff(session, Role.MANAGER)

    def figures() -> object:
        told = report.monthly(session, manager, "320281", Month(2026, 11), now=NOW + 20 * DAY).figures
        assert told.total().value("investment") == Decimal(18650)
        return told.lines

    before = figures()

    changed(session, case, record)

    assert figures() == before


def test_only_a_reviewed_legal_representative_takes_the_number_without_a_letter(
    session: Session, case: builders.Case, first: Actor
) -> None:
    record = builders.approved_project(session, case)
    own = enterprise.of_organization(session, case.organization.id)
    assert own is not None and own.legal_representative is not None
    reviewed = own.legal_representative
    administration.unlock(
        session, first, Kind.ENTERPRISE, own.id,
        fields=["legal_representative"], until=NOW + 5 * DAY, reason="演示", now=NOW, limits=LIMITS,
    )  # fmt: skip
    enterprise.save(session, case.applicant, own.id, {"legal_representative": "路人甲"}, version=None, now=NOW)

    with pytest.raises(Invalid):
        counter.hand_over(session, case.clerk, record.id, received_by="路人甲", now=NOW)

    assert counter.hand_over(session, case.clerk, record.id, received_by=reviewed, now=NOW).received_by == reviewed


def test_the_province_is_told_the_builder_of_today(session: Session, case: builders.Case, first: Actor) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)
    code = builders.org_code(88888)
    raw = {"name": "演示更名单位", "org_code": code, "uscc": "", "effective_on": "2026-11-20", "reason": "通知书"}
    rename.rename(session, first, case.organization.id, raw, version=None, now=NOW)

    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)

    (push,) = two_people.pushes(session, record)
    assert push["record"]["organization"] == {"org_code": code, "name": "演示更名单位"}  # type: ignore[index]


def test_a_number_is_taken_back_under_its_approved_content(
    session: Session, case: builders.Case, first: Actor, second: Actor
) -> None:
    record = changed(session, case, builders.approved_project(session, case))
    projects.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    two_people.confirm(session, second, two_people.ask_void(session, first, record))

    push = two_people.pushes(session, record)[-1]
    assert push["op"] == "delete"
    assert push["record"]["fields"]["name"] != UNREVIEWED["name"]  # type: ignore[index]
    assert lookup.by_number(session, str(record.number)).name != UNREVIEWED["name"]  # type: ignore[union-attr]


def test_an_export_says_what_was_approved(session: Session, case: builders.Case) -> None:
    record = builders.approved_project(session, case)
    manager = builders.staff(session, Role.MANAGER)
    name = record.name

    changed(session, case, record)

    told = written(session, manager)
    assert name in told
    assert not any(value in told for value in ("未经审核的名称", "999999"))


def test_an_approved_correction_is_told_at_once(session: Session, case: builders.Case) -> None:
    record = changed(session, case, builders.approved_project(session, case))
    projects.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)

    assert lookup.by_number(session, str(record.number)).name == UNREVIEWED["name"]  # type: ignore[union-attr]
    assert approved.told(session, record)["investment_10k_cny"] == "999999.0000"
    assert record.approved_content is None
