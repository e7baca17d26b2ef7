"""The figures of a month from SQL: a fixed number of aggregate statements, whatever the number of rows."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, distinct, func, literal_column, or_, select
from sqlalchemy.orm import Session

from app.domain.calendar import WorkingCalendar
from app.domain.clock import local_date
from app.domain.month import Month
from app.domain.terms import Action
from models.bureau import Bureau
from models.clock_span import ClockSpan
from models.number import NumberRegister
from models.outbox import Outbox
from models.project import Project, told
from models.review import Review
from models.submission import Submission
from reports.monthly import sources
from reports.monthly.definitions import Rows
from reports.monthly.figures import CENTIARES_PER_M2, CNY_PER_10K, PARTS, Figures, Key, Line, Point
from reports.monthly.spans import Span, Spans, overdue_before, shanghai_day, working_days

BY_MONTHS = ("registered", "approved", "issued")  # counted in thirteen months at once
DIMENSIONS = (
    func.coalesce(Project.region_code, literal_column("''")),
    func.coalesce(Project.category_code, literal_column("''")),
    func.coalesce(told(Project.approval_level_code), literal_column("''")),
)
Column = ColumnElement[Any]


def figures(
    session: Session, bureau_ids: Iterable[int], month: Month, calendar: WorkingCalendar, *, now: datetime
) -> Figures:
    """All figures of the month for the projects of these bureaus."""
    before, ids = overdue_before(month, now), tuple(sorted(bureau_ids))
    spans, lines = Spans(month), dict[Key, dict[str, int]]()
    first_day = _earliest(session, spans.itself) or month.first
    for statement in _statements(ids, month, before, first_day, calendar):
        for row in session.execute(statement).mappings():
            values = dict(row)
            key = (values.pop("region"), values.pop("category"), values.pop("level"))
            lines.setdefault(key, {}).update({name: int(value or 0) for name, value in values.items()})
    trend = _trend(spans, lines.values())
    found = [Line(key, _parts(spans, lines[key])) for key in sorted(lines)]
    shown = tuple(line for line in found if any(line.parts.values()))
    regions = {line.region for line in shown} | _regions(session, ids)
    return Figures(shown, tuple(sorted(regions)), trend, before)


@lru_cache(maxsize=32)
def _statements(
    bureau_ids: tuple[int, ...], month: Month, before: date, first_day: date, calendar: WorkingCalendar
) -> tuple[Any, ...]:
    """What is asked; kept, because putting the statements together costs as much as a small bureau's answers."""
    spans, reach = Spans(month), sources.in_reach(bureau_ids)
    days = working_days(calendar, first_day, month.last, "calendar")
    asked = (
        _registered(spans),
        _approved(spans),
        _decisions(spans.itself),
        _first_decisions(month),
        _working_days(month, days),
        _pending(month, sources.is_overdue(before)),
        _issued(spans),
        _pushed(spans.itself),
    )
    return tuple(statement.where(reach) for statement in asked)


def _parts(spans: Spans, counted: dict[str, int]) -> dict[str, int]:
    """A line's parts; what was counted by months is told as month, year so far and a year ago."""
    parts = {name: counted.get(name, 0) for name in PARTS}
    year = [place for place, month in enumerate(spans.months) if month.year == spans.month.year]
    for name in BY_MONTHS:
        months = [counted.get(f"{name}_in_{place}", 0) for place in range(len(spans.months))]
        parts[name], parts[f"{name}_last"] = months[-1], months[0]
        if name != "approved":  # approved twice in a year is one project of that year
            parts[f"{name}_ytd"] = sum(months[place] for place in year)
    return parts


def _trend(spans: Spans, lines: Iterable[dict[str, int]]) -> tuple[Point, ...]:
    """The twelve months up to this one, over all lines."""
    sums: Counter[str] = Counter()
    for counted in lines:
        sums.update(counted)
    places = list(enumerate(spans.months))[1:]
    return tuple(Point(str(m), *(sums[f"{name}_in_{place}"] for name in BY_MONTHS)) for place, m in places)


def keys_of(
    session: Session, bureau_ids: Iterable[int], month: Month, rows: Rows, *, now: datetime
) -> list[tuple[Key, int]]:
    """The projects behind one kind of figure, with the line that each belongs to."""
    behind = sources.keys(rows, month, overdue_before(month, now))
    query = select(*DIMENSIONS, Project.id).where(sources.in_reach(bureau_ids), Project.id.in_(behind))
    return [
        ((region, category, level), key) for region, category, level, key in session.execute(query.order_by(Project.id))
    ]


def behind(bureau_ids: Iterable[int], month: Month, rows: Rows, line: Key, *, now: datetime) -> Select[int]:
    """The projects behind one figure of one line; an empty code stands for all, as in subtotals and totals."""
    in_line = [dimension == code for dimension, code in zip(DIMENSIONS, line, strict=True) if code]
    counted = sources.keys(rows, month, overdue_before(month, now))
    return select(Project.id).where(sources.in_reach(bureau_ids), Project.id.in_(counted), *in_line)


def _by_line(*figures: Column) -> Any:
    names = zip(("region", "category", "level"), DIMENSIONS, strict=True)
    grouped: Any = select(*(dimension.label(name) for name, dimension in names), *figures)
    return grouped.group_by(*DIMENSIONS)


def _how_many(criterion: ColumnElement[bool], value: Any = 1) -> Column:
    return func.sum(case((criterion, value), else_=0))


