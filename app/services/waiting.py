"""The rows of acts that wait for a second person (待复核): find them, read what they carry, end them. No rule here."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import SYSTEM_ACTOR
from app.domain.terms import N_, Action
from app.services import audit, people, snapshot
from models.pending_act import PendingAct

ALREADY = N_("该操作已提请复核，正在等另一位管理员确认。")


def record_of(act: PendingAct) -> snapshot.Record:
    """The record that the act is about."""
    record = act.project or act.enterprise
    assert record is not None  # the table sees to it
    return record


def of_record(session: Session, record: snapshot.Record) -> Sequence[PendingAct]:
    """What still waits on the record, the oldest first."""
    query = select(PendingAct).where(snapshot.of_record(PendingAct, record), PendingAct.state == "pending")
    with session.no_autoflush:  # the caller is in the middle of its own change
        found = session.scalars(query.order_by(PendingAct.id)).all()
    return [act for act in found if act.state == "pending"]


def find(session: Session, record: snapshot.Record, action: Action) -> PendingAct | None:
    """The act of this kind that waits on the record, if one does."""
    return next((act for act in of_record(session, record) if act.action == action), None)


def end_all(session: Session, record: snapshot.Record, *, now: datetime) -> None:
    """Whatever still waits on the record has nothing left to wait for; in the caller's transaction."""
    for act in of_record(session, record):
        lapse(session, act, now=now)


@contextmanager
def carried(session: Session, record: snapshot.Record, *, now: datetime) -> Iterator[None]:
    """Whatever waits on the record goes with it through a change that leaves its content and state as they were.

    An act whose asker is no administrator of the record's bureau any more ends, as nobody of its bureau asked for it.
    """
    acts = [act for act in of_record(session, record) if act.record_version == record.version]
    yield
    session.flush()  # the change counts the version up
    for act in acts:
        if act.state == "pending":
            _carry(session, record, act, now)


def _carry(session: Session, record: snapshot.Record, act: PendingAct, now: datetime) -> None:
    if record.bureau_id in people.actor_of(session, act.requested_by_id).bureau_ids:
        act.record_version = record.version
    else:
        lapse(session, act, now=now)


def lapse(session: Session, act: PendingAct, *, now: datetime) -> None:
    """The act ends without its second person, and the trail says so."""
    record = record_of(act)
    kind = snapshot.kind_of(record)
    act.state, act.decided_at = "lapsed", now
    audit.record(
        session, SYSTEM_ACTOR, f"{kind}:lapse", kind, record.id,
        now=now, organization_id=record.organization_id, after={"act": act.action, "pending_act": act.id},
    )  # fmt: skip


def overdue(session: Session, today: date) -> Sequence[int]:
    """Keys of the acts whose last day is over; one without a last day waits for its calendar."""
    query = select(PendingAct.id).where(PendingAct.state == "pending", PendingAct.lapses_on < today)
    return session.scalars(query.order_by(PendingAct.lapses_on)).all()
