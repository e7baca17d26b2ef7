"""Workbooks as bureaus really send them: dates, codes, headings and parts in other ways, read as they were meant."""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import import_batch, import_words
from app.services.import_verdict import Judged, Report
from reports.reading_package import DATE_FORMATS, is_date_format
from tests import builders
from tests.databases import on_sqlite
from tests.reports.bombs import saved
from tests.services import import_files as files

DAY = date(2015, 3, 1)
SERIAL = 42064  # the same day as spreadsheets count it


@pytest.fixture
def admin(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)


def report_of(session: Session, admin: Actor, data: bytes) -> Report:
    return import_batch.check(session, admin, files.batch(session, data), now=builders.NOW)


def only(report: Report) -> Judged:
    (row,) = report
    return row


def book(
    *rows: list[Any], title: str = "项目", number_format: str = "General", epoch: datetime | None = None
) -> Workbook:
    """A sheet of these rows; every figure has the same look."""
    made = Workbook()
    if epoch:
        made.epoch = epoch
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, int | float):
                cell.number_format = number_format
    return made


def project(session: Session, **different: object) -> dict[str, object]:
    return files.project_row(1, builders.registered(session)[0].org_code, **different)


def approved_on(session: Session, admin: Actor, value: object, **looks: Any) -> object:
    """What the console makes of this cell in the column of a day."""
    row = project(session, approved_on=value)
    judged = only(report_of(session, admin, saved(book(list(row), list(row.values()), **looks))))
    return judged.values.get("approved_on")


FORMATS = [
    "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "yyyy年m月d日", 'yyyy"年"m"月"d"日";@', r"[$-F800]dddd\,\ mmmm\ dd\,\ yyyy",
    "[$-804]yyyy/m/d", '[DBNum1][$-804]yyyy"年"m"月"d"日";@', "m/d/yy h:mm", "e-mm-dd", "yyyy\\-mm\\-dd", "[红色]yyyy.mm.dd",
]  # fmt: skip
NO_DATES = [
    "General",
    "0.00",
    "#,##0",
    '#,##0"元"',
    "0.00E+00",
    '0"日"',
    "@",
    "[h]:mm",
    "_(* #,##0_)",
    "[Red]-0.0",
    "¥#,##0",
]


def test_formats_of_days_are_known_from_those_of_figures() -> None:
    assert [code for code in FORMATS if not is_date_format(code)] == []
    assert [code for code in NO_DATES if is_date_format(code)] == []


def test_the_built_in_formats_of_chinese_excel_are_days_too() -> None:
    assert {14, 22, *range(27, 37), *range(50, 59)} <= DATE_FORMATS


@on_sqlite
def test_a_figure_in_a_chinese_format_is_a_day(session: Session, admin: Actor) -> None:
    row = project(session, approved_on=SERIAL, planned_start_on=SERIAL)
    data = saved(book(list(row), list(row.values()), number_format="yyyy-mm-dd"))

    judged = only(report_of(session, admin, with_format(data, 31)))

    assert judged.values["approved_on"] == judged.values["planned_start_on"] == DAY


