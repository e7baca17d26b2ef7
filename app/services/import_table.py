"""From the sheet of a workbook to rows of inputs: headings found, words turned into codes, nothing judged yet."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Refused, Sentence, say
from app.domain.fields import ORGANIZATION_IMPORT, PROJECT_IMPORT, Field, FieldKind, Labels, Table
from app.domain.fields.field import ALWAYS
from app.domain.terms import N_, TERMS, Kind
from models.dictionary import DictionaryEntry
from models.region import Region
from reports.reading import CELL_FAULTS, LIMITS, ReadingLimits, Sheet, read_workbook

MOST_ROWS = 5_000
HEAD_ROWS = 3  # the headings stand in one of these
_MARKS = re.compile(r"[*＊\s]|[（(][^（()）]*[)）]$")
_DAY = re.compile(r"([0-9]{4})\s*[./年]\s*([0-9]{1,2})\s*[./月]\s*([0-9]{1,2})\s*日?")
_PLAIN_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


class ImportKind(StrEnum):
    """What a file brings."""

    PROJECTS = "projects"
    ORGANIZATIONS = "organizations"

    @property
    def table(self) -> Table:
        """The inputs of one row."""
        return PROJECT_IMPORT if self is ImportKind.PROJECTS else ORGANIZATION_IMPORT

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
    book = read_workbook(file, sheets={one.sheet for one in kinds}, limits=limits)
    if kind.sheet not in book.sheets:
        message = N_("工作簿里没有名为「%(sheet)s」的工作表，现有：%(found)s。请使用导入模板。")
        raise Refused(say(message, sheet=kind.sheet, found="、".join(book.titles[:10])), "sheet")
    tables = [_table(one, book.sheets[one.sheet], words) for one in kinds if one.sheet in book.sheets]
    filled = [table for table in tables if table.rows or table.kind is kind]
    batch = Batch(kind, _sha256(file), tuple(filled))
    if batch.row_count == 0:
        raise Refused(say(N_("「%(sheet)s」表里没有数据。"), sheet=kind.sheet), "empty")
    _require_few(batch.row_count)
    return batch


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
    found = {number: _known(kind.table, cells) for number, cells in head}
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
    rows = tuple(_row(kind.table, number, cells, names, faults.get(number, {}), words) for number, cells in own)
    kept = tuple(text or "" for text in headings)
    return RawTable(kind, kept, last, columns, tuple(ignored[:20]), rows, sheet.is_cut)


def _known(table: Table, cells: Iterable[str | None]) -> dict[str, int]:
    """Which of our columns stand where, by their keys or by their words."""
    by_text = {field.name: field.name for field in table} | {_bare(field.label): field.name for field in table}
    columns: dict[str, int] = {}
    for place, text in enumerate(cells, start=1):
        name = by_text.get((text or "").strip()) or by_text.get(_bare(text or ""))
        if name in columns:
            raise Refused(say(N_("表头「%(heading)s」出现了两次，请删除其中一列。"), heading=str(text)), "columns")
        if name:
            columns[name] = place
    return columns


def _bare(heading: str) -> str:
    """A heading without its star, blanks and unit."""
    return _MARKS.sub("", heading)


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
) -> RawRow:
    given = {names[place]: text for place, text in enumerate(cells, start=1) if text is not None and place in names}
    values = {name: _decoded(table.field(name), text, given, words) for name, text in given.items()}
    return RawRow(number, cells, values, faults)


def _decoded(field: Field, text: str, given: Mapping[str, str], words: Words) -> str:
    """The code behind what stands in the cell: a code, `code word` as the template offers it, or the word alone."""
    plain = text.strip()
    if field.kind is FieldKind.DATE:
        return _as_day(plain)
    if field.choices:
        return {label: code for code, label in field.choices}.get(plain, plain)
    if field.kind not in (FieldKind.CODE, FieldKind.REGION):
        return text
    known = words.get(field.dictionary or "region", {})
    head, _, tail = plain.partition(" ")
    if tail and head in known.get(tail.strip(), ()):
        return head
    codes = known.get(plain, ())
    if len(codes) > 1 and field.name == "use_code":  # one word under two categories: the row's own says which
        of_category = words.get(f"use_code:{given.get('category_code', '').strip()[:2]}", {})
        codes = of_category.get(plain, codes)
    return codes[0] if len(codes) == 1 else plain


def _as_day(text: str) -> str:
    """2016/1/10, 2016.1.10, 2016年1月10日 and 20160110 as 2016-01-10; anything else as it is."""
    day = text.removesuffix(" 00:00:00")
    found = _DAY.fullmatch(day) or _PLAIN_DAY.fullmatch(day)
    if not found:
        return day
    year, month, number = (int(part) for part in found.groups())
    return f"{year:04d}-{month:02d}-{number:02d}"
