"""Seal audit events into one hash chain, in the order in which their transactions became visible (SPEC §8).

Writers never wait for a seal: events are written unsealed and chained within seconds by one sealer at a time.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, Select, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import Sentence, say
from app.domain.terms import N_
from models.audit import AuditEvent, AuditSeal
from models.engine import begin_write
from models.types import seal_key, seal_keys

FIRST = "0" * 64
LATE_AFTER = timedelta(minutes=5)
_ONE_SEALER = 0x7365616C  # "seal": PostgreSQL's advisory lock; SQLite has one writer anyway
_LOOK_BACK = 5_000
_EVENT = AuditEvent.__table__
_SEAL = AuditSeal.__table__


class Flaw(StrEnum):
    """What can be wrong with the chain."""

    BROKEN = "broken"
    MISSING = "missing"
    CUT = "cut"
    UNSEALED = "unsealed"


SENTENCES: Mapping[Flaw, str] = {
    Flaw.BROKEN: N_("第 %(sequence)s 号封存与其审计记录（编号 %(event_id)s）不符：记录或封存被改动过。"),
    Flaw.MISSING: N_("第 %(sequence)s 号封存或其审计记录缺失。"),
    Flaw.CUT: N_("封存链比已导出的第 %(sequence)s 号链头短：末尾的记录被删除，或数据库来自较早的备份。"),
    Flaw.UNSEALED: N_("审计记录（编号 %(event_id)s）早已写入却没有封存。"),
}


@dataclass(frozen=True)
class Finding:
    """The first thing that is wrong, and where."""

    flaw: Flaw
    sequence: int | None
    event_id: int | None

    @property
    def sentence(self) -> Sentence:
        """For a person."""
        return say(SENTENCES[self.flaw], sequence=self.sequence, event_id=self.event_id)


@dataclass(frozen=True)
class Verdict:
    """How far the chain holds; `head` is the last good (sequence, hash), to be kept outside the database."""

    head: tuple[int, str]
    finding: Finding | None

    @property
    def is_sound(self) -> bool:
        return self.finding is None


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
    events = _still_unsealed(session, [event[_EVENT.c.id] for event in waiting])
    _chain(session, events, now)
    try:
        session.commit()
    except IntegrityError:  # the unique sequence let another sealer through; the next pass goes on behind it
        session.rollback()
        return 0
    return len(events)


def verify_chain(
    session: Session, *, now: datetime, heads: Mapping[int, str] | None = None, batch: int = 1_000
) -> Verdict:
    """Walk the whole chain and report the first flaw. `heads`: numbers and hashes noted earlier."""
    heads = heads or {}
    head = (0, FIRST)
    for row in _sealed(session, batch):
        flaw = _flaw(row, head, heads)
        if flaw is not None:
            return Verdict(head, Finding(flaw, head[0] + 1, row[_SEAL.c.event_id]))
        head = (row[_SEAL.c.sequence], row[_SEAL.c.hash])
    if heads and max(heads) > head[0]:
        return Verdict(head, Finding(Flaw.CUT, max(heads), None))
    forgotten = _unsealed(session, 0, 1, before=now - LATE_AFTER)
    if forgotten:
        return Verdict(head, Finding(Flaw.UNSEALED, None, forgotten[0][_EVENT.c.id]))
    return Verdict(head, None)


def chain_head(session: Session) -> tuple[int, str]:
    """The newest seal's sequence number and hash, for the record kept outside the database."""
    newest = select(_SEAL.c.sequence, _SEAL.c.hash).order_by(_SEAL.c.sequence.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    return (row.sequence, row.hash) if row else (0, FIRST)


def _is_only_sealer(session: Session) -> bool:
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ONE_SEALER}))


def _quick_start(session: Session, *, thorough: bool) -> int:
    if thorough:
        return 0
    newest = session.scalar(select(func.max(_SEAL.c.event_id))) or 0
    return max(newest - _LOOK_BACK, 0)


def _without_seal() -> Select[Any]:
    covering = _SEAL.c.event_id == _EVENT.c.id
    return select(_EVENT).outerjoin(_SEAL, covering).where(_SEAL.c.id.is_(None)).order_by(_EVENT.c.id)


def _unsealed(session: Session, after_id: int, batch: int, *, before: datetime | None = None) -> list[RowMapping]:
    query = _without_seal().where(_EVENT.c.id > after_id).limit(batch)
    if before is not None:
        query = query.where(_EVENT.c.at < before)
    return list(session.execute(query).mappings())


def _still_unsealed(session: Session, event_ids: list[int]) -> list[RowMapping]:
    return list(session.execute(_without_seal().where(_EVENT.c.id.in_(event_ids))).mappings())


def _chain(session: Session, events: list[RowMapping], now: datetime) -> None:
    sequence, previous = chain_head(session)
    for event in events:
        sequence += 1
        mark = _mark(seal_key(), previous, sequence, event)
        seal = AuditSeal(sequence=sequence, previous_hash=previous, hash=mark, sealed_at=now)
        seal.event_id = event[_EVENT.c.id]
        session.add(seal)
        previous = mark


def _sealed(session: Session, batch: int) -> Iterator[RowMapping]:
    """Every seal beside its event (if that is still there), by sequence, in pages: memory stays flat."""
    page = (
        select(_SEAL, _EVENT).outerjoin(_EVENT, _EVENT.c.id == _SEAL.c.event_id).order_by(_SEAL.c.sequence).limit(batch)
    )
    last = -1
    while rows := session.execute(page.where(_SEAL.c.sequence > last)).mappings().all():
        yield from rows
        last = rows[-1][_SEAL.c.sequence]


def _flaw(row: RowMapping, head: tuple[int, str], heads: Mapping[int, str]) -> Flaw | None:
    sequence, previous = head[0] + 1, head[1]
    if row[_SEAL.c.sequence] != sequence or row[_EVENT.c.id] is None:
        return Flaw.MISSING
    stored = row[_SEAL.c.hash]
    marks = (_mark(key, previous, sequence, row) for key in seal_keys())
    is_chained = row[_SEAL.c.previous_hash] == previous and any(hmac.compare_digest(stored, m) for m in marks)
    return None if is_chained and heads.get(sequence, stored) == stored else Flaw.BROKEN


def _mark(key: bytes, previous: str, sequence: int, event: RowMapping) -> str:
    """HMAC-SHA256 over the previous mark, the place in the chain and every column of the event."""
    sealed = f"{previous}\n{sequence}\n{_canonical(event)}"
    return hmac.new(key, sealed.encode(), hashlib.sha256).hexdigest()


def _canonical(event: RowMapping) -> str:
    """One spelling for one event. Empty columns are left out, so a column added later changes no old mark."""
    values = {column.name: _plain(event[column]) for column in _EVENT.c if event[column] is not None}
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
