"""Workbooks of strangers: read as a person would type them, or refused in seconds with flat memory (T091)."""

import io
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date, datetime

import psutil
import pytest
from openpyxl import Workbook

from app.domain.errors import Refused
from reports.reading import Book, Sheet, read_workbook
from tests.reports import bombs

MEGABYTE = 1_000_000
MOST_SECONDS, MOST_BYTES = 8.0, 100 * MEGABYTE  # processor time: a busy machine spends twice what a quiet one does
A_START = 35 * MEGABYTE  # Python and openpyxl themselves, in the child


def read(data: bytes, *sheets: str) -> Book:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        return read_workbook(file, sheets=sheets)


def sheet(data: bytes) -> Sheet:
    return read(data).sheets[bombs.TITLE]


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(data)
    return str(caught.value.sentence)


# What is read ----------------------------------------------------------------------------------------


def test_values_come_as_a_person_would_type_them():
    row = ["文字", "007", 18650, 0.1 + 0.2, 1.5e-7, date(2016, 1, 10), datetime(2016, 1, 10, 8, 30), True, None, "end"]

    found = sheet(bombs.workbook([row])).rows

    assert found == (
        (1, ("文字", "007", "18650", "0.3", "0.00000015", "2016-01-10", "2016-01-10 08:30:00", "true", None, "end")),
    )


def test_rows_keep_the_numbers_that_excel_shows_and_empty_ones_are_left_out():
    found = sheet(bombs.workbook([["a"], [], [None, None], ["b"], [""]])).rows

    assert [number for number, _ in found] == [1, 4]


def test_escapes_that_are_no_text_stay_as_they_were_written():
    row = ["_xD800__xDFFF_", "a_x0000_b", "江_x000A_阴"]

    assert sheet(bombs.workbook([row])).rows == ((1, ("_xD800__xDFFF_", "a_x0000_b", "江\n阴")),)


def test_formulas_and_error_values_are_faults_of_their_cell():
    book = sheet(bombs.workbook([["=1+1", "ok", "#REF!"]]))

    assert book.rows == ((1, (None, "ok")),)
    assert book.faults == {(1, 1): "formula", (1, 3): "error"}


def test_sixteen_digits_as_a_figure_have_lost_their_last_one_and_are_refused():
    assert sheet(bombs.workbook([[3202811601100101, 99.5]])).faults == {(1, 1): "digits_lost"}


def test_shared_texts_are_read_without_their_readings():
    texts = f"<sst {bombs.MAIN}><si><r><t>江</t></r><r><t>阴_x000A_市</t></r><rPh><t>jiang</t></rPh></si></sst>"
    base = bombs.sheet_of('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    types = bombs.with_part("xl/sharedStrings.xml", [texts.encode()], base)

    assert sheet(types).rows == ((1, ("江阴\n市",)),)


def test_only_the_sheets_asked_for_are_read_and_all_are_named():
    book = Workbook()
    book.create_sheet("别的").append(["x"])

    found = read(bombs.saved(book), "别的")

    assert list(found.sheets) == ["别的"]
    assert found.titles == ("Sheet", "别的")


def test_what_the_sheet_says_about_its_own_size_decides_nothing():
    markup = f'<worksheet {bombs.MAIN}><dimension ref="A1:A1"/><sheetData>' + "".join(
        f'<row r="{n}"><c r="B{n}" t="inlineStr"><is><t>v</t></is></c></row>' for n in (1, 2)
    )
    data = bombs.with_part(bombs.FIRST_SHEET, [f"{markup}</sheetData></worksheet>".encode()])

    assert [cells for _, cells in sheet(data).rows] == [(None, "v"), (None, "v")]


# What is refused -------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "half a gigabyte": (bombs.half_a_gigabyte, "展开后过大"),
    "columns many times": (bombs.all_columns_many_times, "超过 100 列"),
    "value in the last column": (lambda: bombs.all_columns("<v>1</v>"), "超过 100 列"),
    "a million texts": (bombs.a_million_texts, "展开后过大"),
    "row beyond the last": (
        lambda: bombs.sheet_of('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), "超过 20,000 行",
    ),
    "external entity": (bombs.external_entity, "不允许的 XML 声明"),
    "late entity": (bombs.late_entity, "不允许的 XML 声明"),
    "entity in styles": (bombs.entity_in_styles, "不允许的 XML 声明"),
    "macros": (bombs.with_macros, "带有宏"),
    "xlsm by its type": (bombs.called_macro_enabled, "带有宏"),
    "external link": (bombs.with_external_link, "外部链接"),
    "truncated": (lambda: bombs.workbook([["a"]])[:3000], "已损坏"),
    "csv renamed": (lambda: "编号,名称\n1,二\n".encode(), "不是 .xlsx"),
    "html renamed": (lambda: b"<html><table>", "不是 .xlsx"),
    "old xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "旧格式 .xls"),
    "another archive": (lambda: _plain_zip(), "不是 .xlsx"),
    "nothing": (lambda: b"", "文件是空的"),
    "eleven megabytes": (lambda: b"PK\x03\x04" + b"x" * 11 * 1024 * 1024, "超过 10 MB"),
}  # fmt: skip


def _plain_zip() -> bytes:
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("readme.txt", "x")
    return file.getvalue()


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_workbook_is_refused_in_seconds_with_flat_memory(name: str):
    make, sentence = REFUSED[name]
    data = make()

    with Measured() as measured:
        said = refusal(data)

    assert sentence in said
    assert measured.cpu_seconds < MOST_SECONDS
    assert measured.peak_bytes < MOST_BYTES


@pytest.mark.parametrize(
    "make", [bombs.a_million_empty_rows, bombs.a_million_empty_cells, bombs.all_columns], ids=lambda make: make.__name__
)
def test_empty_rows_and_columns_without_end_are_cut(make: Callable[[], bytes]):
    data = make()

    with Measured() as measured:
        found = sheet(data)

    assert found.rows == ()
    assert found.is_cut == (make is not bombs.all_columns)
    assert measured.cpu_seconds < MOST_SECONDS
    assert measured.peak_bytes < MOST_BYTES


class Measured:
    """Processor time of the children and the peak of their and our memory above the start."""

    def __enter__(self) -> "Measured":
        self.process = psutil.Process()
        self.base, self.peak_bytes = self.process.memory_info().rss, 0
        self._spent = self._children()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self.cpu_seconds = self._children() - self._spent
        self.peak_bytes = max(self.peak_bytes - A_START, 0)

    def _children(self) -> float:
        spent = self.process.cpu_times()
        return float(spent.children_user + spent.children_system)

    def _watch(self) -> None:
        while not self._stop.is_set():
            held = self.process.memory_info().rss - self.base
            for child in self.process.children():
                try:
                    if "reading_child.py" in " ".join(child.cmdline()):  # before that it is a picture of ourselves
                        held += child.memory_info().rss
                except psutil.Error:
                    continue
            self.peak_bytes = max(self.peak_bytes, held)
            time.sleep(0.005)


def test_five_thousand_rows_are_read_within_seconds():
    data = bombs.workbook([[f"值{r}-{c}" for c in range(30)] for r in range(5_000)])

    with Measured() as measured:
        found = sheet(data)

    assert len(found.rows) == 5_000
    assert measured.cpu_seconds < 10
