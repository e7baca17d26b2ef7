"""Working days: which day a period ends, by the published calendar. It never guesses and never refuses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from app.domain.terms import N_

WORKING_DAY = N_("工作日")
MADE_UP_DAY = N_("调休上班")
WEEKEND = N_("休息日")
HOLIDAY = N_("放假")
NOT_PUBLISHED = N_("待公布日历")
SATURDAY = 5  # as date.weekday counts


class CountedDay(NamedTuple):
    """One line of 逐日说明: whether it counts, and why: a message id or an officer's note."""

    day: date
    counted: bool
    reason: str


@dataclass(frozen=True)
class WorkingCalendar:
    """Saturdays and Sundays rest, except as said here; only `published_years` are known at all."""

    off_days: frozenset[date]
    extra_workdays: frozenset[date]
    published_years: frozenset[int]
    notes: Mapping[date, str] = field(default_factory=dict, hash=False)

    def with_overrides(
        self, overrides: Mapping[date, bool], notes: Mapping[date, str] | None = None
    ) -> "WorkingCalendar":
        """The same calendar with an officer's days (True = 上班), which win over the published ones."""
        working = {day for day, is_working in overrides.items() if is_working}
        resting = set(overrides) - working
        return replace(
            self,
            off_days=(self.off_days - working) | resting,
            extra_workdays=(self.extra_workdays - resting) | working,
            notes={**self.notes, **(notes or {})},
        )

    def is_published(self, day: date) -> bool:
        return day.year in self.published_years

    def is_working(self, day: date) -> bool | None:
        """Whether the bureau works that day; None when its year is not published."""
        return self._judge(day).counted if self.is_published(day) else None

    def due(self, start: date, days: int) -> date | None:
        """The last day of a period of `days` working days; counting starts the day after `start`.

        None when a year that must be counted is not published. No days at all end on `start`.
        """
        if days <= 0:
            return start
        lines = self.explain(start, days)
        return lines[-1].day if sum(line.counted for line in lines) == days else None

    def explain(self, start: date, days: int) -> list[CountedDay]:
        """Each day of the period and whether it counts; an unpublished year ends the list."""
        lines: list[CountedDay] = []
        left = days
        for day in _days_after(start):
            if left <= 0:
                break
            lines.append(self._judge(day))
            if not self.is_published(day):
                break
            left -= lines[-1].counted
        return lines

    def working_days_between(self, start: date, end: date) -> int | None:
        """Working days after `start` up to and with `end`, 0 when `end` is not later; None as in `due`.

        So `working_days_between(start, due(start, n)) == n`.
        """
        if end <= start:
            return 0
        if not self.published_years.issuperset(range((start + timedelta(days=1)).year, end.year + 1)):
            return None
        resting = sum(day.weekday() < SATURDAY for day in self.off_days if start < day <= end)
        made_up = self.extra_workdays - self.off_days
        working = sum(day.weekday() >= SATURDAY for day in made_up if start < day <= end)
        return _weekdays_between(start, end) - resting + working

    def _judge(self, day: date) -> CountedDay:
        if not self.is_published(day):
            return CountedDay(day, False, NOT_PUBLISHED)
        if day in self.off_days:
            return CountedDay(day, False, self.notes.get(day, HOLIDAY))
        if day.weekday() < SATURDAY:
            return CountedDay(day, True, self.notes.get(day, WORKING_DAY))
        if day in self.extra_workdays:
            return CountedDay(day, True, self.notes.get(day, MADE_UP_DAY))
        return CountedDay(day, False, WEEKEND)


def _weekdays_between(start: date, end: date) -> int:
    """Mondays to Fridays after `start` up to and with `end`."""
    weeks, left = divmod((end - start).days, 7)
    return weeks * SATURDAY + sum((start.weekday() + n) % 7 < SATURDAY for n in range(1, left + 1))


def _days_after(start: date) -> Iterator[date]:
    day = start
    while day < date.max:
        day += timedelta(days=1)
        yield day
