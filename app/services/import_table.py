"""From the sheet of a workbook to rows of inputs: headings found, words turned into codes, nothing judged yet."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import spelling
from app.domain.errors import Problem, Refused, Sentence, say
from app.domain.fields import ORGANIZATION_IMPORT, PROJECT_IMPORT, Field, FieldKind, Labels, Table
from app.domain.fields.field import ALWAYS
from app.domain.fields.headings import ORGANIZATION_HEADINGS, PROJECT_HEADINGS
from app.domain.terms import N_, TERMS, Kind
from models.dictionary import DictionaryEntry
from models.region import Region
from reports.import_sheets import GUIDE, LISTS
from reports.reading import CELL_FAULTS, LIMITS, ReadingLimits, Sheet, is_text, read_workbook
from reports.reading_csv import read_csv
from reports.reading_sheet import from_serial

MOST_ROWS = 5_000
HEAD_ROWS = 3  # the headings stand in one of these
_MARKS = re.compile(r"[*＊\s]|[（(][^（()）]*[)）]$")
_SERIAL = re.compile(r"[1-9][0-9]{4}(\.[0-9]+)?")  # a day as spreadsheets count it, 1927 to 2173
OTHER_SHEETS = frozenset({LISTS, GUIDE})  # of the template, no data
MOST_SHEETS = 20  # looked through when none has the name
HIDDEN_ROW = N_("该行在文件中被隐藏，仍按内容导入。")
HIDDEN_COLUMN = N_("该列在文件中被隐藏，仍按内容导入。")
HIDDEN_SHEET = N_("该工作表在文件中被隐藏，仍按内容导入。")


class ImportKind(StrEnum):
    """What a file brings."""

    PROJECTS = "projects"
    ORGANIZATIONS = "organizations"

    @property
    def table(self) -> Table:
        """The inputs of one row."""
        return PROJECT_IMPORT if self is ImportKind.PROJECTS else ORGANIZATION_IMPORT

    @property
    def headings(self) -> Mapping[str, tuple[str, ...]]:
        """Other words for its columns, by input name."""
        return PROJECT_HEADINGS if self is ImportKind.PROJECTS else ORGANIZATION_HEADINGS

    @property
    def sheet(self) -> str:
        """The worksheet's name, the same in every language since files travel."""
        return N_("项目") if self is ImportKind.PROJECTS else TERMS[Kind.ORGANIZATION]


@dataclass(frozen=True)
class RawRow:
    """One line of the sheet, by input name; `faults` are cells that could not be read at all."""

    number: int  # as Excel counts
    cells: tuple[str | None, ...]
    values: Mapping[str, str]
    faults: Mapping[str, Sentence]
    remarks: tuple[Problem, ...] = ()  # what is odd about it and taken all the same


@dataclass(frozen=True)
class RawTable:
    """One sheet, its columns matched with ours."""

    kind: ImportKind
    headings: tuple[str, ...]
    head_row: int  # the last row of the headings
    columns: Mapping[str, int]  # input name -> column, from 1
    ignored: tuple[str, ...]  # headings that are none of ours
    rows: tuple[RawRow, ...]
    is_cut: bool


@dataclass(frozen=True)
class Batch:
    """A file that was read: the sheets it brings, organizations before projects."""

    kind: ImportKind
    sha256: str
    tables: tuple[RawTable, ...]

    @property
    def row_count(self) -> int:
        return sum(len(table.rows) for table in self.tables)


def read_batch(session: Session, kind: ImportKind, file: BinaryIO, *, limits: ReadingLimits = LIMITS) -> Batch:
    """Read the file in its child. Raises Refused when it is not such a workbook, naming what is missing.

    The session's transaction is ended first: reading takes seconds and must hold nothing.
    """
    words = _words(session)
    session.rollback()
    kinds = (ImportKind.ORGANIZATIONS, ImportKind.PROJECTS) if kind is ImportKind.PROJECTS else (kind,)
    sheets = _sheets(kind, kinds, file, limits)
    tables = [_table(one, sheets[one], words) for one in kinds if one in sheets]
    filled = [table for table in tables if table.rows or table.kind is kind]
    batch = Batch(kind, _sha256(file), tuple(filled))
    if batch.row_count == 0:
        raise Refused(say(N_("「%(sheet)s」表里没有数据。"), sheet=kind.sheet), "empty")
    _require_few(batch.row_count)
    return batch


