"""账号办理: what an organization asks for at the counter about its account, by two of us.

A clerk who saw the papers takes it in, an administrator decides. Nothing changes before that.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Invalid, Problem, Refused, Sentence, say
from app.domain.fields import CodeTables, clean, to_plain
from app.domain.fields.account_request import RECLAIM, RESET
from app.domain.fields.registration import REGISTRATION
from app.domain.limits import TimeLimits
from app.domain.permissions import SYSTEM_ACTOR, Actor, may
from app.domain.terms import N_, RequestKind
from app.scope import criteria, fetch
from app.services import audit, calendar, reclaim, rename, reset
from app.services.accounts import OneTime
from app.services.deciding import deciding
from app.services.organization import check_version
from app.services.organization import why_not as why_not_here
from app.services.second_person import require_another, require_in_time, why_refused
from app.services.sweeping import one_by_one
from models import locks
from models.account_request import AccountRequest
from models.organization import Organization

RESOURCE = "account_requests"
TABLES = {RequestKind.RESET: RESET, RequestKind.RECLAIM: RECLAIM}
AT_THE_COUNTER = tuple(TABLES)  # taken in by a clerk; 更名 is asked for by an administrator
ASKED_BY = {RequestKind.RENAME: ("organizations", "rename")}  # by which right; the counter's by that of adding one
NOT_YOURS = N_("没有这项权限。")
OWN = N_("不能办理自己所在单位的账号，请由其他人员办理。")
ALREADY = N_("这个单位已有一件同样的申请等待管理员确认。")
DELIVERIES = {"sms": N_("短信发到单位联系人手机"), "in_person": N_("当面交给经办人")}
NO_DELIVERY = Problem("delivery", say(N_("请选择一次性密码怎样交给单位。")))


def ask(
    session: Session,
    actor: Actor,
    kind: RequestKind,
    organization_id: int,
    raw: Mapping[str, object],
    *,
    now: datetime,
    limits: TimeLimits,
) -> AccountRequest:
    """Take a request in. Raises Invalid naming each faulty input, Refused or NotFound."""
    with deciding(session, actor, f"account:ask_{kind}", "organization", organization_id, now=now):
        organization = fetch(session, actor, Organization, organization_id, lock=True)
        sentence = why_not(session, actor, kind, organization)
        if sentence is not None:
            raise Refused(sentence, "state")
        values = _checked(session, kind, organization, raw, now)
        own = {name: value for name, value in values.items() if name in REGISTRATION.names}
        row = AccountRequest(
            organization_id=organization.id, kind=kind, state="pending",
            brought_by=values["brought_by"], basis=values["basis"], given=own or None,
            requested_by_id=actor.user_id, requested_at=now,
            lapses_on=calendar.due_on(session, local_date(now), limits.pending_act),
        )  # fmt: skip
        session.add(row)
        session.flush()  # the trail names the row
        _note(session, actor, row, f"ask_{kind}", now=now, after={"basis": row.basis})
    return row


def ask_rename(
    session: Session,
    actor: Actor,
    organization_id: int,
    raw: Mapping[str, object],
    *,
    version: int | None,
    now: datetime,
    limits: TimeLimits,
) -> AccountRequest:
    """提请更名: another administrator decides. Raises Invalid naming each faulty input, Refused, Conflict, NotFound."""
    with deciding(session, actor, "account:ask_rename", "organization", organization_id, now=now):
        organization = fetch(session, actor, Organization, organization_id, lock=True)
        sentence = why_not(session, actor, RequestKind.RENAME, organization)
        if sentence is not None:
            raise Refused(sentence, "state")
        check_version(organization, version)
        values = to_plain(rename.checked(session, organization, raw, now))
        row = AccountRequest(
            organization_id=organization.id, kind=RequestKind.RENAME, state="pending",
            brought_by="", basis=values["reason"], given=values,
            requested_by_id=actor.user_id, requested_at=now,
            lapses_on=calendar.due_on(session, local_date(now), limits.pending_act),
        )  # fmt: skip
        session.add(row)
        session.flush()  # the trail names the row
        _note(session, actor, row, "ask_rename", now=now, after=values)
    return row


def confirm(
    session: Session, actor: Actor, request_id: int, door: OneTime, secret: str, delivery: str, *, now: datetime
) -> AccountRequest:
    """确认: it happens now. `secret` is the one-time password behind `door`; an SMS is the only place it goes to.

    Raises Invalid without a way of delivery, Refused or NotFound; then nothing happens.
    """
    with deciding(session, actor, "account:confirm", "account_request", request_id, now=now):
        row = _held(session, actor, request_id)
        _require_open(session, actor, row, "confirm", now)
        if row.kind == RequestKind.RECLAIM:
            delivery = "in_person"  # who has the code on file is not who came
        if row.kind != RequestKind.RENAME and delivery not in DELIVERIES:
            raise Invalid([NO_DELIVERY])
        sentence = _no_longer(session, RequestKind(row.kind), row.organization)
        if sentence is not None:
            raise Refused(sentence, "state")
        row.state, row.decided_by_id, row.decided_at = "confirmed", actor.user_id, now
        row.delivery = None if row.kind == RequestKind.RENAME else delivery
        if row.kind == RequestKind.RENAME:
            _rename(session, actor, row, now)
        elif row.kind == RequestKind.RECLAIM:
            row.successor_id = reclaim.give_code(session, actor, row, door, now=now).id
        else:
            reset.reset(session, row.organization, door, secret if delivery == "sms" else None, key=row.id, now=now)
        after = {"asked_by": row.requested_by.username, "delivery": row.delivery, "successor": row.successor_id}
        _note(session, actor, row, str(row.kind), now=now, after=after)
    return row


def _rename(session: Session, actor: Actor, row: AccountRequest, now: datetime) -> None:
    """What was asked for is judged anew. Raises Refused where it can be done no more."""
    try:
        values = rename.checked(session, row.organization, dict(row.given or {}), now)
    except Invalid as invalid:
        raise Refused(invalid.problems[0].sentence, "state") from invalid
    rename.carry_out(session, actor, row.organization, values, now=now)


def acknowledge(session: Session, actor: Actor, request_id: int, *, now: datetime) -> AccountRequest:
    """已阅: who asked for it knows how it ended. Raises Refused or NotFound."""
    with deciding(session, actor, "account:acknowledge", "account_request", request_id, now=now):
        row = fetch(session, actor, AccountRequest, request_id, lock=True)
        if row.requested_by_id != actor.user_id or row.state == "pending":
            raise Refused(say(NOT_YOURS), "role")
        row.outcome_seen_at = row.outcome_seen_at or now
    return row


def refuse(session: Session, actor: Actor, request_id: int, *, note: str, now: datetime) -> AccountRequest:
    """拒绝, with a note. Raises Invalid without one, Refused or NotFound."""
    with deciding(session, actor, "account:refuse", "account_request", request_id, now=now):
        row = _held(session, actor, request_id)
        _require_open(session, actor, row, "refuse", now)
        text = why_refused(note)
        row.state, row.decided_by_id, row.decided_at, row.decision_note = "refused", actor.user_id, now, text
        _note(session, actor, row, "refuse", now=now, after={"note": text})
    return row


def lapse_overdue(session: Session, *, now: datetime) -> int:
    """The worker's sweep: requests that nobody decided in their days end; gives how many."""
    overdue = select(AccountRequest.id).where(
        AccountRequest.state == "pending", AccountRequest.lapses_on < local_date(now)
    )
    keys = session.scalars(overdue.order_by(AccountRequest.id)).all()
    lapse = partial(_lapse, session, now=now)
    return one_by_one(session, "account:lapse", "account_request", keys, lapse, now=now)


