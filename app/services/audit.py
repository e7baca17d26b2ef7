"""The audit trail: who, when, from where, what, before and after, result. Personal values are masked here."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.permissions import Actor
from models.audit import AuditEvent
from models.types import mask_id, mask_mobile

MASKED_AS_MOBILE = frozenset(
    {"contact_mobile", "agent_mobile", "contact_phone", "legal_representative_phone", "office_phone", "fax"}
)
MASKED_AS_ID = frozenset({"legal_representative_id_number", "agent_id_number"})
NEVER_WRITTEN = frozenset({"password", "sms_code"})
CHANGED = "an_event_says_that_something_changed"  # in `session.info`


def record(
    session: Session,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: int | None,
    *,
    now: datetime,
    organization_id: int | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    result: str = "done",
    sentence: str | None = None,
) -> AuditEvent:
    """Add one event to the caller's transaction; the worker seals it into the hash chain within seconds."""
    event = AuditEvent(
        at=now,
        actor_id=actor.user_id,
        actor_name=actor.username or "-",
        actor_roles=",".join(sorted(actor.roles)),
        address=actor.address,
        request_id=actor.request_id,
        action=action,
        object_type=object_type,
        object_id=object_id,
        organization_id=organization_id,
        result=result,
        sentence=sentence,
        before=masked(before),
        after=masked(after),
    )
    session.add(event)
    if result == "done":
        session.info[CHANGED] = True
    return event


def nothing_yet(session: Session) -> None:
    """An act begins: it has changed nothing so far."""
    session.info[CHANGED] = False


def changed_anything(session: Session) -> bool:
    """Whether the session's latest act changed anything: what changes something leaves its event."""
    return bool(session.info.get(CHANGED))


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """The two sides of what differs, for `before` and `after`."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def distinct(session: Session, column: InstrumentedAttribute[str]) -> list[str]:
    """The different values of an indexed column of the trail, in order: one step through the index for each."""
    found = select(func.min(column).label("value")).cte(recursive=True)
    further = select(select(func.min(column)).where(column > found.c.value).scalar_subquery())
    found = found.union_all(further.where(found.c.value.is_not(None)))
    return list(session.scalars(select(found.c.value).where(found.c.value.is_not(None))))


def masked(values: Mapping[str, object] | None) -> dict[str, Any] | None:
    """Values as they may stand in the trail: plain JSON, personal data masked, secrets left out."""
    if values is None:
        return None
    return {name: _one(name, value) for name, value in values.items() if name not in NEVER_WRITTEN}


def _one(name: str, value: object) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if name in MASKED_AS_MOBILE:
        return mask_mobile(str(value))
    if name in MASKED_AS_ID:
        return mask_id(str(value))
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple | set | frozenset):
        return [_one("", entry) for entry in value]
    if isinstance(value, Mapping):
        return {str(key): _one(str(key), entry) for key, entry in value.items()}
    return str(value)
