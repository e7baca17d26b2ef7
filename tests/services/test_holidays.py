"""The base calendar: published arrangements of the past, nothing beyond."""

from datetime import date

import pytest

from app.services.holidays import base_calendar

VECTORS = {  # DOMAIN §9.1; counting starts the next day
    "the notice's first day, a Sunday": (date(2016, 1, 10), 5, date(2016, 1, 15)),
    "spring festival 2016": (date(2016, 2, 5), 5, date(2016, 2, 17)),
    "national day 2016": (date(2016, 9, 30), 7, date(2016, 10, 14)),
    "the lengthened spring festival of 2020": (date(2020, 1, 23), 5, date(2020, 2, 7)),
    "over the year's end": (date(2025, 12, 31), 5, date(2026, 1, 8)),
    "spring festival 2026": (date(2026, 2, 13), 7, date(2026, 3, 2)),
    "a Saturday at work": (date(2026, 9, 30), 3, date(2026, 10, 10)),
}


@pytest.mark.parametrize(("start", "days", "due"), VECTORS.values(), ids=VECTORS.keys())
def test_a_period_ends_on_the_published_working_day(start: date, days: int, due: date) -> None:
    assert base_calendar().due(start, days) == due


@pytest.mark.parametrize(
    ("year", "expected"),
    [*zip(range(2016, 2027), (250, 249, 250, 250, 249, 250, 249, 249, 251, 248, 248), strict=True)],
)
def test_a_year_has_its_working_days(year: int, expected: int) -> None:
    calendar = base_calendar()

    assert calendar.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == expected


def test_years_2004_to_2026_are_published_and_no_other() -> None:
    assert base_calendar().published_years == frozenset(range(2004, 2027))


def test_a_period_into_an_unpublished_year_has_no_end() -> None:
    assert base_calendar().due(date(2026, 12, 31), 3) is None


def test_a_holiday_is_explained_by_its_name() -> None:
    first = base_calendar().explain(date(2016, 9, 30), 1)[0]

    assert (first.counted, first.reason) == (False, "国庆节放假")
