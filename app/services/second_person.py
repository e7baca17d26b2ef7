"""The second person (复核): an act that needs one waits as a row, until another holder of the right decides it.

Confirming judges the act again, at that moment and for the second person; what the first person saw is no reason.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain import free_text
from app.domain.clock import local_date
from app.domain.errors import Conflict, Invalid, Problem, Refused, Sentence, say
from app.domain.limits import TimeLimits
from app.domain.permissions import SYSTEM_ACTOR, Actor
from app.domain.terms import N_, Action, Role
from app.domain.workflow import OWN_BUREAU, Refusal
from app.scope import criteria, fetch
from app.services import acts, audit, calendar, people, snapshot, waiting
from app.services.deciding import deciding
from app.services.lifecycle import Given, judge, require
from app.services.reading import once
from app.services.sweeping import one_by_one
from models import locks
from models.account_request import AccountRequest
from models.audit import AuditEvent
from models.pending_act import PendingAct

Waits = PendingAct | AccountRequest  # what one person asked for and another decides
SAME_PERSON = N_("提请人不能复核自己提请的操作，须由另一位管理员办理。")
SAME_HAND = N_("您的账号或密码近期由提请人设置，不能复核这项操作，须由另一位管理员办理。")
FRESH = timedelta(days=30)  # before the asking: whose password the asker knew so lately is no second person
GIVES_A_PASSWORD = ("user:add", "user:reset_password")
OVER = N_("这项操作已经复核过，或者已经失效。")
TOO_LATE = N_("复核期限已过，需要时请重新提请。")
ASKER_GONE = N_("提请人的账号已停用或不再有这项权限，不能据此确认。可以拒绝，需要时重新提请。")
NOT_ASKED_BY_YOU = N_("只有提请人可以收回提请。")
CHANGED = N_("提请以后记录又有变动，不能据此确认。可以拒绝，需要时重新提请。")
NOT_YOURS = N_("只有管理员可以复核。")


def ask(
    session: Session,
    actor: Actor,
    record: snapshot.Record,
    action: Action,
    given: Given,
    *,
    now: datetime,
    limits: TimeLimits,
) -> PendingAct:
    """提请复核 within the caller's transaction, which holds the record and has judged everything else.

    Raises Refused while the same act waits already; one asked for an older state of the record makes way.
    """
    known = waiting.find(session, record, action)
    if known is not None and known.record_version == record.version:
        raise Refused(say(waiting.ALREADY), "already_waits")
    if known is not None:
        waiting.lapse(session, known, now=now)
        session.flush()  # only one of a kind may wait
    kind = snapshot.kind_of(record)
    row = PendingAct(
        **{f"{kind}_id": record.id},
        action=action, reason=free_text.read(free_text.REASON, given.reason), given=_packed(given),
        record_version=record.version, requested_by_id=actor.user_id, requested_at=now,
        lapses_on=calendar.due_on(session, local_date(now), limits.pending_act), state="pending",
    )  # fmt: skip
    session.add(row)
    session.flush()  # the trail names the row
    _note(session, actor, record, "ask", row, now=now, after={"reason": row.reason, **row.given})
    return row


def confirm(session: Session, actor: Actor, act_id: int, *, now: datetime) -> snapshot.Record:
    """确认: the act happens now, in this transaction. Raises Refused, Conflict or NotFound; then nothing happens."""
    with deciding(session, actor, "pending_act:confirm", "pending_act", act_id, now=now):
        act, record = _held(session, actor, act_id)
        _require_open(session, actor, act, record, now)
        if not _may_still_ask(session, act, record):
            raise Refused(say(ASKER_GONE), "asker")
        if act.record_version != record.version:
            raise Conflict(say(CHANGED))
        given = given_of(act)
        transition = require(session, actor, record, Action(act.action), now=now, given=given)
        act.state, act.decided_by_id, act.decided_at = "confirmed", actor.user_id, now
        asked_by = act.requested_by
        trail = {"asked_by": asked_by.username, "asked_by_name": asked_by.display_name, "pending_act": act.id}
        _note(session, actor, record, "confirm", act, now=now, after={"asked_by": asked_by.username})
        acts.carry_out(session, actor, record, transition, given, now=now, trail=trail)
    return record


def refuse(session: Session, actor: Actor, act_id: int, *, note: str, now: datetime) -> PendingAct:
    """拒绝, with a note. Raises Invalid without one, Refused or NotFound otherwise."""
    with deciding(session, actor, "pending_act:refuse", "pending_act", act_id, now=now):
        act, record = _held(session, actor, act_id)
        _require_open(session, actor, act, record, now)
        text = why_refused(note)
        act.state, act.decided_by_id, act.decided_at, act.decision_note = "refused", actor.user_id, now, text
        _note(session, actor, record, "refuse", act, now=now, after={"note": text})
    return act


def withdraw(session: Session, actor: Actor, act_id: int, *, now: datetime) -> PendingAct:
    """收回提请 by whoever asked, while it waits. Raises Refused or NotFound."""
    with deciding(session, actor, "pending_act:withdraw", "pending_act", act_id, now=now):
        act, record = _held(session, actor, act_id)
        if not may_withdraw(actor, act):
            is_over = act.state != "pending"
            raise Refused(say(OVER if is_over else NOT_ASKED_BY_YOU), "asker")
        act.state, act.decided_at = "withdrawn", now
        _note(session, actor, record, "withdraw_ask", act, now=now, after={})
    return act


def may_withdraw(actor: Actor, act: PendingAct) -> bool:
    """Is this the person who asked, and does it still wait?"""
    return act.state == "pending" and act.requested_by_id == actor.user_id


def _may_still_ask(session: Session, act: PendingAct, record: snapshot.Record) -> bool:
    """Two persons stand behind the act only while the first one still could."""
    asker = people.actor_of(session, act.requested_by_id)
    return Role.ADMINISTRATOR in asker.roles and record.bureau_id in asker.bureau_ids


def lapse_overdue(session: Session, *, now: datetime) -> int:
    """The worker's sweep: acts whose days are over end without their second person; gives how many."""
    keys, lapse = waiting.overdue(session, local_date(now)), partial(_lapse, session, now=now)
    return one_by_one(session, "pending_act:lapse", "pending_act", keys, lapse, now=now)