def _registered(spans: Spans) -> Any:
    at = Submission.submitted_at
    counts = [_how_many(Span(m, m).holds(at)).label(f"registered_in_{n}") for n, m in enumerate(spans.months)]
    joined = _by_line(*counts).join_from(Submission, Project, Project.id == Submission.project_id)
    return joined.where(sources.is_first_submission(), spans.whole.holds(at))


def _approved(spans: Spans) -> Any:
    """Each project once a month, then once a year."""
    at = Review.decided_at
    bounds = [(at < month.ends_at, place) for place, month in enumerate(spans.months)]
    once = (
        select(Review.project_id, case(*bounds).label("place"))
        .where(Review.decision == Action.APPROVE.value, Review.project_id.is_not(None), spans.whole.holds(at))
        .distinct()
        .subquery("once")
    )
    counts = [_how_many(once.c.place == place).label(f"approved_in_{place}") for place in range(len(bounds))]
    january = len(bounds) - spans.month.number
    in_year = func.count(distinct(case((once.c.place >= january, once.c.project_id)))).label("approved_ytd")
    return _by_line(*counts, in_year).join_from(once, Project, Project.id == once.c.project_id)


def _decisions(span: Span) -> Any:
    returned = Review.decision == Action.RETURN.value
    joined = _by_line(func.count().label("returns")).join_from(Review, Project, Project.id == Review.project_id)
    return joined.where(returned, span.holds(Review.decided_at))


def _first_decisions(month: Month) -> Any:
    counts = (
        func.count().label("first_decided"),
        _how_many(sources.is_returned_by(month)).label("first_returned"),
    )
    joined = _by_line(*counts).join_from(Review, Project, Project.id == Review.project_id)
    return joined.where(Span(month, month).holds(Review.decided_at), sources.is_first_decision())


def _earliest(session: Session, span: Span) -> Any:
    """The day of the earliest submission that was decided in the span."""
    joined = select(func.min(Submission.submitted_at)).join_from(Review, Submission)
    at = session.scalar(joined.where(span.holds(Review.decided_at), Review.project_id.is_not(None)))
    return local_date(at) if at else None


def _working_days(month: Month, days: Any) -> Any:
    """First how often which two days occur, then the working days between them: a small table against a small one."""
    submitted, decided = shanghai_day(Submission.submitted_at), shanghai_day(Review.decided_at)
    pairs = (
        select(Review.project_id, submitted.label("submitted"), decided.label("decided"), func.count().label("times"))
        .join_from(Review, Submission, Submission.id == Review.submission_id)
        .where(Review.project_id.is_not(None), Span(month, month).holds(Review.decided_at))
        .group_by(Review.project_id, submitted, decided)
        .subquery("pairs")
    )
    start, end = days.alias("day_of_submit"), days.alias("day_of_decision")
    length = end.c.ordinal - start.c.ordinal
    waited = _by_line(func.sum(pairs.c.times * length).label("days"), func.sum(pairs.c.times).label("days_of"))
    waited = waited.join_from(pairs, Project, Project.id == pairs.c.project_id)
    waited = waited.join(start, start.c.day == pairs.c.submitted).join(end, end.c.day == pairs.c.decided)
    return waited.where(start.c.break_number == end.c.break_number)


def _pending(month: Month, overdue: ColumnElement[bool]) -> Any:
    counts = (func.count().label("pending"), _how_many(overdue).label("overdue"))
    joined = _by_line(*counts).join_from(ClockSpan, Project, Project.id == ClockSpan.project_id)
    return joined.where(sources.is_pending(month))


def _issued(spans: Spans) -> Any:
    day, cny = NumberRegister.issued_on, _whole(told(Project.investment_10k_cny), CNY_PER_10K)
    counts = [_how_many(Span(m, m).holds_day(day)).label(f"issued_in_{n}") for n, m in enumerate(spans.months)]
    over = (("", spans.itself), ("_ytd", spans.ytd), ("_last", spans.last))
    money = [_how_many(span.holds_day(day), cny).label(f"investment{end}") for end, span in over]
    metres = _whole(told(Project.floor_area_m2), CENTIARES_PER_M2)
    area = _how_many(spans.itself.holds_day(day), metres).label("floor_area")
    joined = _by_line(*counts, *money, area).join_from(NumberRegister, Project, Project.id == NumberRegister.project_id)
    return joined.where(NumberRegister.origin == "issued", spans.whole.holds_day(day))


def _whole(amount: Any, steps: int) -> Column:
    """An amount counted in its smallest steps, exact on both databases."""
    return func.coalesce(cast(func.round(amount * steps), BigInteger), 0)


def _pushed(span: Span) -> Any:
    done, failed = sources.is_pushed(span), sources.is_push_failed(span)
    counts = (
        func.count(distinct(case((done, Outbox.project_id)))).label("push_done"),
        func.count(distinct(case((failed, Outbox.project_id)))).label("push_failed"),
    )
    joined = _by_line(*counts).join_from(Outbox, Project, Project.id == Outbox.project_id)
    return joined.where(or_(done, failed))


def _regions(session: Session, bureau_ids: Iterable[int]) -> set[str]:
    """Regions of the bureaus; one that only watches over others needs no line of its own."""
    ids = sorted(bureau_ids)
    watching = select(Bureau.parent_id).where(Bureau.id.in_(ids), Bureau.parent_id.is_not(None))
    own = select(Bureau.region_code).where(Bureau.id.in_(ids), Bureau.id.not_in(watching))
    return set(session.scalars(own))
