"""What counts, as SQL criteria: one place for the figures and for the projects behind them, so they cannot differ."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.domain.month import Month
from app.domain.terms import Action
from models import push_ledger
from models.clock_span import ClockSpan
from models.number import NumberRegister
from models.outbox import Outbox
from models.project import Project
from models.review import Review
from models.submission import Submission
from reports.monthly.definitions import Rows
from reports.monthly.spans import Span

Criterion = ColumnElement[bool]


def in_reach(bureau_ids: Iterable[int]) -> Criterion:
    """Projects of these bureaus."""
    return Project.bureau_id.in_(sorted(bureau_ids))


def is_first_submission() -> Criterion:
    """A project's first; one that had its number before it was submitted here is history from an import."""
    before_us = Project.numbered_at < Submission.submitted_at
    return and_(Submission.sequence == 1, or_(Project.numbered_at.is_(None), ~before_us))


def is_pending(month: Month) -> Criterion:
    """The bureau had the submission at the month's end: a stretch of its clock that began before and ended later."""
    end = month.ends_at
    runs = or_(ClockSpan.ended_at.is_(None), ClockSpan.ended_at >= end)
    return and_(ClockSpan.project_id.is_not(None), ClockSpan.side == "bureau", ClockSpan.began_at < end, runs)


def is_overdue(before: date) -> Criterion:
    """The bureau's last day has passed."""
    return ClockSpan.due_on < before


def is_first_decision() -> Criterion:
    """Nothing was decided on the project before."""
    earlier = aliased(Review)
    same_instant = and_(earlier.decided_at == Review.decided_at, earlier.id < Review.id)
    before = or_(earlier.decided_at < Review.decided_at, same_instant)
    return ~exists().where(earlier.project_id == Review.project_id, before)


def is_returned_by(month: Month) -> Criterion:
    """The project was returned at least once before the month's end."""
    returned = aliased(Review)
    return exists().where(
        returned.project_id == Review.project_id,
        returned.decision == Action.RETURN.value,
        returned.decided_at < month.ends_at,
    )


def is_pushed(span: Span) -> Criterion:
    """The province first took it in the span: sending it again later counts in no other month."""
    return and_(Outbox.kind == "province_push", push_ledger.first_acknowledged(span.holds))


def is_push_failed(span: Span) -> Criterion:
    """Queued for the province in the span, refused, and neither taken before nor said anew since."""
    unsettled = and_(push_ledger.is_unsettled(), Outbox.status == "failed", ~push_ledger.was_acknowledged())
    return and_(Outbox.kind == "province_push", unsettled, span.holds(Outbox.created_at))


def keys(rows: Rows, month: Month, before: date) -> Select[int]:
    """The projects behind a figure of the month, each once."""
    found: Select[int] = _KEYS[rows](Span(month, month), month, before)
    return found.distinct()


def _submitted(*criteria: Criterion) -> Any:
    joined = select(Submission.project_id.label("id")).join(Project, Project.id == Submission.project_id)
    return joined.where(*criteria)


def _waiting(month: Month, *criteria: Criterion) -> Any:
    return select(ClockSpan.project_id.label("id")).where(is_pending(month), *criteria)


def _decided(span: Span, *criteria: Criterion) -> Any:
    in_span = span.holds(Review.decided_at)
    return select(Review.project_id.label("id")).where(Review.project_id.is_not(None), in_span, *criteria)


def _pushed(*criteria: Criterion) -> Any:
    return select(Outbox.project_id.label("id")).where(Outbox.project_id.is_not(None), *criteria)


def _numbered(span: Span) -> Any:
    issued = select(NumberRegister.project_id.label("id")).where(NumberRegister.origin == "issued")
    return issued.where(span.holds_day(NumberRegister.issued_on))


_KEYS: dict[Rows, Any] = {
    Rows.REGISTERED: lambda span, _, __: _submitted(is_first_submission(), span.holds(Submission.submitted_at)),
    Rows.APPROVED: lambda span, _, __: _decided(span, Review.decision == Action.APPROVE.value),
    Rows.PENDING: lambda _, month, __: _waiting(month),
    Rows.RETURNED: lambda span, _, __: _decided(span, Review.decision == Action.RETURN.value),
    Rows.RETURNED_ONCE: lambda span, month, __: _decided(span, is_first_decision(), is_returned_by(month)),
    Rows.DECIDED: lambda span, _, __: _decided(span),
    Rows.OVERDUE: lambda _, month, before: _waiting(month, is_overdue(before)),
    Rows.ISSUED: lambda span, _, __: _numbered(span),
    Rows.PUSH_DONE: lambda span, _, __: _pushed(is_pushed(span)),
    Rows.PUSH_FAILED: lambda span, _, __: _pushed(is_push_failed(span)),
}
