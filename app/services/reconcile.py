"""对账: our push ledger beside another system's register, month by month. Differences are noted, nothing is sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.clock import SHANGHAI, local_date
from app.domain.exchange import TARGETS
from app.domain.permissions import SYSTEM_ACTOR, Actor
from app.domain.terms import Status
from app.outbox.parcel import Channel, DeliveryFailed, State
from app.scope import criteria
from app.services import audit
from app.services.chunks import in_chunks
from app.services.deciding import deciding
from models.outbox import Outbox
from models.project import Project
from models.reconciliation import Reconciliation

KINDS: Mapping[str, Channel] = {system: Channel(target.push) for system, target in TARGETS.items()}
MOST_NAMED = 1_000  # numbers of each finding that are written down
DAY = timedelta(days=1)
EVERY = timedelta(hours=20)  # once a night, also when the last one ran late
FROM_HOUR = 3  # Asia/Shanghai


class Register(Protocol):
    """The other side's register."""

    def changed_between(self, first: date, last: date) -> Mapping[str, str]:
        """Flags by number, both days included; raises DeliveryFailed."""


@dataclass
class _Found:
    ours: int = 0
    theirs: int = 0
    missing: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)


def reconcile(session: Session, system: str, register: Register, *, now: datetime) -> Reconciliation | None:
    """Compare all that was ever acknowledged; None before anything was. An unreachable register is noted as that."""
    since = _first_day(session, KINDS[system])
    session.rollback()  # no transaction stays open over the network
    if since is None:
        return None
    found, failed = _Found(), None
    until = max(since, local_date(now))  # the host that delivered may be a second ahead, and midnight between
    try:
        for first, last in _months(since, until):
            theirs = register.changed_between(first - DAY, last + DAY)
            _compare(session, KINDS[system], first, last, theirs, found)
            session.rollback()
    except DeliveryFailed as failure:
        found, failed = _Found(), str(failure.sentence)[:500]
    row = Reconciliation(
        system=system, at=now, since_on=since, until_on=until, ours=found.ours, theirs=found.theirs,
        missing=sorted(found.missing)[:MOST_NAMED], unknown=sorted(found.unknown)[:MOST_NAMED], failed=failed,
    )  # fmt: skip
    told = {"system": system, "missing": len(found.missing), "unknown": len(found.unknown), "failed": failed}
    with deciding(session, SYSTEM_ACTOR, "push:reconcile", "push", now=now):
        session.add(row)
        audit.record(session, SYSTEM_ACTOR, "push:reconcile", "push", None, now=now, after=told)
    return row


def is_due(session: Session, system: str, *, now: datetime) -> bool:
    """Has the night come, and is the last comparison from before it?"""
    last = session.scalar(select(func.max(Reconciliation.at)).where(Reconciliation.system == system))
    return now.astimezone(SHANGHAI).hour >= FROM_HOUR and (last is None or now - last >= EVERY)


def latest(session: Session, system: str) -> Reconciliation | None:
    """The last comparison with a system."""
    query = select(Reconciliation).where(Reconciliation.system == system)
    return session.scalar(query.order_by(Reconciliation.at.desc(), Reconciliation.id.desc()).limit(1))


def missing_in_reach(session: Session, actor: Actor, row: Reconciliation) -> Sequence[Project]:
    """The actor's projects among those that the other side lacks."""
    query = select(Project).where(criteria(actor, Project), Project.number.in_(row.missing))
    return session.scalars(query.order_by(Project.number)).all() if row.missing else []


def _first_day(session: Session, kind: Channel) -> date | None:
    instant = func.coalesce(Outbox.acknowledged_at, Outbox.delivered_at)
    first = session.scalar(select(func.min(instant)).where(Outbox.kind == kind))
    return local_date(first) if first is not None else None


def _months(since: date, until: date) -> Iterator[tuple[date, date]]:
    first = since
    while first <= until:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, min(following - DAY, until)
        first = following


def _compare(
    session: Session, kind: Channel, first: date, last: date, theirs: Mapping[str, str], found: _Found
) -> None:
    """One month. What they changed after us lies in a later month, so nothing is missing before the last one."""
    ours = _acknowledged(session, kind, first, last)
    there = {number for number, flag in theirs.items() if flag == "U"}
    kept = {number for number, is_kept in ours.items() if is_kept}
    strangers = there - ours.keys()
    pushed = _pushed(session, kind, strangers)
    found.ours += len(kept)
    found.theirs += len(there & ours.keys()) + len(strangers - pushed - found.unknown)
    found.missing = (found.missing | kept) - there
    found.unknown |= (strangers - pushed) | (there & (ours.keys() - kept))


def _acknowledged(session: Session, kind: Channel, first: date, last: date) -> dict[str, bool]:
    """Numbers whose latest push was acknowledged in these days, and whether the number is still in use."""
    later = aliased(Outbox)
    newest = ~exists().where(later.kind == Outbox.kind, later.project_id == Outbox.project_id, later.id > Outbox.id)
    within = and_(Outbox.delivered_at >= _midnight(first), Outbox.delivered_at < _midnight(last + DAY))
    query = select(Project.number, Project.status).join(Outbox, Outbox.project_id == Project.id)
    query = query.where(Outbox.kind == kind, Outbox.status == State.DELIVERED, within, newest)
    return {number: status != Status.VOIDED for number, status in session.execute(query) if number is not None}


def _pushed(session: Session, kind: Channel, numbers: set[str]) -> set[str]:
    """Those of the numbers that were ever put into the ledger."""
    there: set[str] = set()
    for some in in_chunks(sorted(numbers)):
        pushed = exists().where(Outbox.kind == kind, Outbox.project_id == Project.id)
        found = session.scalars(select(Project.number).where(Project.number.in_(some), pushed))
        there |= {number for number in found if number is not None}
    return there


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