def _lapse(session: Session, act_id: int, *, now: datetime) -> bool:
    with deciding(session, SYSTEM_ACTOR, "pending_act:lapse", "pending_act", act_id, now=now):
        locks.hold_organization(session, PendingAct, act_id)
        act = session.get_one(PendingAct, act_id, with_for_update=True, populate_existing=True)
        if act.state != "pending":
            return False
        waiting.lapse(session, act, now=now)
    return True


def why_not(session: Session, actor: Actor, act: PendingAct, *, now: datetime) -> Sentence | None:
    """Why this person cannot confirm it now; None when the button is open. The service asks again."""
    record = waiting.record_of(act)
    try:
        _require_open(session, actor, act, record, now)
    except Refused as refusal:
        return refusal.sentence
    if not _may_still_ask(session, act, record):
        return say(ASKER_GONE)
    if act.record_version != record.version:
        return say(CHANGED)
    verdict = judge(session, actor, record, Action(act.action), now=now, given=given_of(act))
    return verdict.sentence if isinstance(verdict, Refusal) else None


def waiting_for(actor: Actor) -> Select[Any]:
    """Counts the acts that wait for this person to decide; what they asked for themselves waits for others."""
    query = select(func.count()).select_from(PendingAct).where(criteria(actor, PendingAct))
    return query.where(PendingAct.state == "pending", PendingAct.requested_by_id != actor.user_id)


def waiting_count(session: Session, actor: Actor) -> int:
    """How many acts wait for this person to decide."""
    return session.scalar(waiting_for(actor)) or 0


