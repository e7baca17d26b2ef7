"""The workbooks around an import: the template with today's lists, and the file that goes back with its notes."""

from collections.abc import Callable
from datetime import datetime
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Problem, Sentence
from app.domain.fields import FieldKind
from app.domain.permissions import Actor
from app.domain.terms import N_
from app.services.import_table import ImportKind
from app.services.import_verdict import Report, TableReport, Verdict
from models.bureau import Bureau
from models.dictionary import DictionaryEntry
from models.region import Region
from reports import import_sheets
from reports.import_sheets import Annotated

Say = Callable[[str], str]
Translate = Callable[[Sentence], str]
VERDICTS = {
    Verdict.NEW: N_("可以导入"),
    Verdict.UNCHANGED: N_("已有，不变"),
    Verdict.CONFLICT: N_("已有，不覆盖"),
    Verdict.BAD: N_("有问题"),
}
STORED = N_("已导入")


def template(
    session: Session, actor: Actor, kind: ImportKind, file: IO[bytes], *, say: Say, is_chinese: bool, now: datetime
) -> None:
    """The workbook to fill in; for projects with a sheet for organizations that are not known yet."""
    kinds = (ImportKind.PROJECTS, ImportKind.ORGANIZATIONS) if kind is ImportKind.PROJECTS else (kind,)
    choices = _choices(session, actor, kinds, say, is_chinese=is_chinese, now=now)
    import_sheets.template([(one.sheet, one.table) for one in kinds], choices, file, say=say)


def _choices(
    session: Session, actor: Actor, kinds: tuple[ImportKind, ...], say: Say, *, is_chinese: bool, now: datetime
) -> dict[str, list[str]]:
    entry = DictionaryEntry
    label = entry.label_zh if is_chinese else entry.label_en
    words: dict[str, list[str]] = {}
    query = select(entry.kind, entry.code, label).where(entry.is_active).order_by(entry.kind, entry.sort, entry.code)
    for dictionary, code, word in session.execute(query):
        words.setdefault(dictionary, []).append(f"{code} {word}")
    found: dict[str, list[str]] = {}
    for field in (field for kind in kinds for field in kind.table):
        if field.kind is FieldKind.REGION:
            found[field.name] = _regions(session, actor, now)
        elif field.choices:
            found[field.name] = [chinese for _, chinese in field.choices]
        elif field.kind is FieldKind.BOOLEAN:
            found[field.name] = list(import_sheets.YES_NO)
        elif field.dictionary:
            found[field.name] = words.get(field.dictionary, [])
    return found


def _regions(session: Session, actor: Actor, now: datetime) -> list[str]:
    """Districts of the actor's bureaus, those in force and those they took over."""
    own = set(session.scalars(select(Bureau.region_code).where(Bureau.id.in_(actor.bureau_ids))))
    query = select(Region.code, Region.name, Region.successor_code, Region.valid_to).order_by(Region.code)
    rows = [row for row in session.execute(query) if row[0] in own or row[2] in own]
    today = local_date(now)
    current = [row for row in rows if row[3] is None or row[3] >= today]
    return [f"{code} {name}" for code, name, *_ in [*current, *(row for row in rows if row not in current)]]


def annotated(report: Report, file: IO[bytes], *, say: Say, translate: Translate, now: datetime) -> None:
    """The file with a note in each cell at fault and, in the last column, what becomes of the row."""
    import_sheets.annotated([_sheet(table, report, say, translate) for table in report.tables], file, say=say, now=now)


def _sheet(table: TableReport, report: Report, say: Say, translate: Translate) -> Annotated:
    columns, notes, results = table.table.columns, {}, {}
    for judged in table.rows:
        said: dict[int, list[str]] = {}
        for problem in (*judged.problems, *judged.remarks):
            said.setdefault(columns.get(problem.field, 1), []).append(translate(problem.sentence))
        notes.update({(judged.row.number, column): "\n".join(texts) for column, texts in said.items()})
        head = say(STORED if judged.verdict is Verdict.NEW and report.stored else VERDICTS[judged.verdict])
        results[judged.row.number] = "；".join((head, *(_said(p, translate) for p in judged.problems)))
    rows = [(judged.row.number, judged.row.cells) for judged in table.rows]
    return Annotated(table.table.kind.sheet, table.table.headings, table.table.head_row, rows, results, notes)


def _said(problem: Problem, translate: Translate) -> str:
    return translate(problem.sentence)
