"""The workbooks of the import: the template to fill in, and a file that comes back with its faults in the cells."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.domain.fields import Field, FieldKind, Table
from app.domain.fields.field import ALWAYS, NEVER
from app.domain.terms import N_
from reports.workbook import Book, Column, Form, cell_text

Say = Callable[[str], str]
LISTS, GUIDE = N_("代码"), N_("填写说明")
RESULT = N_("导入结果")
LAST_ROW = 5_002  # as far as lists and text formats reach
MOST_NOTES = 2_000  # cells; the last column tells of all
WIDE = {FieldKind.LONG_TEXT: 40, FieldKind.DATE: 14, FieldKind.DECIMAL: 14}
HEAD = PatternFill("solid", start_color="E8ECF1")
NEEDED = PatternFill("solid", start_color="FFF2CC")
YES_NO = ("是", "否")  # as the rule set reads them, in every language


def template(
    sheets: Sequence[tuple[str, Table]], choices: Mapping[str, Sequence[str]], file: IO[bytes], *, say: Say
) -> None:
    """One sheet per table: keys in a hidden row, headings in words, lists to choose from; a guide with examples.

    `choices` are the offered values by input name. Sheet names stay as they are, since files travel.
    """
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    data = [(book.create_sheet(title), table) for title, table in sheets]
    lists = _write_lists(book, choices)
    for sheet, table in data:
        _write_head(sheet, table, lists, say)
    _write_guide(book, sheets, say)
    book.save(file)


def _write_lists(book: Workbook, choices: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Every list in a column of its own; gives where it stands, by input name."""
    sheet = book.create_sheet(LISTS)
    places: dict[str, str] = {}
    for number, (name, values) in enumerate(choices.items(), start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 28
        for row, value in enumerate((name, *values), start=1):
            cell = sheet.cell(row, number, cell_text(value))
            cell.data_type, cell.number_format = "s", "@"
        places[name] = f"{quote_sheetname(sheet.title)}!${letter}$2:${letter}${len(values) + 1}"
    sheet.freeze_panes = "A2"
    return places


def _write_head(sheet: Worksheet, table: Table, lists: Mapping[str, str], say: Say) -> None:
    for number, field in enumerate(table, start=1):
        letter = get_column_letter(number)
        sheet.cell(1, number, field.name)
        head = sheet.cell(2, number, cell_text(heading(field, say)))
        head.font, head.fill = Font(bold=True), NEEDED if field.required is ALWAYS else HEAD
        head.alignment = Alignment(wrap_text=True, vertical="center")
        column = sheet.column_dimensions[letter]
        column.width, column.number_format = WIDE.get(field.kind, 20), "@"
        if field.name in lists:
            offered = DataValidation("list", formula1=f"={lists[field.name]}", allow_blank=True)
            offered.add(f"{letter}3:{letter}{LAST_ROW}")
            sheet.add_data_validation(offered)
    sheet.row_dimensions[1].hidden = True
    sheet.freeze_panes = "A3"


def heading(field: Field, say: Say) -> str:
    """The word of an input with its unit and, when it must be filled in, a star."""
    unit = f"（{say(field.unit)}）" if field.unit else ""
    star = "*" if field.required is ALWAYS else ""
    return f"{star}{say(field.label)}{unit}"


def _write_guide(book: Workbook, sheets: Sequence[tuple[str, Table]], say: Say) -> None:
    sheet = book.create_sheet(GUIDE)
    heads = (N_("工作表"), N_("列"), N_("必填"), N_("说明"), N_("示例"))
    sheet.append([say(head) for head in heads])
    for title, table in sheets:
        for field in table:
            needed = N_("是") if field.required is ALWAYS else "" if field.required is NEVER else N_("视情况")
            row = (title, say(field.label), say(needed) if needed else "", say(field.help) if field.help else "")
            sheet.append([cell_text(text) for text in (*row, field.example or "")])
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.data_type, cell.number_format = "s", "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDE", (12, 24, 10, 60, 30), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


@dataclass(frozen=True)
class Annotated:
    """One sheet of an imported file with what was said about it; rows and columns as they were, from 1."""

    title: str
    headings: Sequence[str]
    head_row: int
    rows: Sequence[tuple[int, Sequence[str | None]]]
    results: Mapping[int, str]  # row -> sentence for the last column
    notes: Mapping[tuple[int, int], str]  # (row, column) -> sentence


def annotated(sheets: Sequence[Annotated], file: IO[bytes], *, say: Say, now: datetime) -> None:
    """The same rows in the same places, notes in the cells at fault, and a column that tells what becomes of each."""
    book = Book(say(RESULT), made_at=now, say=say)
    left = MOST_NOTES
    for each in sheets:
        left = _write_annotated(book, each, say, left)
    book.save(file)


def _write_annotated(book: Book, each: Annotated, say: Say, left: int) -> int:
    width = max([len(each.headings), *(len(cells) for _, cells in each.rows)])
    heads = [*each.headings, *[""] * (width - len(each.headings)), say(RESULT)]
    columns = [Column(head, Form.TEXT, 20) for head in heads[:-1]] + [Column(heads[-1], Form.PROSE, 60)]
    sheet = book.sheet(each.title, columns, above=[say(RESULT)] * (each.head_row - 1))
    last = each.head_row
    for number, cells in each.rows:
        for _ in range(number - last - 1):
            sheet.row([None] * (width + 1))
        notes = {column - 1: text for (row, column), text in each.notes.items() if row == number} if left > 0 else {}
        left -= len(notes)
        sheet.row([*cells, *[None] * (width - len(cells)), each.results.get(number)], notes=notes)
        last = number
    return left
