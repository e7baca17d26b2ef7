"""The reference data of one request, read by one statement: a few hundred short rows that every page asks for.

Code tables, districts, bureaus, required scans and return reasons are edited by administrators and small; what is
asked of them is asked in memory. `app.services.reference` puts the questions.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    CompoundSelect,
    Date,
    Integer,
    Row,
    Select,
    String,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.services.reading import once
from models.bureau import Bureau
from models.dictionary import DictionaryEntry, RequiredDocument, ReturnReason
from models.region import Region


@dataclass(frozen=True)
class Entry:
    """A code of a code table."""

    kind: str
    code: str
    parent_code: str | None
    label_zh: str
    label_en: str
    is_active: bool


@dataclass(frozen=True)
class Reason:
    """A ready reason for a return item."""

    code: str
    label_zh: str
    label_en: str
    is_active: bool


@dataclass(frozen=True)
class District:
    """A region's code and name over one stretch of time."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None

    def is_in_force(self, day: date) -> bool:
        """Is the code valid on the day?"""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


@dataclass(frozen=True)
class Office:
    """A bureau, as far as rules ask about it."""

    id: int
    parent_id: int | None
    region_code: str
    requires_originals: bool


@dataclass(frozen=True)
class Document:
    """A place for scans, by record kind and unit kind."""

    record_kind: str
    unit_kind: str | None
    slot: str
    label_zh: str
    label_en: str
    min_count: int
    max_count: int
    waived_with_uscc: bool


@dataclass(frozen=True)
class Tables:
    """Everything, each part in the order that its administrator gave it; districts by their first day."""

    entries: tuple[Entry, ...]
    reasons: tuple[Reason, ...]
    districts: tuple[District, ...]
    offices: tuple[Office, ...]
    documents: tuple[Document, ...]


# The columns of the one statement, typed: parts without one of them have NULL there.
COLUMNS: dict[str, Any] = {
    "kind": String, "code": String, "parent": String, "zh": String, "en": String,
    "flag": Boolean, "first": Date, "last": Date, "n": Integer, "m": Integer,
}  # fmt: skip


@once
def tables(session: Session) -> Tables:
    """All of it, in one statement."""
    found: dict[str, list[Row[Any]]] = {source: [] for source in ("entry", "reason", "district", "office", "document")}
    for row in session.execute(EVERYTHING):
        found[row.source].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.place, row.id))
    return Tables(
        tuple(
            Entry(r.kind, r.code, r.parent, r.zh, r.en, r.flag)
            for r in sorted(found["entry"], key=lambda row: (row.place, row.code))
        ),
        tuple(Reason(r.code, r.zh, r.en, r.flag) for r in found["reason"]),
        tuple(District(r.code, r.zh, r.first, r.last) for r in sorted(found["district"], key=lambda row: row.first)),
        tuple(Office(r.id, r.m, r.code, r.flag) for r in found["office"]),
        tuple(Document(r.kind, r.parent, r.code, r.zh, r.en, r.n, r.m, r.flag) for r in found["document"]),
    )


def _part(source: str, model: Any, place: Any, **given: Any) -> Select[Any]:
    """One table's rows in the common shape."""
    filled = [given.get(name, cast(null(), kind)).label(name) for name, kind in COLUMNS.items()]
    return select(literal(source).label("source"), model.id.label("id"), place.label("place"), *filled)


def _everything() -> CompoundSelect[Any]:
    entry, reason, document = DictionaryEntry, ReturnReason, RequiredDocument
    return union_all(
        _part(
            "entry", entry, entry.sort,
            kind=entry.kind, code=entry.code, parent=entry.parent_code,
            zh=entry.label_zh, en=entry.label_en, flag=entry.is_active,
        ),
        _part(
            "reason", reason, reason.sort,
            code=reason.code, zh=reason.label_zh, en=reason.label_en, flag=reason.is_active,
        ),
        _part(
            "district", Region, literal(0),
            code=Region.code, zh=Region.name, first=Region.valid_from, last=Region.valid_to,
        ),
        _part(
            "office", Bureau, Bureau.sort,
            code=Bureau.region_code, m=Bureau.parent_id, flag=Bureau.requires_originals,
        ),
        _part(
            "document", document, document.sort,
            kind=document.record_kind, parent=document.unit_kind, code=document.slot, zh=document.label_zh,
            en=document.label_en, n=document.min_count, m=document.max_count, flag=document.waived_with_uscc,
        ),
    )  # fmt: skip


EVERYTHING = _everything()
