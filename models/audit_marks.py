"""What makes an event of the trail ours: a keyed mark over its content, written with it, checked when it is sealed."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, event, exists, select, update

from models.audit import AuditEvent, AuditSeal
from models.types import KeyringMissingError, seal_key, seal_keys

NONCE_HEX = 16  # two equal events have two marks, so that a copy of one is known
GIVEN_LATER = frozenset({"id", "mark"})
NAMES = tuple(column.name for column in AuditEvent.__table__.c)


def canonical(values: Mapping[str, Any]) -> str:
    """One spelling for one event. Empty columns are left out, so a column added later changes no old mark."""
    filled = {name: plain(value) for name, value in values.items() if value is not None}
    return json.dumps(filled, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def is_ours(values: Mapping[str, Any]) -> bool:
    """Whether the application wrote this event, with this content, under a key of the ring."""
    nonce, _colon, told = str(values.get("mark") or "").partition(":")
    text = _content(nonce, values)
    return any(hmac.compare_digest(told.encode(), _mac(key, text).encode()) for key in seal_keys())


def new_mark(values: Mapping[str, Any]) -> str:
    """The mark of an event that is about to be written."""
    nonce = secrets.token_hex(NONCE_HEX // 2)
    return f"{nonce}:{_mac(seal_key(), _content(nonce, values))}"


def _content(nonce: str, values: Mapping[str, Any]) -> str:
    return f"event\n{nonce}\n" + canonical({name: values.get(name) for name in NAMES if name not in GIVEN_LATER})


def _mac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


@event.listens_for(AuditEvent, "before_insert")
def _mark(_mapper: object, _connection: object, target: AuditEvent) -> None:
    """Every event that a session of ours writes is marked; without keys it stays bare and will be named."""
    try:
        target.mark = new_mark({name: getattr(target, name) for name in NAMES})
    except KeyringMissingError:
        target.mark = None


BEFORE_MARKS = (
    "id", "at", "actor_id", "actor_name", "actor_roles", "address", "request_id", "action", "object_type", "object_id",
    "organization_id", "result", "sentence", "before", "after",
)  # fmt: skip


def mark_waiting(connection: Connection) -> int:
    """Mark the events that no seal covers yet, in a database that has known no marks; gives how many."""
    events, sealed = AuditEvent.__table__, AuditSeal.__table__
    covered = exists().where(sealed.c.event_id == events.c.id)
    rows = connection.execute(select(*(events.c[name] for name in BEFORE_MARKS)).where(~covered)).mappings().all()
    try:
        marks = [{"key": row["id"], "m": new_mark(row)} for row in rows]
    except KeyringMissingError:
        return 0
    if marks:
        change = update(events).where(events.c.id == bindparam("key")).values(mark=bindparam("m"))
        connection.execute(change, marks)
    return len(marks)
