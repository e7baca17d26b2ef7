"""The account of a review's time: the bureau's days, the project owner's, and when the bureau's run out."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.time_account import Account, Span, account, due
from app.services.holidays import base_calendar

CALENDAR = base_calendar()
MONDAY = date(2026, 11, 23)


def day(n: int) -> date:
    """The n-th day of November 2026 or later."""
    return date(2026, 11, 1) + timedelta(days=n - 1)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([Span(MONDAY, None)], Account(2, 0, day(30))),
        ([], Account(0, 2, None)),  # nobody came yet
        ([Span(day(24), None)], Account(1, 1, date(2026, 12, 1))),
        ([Span(MONDAY, day(24))], Account(1, 1, None)),  # opened for the project owner
        ([Span(MONDAY, MONDAY), Span(day(25), None)], Account(0, 2, date(2026, 12, 2))),
    ],
)
def test_the_bureaus_days_count_while_it_has_the_case(spans: list[Span], expected: Account) -> None:
    assert account(spans, 5, CALENDAR, submitted=MONDAY, until=day(25)) == expected


def test_days_used_before_a_pause_stay_used() -> None:
    spans = [Span(MONDAY, day(25)), Span(date(2026, 12, 7), None)]

    assert due(spans, 5, CALENDAR) == date(2026, 12, 10)  # three of five are left


def test_what_was_late_before_a_pause_is_late_after_it() -> None:
    assert due([Span(MONDAY, date(2026, 12, 3)), Span(date(2026, 12, 14), None)], 5, CALENDAR) == day(30)


def test_a_year_without_a_calendar_leaves_the_due_date_open() -> None:
    assert due([Span(date(2027, 12, 30), None)], 5, CALENDAR) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=7), st.integers(1, 9))
def test_bureau_and_owner_share_every_working_day_and_the_due_day_uses_up_the_limit(
    steps: list[int], limit: int
) -> None:
    edges = [MONDAY]
    for step in steps:
        edges.append(edges[-1] + timedelta(days=step))
    pairs = list(zip(edges[::2], [*edges[1::2], None], strict=False))
    spans = [Span(began, ended) for began, ended in pairs]
    until = edges[-1] + timedelta(days=3)

    found = account(spans, limit, CALENDAR, submitted=MONDAY, until=until)

    whole = CALENDAR.working_days_between(MONDAY, until)
    if found.bureau_days is not None and whole is not None:
        assert found.bureau_days + (found.applicant_days or 0) == whole
    if found.due_on is not None and spans[-1].ended is None:
        used = sum(CALENDAR.working_days_between(s.began, s.ended or found.due_on) or 0 for s in spans)
        assert used == limit or found.due_on < spans[-1].began or spans[-1].began == found.due_on
