"""The administrator's doors: unlock, void, allow a repeat, transfer; and the worker's relock when an unlock runs out.

Where the life cycle asks for a second person, the act is not done but waits (`second_person`): the door gives the
waiting row instead of the record.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import free_text
from app.domain.errors import Invalid, Problem, Refused, say
from app.domain.limits import TimeLimits
from app.domain.permissions import SYSTEM_ACTOR, Actor
from app.domain.terms import N_, Action, Kind, Status
from app.domain.workflow import SECOND_PERSON, Refusal
from app.scope import fetch
from app.services import acts, corrections, facts, relocking, review_clock, second_person, snapshot, waiting
from app.services.deciding import deciding
from app.services.lifecycle import Given, check_version, judge, move, require
from app.services.notify import notify
from app.services.review import MODELS
from app.services.sweeping import one_by_one
from models import locks
from models.bureau import Bureau
from models.pending_act import PendingAct

Outcome = snapshot.Record | PendingAct
"""The record with the act done to it, or the act that waits for its second person."""


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
    limits: TimeLimits,
) -> Outcome:
    """解锁（人工退回）: named inputs and scans are open for a time; a numbered project keeps its number.

    Raises Invalid or Refused.
    """
    given = Given(reason=reason, unlock_fields=tuple(fields), until=until)
    return _act(session, actor, kind, record_id, Action.UNLOCK, given, version=version, now=now, limits=limits)


def void(
    session: Session,
    actor: Actor,
    kind: Kind,
    record_id: int,
    *,
    reason: str,
    version: int | None = None,
    now: datetime,
    limits: TimeLimits,
) -> Outcome:
    """作废: the record stays to be looked at, its number stays in the register, marked void."""
    given = Given(reason=reason)
    return _act(session, actor, kind, record_id, Action.VOID, given, version=version, now=now, limits=limits)


def allow_duplicate(
    session: Session,
    actor: Actor,
    record_id: int,
    *,
    reason: str,
    version: int | None = None,
    now: datetime,
    limits: TimeLimits,
) -> Outcome:
    """准予重复立项: a submitted project may be approved although its 立项 has a number already."""
    given, action = Given(reason=reason), Action.ALLOW_DUPLICATE
    return _act(session, actor, Kind.PROJECT, record_id, action, given, version=version, now=now, limits=limits)


def _act(
    session: Session,
    actor: Actor,
    kind: Kind,
    record_id: int,
    action: Action,
    given: Given,
    *,
    version: int | None,
    now: datetime,
    limits: TimeLimits,
) -> Outcome:
    with deciding(session, actor, f"{kind}:{action}", kind, record_id, now=now):
        record: snapshot.Record = fetch(session, actor, MODELS[kind], record_id, lock=True)
        verdict = judge(session, actor, record, action, now=now, given=given)
        if isinstance(verdict, Refusal) and verdict.code != SECOND_PERSON.name:
            raise Refused(verdict.sentence, verdict.code)
        check_version(record, version)
        acts.check(session, record, action, given)
        if isinstance(verdict, Refusal):
            return second_person.ask(session, actor, record, action, given, now=now, limits=limits)
        acts.carry_out(session, actor, record, verdict, given, now=now)
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
        after = {"bureau": bureau.code, "reason": free_text.read(free_text.REASON, reason)}
        with waiting.carried(session, record, now=now):
            record.bureau_id = bureau.id
            move(session, actor, record, transition, now=now, after=after)
        review_clock.settle(session, record, now=now)  # the other bureau may ask for originals
        key = f"{kind}-{record.id}-{record.version}"
        notify(session, record, f"{kind}:transfer", key=key, now=now, bureau=bureau.name)
    return record


def relock_expired(session: Session, *, now: datetime, limits: TimeLimits) -> int:
    """The worker's sweep: records whose unlock ran out are as they were and locked again; gives how many."""
    count = 0
    for kind, model in MODELS.items():
        due = select(model.id).where(model.status == Status.RETURNED, model.unlocked_until <= now)
        keys = session.scalars(due.order_by(model.id)).all()
        relock = partial(_relock, session, kind, now=now, limits=limits)
        count += one_by_one(session, f"{kind}:{Action.RELOCK}", kind, keys, relock, now=now)
    return count


def _relock(session: Session, kind: Kind, record_id: int, *, now: datetime, limits: TimeLimits) -> bool:
    model = MODELS[kind]
    with deciding(session, SYSTEM_ACTOR, f"{kind}:relock", kind, record_id, now=now):
        locks.hold_organization(session, model, record_id)
        query = select(model).where(model.id == record_id).with_for_update(of=model, key_share=True)
        record: snapshot.Record = session.scalars(query.execution_options(populate_existing=True)).one()
        transition = judge(session, SYSTEM_ACTOR, record, Action.RELOCK, now=now)
        if isinstance(transition, Refusal):
            return False  # handed in or opened anew meanwhile
        restored = relocking.put_back(session, record, now=now)
        relocking.point_back(session, record)
        if transition.target == Status.SUBMITTED:  # the clock stood still while the applicant had the record
            corrections.hand_in(record)
        else:
            corrections.end(record)
        move(session, SYSTEM_ACTOR, record, transition, now=now, after={"restored": restored} if restored else None)
        if transition.target == Status.SUBMITTED:  # the clock stood still while the applicant had the record
            review_clock.begin(session, record, days=limits.review_of(kind), now=now)
        notify(session, record, f"{kind}:relock", key=f"{kind}-{record.id}-{record.version}", now=now)
    return True
