"""The workbook of the month, opened again: cells, formats, chart ranges, print set-up, and nothing that calculates."""

import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from app.domain.month import Month
from reports.monthly import sheets
from reports.monthly.definitions import DEFINITIONS, GENERAL
from reports.monthly.figures import PARTS, Figures, Line, Point
from reports.monthly.report import Edition, Report

NOW = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
WORDS = {
    ("region_code", "320281"): "江阴市", ("region_code", "320213"): "=梁溪区", ("category_code", "01"): "+房屋建筑工程",
    ("category_code", "02"): "＝市政工程", ("approval_level_code", "004"): "@区县级",
}  # fmt: skip
HEADINGS = ["序号", "区划", "项目分类", "立项级别", *(definition.heading for definition in DEFINITIONS)]
COUNTED = dict(zip(PARTS, range(1, 40), strict=False)) | {"investment": 186_500_001, "floor_area": 4_230_050}


def a_report(**different: Any) -> Report:
    lines = (Line(("320213", "02", "004"), COUNTED), Line(("320281", "01", "004"), COUNTED))
    trend = tuple(Point(str(Month(2025, 11).later(n)), n, n + 1, n + 2) for n in range(12))
    figures = Figures(lines, ("320213", "320281"), trend, date(2026, 11, 1))
    given = {
        "bureau_id": 1, "bureau_code": "320200", "bureau_name": "-无锡市住房和城乡建设局", "month": Month(2026, 10),
        "figures": figures, "made_by": "\t=演示统计员", "made_at": NOW, "definition_version": "1", "words": WORDS,
    }  # fmt: skip
    return Report(**{**given, **different})


def written(report: Report) -> bytes:
    file = io.BytesIO()
    sheets.write(report, file)
    return file.getvalue()


@pytest.fixture(scope="module")
def content() -> bytes:
    return written(a_report())


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def column(sheet: Any, heading: str, row: int) -> Any:
    return sheet.cell(row, HEADINGS.index(heading) + 1)


def test_the_sheets_are_table_charts_meanings_and_parameters(book: Any) -> None:
    assert book.sheetnames == ["登记月报", "图表", "指标说明", "参数"]


def test_headings_stand_in_the_order_of_the_definitions(book: Any) -> None:
    assert [cell.value for cell in book["登记月报"][3]] == HEADINGS


def test_title_names_bureau_and_month(book: Any) -> None:
    assert book["登记月报"]["A1"].value == "-无锡市住房和城乡建设局2026年10月建设工程项目登记月报"


def test_lines_subtotals_and_total_follow_each_other(book: Any) -> None:
    rows = [[cell.value for cell in row[:4]] for row in book["登记月报"].iter_rows(min_row=4)]

    assert rows == [
        [1, "320213 =梁溪区", "02 ＝市政工程", "004 @区县级"], [None, "320213 =梁溪区", "小计", None],
        [2, "320281 江阴市", "01 +房屋建筑工程", "004 @区县级"], [None, "320281 江阴市", "小计", None],
        [None, "合计", None, None],
    ]  # fmt: skip


def test_sums_are_bold_and_lines_are_not(book: Any) -> None:
    assert [row[4].font.b for row in book["登记月报"].iter_rows(min_row=4)] == [False, True, False, True, True]


@pytest.mark.parametrize(
    ("heading", "value", "number_format"),
    [
        ("登记数", 1, "#,##0"),
        ("总投资(万元)", 18650.0001, "#,##0.0000"),
        ("总面积(㎡)", 42300.5, "#,##0.00"),
        ("退回率(%)", 112.5, "#,##0.0"),
        ("登记数同比(%)", -66.7, "#,##0.0"),
    ],
)
def test_figures_are_numbers_with_their_places(book: Any, heading: str, value: Any, number_format: str) -> None:
    cell = column(book["登记月报"], heading, 4)

    assert (cell.value, cell.data_type, cell.number_format) == (value, "n", number_format)


def test_the_total_adds_the_lines(book: Any) -> None:
    assert column(book["登记月报"], "总投资(万元)", 8).value == float(Decimal("37300.0002"))


def test_no_cell_calculates(book: Any) -> None:
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}

    assert kinds == {"s", "n"}


def test_nothing_is_merged(book: Any) -> None:
    assert [sheet.merged_cells.ranges for sheet in book] == [set()] * 4


def test_it_prints_on_a4_across_with_headings_on_every_page(book: Any) -> None:
    sheet = book["登记月报"]

    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$3", "A4")
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"


def test_charts_are_drawn_from_the_cells_below_their_headings(book: Any) -> None:
    sheet = book["图表"]
    bars, trend = sheet._charts

    assert [series.val.numRef.f for series in bars.series] == [f"'图表'!${c}$2:${c}$3" for c in "BCD"]
    assert [series.val.numRef.f for series in trend.series] == [f"'图表'!${c}$6:${c}$17" for c in "BCD"]
    assert trend.series[0].cat.numRef.f == "'图表'!$A$6:$A$17"
    assert [sheet[series.tx.strRef.f.split("!")[1].replace("$", "")].value for series in bars.series] == [
        "登记数", "通过数", "发号数",
    ]  # fmt: skip
    assert [sheet[f"A{row}"].value for row in (2, 3, 6, 17)] == [
        "320213 =梁溪区",
        "320281 江阴市",
        "2025-11",
        "2026-10",
    ]


def test_every_column_is_explained(book: Any) -> None:
    rows = [(row[0].value, row[1].value) for row in book["指标说明"].iter_rows(min_row=4)]

    assert rows == [(d.heading, d.meaning) for d in DEFINITIONS] + [("总则", sentence) for sentence in GENERAL]


def test_an_edition_carries_its_number_and_code() -> None:
    edition = Edition(2, "7f3a91c2" + "0" * 56, "演示统计员甲", NOW)

    book = openpyxl.load_workbook(io.BytesIO(written(a_report(edition=edition))))

    assert "已发布第 2 版，校验码 7F3A-91C2" in book["登记月报"]["A2"].value
    assert ("SHA-256", edition.content_hash) in [(row[0].value, row[1].value) for row in book["参数"].iter_rows()]


def test_every_part_of_the_file_is_sound_xml(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        for name in names:
            ET.fromstring(archive.read(name))

    assert {"xl/charts/chart1.xml", "xl/charts/chart2.xml"} <= set(names)
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]


def test_a_month_without_projects_still_makes_a_workbook() -> None:
    empty = Figures((), ("320281",), (Point("2026-10", 0, 0, 0),), date(2026, 11, 1))

    book = openpyxl.load_workbook(io.BytesIO(written(a_report(figures=empty))))

    assert [row[1].value for row in book["登记月报"].iter_rows(min_row=4)] == ["320281 江阴市", "合计"]