def _sheets(
    kind: ImportKind, kinds: tuple[ImportKind, ...], file: BinaryIO, limits: ReadingLimits
) -> dict[ImportKind, Sheet]:
    """The sheets of the file by what they bring: by their names, or the only one that holds anything."""
    text = read_csv(file, kind.sheet, limits) if is_text(file) else None
    if text is not None:
        return {kind: text}
    book = read_workbook(file, sheets={one.sheet for one in kinds}, limits=limits)
    found = {one: book.sheets[one.sheet] for one in kinds if one.sheet in book.sheets}
    if kind not in found:
        only = _the_only_other(book.titles, {one.sheet for one in ImportKind}, file, limits)
        if only is None:
            message = N_("工作簿里没有名为「%(sheet)s」的工作表，现有：%(found)s。请使用导入模板。")
            raise Refused(say(message, sheet=kind.sheet, found="、".join(book.titles[:10])), "sheet")
        found[kind] = only
    return found


def _the_only_other(
    titles: Sequence[str], ours: Collection[str], file: BinaryIO, limits: ReadingLimits
) -> Sheet | None:
    """The one sheet with rows in it, under whatever name."""
    others = {title.strip() for title in titles} - set(ours) - OTHER_SHEETS
    if not 1 <= len(others) <= MOST_SHEETS:
        return None
    filled = [sheet for sheet in read_workbook(file, sheets=others, limits=limits).sheets.values() if sheet.rows]
    return filled[0] if len(filled) == 1 else None


def _require_few(count: int) -> None:
    if count > MOST_ROWS:
        message = N_("一次最多导入 %(limit)s 行，这个文件有 %(count)s 行，请分成几个文件。")
        raise Refused(say(message, limit=MOST_ROWS, count=count), "too_many")


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.sha256(file.read()).hexdigest()


# Headings ----------------------------------------------------------------------------------------------


def _table(kind: ImportKind, sheet: Sheet, words: "Words") -> RawTable:
    head = [(number, cells) for number, cells in sheet.rows if number <= HEAD_ROWS]
    found = {number: _known(kind, cells) for number, cells in head}
    best = max(found, key=lambda number: len(found[number]), default=0)
    columns = found.get(best, {})
    missing = [f.label for f in kind.table if f.required is ALWAYS and f.name not in columns]
    if missing:
        message = N_("「%(sheet)s」表缺少这些列：%(columns)s。请使用导入模板，不要改动表头。")
        raise Refused(say(message, sheet=kind.sheet, columns=Labels(missing)), "columns")
    last = max(number for number, names in found.items() if len(names) * 2 >= len(columns))
    headings = dict(head)[last]
    names = {place: name for name, place in columns.items()}
    ignored = [text for place, text in enumerate(headings, 1) if text and place not in names]
    own = [(number, cells) for number, cells in sheet.rows if number > last]
    _require_few(len(own))
    faults = _faults_by_row(sheet, names)
    rows = tuple(
        _row(kind.table, number, cells, names, faults.get(number, {}), words, is_1904=sheet.is_1904)
        for number, cells in own
    )
    rows = _remarked(kind.table, sheet, names, rows)
    kept = tuple(text or "" for text in headings)
    return RawTable(kind, kept, last, columns, tuple(ignored[:20]), rows, sheet.is_cut)


def _known(kind: ImportKind, cells: Sequence[str | None]) -> dict[str, int]:
    """Which of our columns stand where, by their keys or words, else by what bureaus call them."""
    table = kind.table
    by_text = {field.name: field.name for field in table} | {_bare(field.label): field.name for field in table}
    columns = _named(by_text, cells)
    usual = {_bare(word).lower(): name for name, words in kind.headings.items() for word in words}
    taken = set(columns.values())
    for place, text in enumerate(cells, start=1):
        name = usual.get(_bare(text or "").lower())
        if name and place not in taken:
            columns.setdefault(name, place)
    return columns


