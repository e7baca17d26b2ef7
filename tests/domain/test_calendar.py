"""Working days against the published calendar, and silence where there is none."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import calendar as working
from app.domain.calendar import WorkingCalendar

PUBLISHED = WorkingCalendar(
    off_days=frozenset(chinese_calendar.constants.holidays),
    extra_workdays=frozenset(chinese_calendar.constants.workdays),
    published_years=frozenset(range(2004, 2027)),
)
VECTORS = [
    (date(2016, 2, 5), 5, date(2016, 2, 17)),
    (date(2016, 1, 10), 5, date(2016, 1, 15)),
    (date(2016, 9, 30), 7, date(2016, 10, 14)),
    (date(2020, 1, 23), 5, date(2020, 2, 7)),
    (date(2025, 12, 31), 5, date(2026, 1, 8)),
    (date(2026, 2, 13), 7, date(2026, 3, 2)),
    (date(2026, 9, 30), 3, date(2026, 10, 10)),
]


@pytest.mark.parametrize(("start", "days", "end"), VECTORS, ids=lambda value: str(value))
def test_period_ends_on_the_published_day(start, days, end):
    assert PUBLISHED.due(start, days) == end
    assert PUBLISHED.working_days_between(start, end) == days


@pytest.mark.parametrize(
    ("year", "days"),
    list(enumerate([250, 249, 250, 250, 249, 250, 249, 249, 251, 248, 248], start=2016)),
)
def test_year_has_its_working_days(year, days):
    assert PUBLISHED.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == days


def test_period_into_an_unpublished_year_has_no_end_yet():
    start = date(2026, 12, 30)

    assert PUBLISHED.due(start, 1) == date(2026, 12, 31)
    assert PUBLISHED.due(start, 2) is None
    assert PUBLISHED.working_days_between(start, date(2027, 1, 4)) is None
    assert PUBLISHED.is_working(date(2027, 1, 4)) is None


def test_year_published_later_completes_the_period():
    later = WorkingCalendar(PUBLISHED.off_days, PUBLISHED.extra_workdays, frozenset({2026, 2027}))

    assert later.due(date(2026, 12, 30), 2) == date(2027, 1, 1)
    assert later.with_overrides({date(2027, 1, 1): False}).due(date(2026, 12, 30), 2) == date(2027, 1, 4)


def test_each_day_is_explained():
    lines = PUBLISHED.explain(date(2026, 9, 30), 3)

    assert [line.day for line in lines] == [date(2026, 10, day) for day in range(1, 11)]
    assert lines[0] == (date(2026, 10, 1), False, working.HOLIDAY)
    assert lines[7] == (date(2026, 10, 8), True, working.WORKING_DAY)
    assert lines[9] == (date(2026, 10, 10), True, working.MADE_UP_DAY)
    assert sum(line.counted for line in lines) == 3


def test_plain_weekend_is_explained():
    lines = PUBLISHED.explain(date(2026, 11, 20), 1)

    assert [line.reason for line in lines] == [working.WEEKEND, working.WEEKEND, working.WORKING_DAY]


def test_explanation_stops_at_the_unpublished_year():
    lines = PUBLISHED.explain(date(2026, 12, 30), 5)

    assert lines[-1] == (date(2027, 1, 1), False, working.NOT_PUBLISHED)


def test_officers_day_wins_over_the_published_one():
    holiday, monday = date(2026, 10, 1), date(2026, 11, 23)
    calendar = PUBLISHED.with_overrides({holiday: True, monday: False}, {monday: "防汛停工"})

    assert calendar.is_working(holiday) is True
    assert calendar.is_working(monday) is False
    assert calendar.explain(date(2026, 11, 22), 1)[0].reason == "防汛停工"
    assert PUBLISHED.is_working(monday) is True


@pytest.mark.parametrize("days", [0, -3])
def test_no_days_end_where_they_begin(days):
    assert PUBLISHED.due(date(2030, 1, 1), days) == date(2030, 1, 1)
    assert PUBLISHED.explain(date(2030, 1, 1), days) == []


def test_nothing_lies_between_a_day_and_an_earlier_one():
    assert PUBLISHED.working_days_between(date(2026, 11, 23), date(2026, 11, 20)) == 0


def test_end_of_time_breaks_nothing():
    endless = WorkingCalendar(frozenset(), frozenset(), frozenset({9999}))

    assert endless.due(date.max, 1) is None
    assert endless.due(date.max - timedelta(days=1), 3) is None


@given(st.dates(date(2004, 1, 1), date(2026, 11, 30)), st.integers(1, 15))
def test_between_and_due_agree(start, days):
    end = PUBLISHED.due(start, days)

    assert end is not None
    assert PUBLISHED.is_working(end)
    assert PUBLISHED.working_days_between(start, end) == days


SOME_DAYS = st.dates(date(2024, 12, 1), date(2026, 12, 31))


@given(SOME_DAYS, SOME_DAYS, st.frozensets(SOME_DAYS, max_size=40), st.frozensets(SOME_DAYS, max_size=40))
def test_days_are_counted_as_if_walked_one_by_one(start, end, resting, working_too):
    calendar = WorkingCalendar(resting, working_too, frozenset({2025, 2026}))
    walked = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    expected = None if any(day.year == 2024 for day in walked) else sum(map(bool, map(calendar.is_working, walked)))

    assert calendar.working_days_between(start, end) == expected


def test_the_end_of_time_is_no_day_to_count_from():
    assert PUBLISHED.working_days_between(date.max, date.max) == 0
