"""接口密钥: issued by an administrator and shown once, known by its hash, withdrawn at once."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from app.domain.api import LEAST_DAYS, MOST_DAYS, TOLD_BEFORE, KeyScope
from app.domain.clock import SHANGHAI, local_date
from app.domain.errors import Invalid, Problem, Refused, say
from app.domain.fields import CodeTables, clean
from app.domain.fields.api_key import API_KEY
from app.domain.matters import known
from app.domain.permissions import SYSTEM_ACTOR, Actor, may
from app.domain.terms import N_, Role
from app.scope import criteria, fetch
from app.services import audit, reference
from app.services.deciding import deciding
from app.services.upkeep import NOT_YOURS
from models.api_key import ApiKey
from models.audit import AuditEvent
from models.engine import begin_write

MARK = "yht"
PREFIX_HEX, SECRET_BYTES = 8, 32
SHAPE = re.compile(rf"{MARK}_([0-9a-f]{{{PREFIX_HEX}}})_[0-9A-Za-z_-]{{43}}")
NOTED_EVERY = timedelta(minutes=10)  # the last use is kept this exactly: a reading request hardly ever writes
ON = N_("有效期应在 %(first)s 至 %(last)s 之间。")


@dataclass(frozen=True)
class Caller:
    """The system behind a request: how it acts in the services, and what its key opens."""

    actor: Actor
    prefix: str
    scopes: frozenset[str]


def issue(session: Session, actor: Actor, raw: Mapping[str, object], *, now: datetime) -> tuple[ApiKey, str]:
    """A new key and its text, which is kept nowhere. Raises Invalid naming each input, or Refused."""
    prefix = secrets.token_hex(PREFIX_HEX // 2)
    text = f"{MARK}_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    with deciding(session, actor, "api_key:issue", "api_key", now=now):
        _require(actor, "add")
        values = _judged(actor, raw, local_date(now))
        row = ApiKey(
            name=values["name"], prefix=prefix, key_hash=_hash(text), scopes=list(values["scopes"]),
            matters=list(values["matters"] or ()) or None, bureau_id=values["bureau_id"],
            issued_at=now, issued_by_id=actor.user_id, expires_at=_end_of(values["expires_on"]),
        )  # fmt: skip
        session.add(row)
        session.flush()  # the audit event names the new key
        told = {name: values[name] for name in ("name", "scopes", "matters", "expires_on")}
        after = {**told, "prefix": prefix, "bureau": row.bureau.name}
        audit.record(session, actor, "api_key:issue", "api_key", row.id, now=now, after=after)
    return row, text


def revoke(session: Session, actor: Actor, key_id: int, *, now: datetime) -> ApiKey:
    """停用: the key opens nothing from the next request on. Raises Refused or NotFound."""
    with deciding(session, actor, "api_key:revoke", "api_key", key_id, now=now):
        _require(actor, "revoke")
        row = fetch(session, actor, ApiKey, key_id, lock=True)
        if row.revoked_at is not None:
            raise Refused(say(N_("这个密钥已经停用。")), "state")
        row.revoked_at, row.revoked_by_id = now, actor.user_id
        audit.record(session, actor, "api_key:revoke", "api_key", row.id, now=now, after={"prefix": row.prefix})
    return row


def caller(session: Session, text: str, *, address: str | None, request_id: str | None, now: datetime) -> Caller | None:
    """Who holds this key; None for one that is unknown, withdrawn or past its end. Notes the use now and then."""
    shape = SHAPE.fullmatch(text)
    row = session.scalar(select(ApiKey).where(ApiKey.prefix == shape[1])) if shape else None
    if row is None or not hmac.compare_digest(row.key_hash, _hash(text)) or not is_open(row, now):
        return None
    found = _caller(session, row, address, request_id)
    if row.last_used_at is None or row.last_used_at <= now - NOTED_EVERY:
        session.rollback()
        begin_write(session)
        used = update(ApiKey).where(ApiKey.id == found.actor.key_id, ApiKey.revoked_at.is_(None))
        session.execute(used.values(last_used_at=now), execution_options={"synchronize_session": False})
        session.commit()
    return found


def announce(session: Session, *, now: datetime) -> int:
    """The worker's sweep: each open key's end is told once per lead time, to the trail; gives how many were told.

    Its administrators have it in their menu and on their worklist as long as `ending` has it.
    """
    count = 0
    for key_id in session.scalars(select(ApiKey.id).where(*_ends_within(max(TOLD_BEFORE), now))).all():
        session.rollback()
        with deciding(session, SYSTEM_ACTOR, "api_key:expires", "api_key", key_id, now=now):
            row = session.get_one(ApiKey, key_id, with_for_update=True, populate_existing=True)
            days = min((n for n in TOLD_BEFORE if row.expires_at <= now + timedelta(days=n)), default=None)
            if days is None or row.revoked_at is not None or days in _told(session, row):
                continue
            after = {"prefix": row.prefix, "name": row.name, "days": days, "expires_on": last_day(row).isoformat()}
            audit.record(session, SYSTEM_ACTOR, "api_key:expires", "api_key", row.id, now=now, after=after)
            count += 1
    return count


def ending(actor: Actor, *, now: datetime) -> Select[Any]:
    """The keys of open keys in reach whose end is near, for the counts of the menu."""
    return select(ApiKey.id).where(criteria(actor, ApiKey), *_ends_within(max(TOLD_BEFORE), now))


def _ends_within(days: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (ApiKey.revoked_at.is_(None), ApiKey.expires_at > now, ApiKey.expires_at <= now + timedelta(days=days))


def _told(session: Session, row: ApiKey) -> set[int]:
    """Of which lead times its administrators were told: the trail knows."""
    events = select(AuditEvent.after).where(
        AuditEvent.object_type == "api_key", AuditEvent.object_id == row.id, AuditEvent.action == "api_key:expires"
    )
    return {int(after["days"]) for after in session.scalars(events) if after}


def is_open(row: ApiKey, now: datetime) -> bool:
    """Neither withdrawn nor past its end."""
    return row.revoked_at is None and row.expires_at > now


def last_day(row: ApiKey) -> date:
    """The last day on which it opens anything, in Shanghai."""
    return local_date(row.expires_at - timedelta(seconds=1))


def _caller(session: Session, row: ApiKey, address: str | None, request_id: str | None) -> Caller:
    """It reads what a matter clerk of its bureau reads, and writes the matters that its key names."""
    writes = KeyScope.WRITE_MATTERS in row.scopes
    actor = Actor(
        user_id=None, username=f"key:{row.prefix}", name=row.name, roles=frozenset({Role.MATTER_CLERK}),
        bureau_id=row.bureau_id, bureau_ids=reference.bureaus_below(session, row.bureau_id),
        matters=frozenset(row.matters or ()) if writes else frozenset(), address=address, request_id=request_id,
        key_id=row.id,
    )  # fmt: skip
    return Caller(actor, row.prefix, frozenset(row.scopes))


def _judged(actor: Actor, raw: Mapping[str, object], today: date) -> dict[str, Any]:
    """Typed values, or Invalid."""
    outcome = clean(API_KEY, raw, codes=CodeTables({}), today=today)
    values: dict[str, Any] = dict(outcome.values)
    problems = list(outcome.problems)
    faulty = {problem.field for problem in problems}
    first, last = today + timedelta(days=LEAST_DAYS), today + timedelta(days=MOST_DAYS)
    if "expires_on" not in faulty and not first <= values["expires_on"] <= last:
        problems.append(Problem("expires_on", say(ON, first=first.isoformat(), last=last.isoformat())))
    if "bureau_id" not in faulty and values["bureau_id"] not in actor.bureau_ids:
        problems.append(Problem("bureau_id", say(N_("请选择本部门或下级部门。"))))
    scopes = values.get("scopes") or ()
    if KeyScope.WRITE_MATTERS in scopes and not values.get("matters"):
        problems.append(Problem("matters", say(N_("请选择经办的事项。"))))
    if KeyScope.WRITE_MATTERS not in scopes and values.get("matters") and "scopes" not in faulty:
        problems.append(Problem("matters", say(N_("不回写事项的密钥，请不要选择事项。"))))
    if problems:
        raise Invalid(problems)
    values["matters"] = tuple(str(matter) for matter in known(values["matters"] or ()))
    return values


def _require(actor: Actor, verb: str) -> None:
    if not may(actor.roles, "api_keys", verb):
        raise Refused(say(NOT_YOURS), "role")


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)


def _hash(text: str) -> str:
    """A key has 256 bits of chance, so a fast hash keeps it."""
    return hashlib.sha256(text.encode()).hexdigest()
