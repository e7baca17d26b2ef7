"""The ledger's rows of attempts, written in the transaction that takes or settles a push. Texts keep none."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.terms import N_
from app.outbox.parcel import PUSHES, State, Trace
from models.push_attempt import PushAttempt

LOST = N_("发送程序中途停止，结果不明，已重新发送。")
OUTCOMES = {State.DELIVERED: "acknowledged", State.FAILED: "refused", State.QUEUED: "failed"}


def begin(session: Session, taken: Iterable[Any], now: datetime) -> None:
    """Open an attempt for each push taken; what an earlier worker left open is lost."""
    for row in taken:
        if row.kind not in PUSHES:
            continue
        if row.fence > 1:
            left = update(PushAttempt).where(PushAttempt.outbox_id == row.id, PushAttempt.outcome.is_(None))
            session.execute(left.values(outcome="lost", ended_at=now, sentence=LOST))
        session.add(PushAttempt(outbox_id=row.id, fence=row.fence, started_at=now))


def end(
    session: Session,
    settled: Iterable[Any],
    values: Mapping[str, Any],
    trace: Trace,
    now: datetime,
    *,
    is_own: bool,
) -> None:
    """Close the attempt of each push settled. A repeat that nobody answered keeps no second copy of what was sent."""
    for row in settled:
        if row.kind not in PUSHES:
            continue
        keeps_body = bool(trace.answered) or row.fence == 1
        mine = update(PushAttempt).where(PushAttempt.outbox_id == row.id, PushAttempt.fence == row.fence)
        session.execute(
            mine.values(
                outcome="failed" if is_own else OUTCOMES[State(values["status"])],
                ended_at=now,
                sentence=values.get("last_error"),
                code=trace.code or None,
                sent=(trace.sent or None) if keeps_body else None,
                answered=trace.answered or None,
            )
        )
