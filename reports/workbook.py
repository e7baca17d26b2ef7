"""The one writer of workbooks: rows in, a streamed .xlsx out. It knows forms of cells and print set-up, no record.

Text is always text: no value becomes a formula, codes keep their zeros. Memory stays flat in the number of rows.

    book = Book("编号登记簿", made_at=now)
    sheet = book.sheet("编号登记簿", [Column("项目编号", width=20), Column("发号日期", Form.DATE)], above=["…"])
    for values in rows:
        sheet.row(values)
    book.save(file)
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.properties import PageSetupProperties

from app.domain.clock import SHANGHAI
from app.domain.terms import N_

__all__ = ["Book", "Column", "Form", "Sheet", "clean"]

A4 = 9
LONGEST_SHEET_NAME = 31
LONGEST_TEXT = 32767  # what a cell of Excel holds
DAY_ZERO = date(1899, 12, 30)  # serial day 0 of Excel's calendar, right for all days after February 1900
MIDNIGHT_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no time zones
SECONDS_OF_A_DAY = 86400
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_IN_A_SHEET_NAME = re.compile(r"[\\*?:/\[\]]")
LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
PAGES = N_("第 %(page)s 页，共 %(pages)s 页")


class Form(StrEnum):
    """How a column's values are written."""

    TEXT = "text"  # names and codes: stays text when somebody edits it
    PROSE = "prose"  # text that wraps
    DATE = "date"  # a date
    INSTANT = "instant"  # an aware datetime, shown on Shanghai's clock
    COUNT = "count"  # whole numbers
    TENTHS = "tenths"  # rates in percent, averages in days
    AREA = "area"  # ㎡, m
    MONEY = "money"  # 万元

    @property
    def number_format(self) -> str:
        """What Excel is told."""
        return _FORMATS[self]


