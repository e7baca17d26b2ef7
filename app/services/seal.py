"""Seal audit events into one hash chain, in the order in which their transactions became visible (SPEC §8).

Writers never wait for a seal: events are written unsealed and chained within seconds by one sealer at a time.
"""

import logging
from datetime import datetime

from sqlalchemy import RowMapping, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.services.chain import EVENT, FIRST, SEAL, link, of_event, without_seal
from app.services.trail_check import Finding, Flaw, Verdict, verify_chain
from models import audit_marks
from models.audit import AuditSeal
from models.engine import begin_write
from models.types import seal_key

__all__ = ["FIRST", "Finding", "Flaw", "Verdict", "chain_head", "seal_events", "verify_chain"]

log = logging.getLogger(__name__)

_ONE_SEALER = 0x7365616C  # "seal": PostgreSQL's advisory lock; SQLite has one writer anyway
_LOOK_BACK = 5_000


def seal_events(session: Session, *, now: datetime, batch: int = 200, thorough: bool = False) -> int:
    """Chain the events that no seal covers yet, at most `batch`; 0 also while another sealer works.

    The quick pass looks a few thousand events behind the newest seal; a thorough one finds any straggler.
    """
    waiting = _unsealed(session, _quick_start(session, thorough=thorough), batch)
    session.rollback()  # ends the read: the writer's turn below is taken only for work, and held briefly
    if not waiting:
        return 0
    begin_write(session)
    if not _is_only_sealer(session):
        session.rollback()
        return 0
    events = _still_unsealed(session, [event[EVENT.c.id] for event in waiting])
    _chain(session, events, now)
    try:
        session.commit()
    except IntegrityError:  # the unique sequence let another sealer through; the next pass goes on behind it
        session.rollback()
        return 0
    return len(events)


def chain_head(session: Session) -> tuple[int, str]:
    """The newest seal's sequence number and hash, for the record kept outside the database."""
    newest = select(SEAL.c.sequence, SEAL.c.hash).order_by(SEAL.c.sequence.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    return (row.sequence, row.hash) if row else (0, FIRST)


def _is_only_sealer(session: Session) -> bool:
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ONE_SEALER}))


def _quick_start(session: Session, *, thorough: bool) -> int:
    if thorough:
        return 0
    newest = session.scalar(select(func.max(SEAL.c.event_id))) or 0
    return max(newest - _LOOK_BACK, 0)


def _unsealed(session: Session, after_id: int, batch: int) -> list[RowMapping]:
    return list(session.execute(without_seal().where(EVENT.c.id > after_id).limit(batch)).mappings())


def _still_unsealed(session: Session, event_ids: list[int]) -> list[RowMapping]:
    return list(session.execute(without_seal().where(EVENT.c.id.in_(event_ids))).mappings())


def _chain(session: Session, events: list[RowMapping], now: datetime) -> None:
    """Put them behind the newest seal. One that is not ours is covered like the others, and named in its seal."""
    sequence, previous = chain_head(session)
    copied = _marks_seen(session, events)
    for event in events:
        values, sequence = of_event(event), sequence + 1
        is_foreign = not audit_marks.is_ours(values) or values["mark"] in copied
        copied.add(values["mark"])
        mark = link(seal_key(), previous, sequence, values, is_foreign=is_foreign)
        seal = AuditSeal(
            sequence=sequence, previous_hash=previous, hash=mark, sealed_at=now, is_foreign=is_foreign,
            event_id=values["id"],
        )  # fmt: skip
        session.add(seal)
        previous = mark
        if is_foreign:
            log.error("audit event %s bears no mark of ours", values["id"])


def _marks_seen(session: Session, events: list[RowMapping]) -> set[str | None]:
    """Marks of these events that stand under an earlier seal already: whoever copies an event copies its mark."""
    marks = [event[EVENT.c.mark] for event in events if event[EVENT.c.mark]]
    held = select(EVENT.c.mark).join(SEAL, SEAL.c.event_id == EVENT.c.id).where(EVENT.c.mark.in_(marks))
    return set(session.scalars(held))
