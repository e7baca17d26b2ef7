"""Template and annotated file, read back: what is filled in goes in, what is at fault is said in its very cell."""

import io
import tempfile

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import import_batch, import_words
from app.services.import_table import ImportKind, read_batch
from app.services.import_verdict import Report
from tests import builders
from tests.reports.bombs import saved
from tests.services import import_files as files


@pytest.fixture
def admin(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)


def template(session: Session, admin: Actor, kind: ImportKind) -> Workbook:
    file = io.BytesIO()
    import_words.template(session, admin, kind, file, say=str, is_chinese=True, now=builders.NOW)
    session.rollback()
    file.seek(0)
    return load_workbook(file)


def checked(session: Session, admin: Actor, data: bytes) -> tuple[Report, Workbook, bytes]:
    report = import_batch.check(session, admin, files.batch(session, data), now=builders.NOW)
    file = io.BytesIO()
    import_words.annotated(report, file, say=str, translate=str, now=builders.NOW)
    return report, load_workbook(io.BytesIO(file.getvalue())), file.getvalue()


def test_the_template_has_hidden_keys_headings_in_words_and_lists_to_choose_from(session, admin):
    sheet = template(session, admin, ImportKind.PROJECTS)["项目"]

    keys = [cell.value for cell in sheet[1]]
    lists = {str(rule.sqref).split(":")[0][:-1]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert keys[:4] == ["project_number", "numbered_on", "org_code", "name"] and sheet.row_dimensions[1].hidden
    assert sheet["A2"].value == "*项目统一编号" and sheet.freeze_panes == "A3"
    assert sheet.column_dimensions["A"].number_format == "@"
    assert len(lists) == 8 and all("代码" in formula for formula in lists.values())


def test_the_lists_offer_what_the_bureau_may_choose(session, admin):
    lists = template(session, admin, ImportKind.PROJECTS)["代码"]

    columns = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in lists.iter_cols()}
    assert columns["region_code"] == ["320281 江阴市"]
    assert columns["category_code"][0] == "01 房屋建筑工程" and columns["approval_kind"] == ["审批", "核准", "备案"]


def test_a_template_filled_in_is_a_good_file(session, admin):
    code = builders.registered(session)[0].org_code
    book = template(session, admin, ImportKind.PROJECTS)
    row = files.project_row(0, code)
    book["项目"].append([row.get(str(cell.value)) for cell in book["项目"][1]])

    report, _, _ = checked(session, admin, saved(book))

    assert report.counts == {"new": 1, "unchanged": 0, "conflict": 0, "bad": 0}


def test_headings_alone_are_understood_when_the_hidden_keys_are_gone(session, admin):
    code = builders.registered(session)[0].org_code
    book = template(session, admin, ImportKind.PROJECTS)
    row = files.project_row(0, code)
    book["项目"].append([row.get(str(cell.value)) for cell in book["项目"][1]])
    book["项目"].delete_rows(1)

    assert checked(session, admin, saved(book))[0].counts["new"] == 1


def test_faults_stand_as_notes_in_their_cells_and_the_last_column_tells_of_the_row(session, admin):
    code = builders.registered(session)[0].org_code
    good, bad = files.project_row(0, code), files.project_row(1, code, investment_10k_cny="很多")

    _, book, _ = checked(session, admin, files.projects(good, bad))

    sheet = book["项目"]
    head = {cell.value: cell.column for cell in sheet[1]}
    fault = sheet.cell(3, head["investment_10k_cny"])
    assert fault.value == "很多" and "请填写数字" in fault.comment.text
    assert sheet.cell(2, head["导入结果"]).value == "可以导入"
    assert sheet.cell(3, head["导入结果"]).value.startswith("有问题；总投资请填写数字")
    assert sheet.cell(2, head["name"]).comment is None


def test_what_is_odd_and_kept_is_noted_too(session, admin):
    code = builders.registered(session)[0].org_code
    row = files.project_row(0, code, project_number="JY-42", numbered_on="2015-01-02")

    _, book, _ = checked(session, admin, files.projects(row))

    assert "不是 16 位数字" in book["项目"].cell(2, 1).comment.text


def test_text_that_looks_like_a_formula_comes_back_as_text(session, admin):
    code = builders.registered(session)[0].org_code
    row = files.project_row(0, code, name="＝1+1", scale="@sum", investment_10k_cny="+x")

    _, book, _ = checked(session, admin, files.projects(row))

    kinds = {cell.data_type for line in book["项目"].iter_rows() for cell in line if cell.value is not None}
    assert kinds == {"s"}


def test_the_annotated_file_can_be_put_right_and_sent_again(session, admin):
    code = builders.registered(session)[0].org_code
    _, book, _ = checked(session, admin, files.projects(files.project_row(0, code, investment_10k_cny="很多")))
    sheet = book["项目"]
    place = next(cell.column for cell in sheet[1] if cell.value == "investment_10k_cny")
    sheet.cell(2, place).value = "99.5"

    with tempfile.TemporaryFile() as file:
        file.write(saved(book))
        batch = read_batch(session, ImportKind.PROJECTS, file)

    assert import_batch.store(session, admin, batch, now=builders.NOW).stored == 1