def with_format(data: bytes, number: int) -> bytes:
    """The workbook with another format in place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/styles.xml":
                part = re.sub(rb"<numFmts.*?</numFmts>", b"", part)
                part = re.sub(rb'numFmtId="1[67]\d"', b'numFmtId="%d"' % number, part)
            target.writestr(name, part)
    return out.getvalue()


DAYS = [
    "2015-3-1", "2015/3/1", "2015.3.1", "2015年3月1日", "2015-03-01 08:30:00", "2015-03-01T08:30:00", "２０１５－３－１",
    "2015年 3月 1日", "20150301", 20150301, SERIAL, SERIAL + 0.5, str(SERIAL), DAY, datetime(2015, 3, 1, 8, 30),
]  # fmt: skip


@on_sqlite
def test_a_day_is_read_in_whatever_way_it_stands(session: Session, admin: Actor) -> None:
    row = project(session)
    rows = [list({**row, "approved_on": value}.values()) for value in DAYS]

    report = report_of(session, admin, saved(book(list(row), *rows)))

    assert [judged.values.get("approved_on") for judged in report] == [DAY] * len(DAYS)


@on_sqlite
def test_days_counted_from_1904_are_read_by_their_own_calendar(session: Session, admin: Actor) -> None:
    moved = SERIAL - 1462

    assert approved_on(session, admin, moved, epoch=CALENDAR_MAC_1904) == DAY
    assert approved_on(session, admin, moved, epoch=CALENDAR_MAC_1904, number_format="yyyy-mm-dd") == DAY


@on_sqlite
def test_the_day_that_only_excel_has_is_no_day(session: Session, admin: Actor) -> None:
    row = project(session, approved_on=60)

    judged = only(report_of(session, admin, saved(book(list(row), list(row.values()), number_format="yyyy-mm-dd"))))

    assert "approved_on" in {problem.field for problem in judged.problems}


@on_sqlite
def test_figures_and_codes_are_read_as_people_write_them(session: Session, admin: Actor) -> None:
    row = project(session, investment_10k_cny="１，２００．５０", floor_area_m2="18,650", category_code=1)

    values = only(report_of(session, admin, files.projects(row))).values

    assert (values["investment_10k_cny"], values["category_code"]) == (Decimal("1200.5"), "01")
    assert values["floor_area_m2"] == Decimal("18650")


USUAL = {"project_number": "项目编号", "org_code": "组织机构代码", "contact_mobile": "联系电话", "region_code": "属地"}


@on_sqlite
def test_usual_headings_under_another_name_of_the_only_sheet_are_found(session: Session, admin: Actor) -> None:
    row = project(session)
    heads = [USUAL.get(name, name) for name in row]

    report = report_of(session, admin, saved(book(heads, list(row.values()), title="2015年台账")))

    assert only(report).problems == []


@on_sqlite
def test_a_table_of_text_is_read_in_its_own_encoding(session: Session, admin: Actor) -> None:
    row = {**project(session), "name": '演示"历史"项目,;\t甲', "category_code": "1"}
    cells = ['"' + str(value).replace('"', '""') + '"' for value in row.values()]

    for encoding, delimiter in (
        ("utf-8", ","),
        ("utf-8-sig", ";"),
        ("gb18030", ","),
        ("gb18030", "\t"),
        ("utf-16", "\t"),
    ):
        text = delimiter.join(row) + "\r\n" + delimiter.join(cells) + "\r\n"

        judged = only(report_of(session, admin, text.encode(encoding)))

        assert (judged.problems, judged.values["category_code"]) == ([], "01"), (encoding, delimiter)


@on_sqlite
def test_a_number_that_a_table_of_text_has_lost_is_not_guessed(session: Session, admin: Actor) -> None:
    row = project(session, project_number="3.20281E+15")
    text = ",".join(row) + "\n" + ",".join(f'"{value}"' for value in row.values())

    judged = only(report_of(session, admin, text.encode()))

    assert "末位可能已丢失" in str(judged.problems[0].sentence) or "末位可能已丢失" in str(judged.problems[-1].sentence)


@on_sqlite
def test_what_is_hidden_is_imported_and_said(session: Session, admin: Actor) -> None:
    row = project(session)
    made = book(list(row), list(row.values()))
    sheet = made.active
    sheet.row_dimensions[2].hidden = True  # type: ignore[union-attr]
    sheet.column_dimensions["D"].hidden = True  # type: ignore[union-attr]
    made.create_sheet("说明")
    sheet.sheet_state = "hidden"  # type: ignore[union-attr]

    judged = only(report_of(session, admin, saved(made)))

    assert judged.problems == []
    said = [str(remark.sentence) for remark in judged.remarks]
    assert sum("被隐藏" in sentence for sentence in said) == 3


@on_sqlite
def test_a_text_like_an_escape_comes_back_as_it_was(session: Session, admin: Actor) -> None:
    text = "演示_x0041_项目_x005F_x"
    row = project(session, name=text.replace("_x", "_x005F_x"), remarks="")
    report = report_of(session, admin, files.projects({**row, "region_code": "没有"}))
    returned = io.BytesIO()

    import_words.annotated(report, returned, say=str, translate=str, now=builders.NOW)
    again = report_of(session, admin, returned.getvalue())

    assert (only(report).values["name"], only(again).values["name"]) == (text, text)


SAMPLES = Path(__file__).parent / "import_samples"


@on_sqlite
def test_workbooks_that_bureaus_sent_are_read(session: Session, admin: Actor) -> None:
    for path in sorted(SAMPLES.glob("*.xlsx")):
        rows = list(report_of(session, admin, path.read_bytes()))

        problems = [problem for row in rows for problem in row.problems if problem.field != "org_code"]

        assert [str(problem.sentence) for problem in problems] == [], path.name
        assert "yanshi" not in str([row.values for row in rows])
