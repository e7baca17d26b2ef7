"""The monthly report (登记月报): compute it, export it, issue it as a frozen edition, say what was restated since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer, joinedload

from app.domain.clock import local_date
from app.domain.errors import Conflict, NotFound, Refused, say
from app.domain.month import Month, month_of, read
from app.domain.permissions import SYSTEM_ACTOR, Actor, may
from app.domain.terms import N_
from app.scope import criteria, fetch
from app.services import audit, calendar, reference
from app.services.deciding import OVERTAKEN, deciding, judging
from models.bureau import Bureau
from models.dictionary import DictionaryEntry
from models.issued_report import IssuedReport
from models.project import Project
from models.region import Region
from reports.monthly import query, sheets
from reports.monthly.compare import Keyed, Restated, compare
from reports.monthly.definitions import DEFINITION_VERSION, Rows
from reports.monthly.figures import Figures, Key
from reports.monthly.frozen import content_hash, keys_as_json, keys_from_json
from reports.monthly.report import Edition, Report

KIND = "monthly"
EXPORT, ISSUE = "report:monthly:export", "report:monthly:issue"
OBJECT = "issued_report"
MOST_ROWS = 500
MOST_EDITIONS = 50
CODED = ("category_code", "approval_level_code")


@dataclass(frozen=True)
class Drilled:
    """Projects behind a figure: at most MOST_ROWS of them, and how many there are."""

    projects: list[Project]
    count: int


@dataclass(frozen=True)
class Opened:
    """An edition as it was issued, whether its hash still fits, and what was restated since."""

    row: IssuedReport
    report: Report
    is_sound: bool
    restated: Restated
    moved: Mapping[int, Project]  # the projects that came or went, as far as the reader may see them


def command_actor(session: Session) -> Actor:
    """The system, for the command line: it reaches every bureau."""
    return replace(SYSTEM_ACTOR, bureau_ids=frozenset(session.scalars(select(Bureau.id))))


def last_month(now: datetime) -> Month:
    """The month that has just ended, by Shanghai's calendar."""
    return month_of(local_date(now)).later(-1)


def has_ended(month: Month, *, now: datetime) -> bool:
    """Whether the month is over; only then it may be issued."""
    return month < month_of(local_date(now))


def own_bureau_code(session: Session, actor: Actor) -> str:
    """The bureau a person works at; empty for those who work at none."""
    return session.scalar(select(Bureau.code).where(Bureau.id == actor.bureau_id)) or ""


def bureaus(session: Session, actor: Actor) -> list[Bureau]:
    """Whose reports the actor may choose from."""
    return list(session.scalars(select(Bureau).where(criteria(actor, Bureau)).order_by(Bureau.sort, Bureau.code)))


def monthly(
    session: Session,
    actor: Actor,
    bureau_code: str,
    month: Month,
    *,
    now: datetime,
    english: bool = False,
) -> Report:
    """The month as the data stand now.

    Raises NotFound for a bureau out of reach, Refused without the right.
    """
    _require(actor, "list")
    bureau = _bureau(session, actor, bureau_code)
    found = _figures(session, bureau, month, now=now)
    return _report(session, bureau, month, found, made_by=actor.name, made_at=now, english=english)


def export(
    session: Session,
    actor: Actor,
    bureau_code: str,
    month: Month,
    file: IO[bytes],
    *,
    now: datetime,
    say_in: sheets.Say = str,
    english: bool = False,
) -> str:
    """Write the workbook and leave its audit row; gives the file's name. Raises as `monthly` does."""
    with judging(session, actor, EXPORT, OBJECT, now=now):
        _require(actor, "export")
        report = monthly(session, actor, bureau_code, month, now=now, english=english)
    return _write(session, actor, report, None, file, now=now, say_in=say_in)


def export_edition(
    session: Session,
    actor: Actor,
    report_id: object,
    file: IO[bytes],
    *,
    now: datetime,
    say_in: sheets.Say = str,
    english: bool = False,
) -> str:
    """The same of a frozen edition, as it was issued."""
    with judging(session, actor, EXPORT, OBJECT, now=now):
        _require(actor, "export")
        row = fetch(session, actor, IssuedReport, report_id)
        key, report = row.id, _frozen(session, row, english=english)
    return _write(session, actor, report, key, file, now=now, say_in=say_in)


