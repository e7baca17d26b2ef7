"""The administrator's acts on a record: unlock, void, transfer; and the worker's relock when an unlock runs out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import free_text
from app.domain.clock import local_date
from app.domain.errors import Invalid, Problem, say
from app.domain.limits import DEFAULT_LIMITS, TimeLimits
from app.domain.permissions import SYSTEM_ACTOR, Actor
from app.domain.terms import N_, Action, Kind, Status
from app.domain.workflow import Refusal
from app.scope import fetch
from app.services import calendar, facts, reference, snapshot
from app.services.deciding import deciding
from app.services.lifecycle import Given, check_version, judge, move, require
from app.services.notify import notify
from app.services.review import MODELS
from models.bureau import Bureau


def unlock(
    session: Session,
    actor: Actor,
    kind: Kind,
    record_id: int,
    *,
    fields: Sequence[str],
    until: datetime | None,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> snapshot.Record:
    """解锁（人工退回）: named inputs and scans are open for a time. Raises Invalid or Refused."""
    with deciding(session, actor, f"{kind}:unlock", kind, record_id, now=now):
        record: snapshot.Record = fetch(session, actor, MODELS[kind], record_id, lock=True)
        given = Given(reason=reason, unlock_fields=tuple(fields), until=until)
        transition = require(session, actor, record, Action.UNLOCK, now=now, given=given)
        check_version(record, version)
        known = {f.name for f in snapshot.fields_of(record) if not f.locked}
        known |= {slot.slot for slot in reference.slots_of(session, record)}
        if not set(fields) <= known:
            raise Invalid([Problem("fields", say(N_("请选择要开放修改的内容。")))])
        record.unlocked_fields, record.unlocked_until = sorted(set(fields)), until
        facts.end_claim(session, record, now)
        after = {"fields": sorted(set(fields)), "until": until, "reason": free_text.read(free_text.REASON, reason)}
        move(session, actor, record, transition, now=now, after=after)
        notify(session, record, f"{kind}:unlock", key=f"{kind}-{record.id}-{record.version}", now=now)
    return record


def void(
    session: Session,
    actor: Actor,
    kind: Kind,
    record_id: int,
    *,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> snapshot.Record:
    """作废 of a record without a number; a numbered project needs a second person."""
    with deciding(session, actor, f"{kind}:void", kind, record_id, now=now):
        record: snapshot.Record = fetch(session, actor, MODELS[kind], record_id, lock=True)
        transition = require(session, actor, record, Action.VOID, now=now, given=Given(reason=reason))
        check_version(record, version)
        facts.end_claim(session, record, now)
        record.due_on = None
        move(session, actor, record, transition, now=now, after={"reason": free_text.read(free_text.REASON, reason)})
        notify(session, record, f"{kind}:void", key=f"{kind}-{record.id}", now=now)
    return record


def transfer(
    session: Session,
    actor: Actor,
    kind: Kind,
    record_id: int,
    *,
    bureau_id: int | None,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> snapshot.Record:
    """移交 a submitted record to another bureau; its claim ends, its clock goes on."""
    with deciding(session, actor, f"{kind}:transfer", kind, record_id, now=now):
        record: snapshot.Record = fetch(session, actor, MODELS[kind], record_id, lock=True)
        given = Given(reason=reason, bureau_id=bureau_id)
        transition = require(session, actor, record, Action.TRANSFER, now=now, given=given)
        check_version(record, version)
        bureau = session.get(Bureau, bureau_id)
        if bureau is None:
            raise Invalid([Problem("bureau_id", say(N_("请选择受理机构。")))])
        facts.end_claim(session, record, now)
        record.bureau_id = bureau.id
        after = {"bureau": bureau.code, "reason": free_text.read(free_text.REASON, reason)}
        move(session, actor, record, transition, now=now, after=after)
        key = f"{kind}-{record.id}-{record.version}"
        notify(session, record, f"{kind}:transfer", key=key, now=now, bureau=bureau.name)
    return record


def relock_expired(session: Session, *, now: datetime, limits: TimeLimits = DEFAULT_LIMITS) -> int:
    """The worker's sweep: unlocks that ran out unused are locked again; gives how many."""
    count = 0
    for kind, model in MODELS.items():
        due = select(model.id).where(model.status == Status.RETURNED, model.unlocked_until <= now)
        for record_id in session.scalars(due).all():
            count += _relock(session, kind, record_id, now, limits)
    return count


def _relock(session: Session, kind: Kind, record_id: int, now: datetime, limits: TimeLimits) -> bool:
    model = MODELS[kind]
    with deciding(session, SYSTEM_ACTOR, f"{kind}:relock", kind, record_id, now=now):
        query = select(model).where(model.id == record_id).with_for_update().execution_options(populate_existing=True)
        record: snapshot.Record = session.scalars(query).one()
        transition = judge(session, SYSTEM_ACTOR, record, Action.RELOCK, now=now)
        if isinstance(transition, Refusal):
            return False  # used meanwhile: the applicant goes on
        record.unlocked_fields, record.unlocked_until = None, None
        if transition.target == Status.SUBMITTED:  # the clock stood still while the applicant had the record
            record.due_on = calendar.due_on(session, local_date(now), limits.review_of(kind))
        move(session, SYSTEM_ACTOR, record, transition, now=now)
        notify(session, record, f"{kind}:relock", key=f"{kind}-{record.id}-{record.version}", now=now)
    return True