_FORMATS = {
    Form.TEXT: "@",
    Form.PROSE: "@",
    Form.DATE: "yyyy-mm-dd",
    Form.INSTANT: "yyyy-mm-dd hh:mm",
    Form.COUNT: "#,##0",
    Form.TENTHS: "#,##0.0",
    Form.AREA: "#,##0.00",
    Form.MONEY: "#,##0.0000",
}


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its heading (already in the reader's language), form and width in characters."""

    heading: str
    form: Form = Form.TEXT
    width: float = 14


def clean(text: str) -> str:
    """The text without the signs that a workbook cannot hold, cut to what a cell holds."""
    return NOT_IN_XML.sub("", text)[:LONGEST_TEXT]


def cell_text(text: str) -> str:
    """The text as a cell of the file format holds it: what reads like one of its escapes is escaped itself."""
    return LIKE_AN_ESCAPE.sub("_x005F_", clean(text))


class Book:
    """A workbook that is written from first row to last. `say` puts the writer's own words into the reader's."""

    def __init__(self, title: str, *, made_at: datetime, say: Callable[[str], str] = str) -> None:
        self._workbook = Workbook(write_only=True)
        self._workbook.properties.title = clean(title)
        self._workbook.properties.creator = "一号通"
        self._workbook.properties.created = made_at.replace(tzinfo=None)
        self.title, self.say, self._styles = title, say, _Styles()

    def sheet(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        above: Sequence[str] = (),
        landscape: bool = True,
        filtered: bool = False,
    ) -> "Sheet":
        """Begin a sheet: lines above the headings (the first is the title), then the headings.

        The headings stay in view and are repeated on every printed page; A4, fitted to the page's width.
        `filtered` puts Excel's filter arrows on the headings.
        """
        fitting = NOT_IN_A_SHEET_NAME.sub("-", name)[:LONGEST_SHEET_NAME]
        sheet = Sheet(self._workbook, fitting, columns, self._styles, filtered=filtered)
        self._workbook._add_sheet(sheet.worksheet)
        sheet.set_up(self.title, self.say(PAGES) % {"page": "&P", "pages": "&N"}, len(above) + 1, landscape=landscape)
        for number, line in enumerate(above):
            sheet.line(line, is_title=number == 0)
        sheet.headings()
        return sheet

    def save(self, file: IO[bytes]) -> None:
        """Write everything to a file object; the book is closed with it."""
        for sheet in self._workbook.worksheets:
            sheet.finish()
        self._workbook.save(file)

    def abandon(self) -> None:
        """Give it up half written: the rows that wait in temporary files go."""
        for sheet in self._workbook.worksheets:
            if not sheet.closed:
                sheet.close()
            sheet._writer.cleanup()


class Sheet:
    """One sheet; `worksheet` is openpyxl's own, for charts."""

    def __init__(
        self, workbook: Workbook, name: str, columns: Sequence[Column], styles: "_Styles", *, filtered: bool
    ) -> None:
        self.worksheet = _Streamed(workbook, name, columns, styles, filtered=filtered)
        self.columns = columns

    @property
    def last_row(self) -> int:
        """The row written last, counted from 1 as Excel counts."""
        return self.worksheet.last_row

    def row(self, values: Sequence[Any], *, bold: bool = False, notes: Mapping[int, str] | None = None) -> None:
        """One value per column; None leaves a cell empty. `notes`: remarks on cells, by place from 0."""
        self.worksheet.write(values, _BOLD if bold else _PLAIN, notes)

    def line(self, text: str, *, is_title: bool = False) -> None:
        """A line of text that runs over the columns; nothing is merged, so sorting keeps working."""
        self.worksheet.write_line(text, _TITLE if is_title else _LINE)

    def headings(self, words: Sequence[str] | None = None) -> None:
        """The headings; with other words for a further table on the same sheet."""
        self.worksheet.write_headings(words or [column.heading for column in self.columns])

    def set_up(self, title: str, pages: str, heading_row: int, *, landscape: bool) -> None:
        """View and print; must come before the first row."""
        sheet = self.worksheet
        for number, column in enumerate(self.columns, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.freeze_panes = f"A{heading_row + 1}"
        sheet.print_title_rows = f"{heading_row}:{heading_row}"
        sheet.heading_row = heading_row
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = A4, 1, 0
        sheet.print_options.horizontalCentered = True
        sheet.oddHeader.center.text = clean(title).replace("&", "&&")
        sheet.oddFooter.center.text = pages


# What follows stands in for openpyxl's cells: one reusable place per column instead of an object per value.

_PLAIN, _BOLD, _HEADING, _TITLE, _LINE = range(5)
_THIN = Side(style="thin", color="B5BCC6")
_FONT = "宋体"
_FONTS = (
    Font(name=_FONT, size=10),
    Font(name=_FONT, size=10, bold=True),
    Font(name=_FONT, size=10, bold=True),
    Font(name=_FONT, size=14, bold=True),
    Font(name=_FONT, size=10),
)


def _text(value: Any) -> tuple[Any, str]:
    return cell_text(value if isinstance(value, str) else str(value)), "s"


def _number(value: Any) -> tuple[Any, str]:
    return (cell_text(value), "s") if isinstance(value, str) else (value, "n")


def _day(value: Any) -> tuple[Any, str]:
    return (cell_text(value), "s") if isinstance(value, str) else ((value - DAY_ZERO).days, "n")


def _instant(value: Any) -> tuple[Any, str]:
    if isinstance(value, str):
        return cell_text(value), "s"
    local = value.astimezone(SHANGHAI).replace(tzinfo=None)
    return (local - MIDNIGHT_ZERO).total_seconds() / SECONDS_OF_A_DAY, "n"


_WRITERS: dict[Form, Callable[[Any], tuple[Any, str]]] = {
    Form.TEXT: _text,
    Form.PROSE: _text,
    Form.DATE: _day,
    Form.INSTANT: _instant,
}


class _Place:
    """What openpyxl's writer asks of a cell, kept for a whole column."""

    __slots__ = (
        "_comment", "_value", "coordinate", "data_type", "has_style", "hyperlink", "letter", "parent", "style_id",
        "styles", "write",
    )  # fmt: skip

    def __init__(self, worksheet: Any, number: int, form: Form, styles: "_Styles") -> None:
        self.parent, self.letter = worksheet, get_column_letter(number)
        self._comment: Comment | None = None
        self._value: Any = None
        self.hyperlink = None
        self.has_style = True
        self.coordinate, self.data_type, self.style_id = "", "n", 0
        self.write = _WRITERS.get(form, _number)
        self.styles = styles.of(worksheet, form)


class _Styles:
    """The looks of one workbook by its own numbers, each worked out once."""

    def __init__(self) -> None:
        self._known: dict[Form, list[int]] = {}

    def of(self, worksheet: Any, form: Form) -> list[int]:
        """Those of a form, by role."""
        if form not in self._known:
            self._known[form] = [_style(worksheet, form, role) for role in range(len(_FONTS))]
        return self._known[form]


def _style(worksheet: Any, form: Form, role: int) -> int:
    """The workbook's number for this look."""
    cell = WriteOnlyCell(worksheet)
    cell.font = _FONTS[role]
    if role in (_PLAIN, _BOLD):
        cell.number_format = form.number_format
        cell.border = Border(bottom=_THIN, top=_THIN, left=_THIN, right=_THIN)
        cell.alignment = Alignment(vertical="top", wrap_text=form is Form.PROSE)
    else:
        cell.number_format = Form.TEXT.number_format
    if role == _HEADING:
        cell.fill = PatternFill("solid", start_color="E8ECF1")
        cell.border = Border(bottom=_THIN, top=_THIN, left=_THIN, right=_THIN)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return int(cell.style_id)


class _Streamed(WriteOnlyWorksheet):  # type: ignore[misc]
    """openpyxl's write-only sheet, fed with places."""

    heading_row = 1

    def __init__(
        self, workbook: Workbook, name: str, columns: Sequence[Column], styles: _Styles, *, filtered: bool
    ) -> None:
        super().__init__(workbook, name)
        self.last_row = 0
        self._filtered = filtered
        self._places = [_Place(self, number, column.form, styles) for number, column in enumerate(columns, start=1)]
        self._texts = [_Place(self, number, Form.TEXT, styles) for number in range(1, len(columns) + 1)]
        self._role, self._at_hand = _PLAIN, self._places
        self._notes: Mapping[int, str] = {}

    def write(self, values: Sequence[Any], role: int, notes: Mapping[int, str] | None) -> None:
        self._role, self._at_hand, self._notes = role, self._places, notes or {}
        self._append(values)

    def write_line(self, text: str, role: int) -> None:
        self._role, self._at_hand, self._notes = role, self._texts[:1], {}
        self._append([text])

    def write_headings(self, headings: Sequence[str]) -> None:
        self._role, self._at_hand, self._notes = _HEADING, self._texts, {}
        self._append(headings)

    def finish(self) -> None:
        """The filter's range is known only now."""
        if self._filtered:
            last = get_column_letter(len(self._places))
            self.auto_filter.ref = f"A{self.heading_row}:{last}{max(self.last_row, self.heading_row)}"

    def _append(self, values: Sequence[Any]) -> None:
        self.last_row += 1
        self.append(values if isinstance(values, list | tuple) else list(values))

    def _values_to_row(self, values: Sequence[Any], row_idx: int) -> Iterator[_Place]:
        role, notes = self._role, self._notes
        for number, (place, value) in enumerate(zip(self._at_hand, values, strict=True)):
            note = notes.get(number)
            if value is None and note is None and role != _BOLD:
                continue
            place._value, place.data_type = (None, "n") if value is None else place.write(value)
            place._comment = Comment(cell_text(note), "一号通") if note else None
            place.coordinate, place.style_id = f"{place.letter}{row_idx}", place.styles[role]
            yield place
