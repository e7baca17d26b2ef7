"""Deliver what is queued: claim under a lease, send outside any transaction, record under the same fence.

At least once, never lost: the row is the truth, the parcel's key lets the other side drop a repeat. A clock
that jumps may cost a repeat or a wait of minutes, never a message.
"""

import logging
import random
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningUpdate

from app.domain.clock import Clock
from app.domain.errors import say
from app.domain.terms import N_
from app.outbox import attempts
from app.outbox.parcel import Channel, DeliveryFailed, Parcel, Sender, State, Trace
from models import push_ledger
from models.engine import begin_write
from models.outbox import Outbox

logger = logging.getLogger(__name__)

EXPIRED = N_("超过有效期，没有再发送。")
TOO_LATE = N_("发送程序停顿过久，没有发送，稍后自动重试。")
BROKEN = N_("发送程序出错，稍后自动重试。")
SessionFactory = Callable[[], Session]
Tally = Counter[str]
Also = Callable[[Session, Sequence[Row[Any]]], None]  # what belongs into the same transaction


@dataclass(frozen=True)
class Policy:
    """How patient delivery is: it tries as long as the other side is away.

    The lease must outlast one exchange, name look-up included.
    """

    lease: timedelta = timedelta(seconds=60)
    first_pause: timedelta = timedelta(seconds=2)
    longest_pause: timedelta = timedelta(minutes=10)
    patience: int = 3  # failures in a row after which a pass leaves this kind alone
    batch: int = 200

    def pause(self, attempts: int, wanted: timedelta | None, chance: float) -> timedelta:
        """Doubling from the first to the longest pause, ±20 % so that many do not come back together."""
        doubled = self.first_pause * int(2 ** min(attempts - 1, 20))
        spread = min(doubled, self.longest_pause) * (0.8 + 0.4 * chance)
        return max(spread, min(wanted or timedelta(), self.longest_pause))


@dataclass(frozen=True)
class _Claim:
    """The right to send one row, as long as nobody has claimed it since (`fence`)."""

    row_id: int
    kind: str
    fence: int
    attempts: int
    until: datetime


def deliver_due(
    session_factory: SessionFactory,
    senders: Mapping[str, Sender],
    clock: Clock,
    *,
    policy: Policy | None = None,
    chance: Callable[[], float] = random.random,
) -> Tally:
    """One pass over everything that is due; counts the outcomes by state. Failures stay in the rows."""
    courier = _Courier(session_factory, clock, policy or Policy(), chance)
    tally: Tally = Counter()
    expired = courier.expire()
    if expired:
        tally[State.EXPIRED] = expired
    for kind, sender in senders.items():
        tally += courier.deliver(kind, sender)
    return tally


