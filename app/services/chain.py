"""The links of the audit chain: what one covers, and which events wait for theirs."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, Select, select

from models import audit_marks
from models.audit import AuditEvent, AuditSeal

FIRST = "0" * 64
EVENT = AuditEvent.__table__
SEAL = AuditSeal.__table__


def of_event(row: RowMapping) -> dict[str, Any]:
    """The event's columns of a row that may have more."""
    return {column.name: row[column] for column in EVENT.c}


def link(key: bytes, previous: str, sequence: int, values: Mapping[str, Any], *, is_foreign: bool) -> str:
    """HMAC-SHA256 over the previous link, the place in the chain and every column of the event."""
    sealed = f"{previous}\n{sequence}\n{audit_marks.canonical(values)}" + ("\nforeign" if is_foreign else "")
    return hmac.new(key, sealed.encode(), hashlib.sha256).hexdigest()


def without_seal() -> Select[Any]:
    """Events that no seal covers yet, the oldest first."""
    covering = SEAL.c.event_id == EVENT.c.id
    return select(EVENT).outerjoin(SEAL, covering).where(SEAL.c.id.is_(None)).order_by(EVENT.c.id)