def _named(by_text: Mapping[str, str], cells: Sequence[str | None]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, text in enumerate(cells, start=1):
        name = by_text.get((text or "").strip()) or by_text.get(_bare(text or ""))
        if name in columns:
            raise Refused(say(N_("表头「%(heading)s」出现了两次，请删除其中一列。"), heading=str(text)), "columns")
        if name:
            columns[name] = place
    return columns


def _bare(heading: str) -> str:
    """A heading without its star, blanks, colon and unit, in one width."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", spelling.line(heading)).rstrip(":"))


# Cells -------------------------------------------------------------------------------------------------

Words = Mapping[str, Mapping[str, tuple[str, ...]]]  # dictionary or kind -> word -> the codes it may stand for


def _words(session: Session) -> Words:
    found: dict[str, dict[str, tuple[str, ...]]] = {"region": {}}
    entry = DictionaryEntry
    query = select(entry.kind, entry.code, entry.parent_code, entry.label_zh, entry.label_en).where(entry.is_active)
    for kind, code, parent, *labels in session.execute(query):
        for label in labels:
            _add(found.setdefault(kind, {}), label, code)
            _add(found.setdefault(f"{kind}:{parent}", {}), label, code)
    for code, name in session.execute(select(Region.code, Region.name).distinct()):
        _add(found["region"], name, code)
    return found


def _add(words: dict[str, tuple[str, ...]], word: str, code: str) -> None:
    words[word.strip()] = tuple(dict.fromkeys((*words.get(word.strip(), ()), code)))


def _faults_by_row(sheet: Sheet, names: Mapping[int, str]) -> dict[int, dict[str, Sentence]]:
    """Row -> input name -> what is wrong with its cell: one walk over the faults, however many rows there are."""
    found: dict[int, dict[str, Sentence]] = {}
    for (row, column), fault in sheet.faults.items():
        if column in names:
            found.setdefault(row, {})[names[column]] = say(CELL_FAULTS[fault])
    return found


def _row(
    table: Table,
    number: int,
    cells: tuple[str | None, ...],
    names: Mapping[int, str],
    faults: Mapping[str, Sentence],
    words: Words,
    *,
    is_1904: bool,
) -> RawRow:
    given = {names[place]: text for place, text in enumerate(cells, start=1) if text is not None and place in names}
    values = {name: _decoded(table.field(name), text, given, words, is_1904) for name, text in given.items()}
    return RawRow(number, cells, values, faults)


def _remarked(table: Table, sheet: Sheet, names: Mapping[int, str], rows: tuple[RawRow, ...]) -> tuple[RawRow, ...]:
    """Rows that Excel does not show say so; of columns and the sheet itself the first row does."""
    first = next(iter(table)).name
    whole = [Problem(first, say(HIDDEN_SHEET))] if sheet.is_hidden else []
    whole += [Problem(names[place], say(HIDDEN_COLUMN)) for place in sorted(sheet.hidden_columns) if place in names]
    hidden = (Problem(first, say(HIDDEN_ROW)),)
    return tuple(
        replace(row, remarks=(*(whole if place == 0 else ()), *(hidden if row.number in sheet.hidden_rows else ())))
        for place, row in enumerate(rows)
    )


def _decoded(field: Field, text: str, given: Mapping[str, str], words: Words, is_1904: bool) -> str:
    """The code behind what stands in the cell: a code, `code word` as the template offers it, or the word alone."""
    plain = text.strip()
    if field.kind is FieldKind.DATE:
        return _as_day(plain, is_1904)
    if field.choices:
        return {label: code for code, label in field.choices}.get(plain, plain)
    if field.kind not in (FieldKind.CODE, FieldKind.REGION):
        return text
    known = words.get(field.dictionary or "region", {})
    head, _, tail = plain.partition(" ")
    if tail and (found := _padded(head, known.get(tail.strip(), ()))):
        return found
    codes = known.get(plain, ())
    if len(codes) > 1 and field.name == "use_code":  # one word under two categories: the row's own says which
        of_category = words.get(f"use_code:{given.get('category_code', '').strip()[:2]}", {})
        codes = of_category.get(plain, codes)
    return codes[0] if len(codes) == 1 else _padded(spelling.code(plain), _codes_of(known)) or plain


def _codes_of(known: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(code for codes in known.values() for code in codes)


def _padded(text: str, codes: Collection[str]) -> str | None:
    """The code, also when a spreadsheet took its zeros for those of a figure; None when it is none or two."""
    if text in codes:
        return text
    if not text.isascii() or not text.isdigit():
        return None
    found = {code for code in codes if code.isdigit() and code.lstrip("0") == text.lstrip("0")}
    return found.pop() if len(found) == 1 else None


def _as_day(text: str, is_1904: bool) -> str:
    """The day as YYYY-MM-DD in whatever way it is written, a serial number too; anything else as it is."""
    if _SERIAL.fullmatch(plain := spelling.figure(text)):
        moment = from_serial(int(float(plain)), is_1904=is_1904)
        return moment.date().isoformat() if isinstance(moment, datetime) else text
    return spelling.day(text)
