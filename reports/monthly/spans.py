"""Stretches of time in SQL: criteria on instants and days, and the working days between two instants."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CTE, Integer, String, column, values
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from app.domain.calendar import WorkingCalendar
from app.domain.clock import local_date
from app.domain.month import Month, month_of


@dataclass(frozen=True)
class Span:
    """From the first month's beginning to before the last one's end."""

    first: Month
    last: Month

    def holds(self, instant: Any) -> ColumnElement[bool]:
        """The instant lies in it."""
        criterion: ColumnElement[bool] = (instant >= self.first.begins_at) & (instant < self.last.ends_at)
        return criterion

    def holds_day(self, day: Any) -> ColumnElement[bool]:
        """The day in Shanghai lies in it."""
        criterion: ColumnElement[bool] = (day >= self.first.first) & (day <= self.last.last)
        return criterion


@dataclass(frozen=True)
class Spans:
    """The stretches that a month is told in: itself, its year so far, and the year up to it for the trend."""

    month: Month

    @property
    def months(self) -> list[Month]:
        """Thirteen months: the same one a year ago first, the month itself last."""
        return [self.month.later(-back) for back in range(12, -1, -1)]

    @property
    def whole(self) -> Span:
        """All of them; the year so far lies inside."""
        return Span(self.month.later(-12), self.month)

    @property
    def itself(self) -> Span:
        """The month."""
        return Span(self.month, self.month)

    @property
    def ytd(self) -> Span:
        """From January."""
        return Span(self.month.january(), self.month)

    @property
    def last(self) -> Span:
        """The same month a year ago."""
        return Span(self.month.later(-12), self.month.later(-12))


def overdue_before(month: Month, now: datetime) -> date:
    """Due days before this one have passed: at the month's end, or today while it has not ended."""
    today = local_date(now)
    return month.later().first if month < month_of(today) else today


class shanghai_day(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function that it is
    """The day of an instant on Shanghai's wall calendar, in the database's own way of writing days."""

    inherit_cache = True
    type = String()


@compiles(shanghai_day, "sqlite")
def _sqlite_day(element: Any, compiler: Any, **options: Any) -> str:
    # Cut to whole seconds first: SQLite rounds the last half millisecond of a day into the next one.
    return f"date(substr({compiler.process(element.clauses, **options)}, 1, 19), '+8 hours')"


@compiles(shanghai_day, "postgresql")
def _postgresql_day(element: Any, compiler: Any, **options: Any) -> str:
    return f"to_char(({compiler.process(element.clauses, **options)}) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"


def working_days(calendar: WorkingCalendar, first: date, last: date, name: str) -> CTE:
    """A table of days with their running number of working days: the difference of two is the time between them.

    `break_number` goes up with every day of an unpublished year, across which nothing can be counted.
    """
    rows, ordinal, breaks = [], 0, 0
    day = first
    while day <= last:
        works = calendar.is_working(day)
        ordinal, breaks = ordinal + bool(works), breaks + (works is None)
        rows.append((day.isoformat(), ordinal, breaks))
        day += timedelta(days=1)
    columns = (column("day", String), column("ordinal", Integer), column("break_number", Integer))
    return values(*columns, name=name, literal_binds=True).data(rows).cte(f"{name}_days")
