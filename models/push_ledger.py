"""What the push ledger means, as SQL criteria: one definition for worklist, home, badge, ledger, lists and report."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from models.outbox import Outbox
from models.push_attempt import PushAttempt

Criterion = ColumnElement[bool]
PUSHES = ("province_push", "municipal_push")
GIVEN_UP = ("failed", "expired")  # ended without being taken


def is_overtaken() -> Criterion:
    """A later push of the same project to the same system says it anew: a version, or the deletion."""
    later = aliased(Outbox)
    return and_(
        Outbox.kind.in_(PUSHES),
        exists().where(later.kind == Outbox.kind, later.project_id == Outbox.project_id, later.id > Outbox.id),
    )


def is_unsettled() -> Criterion:
    """It ended without being taken, and nothing later stands for it: somebody has to look at it."""
    return and_(Outbox.kind.in_(PUSHES), Outbox.status.in_(GIVEN_UP), ~is_overtaken())


def is_own_fault() -> Criterion:
    """What we did not send because the receiver would refuse it: the receiver has said nothing."""
    last = exists().where(
        PushAttempt.outbox_id == Outbox.id, PushAttempt.fence == Outbox.fence, PushAttempt.outcome == "failed"
    )
    return and_(Outbox.status == "failed", last)


def is_refused() -> Criterion:
    """The other side's own word stands against it."""
    return and_(is_unsettled(), Outbox.status == "failed", ~is_own_fault())


def was_acknowledged() -> Criterion:
    """The other side took it at least once, whatever became of sending it again."""
    return or_(Outbox.status == "delivered", Outbox.acknowledged_at.is_not(None))


def first_acknowledged(within: Any) -> Criterion:
    """Its first acknowledgement lies in the span of `within`, which says so of a column."""
    never_again = and_(Outbox.acknowledged_at.is_(None), within(Outbox.delivered_at))
    return or_(within(Outbox.acknowledged_at), never_again)