def may_decide(session: Session, actor: Actor, act: PendingAct, *, now: datetime) -> bool:
    """Is this person another holder of the right, and does the act still wait?"""
    try:
        _require_open(session, actor, act, waiting.record_of(act), now)
    except Refused:
        return False
    return True


def given_of(act: PendingAct) -> Given:
    """What the first person brought, with the row itself as the second person's claim."""
    until = act.given.get("until")
    return Given(
        reason=act.reason, unlock_fields=tuple(act.given.get("fields", ())),
        until=datetime.fromisoformat(until) if until else None, pending_act_id=act.id,
    )  # fmt: skip


def _packed(given: Given) -> dict[str, Any]:
    if not given.unlock_fields:
        return {}
    return {"fields": sorted(set(given.unlock_fields)), "until": given.until.isoformat() if given.until else None}


def _held(session: Session, actor: Actor, act_id: int) -> tuple[PendingAct, snapshot.Record]:
    """The act and its record, both held until the end: the record first, as everybody else takes it."""
    act = fetch(session, actor, PendingAct, act_id)
    found = waiting.record_of(act)
    record = fetch(session, actor, acts.MODELS[snapshot.kind_of(found)], found.id, lock=True)
    session.refresh(act, with_for_update=True)
    return act, record


def _require_open(session: Session, actor: Actor, act: PendingAct, record: snapshot.Record, now: datetime) -> None:
    """Raise Refused unless it still waits and this is another administrator of that or a higher bureau."""
    if Role.ADMINISTRATOR not in actor.roles:
        raise Refused(say(NOT_YOURS), "role")
    require_another(session, actor, act)
    if record.bureau_id not in actor.bureau_ids:
        raise Refused(say(OWN_BUREAU.sentence), OWN_BUREAU.name)
    require_in_time(act, now)


def require_another(session: Session, actor: Actor, act: Waits) -> None:
    """Raise Refused unless it still waits, and the asker is not this person nor knew the person's password lately."""
    if act.state != "pending":
        raise Refused(say(OVER), "state")
    if act.requested_by_id == actor.user_id:
        raise Refused(say(SAME_PERSON), "same_person")
    given = _passwords_given(session, actor.user_id)
    if any(giver == act.requested_by_id and at >= act.requested_at - FRESH for giver, at in given):
        raise Refused(say(SAME_HAND), "same_person")


def require_in_time(act: Waits, now: datetime) -> None:
    """Raise Refused once its last day is over; without one it waits for its calendar."""
    if act.lapses_on is not None and act.lapses_on < local_date(now):
        raise Refused(say(TOO_LATE), "lapsed")


def why_refused(note: str) -> str:
    """The note of who refuses. Raises Invalid without one."""
    text = free_text.read(free_text.NOTE, note)
    if not text:
        raise Invalid([Problem("note", say(N_("请写明拒绝的原因。")))])
    return text


@once
def _passwords_given(session: Session, user_id: int | None) -> list[tuple[int | None, datetime]]:
    """Who set a first password for the account, and when: the trail knows."""
    query = select(AuditEvent.actor_id, AuditEvent.at).where(
        AuditEvent.object_type == "user",
        AuditEvent.object_id == user_id,
        AuditEvent.action.in_(GIVES_A_PASSWORD),
        AuditEvent.result == "done",
    )
    return [(giver, at) for giver, at in session.execute(query)]


def _note(
    session: Session,
    actor: Actor,
    record: snapshot.Record,
    deed: str,
    act: PendingAct,
    *,
    now: datetime,
    after: Mapping[str, object],
) -> None:
    kind = snapshot.kind_of(record)
    audit.record(
        session, actor, f"{kind}:{deed}", kind, record.id,
        now=now, organization_id=record.organization_id, after={"act": act.action, "pending_act": act.id, **after},
    )  # fmt: skip
