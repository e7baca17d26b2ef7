"""The account of a review's time: whose days they were, and when the bureau's run out.

The bureau's days count while the case is in its hands. What lies between is the project owner's time: the record is
opened for it, or the originals have not all been seen. Days used before such a pause stay used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.calendar import WorkingCalendar


@dataclass(frozen=True)
class Span:
    """A stretch in the bureau's hands; without an end it is running."""

    began: date
    ended: date | None


@dataclass(frozen=True)
class Account:
    """Working days of each side, None where a calendar is missing; the due date only while the bureau's days run."""

    bureau_days: int | None
    applicant_days: int | None
    due_on: date | None


def account(spans: Sequence[Span], limit: int, calendar: WorkingCalendar, *, submitted: date, until: date) -> Account:
    """The account of one submission up to a day. `spans` are the bureau's, in their order."""
    used = _sum([calendar.working_days_between(span.began, span.ended or until) for span in spans])
    whole = calendar.working_days_between(submitted, until)
    owner = whole - used if whole is not None and used is not None else None
    running = bool(spans) and spans[-1].ended is None
    return Account(used, owner, due(spans, limit, calendar) if running else None)


def due(spans: Sequence[Span], limit: int, calendar: WorkingCalendar) -> date | None:
    """The bureau's last day, earlier stretches counted first; None while a needed year is not published."""
    left = limit
    for span in spans:
        used = calendar.working_days_between(span.began, span.ended) if span.ended is not None else 0
        if used is None:
            return None
        if span.ended is None or used > left:  # running, or over before this pause began
            return calendar.due(span.began, left)
        left -= used
    return None


def _sum(days: Sequence[int | None]) -> int | None:
    return None if any(count is None for count in days) else sum(count or 0 for count in days)
