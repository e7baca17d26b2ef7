"""Import of history (SPEC §6): judge every row, store all or, when asked, the good ones; a repeat does nothing."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Refused, say
from app.domain.permissions import Actor, may
from app.domain.terms import N_
from app.services import audit, import_organizations, import_projects
from app.services.deciding import deciding
from app.services.import_projects import Historic
from app.services.import_table import Batch, ImportKind, RawTable
from app.services.import_verdict import Judged, Report, TableReport, Verdict

NO_RIGHT = N_("只有系统管理员可以导入。")
NOT_ALL_GOOD = N_("有问题的行，没有导入。请改正后重新上传，或选择只导入没有问题的行。")


def check(session: Session, actor: Actor, batch: Batch, *, now: datetime) -> Report:
    """试运行: what would become of each row. Writes nothing. Raises Refused for those who may not import."""
    _require_right(actor)
    try:
        return _judge(session, actor, batch, now)
    finally:
        session.rollback()


def store(session: Session, actor: Actor, batch: Batch, *, only_good: bool = False, now: datetime) -> Report:
    """Judge again and store, in one transaction. With a bad row nothing is stored, unless `only_good`.

    The answer's `stored` counts the rows written. Raises Refused for those who may not import.
    """
    try:
        return _store(session, actor, batch, only_good, now)
    except IntegrityError:  # another import was first: what it stored is found unchanged now
        return _store(session, actor, batch, only_good, now)


def _store(session: Session, actor: Actor, batch: Batch, only_good: bool, now: datetime) -> Report:
    action = f"import:{batch.kind}"
    with deciding(session, actor, action, "import", now=now):
        _require_right(actor)
        report = _judge(session, actor, batch, now)
        is_refused = not report.is_good and not only_good
        stored = 0 if is_refused else _write(session, actor, report, now)
        audit.record(
            session, actor, action, "import", None,
            now=now, result="refused" if is_refused else "done", sentence=NOT_ALL_GOOD if is_refused else None,
            after={"file": batch.sha256, **report.counts, "stored": stored, "only_good": only_good},
        )  # fmt: skip
    return Report(report.tables, stored)


def _require_right(actor: Actor) -> None:
    if not may(actor.roles, "imports", "add"):
        raise Refused(say(NO_RIGHT), "right")


def _judge(session: Session, actor: Actor, batch: Batch, now: datetime) -> Report:
    reports: list[TableReport] = []
    in_the_file: dict[str, str | None] = {}
    for table in batch.tables:
        report = _judge_table(session, actor, table, in_the_file, now)
        reports.append(report)
        if table.kind is ImportKind.ORGANIZATIONS:
            in_the_file = _coming(report.rows)
    return Report(tuple(reports))


def _judge_table(
    session: Session, actor: Actor, table: RawTable, in_the_file: dict[str, str | None], now: datetime
) -> TableReport:
    if table.kind is ImportKind.ORGANIZATIONS:
        return import_organizations.judge(session, actor, table, today=local_date(now))
    return import_projects.judge(session, actor, table, in_the_file, now=now)


def _coming(rows: tuple[Judged, ...]) -> dict[str, str | None]:
    """Codes of the organizations that this file brings, with the org code behind each."""
    new = [row.values for row in rows if row.verdict is Verdict.NEW]
    return {str(v[name]): str(v["org_code"]) for v in new for name in ("org_code", "uscc") if v.get(name)}


def _write(session: Session, actor: Actor, report: Report, now: datetime) -> int:
    keys: dict[str, int] = {}
    count = 0
    for table in report.tables:
        new = [row for row in table.rows if row.verdict is Verdict.NEW]
        if table.table.kind is ImportKind.ORGANIZATIONS:
            keys = import_organizations.store(session, actor, new, now=now)
            count += len(keys)
        else:
            historic = [row for row in new if isinstance(row, Historic)]
            count += import_projects.store(session, actor, historic, keys, now=now)
    return count
