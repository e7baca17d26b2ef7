"""Lists as workbooks: rows come by their keys in chunks and stream out, so memory stays flat whatever their number."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from app.domain.clock import SHANGHAI
from app.domain.terms import N_
from reports.list_columns import ListColumn, ListKind, as_approved, values_of
from reports.list_words import Words
from reports.workbook import Book, Column, Form

CHUNK = 1_000  # rows read by one statement
# The keys stand in the statement: a thousand parameters cost more than the rows that they find.
OF_CHUNK = bindparam("keys", type_=Integer, expanding=True, literal_execute=True)
DEFINITIONS = N_("说明")


def _nothing(_written: int) -> None:
    """Nobody waits to hear how far it is."""


@dataclass(frozen=True)
class Export:
    """One list as it is to be written: which rows in which order, which columns, for whom."""

    kind: ListKind
    columns: Sequence[ListColumn]
    keys: "array[int]"
    scope: ColumnElement[bool]  # asked again with every chunk: rights may end while it is written
    words: Words
    about: Sequence[tuple[str, str]] = field(default=())  # what the second sheet says: label, text
    tell: Callable[[int], None] = _nothing  # rows written so far, after every chunk


def keys_of(session: Session, query: "Select[Any]") -> "array[int]":
    """The keys of a query in its order: eight bytes a row."""
    return array("q", session.scalars(query.execution_options(yield_per=10 * CHUNK)))


def write(session: Session, export: Export, file: IO[bytes], *, now: datetime) -> int:
    """Write the workbook; gives the rows written. The session is only read, a chunk at a time."""
    say = export.words.say
    book = Book(say(export.kind.title), made_at=now, say=say)
    try:
        written = _rows(session, export, book)
    except BaseException:
        book.abandon()
        raise
    _define(book, export, written, now)
    book.save(file)
    return written


def _rows(session: Session, export: Export, book: Book) -> int:
    """The first sheet, row by row; whoever waits hears after every chunk, and may end it by raising."""
    say = export.words.say
    columns = [Column(say(column.heading), column.form, column.width) for column in export.columns]
    sheet = book.sheet(say(export.kind.title), columns, filtered=True)
    convert, written = values_of(export.columns, export.words), 0
    for rows in _chunks(session, export):
        for row in rows:
            sheet.row(convert(row))
        written += len(rows)
        export.tell(written)
    return written


def _chunks(session: Session, export: Export) -> Iterator[Sequence[Any]]:
    """The rows by their keys, in the order asked for; each chunk is read in a transaction of its own."""
    model = export.kind.model
    sources = [column.source for column in export.columns if column.source is not None]
    kept = export.kind.approved
    query = select(model.id, *sources, *([] if kept is None else [kept]))
    query = query.select_from(model).where(model.id.in_(OF_CHUNK), export.scope)
    for table, on in export.kind.joins:
        query = query.outerjoin(table, on)
    for start in range(0, len(export.keys), CHUNK):
        wanted = export.keys[start : start + CHUNK].tolist()
        found: dict[int, Any] = {row[0]: row for row in session.execute(query, {"keys": wanted})}
        if kept is not None:
            opened = {key: row for key, row in found.items() if row[-1] is not None}
            found |= {k: as_approved(export.kind, export.columns, row[:-1], row[-1]) for k, row in opened.items()}
        session.rollback()  # no long picture of the database: writers and the log go on
        yield [found[key] for key in wanted if key in found]


def _define(book: Book, export: Export, written: int, now: datetime) -> None:
    """The second sheet: where the figures come from."""
    say = export.words.say
    title = say(DEFINITIONS)
    sheet = book.sheet(title, [Column(say(N_("项")), width=24), Column(title, Form.PROSE, 80)], landscape=False)
    made = now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    for label, text in (*export.about, (N_("导出时间"), made), (N_("行数"), str(written))):
        sheet.row([say(label), text])
    for column in export.columns:
        sheet.row([say(column.heading), say(column.meaning) if column.meaning else None])
