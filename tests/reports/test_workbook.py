"""What the one writer of workbooks promises, read back from the file."""

import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from reports.workbook import Book, Column, Form

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
COLUMNS = [
    Column("名称", width=30), Column("日期", Form.DATE), Column("时间", Form.INSTANT), Column("投资", Form.MONEY),
    Column("面积", Form.AREA), Column("个数", Form.COUNT), Column("比率", Form.TENTHS), Column("说明", Form.PROSE),
]  # fmt: skip
VALUES = ("00123", date(2026, 2, 28), NOW, Decimal("18650.0001"), Decimal("42300.50"), 7, 16.7, "长")
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "=cmd|' /C calc'!A0", "#REF!", "{=1}"]


def read(*rows, above=(), **options):
    """Write the rows, open the file again."""
    book = Book("演示表", made_at=NOW)
    sheet = book.sheet("演示表", COLUMNS, above=above, **options)
    for row in rows:
        sheet.row(row)
    file = io.BytesIO()
    book.save(file)
    return openpyxl.load_workbook(io.BytesIO(file.getvalue()))["演示表"]


def test_values_keep_their_kind():
    sheet = read(VALUES)

    assert [cell.value for cell in sheet[2]] == [
        "00123", datetime(2026, 2, 28), datetime(2026, 11, 23, 10, 0), 18650.0001, 42300.5, 7, 16.7, "长",
    ]  # fmt: skip


def test_number_formats_say_what_a_column_holds():
    sheet = read(VALUES)

    assert [cell.number_format for cell in sheet[2]] == [
        "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0.0000", "#,##0.00", "#,##0", "#,##0.0", "@",
    ]  # fmt: skip


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text):
    sheet = read((text, *VALUES[1:7], text))

    assert [(cell.data_type, cell.value) for cell in (sheet["A2"], sheet["H2"])] == [("s", text)] * 2


@pytest.mark.parametrize("text", ["a\x00b\x08", "a\ud800b", "a\ufffeb", "a\uffffb"])
def test_signs_that_no_workbook_holds_are_left_out(text):
    assert read((text, *VALUES[1:]))["A2"].value == "ab"


def test_text_in_a_column_of_numbers_stays_text():
    sheet = read(("x", "=1", "=1", "=1", "—", "＝", "—", None))

    assert {cell.data_type for cell in sheet[2][:7]} == {"s"}


def test_print_set_up_repeats_the_headings():
    sheet = read(VALUES, above=["标题", "江阴市"])

    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$3", "A4")
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"


def test_filter_covers_headings_and_rows():
    assert read(VALUES, VALUES, above=["标题"], filtered=True).auto_filter.ref == "A2:H4"


def test_notes_stand_on_their_cells():
    book = Book("演示表", made_at=NOW)
    book.sheet("演示表", COLUMNS).row(VALUES, notes={0: "请写全称", 7: "太长"})
    file = io.BytesIO()
    book.save(file)

    sheet = openpyxl.load_workbook(file)["演示表"]
    assert [sheet["A2"].comment.text, sheet["H2"].comment.text] == ["请写全称", "太长"]


def test_names_of_sheets_are_made_to_fit():
    book = Book("演示表", made_at=NOW)
    book.sheet("a/b:c" + "长" * 40, COLUMNS)
    file = io.BytesIO()
    book.save(file)

    assert openpyxl.load_workbook(file).sheetnames == ["a-b-c" + "长" * 26]


def write_many(rows):
    book = Book("演示表", made_at=NOW)
    sheet = book.sheet("演示表", COLUMNS)
    for _ in range(rows):
        sheet.row(VALUES)
    book.save(io.BytesIO())


def test_memory_does_not_grow_with_the_rows():
    write_many(10)
    peaks = []
    for rows in (500, 4000):
        tracemalloc.start()
        write_many(rows)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] + 1_000_000