@dataclass(frozen=True)
class _Courier:
    """One pass of one worker."""

    session_factory: SessionFactory
    clock: Clock
    policy: Policy
    chance: Callable[[], float]

    def deliver(self, kind: str, sender: Sender) -> Tally:
        """Send what is due of one kind; after a few failures in a row the other side is left in peace."""
        tally: Tally = Counter()
        failures = 0
        for row_id in self._due(kind):
            claim = self._claim(row_id)
            if claim is None:
                continue
            trace = Trace()
            outcome = self._send(claim, sender, trace)
            values = self._settlement(claim, outcome)
            is_own = isinstance(outcome, DeliveryFailed) and outcome.is_own
            if not self._settle(claim, values, trace, is_own=is_own):
                continue
            tally[values["status"]] += 1
            failures = failures + 1 if values["status"] == State.QUEUED else 0
            if failures >= self.policy.patience:
                break
        return tally

    def expire(self) -> int:
        """Close what is too old to be of use, whether its target is configured or not."""
        now = self.clock.now()
        unsent = or_(Outbox.status == State.QUEUED, _open(now, self.policy))
        too_old = and_(Outbox.expires_at <= now, unsent)
        with self.session_factory() as session:
            if session.scalar(select(Outbox.id).where(too_old).limit(1)) is None:
                return 0  # the usual case costs no writer's turn
        values = {"status": State.EXPIRED, "lease_until": None, "last_error": EXPIRED}
        closed = self._write(update(Outbox).where(too_old).values(values).returning(Outbox.id))
        for row in closed:
            logger.warning("outbox %s: expired, not sent", row.id)
        return len(closed)

    def _due(self, kind: str) -> list[int]:
        query = (
            select(Outbox.id)
            .where(Outbox.kind == kind, _open(self.clock.now(), self.policy), _in_turn())
            .order_by(Outbox.next_attempt_at, Outbox.id)
            .limit(self.policy.batch)
        )
        with self.session_factory() as session:
            return list(session.scalars(query))

    def _claim(self, row_id: int) -> _Claim | None:
        """Take the row if it is still open: one conditional UPDATE decides between workers."""
        now = self.clock.now()
        is_of_use = or_(Outbox.expires_at.is_(None), Outbox.expires_at > now)
        taking = update(Outbox).where(Outbox.id == row_id, _open(now, self.policy), is_of_use)
        taking = taking.values(
            status=State.SENDING,
            fence=Outbox.fence + 1,
            attempts=Outbox.attempts + 1,
            lease_until=now + self.policy.lease,
        )
        taken = self._write(
            taking.returning(Outbox.id, Outbox.kind, Outbox.fence, Outbox.attempts),
            lambda session, rows: attempts.begin(session, rows, now),
        )
        return _Claim(*taken[0], until=now + self.policy.lease) if taken else None  # type: ignore[call-arg]

    def _send(self, claim: _Claim, sender: Sender, trace: Trace) -> str | DeliveryFailed:
        """The reference, or what went wrong. Whatever a sender raises ends here: others are waiting.

        Who slept until the lease was over sends nothing any more: a successor may have sent a later version.
        """
        try:
            parcel = self._parcel(claim, trace)
            parcel.go_on()
            return sender(parcel)
        except DeliveryFailed as failure:
            return failure
        except Exception as error:  # noqa: BLE001
            # Type and place only: the message of a foreign error may quote what was being sent.
            place = traceback.extract_tb(error.__traceback__)[-1]
            what = type(error).__name__
            logger.error("outbox %s: %s at %s:%s", claim.row_id, what, place.name, place.lineno)
            return DeliveryFailed(say(BROKEN), transient=True)

    def _parcel(self, claim: _Claim, trace: Trace) -> Parcel:
        query = select(Outbox.dedup_key, Outbox.payload).where(Outbox.id == claim.row_id)
        with self.session_factory() as session:
            row = session.execute(query).one()
        return Parcel(row.dedup_key, row.payload, trace, lambda: self._still(claim))

    def _still(self, claim: _Claim) -> None:
        """Raise DeliveryFailed once the lease is over."""
        if self.clock.now() >= claim.until:
            raise DeliveryFailed(say(TOO_LATE), transient=True)

    def _settlement(self, claim: _Claim, outcome: str | DeliveryFailed) -> dict[str, Any]:
        """The columns that record the outcome."""
        now = self.clock.now()
        if isinstance(outcome, str):
            return {
                "status": State.DELIVERED,
                "reference": outcome,
                "delivered_at": now,
                "last_error": None,
            }
        error = str(outcome.sentence)[:500]
        if not outcome.transient:
            logger.warning("outbox %s: refused after %s attempts", claim.row_id, claim.attempts)
            return {"status": State.FAILED, "last_error": error}
        pause = self.policy.pause(claim.attempts, outcome.retry_after, self.chance())
        return {"status": State.QUEUED, "last_error": error, "next_attempt_at": now + pause}

    def _settle(self, claim: _Claim, values: Mapping[str, Any], trace: Trace, *, is_own: bool) -> bool:
        """Record the outcome unless somebody else has claimed the row since."""
        is_mine = and_(Outbox.id == claim.row_id, Outbox.fence == claim.fence, Outbox.status == State.SENDING)
        settling = update(Outbox).where(is_mine).values(lease_until=None, **values)
        now = self.clock.now()
        settled = self._write(
            settling.returning(Outbox.id, Outbox.kind, Outbox.fence),
            lambda session, rows: self._close(session, rows, values, trace, now, is_own=is_own),
        )
        if settled:
            return True
        logger.warning("outbox %s: the lease was lost, this sender's result is ignored", claim.row_id)
        return False

    @staticmethod
    def _close(
        session: Session,
        rows: Sequence[Row[Any]],
        values: Mapping[str, Any],
        trace: Trace,
        now: datetime,
        *,
        is_own: bool,
    ) -> None:
        """The attempt's end; what a later version says anew while this one was away is superseded at once."""
        attempts.end(session, rows, values, trace, now, is_own=is_own)
        if values["status"] == State.FAILED:
            for row in rows:
                overtaken = update(Outbox).where(Outbox.id == row.id, push_ledger.is_overtaken())
                session.execute(overtaken.values(status=State.SUPERSEDED).execution_options(synchronize_session=False))

    def _write(self, statement: ReturningUpdate[*tuple[Any, ...]], also: Also | None = None) -> Sequence[Row[Any]]:
        """One short transaction of its own; gives the rows it touched."""
        with self.session_factory() as session:
            begin_write(session)
            rows = session.execute(statement.execution_options(synchronize_session=False)).all()
            if also is not None:
                also(session, rows)
            session.commit()
        return rows


def _open(now: datetime, policy: Policy) -> ColumnElement[bool]:
    """Queued and due, or left behind by a sender whose lease ran out.

    An instant further ahead than we ever set one means that the clock went back: it is due as well.
    """
    too_far = now + 2 * policy.longest_pause
    waiting = or_(Outbox.next_attempt_at <= now, Outbox.next_attempt_at > too_far)
    abandoned = or_(Outbox.lease_until <= now, Outbox.lease_until > now + 2 * policy.lease)
    return or_(and_(Outbox.status == State.QUEUED, waiting), and_(Outbox.status == State.SENDING, abandoned))


def _in_turn() -> ColumnElement[bool]:
    """A push waits for the earlier pushes of its project; texts do not wait for each other."""
    earlier = aliased(Outbox)
    blocked = exists().where(
        earlier.kind == Outbox.kind,
        earlier.project_id == Outbox.project_id,
        earlier.id < Outbox.id,
        earlier.status.in_((State.QUEUED, State.SENDING)),
    )
    return or_(Outbox.kind == Channel.SMS, ~blocked)