def _write(
    session: Session,
    actor: Actor,
    report: Report,
    edition_id: int | None,
    file: IO[bytes],
    *,
    now: datetime,
    say_in: sheets.Say,
) -> str:
    row_count = sheets.write(report, file, say=say_in)
    with deciding(session, actor, EXPORT, OBJECT, edition_id, now=now):
        after = {
            "bureau": report.bureau_code,
            "month": str(report.month),
            "edition": report.edition.number if report.edition else None,
            "definition_version": report.definition_version,
            "rows": row_count,
        }
        audit.record(session, actor, EXPORT, OBJECT, edition_id, now=now, after=after)
    edition = f"-v{report.edition.number}" if report.edition else ""
    return f"登记月报-{report.bureau_code}-{report.month}{edition}.xlsx"


def issue(session: Session, actor: Actor, bureau_code: str, month: Month, *, now: datetime) -> IssuedReport:
    """发布: freeze the month as its next edition. Raises Refused while the month has not ended.

    Editions only grow (database triggers): what turns out wrong is issued anew, never changed.
    """
    try:
        with deciding(session, actor, ISSUE, OBJECT, now=now):
            _require(actor, "issue")
            bureau = _bureau(session, actor, bureau_code)
            if not has_ended(month, now=now):
                raise Refused(say(N_("%(month)s 还没有结束，请在次月发布。"), month=str(month)), "month_has_ended")
            row = _freeze(session, actor, bureau, month, now=now)
            session.add(row)
            session.flush()  # the audit event names the new row
            after = {
                "bureau": bureau.code,
                "month": str(month),
                "edition": row.edition,
                "content_hash": row.content_hash,
            }
            audit.record(session, actor, ISSUE, OBJECT, row.id, now=now, after=after)
    except IntegrityError as overtaken:
        raise Conflict(say(OVERTAKEN)) from overtaken
    return row


def _freeze(session: Session, actor: Actor, bureau: Bureau, month: Month, *, now: datetime) -> IssuedReport:
    before = select(func.max(IssuedReport.edition)).where(
        IssuedReport.kind == KIND, IssuedReport.month == str(month), IssuedReport.bureau_id == bureau.id
    )
    row = IssuedReport(
        kind=KIND,
        month=str(month),
        bureau_id=bureau.id,
        edition=(session.scalar(before) or 0) + 1,
        definition_version=DEFINITION_VERSION,
        figures=_figures(session, bureau, month, now=now).as_json(),
        row_ids=keys_as_json(_keys(session, bureau, month, now=now)),
        issued_by_id=actor.user_id,
        issued_at=now,
    )
    row.content_hash = content_hash(row, bureau.code)
    return row


def editions(session: Session, actor: Actor, bureau_id: int | None = None) -> list[IssuedReport]:
    """Issued reports in reach, the newest first; without their figures."""
    query_ = select(IssuedReport).where(criteria(actor, IssuedReport)).order_by(IssuedReport.id.desc())
    if bureau_id is not None:
        query_ = query_.where(IssuedReport.bureau_id == bureau_id)
    named = (joinedload(IssuedReport.bureau), joinedload(IssuedReport.issued_by))
    light = (defer(IssuedReport.figures), defer(IssuedReport.row_ids))
    return list(session.scalars(query_.options(*named, *light).limit(MOST_EDITIONS)))


def opened(session: Session, actor: Actor, report_id: object, *, now: datetime, english: bool = False) -> Opened:
    """An edition beside the same month counted now. Raises NotFound out of reach."""
    _require(actor, "show")
    row = fetch(session, actor, IssuedReport, report_id)
    report, month = _frozen(session, row, english=english), read(row.month, now=now)
    fresh = _figures(session, row.bureau, month, now=now)
    keys = _keys(session, row.bureau, month, now=now)
    restated = compare(report.figures, fresh, keys_from_json(row.row_ids), keys)
    moved = {key for change in (restated.came, restated.went) for ids in change.values() for key in ids}
    seen = _projects(session, actor, sorted(moved)[:MOST_ROWS])
    return Opened(
        row,
        report,
        content_hash(row, row.bureau.code) == row.content_hash,
        restated,
        {project.id: project for project in seen},
    )