def _lapse(session: Session, request_id: int, *, now: datetime) -> bool:
    with deciding(session, SYSTEM_ACTOR, "account:lapse", "account_request", request_id, now=now):
        locks.hold_organization(session, AccountRequest, request_id)
        row = session.get_one(AccountRequest, request_id, with_for_update=True, populate_existing=True)
        if row.state != "pending":
            return False
        row.state, row.decided_at = "lapsed", now
        _note(session, SYSTEM_ACTOR, row, "lapse", now=now, after={})
    return True


def why_not(session: Session, actor: Actor, kind: RequestKind, organization: Organization) -> Sentence | None:
    """Why this clerk cannot take such a request in now; None when the form is open."""
    if not may(actor.roles, *ASKED_BY.get(kind, (RESOURCE, "add"))):
        return say(NOT_YOURS)
    if kind == RequestKind.RENAME and (elsewhere := why_not_here(session, actor, organization)) is not None:
        return elsewhere
    if actor.organization_id is not None and actor.organization_id == organization.id:
        return say(OWN)
    waits = select(AccountRequest.id).where(
        AccountRequest.organization_id == organization.id,
        AccountRequest.kind == kind,
        AccountRequest.state == "pending",
    )
    if session.scalar(waits) is not None:
        return say(ALREADY)
    return _no_longer(session, kind, organization)


