"""The reference data of one request, read by one statement: a few hundred short rows that every page asks for.

Code tables, districts, bureaus, required scans and return reasons are edited by administrators and small; what is
asked of them is asked in memory. `app.services.reference` puts the questions. A page whose session lookup brought the
stamp (models.reference_stamp) that the process has read them under does not read them again; a writer always does.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    case,
    cast,
    exists,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.services import reading, stamped
from models.audit import AuditEvent
from models.bureau import Bureau
from models.dictionary import DictionaryEntry, RequiredDocument, ReturnReason
from models.region import Region


class Entry(NamedTuple):
    """A code of a code table."""

    kind: str
    code: str
    parent_code: str | None
    label_zh: str
    label_en: str
    is_active: bool


class Reason(NamedTuple):
    """A ready reason for a return item."""

    code: str
    label_zh: str
    label_en: str
    is_active: bool


class District(NamedTuple):
    """A region's code and name over one stretch of time."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None

    def is_in_force(self, day: date) -> bool:
        """Is the code valid on the day?"""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


class Office(NamedTuple):
    """A bureau, as far as rules ask about it."""

    id: int
    parent_id: int | None
    region_code: str
    requires_originals: bool
    name: str
    is_added_here: bool  # by an administrator on screen; the others come with the product


class Document(NamedTuple):
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

    @cached_property
    def names_of_districts(self) -> dict[str, str]:
        """The latest name of each code."""
        return {district.code: district.name for district in self.districts}

    @cached_property
    def labels(self) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
        """Words by kind and code, Chinese and English."""
        return (
            {(entry.kind, entry.code): entry.label_zh for entry in self.entries},
            {(entry.kind, entry.code): entry.label_en for entry in self.entries},
        )


# The columns of the one statement, typed: parts without one of them have NULL there.
COLUMNS: dict[str, Any] = {
    "kind": String, "code": String, "parent": String, "zh": String, "en": String,
    "flag": Boolean, "first": Date, "last": Date, "n": Integer, "m": Integer,
}  # fmt: skip


# The order of each part, by columns of the statement: place, then code or first day, then key.
ORDERS = {
    "entry": itemgetter(2, 4, 1), "reason": itemgetter(2, 1), "district": itemgetter(9, 1),
    "office": itemgetter(2, 1), "document": itemgetter(2, 1),
}  # fmt: skip


HELD = "reference_tables_held"


@contextmanager
def held(session: Session) -> Iterator[None]:
    """For a session in which nobody edits any of it meanwhile, such as a long load: read it once."""
    session.info[HELD] = tables(session)
    try:
        yield
    finally:
        del session.info[HELD]


def tables(session: Session) -> Tables:
    """All of it, in one statement, or as it was read under the stamp that still holds."""
    known: Tables | None = session.info.get(HELD)
    return known or _read(session)


@reading.once
@stamped.once
def _read(session: Session) -> Tables:
    return _arranged(session.execute(EVERYTHING).all())


def _arranged(rows: Sequence[Any]) -> Tables:
    """The rows by their tables."""
    found: dict[str, list[Any]] = {source: [] for source in ORDERS}
    for row in rows:
        found[row[0]].append(row)
    for source, part in found.items():
        part.sort(key=ORDERS[source])
    return Tables(
        tuple(Entry(kind, code, up, zh, en, on) for _, _, _, kind, code, up, zh, en, on, *_ in found["entry"]),
        tuple(Reason(code, zh, en, on) for _, _, _, _, code, _, zh, en, on, *_ in found["reason"]),
        tuple(District(code, zh, a, z) for _, _, _, _, code, _, zh, _, _, a, z, *_ in found["district"]),
        tuple(
            Office(key, m, code, on, zh, bool(n)) for _, key, _, _, code, _, zh, _, on, _, _, n, m in found["office"]
        ),
        tuple(
            Document(kind, up, code, zh, en, n, m, on)
            for _, _, _, kind, code, up, zh, en, on, _, _, n, m in found["document"]
        ),
    )


def _part(source: str, model: Any, place: Any, **given: Any) -> Select[Any]:
    """One table's rows in the common shape."""
    filled = [given.get(name, cast(null(), kind)).label(name) for name, kind in COLUMNS.items()]
    return select(literal(source).label("source"), model.id.label("id"), place.label("place"), *filled)


ADDED_HERE = exists().where(
    AuditEvent.object_type == "bureau", AuditEvent.object_id == Bureau.id,
    AuditEvent.action == "bureau:add", AuditEvent.result == "done",
)  # fmt: skip


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
            code=Bureau.region_code, zh=Bureau.name, m=Bureau.parent_id, flag=Bureau.requires_originals,
            n=case((ADDED_HERE, 1), else_=0),
        ),
        _part(
            "document", document, document.sort,
            kind=document.record_kind, parent=document.unit_kind, code=document.slot, zh=document.label_zh,
            en=document.label_en, n=document.min_count, m=document.max_count, flag=document.waived_with_uscc,
        ),
    )  # fmt: skip


EVERYTHING = _everything()