def drilled(
    session: Session, actor: Actor, bureau_code: str, month: Month, rows: Rows, key: Key, *, now: datetime
) -> Drilled:
    """The projects behind a figure as it is counted now; empty codes of the line stand for all."""
    _require(actor, "list")
    bureau = _bureau(session, actor, bureau_code)
    behind = query.behind(_ids(session, bureau), month, rows, key, now=now)
    count = session.scalar(select(func.count()).select_from(behind.subquery())) or 0
    ids = session.scalars(behind.order_by(Project.id).limit(MOST_ROWS)).all()
    return Drilled(_projects(session, actor, ids), count)


def drilled_edition(session: Session, actor: Actor, report_id: object, rows: Rows, key: Key) -> Drilled:
    """The projects behind a frozen figure."""
    _require(actor, "show")
    row = fetch(session, actor, IssuedReport, report_id)
    keyed = keys_from_json(row.row_ids).get(rows, [])
    ids = [mine for own, mine in keyed if all(code in ("", part) for code, part in zip(key, own, strict=True))]
    return Drilled(_projects(session, actor, ids[:MOST_ROWS]), len(ids))


def _projects(session: Session, actor: Actor, ids: Iterable[int]) -> list[Project]:
    found = select(Project).where(Project.id.in_(list(ids)), criteria(actor, Project)).order_by(Project.id)
    return list(session.scalars(found.options(joinedload(Project.organization))))


def _figures(session: Session, bureau: Bureau, month: Month, *, now: datetime) -> Figures:
    ids, days = _ids(session, bureau), calendar.in_force(session)
    return query.figures(session, ids, month, days, now=now)


def _keys(session: Session, bureau: Bureau, month: Month, *, now: datetime) -> dict[Rows, Keyed]:
    ids = _ids(session, bureau)
    return {rows: query.keys_of(session, ids, month, rows, now=now) for rows in Rows}


def _frozen(session: Session, row: IssuedReport, *, english: bool) -> Report:
    year, number = row.month.split("-")
    who = row.issued_by.display_name or row.issued_by.username
    report = _report(
        session, row.bureau, Month(int(year), int(number)), Figures.from_json(row.figures),
        made_by=who, made_at=row.issued_at, english=english,
    )  # fmt: skip
    edition = Edition(row.edition, row.content_hash, who, row.issued_at)
    return replace(report, edition=edition, definition_version=row.definition_version)


def _report(
    session: Session, bureau: Bureau, month: Month, found: Figures, *, made_by: str, made_at: datetime, english: bool
) -> Report:
    return Report(
        bureau_id=bureau.id,
        bureau_code=bureau.code,
        bureau_name=bureau.name,
        month=month,
        figures=found,
        made_by=made_by,
        made_at=made_at,
        definition_version=DEFINITION_VERSION,
        words=_words(session, found.regions, english=english),
    )


def _words(session: Session, regions: Iterable[str], *, english: bool) -> dict[tuple[str, str], str]:
    """The words of the codes that stand in the report; regions have one name."""
    label = DictionaryEntry.label_en if english else DictionaryEntry.label_zh
    coded = select(DictionaryEntry.kind, DictionaryEntry.code, label).where(DictionaryEntry.kind.in_(CODED))
    words = {(kind, code): word for kind, code, word in session.execute(coded)}
    named = select(Region.code, Region.name).where(Region.code.in_(list(regions))).order_by(Region.valid_from)
    return words | {("region_code", code): name for code, name in session.execute(named)}


def _ids(session: Session, bureau: Bureau) -> list[int]:
    return sorted(reference.bureaus_below(session, bureau.id))


def _bureau(session: Session, actor: Actor, code: str) -> Bureau:
    found: Bureau | None = session.scalar(select(Bureau).where(Bureau.code == code, criteria(actor, Bureau)))
    if found is None:
        raise NotFound(Bureau.__name__)
    return found


def _require(actor: Actor, verb: str) -> None:
    if actor.roles != SYSTEM_ACTOR.roles and not may(actor.roles, "reports", verb):
        raise Refused(say(N_("您没有这项月报权限。")), "role")