def why_not_decide(session: Session, actor: Actor, row: AccountRequest, *, now: datetime) -> Sentence | None:
    """Why this person cannot decide it; None when the buttons are open. The service asks again."""
    try:
        _require_open(session, actor, row, "confirm", now)
    except Refused as refusal:
        return refusal.sentence
    return None


def waiting_for(actor: Actor) -> Select[Any]:
    """Counts those that wait for this person to decide; what they took in themselves waits for others."""
    query = select(func.count(AccountRequest.id)).where(criteria(actor, AccountRequest))
    return query.where(AccountRequest.state == "pending", AccountRequest.requested_by_id != actor.user_id)


def outcomes_for(actor: Actor) -> Select[Any]:
    """Counts those that this person asked for, that have ended, and whose end the person has not read yet."""
    query = select(func.count(AccountRequest.id)).where(criteria(actor, AccountRequest))
    return query.where(
        AccountRequest.requested_by_id == actor.user_id,
        AccountRequest.state != "pending",
        AccountRequest.outcome_seen_at.is_(None),
    )


def _no_longer(session: Session, kind: RequestKind, organization: Organization) -> Sentence | None:
    """What stands in the way whoever asks."""
    return reclaim.why_not(session, organization) if kind == RequestKind.RECLAIM else reset.why_not(organization)


def _checked(
    session: Session, kind: RequestKind, organization: Organization, raw: Mapping[str, object], now: datetime
) -> dict[str, object]:
    outcome = clean(TABLES[kind], raw, codes=CodeTables({}), today=local_date(now))
    problems = list(outcome.problems)
    if kind == RequestKind.RECLAIM and not problems:
        problems = reclaim.problems(session, organization, outcome.values)
    if problems:
        raise Invalid(problems)
    return dict(outcome.values)


def _held(session: Session, actor: Actor, request_id: int) -> AccountRequest:
    """The request and its organization, both held until the end: the organization first, as everybody takes it."""
    row = fetch(session, actor, AccountRequest, request_id)
    fetch(session, actor, Organization, row.organization_id, lock=True)
    session.refresh(row, with_for_update=True)
    return row


def _require_open(session: Session, actor: Actor, row: AccountRequest, verb: str, now: datetime) -> None:
    """Raise Refused unless it still waits and this is another person, an administrator of that organization's bureau.

    Organizations without a bureau yet are the root bureau's.
    """
    if not may(actor.roles, RESOURCE, verb):
        raise Refused(say(NOT_YOURS), "role")
    require_another(session, actor, row)
    if actor.organization_id is not None and actor.organization_id == row.organization_id:
        raise Refused(say(OWN), "own")
    elsewhere = why_not_here(session, actor, row.organization)
    if elsewhere is not None:
        raise Refused(elsewhere, "bureau")
    require_in_time(row, now)


def _note(
    session: Session, actor: Actor, row: AccountRequest, deed: str, *, now: datetime, after: Mapping[str, object]
) -> None:
    audit.record(
        session, actor, f"account:{deed}", "organization", row.organization_id,
        now=now, organization_id=row.organization_id, after={"account_request": row.id, **after},
    )  # fmt: skip
