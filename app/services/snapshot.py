"""The immutable picture of a record at a submit, and the hash by which a later decision knows it again."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app.domain.fields import ENTERPRISE, PROJECT, Field, Table, to_plain
from app.domain.terms import Kind
from app.services.reading import keeps, once
from models.attachment import Attachment
from models.enterprise import Enterprise
from models.project import Project
from models.types import content_hashes

Record = Enterprise | Project

TABLES: Mapping[Kind, Table] = {Kind.ENTERPRISE: ENTERPRISE, Kind.PROJECT: PROJECT}


def kind_of(record: Record) -> Kind:
    """Which life cycle the record lives by."""
    return Kind.PROJECT if isinstance(record, Project) else Kind.ENTERPRISE


def table_of(record: Record) -> Table:
    """The record's table of the one rule set."""
    return TABLES[kind_of(record)]


def fields_of(record: Record) -> tuple[Field, ...]:
    """The record's rows of the one rule set that are columns too."""
    return tuple(f for f in table_of(record) if hasattr(type(record), f.name))


def values_of(record: Record) -> dict[str, object]:
    """The record's values by input name."""
    return {f.name: getattr(record, f.name) for f in fields_of(record)}


def of_record(model: Any, record: Record) -> ColumnElement[bool]:
    """The rows of `model` that hang on the record, by the one of its two keys that is set."""
    column = model.project_id if isinstance(record, Project) else model.enterprise_id
    criterion: ColumnElement[bool] = column == record.id
    return criterion


def live_attachments(session: Session, record: Record) -> list[Attachment]:
    """The scans that count now, by slot and order of upload."""
    if not keeps(session):  # a page asks for both and shares one answer; a decision reads no more than it needs
        return _live(session, record, None)
    key = "project_id" if isinstance(record, Project) else "enterprise_id"
    return [scan for scan in live_scans(session, record) if getattr(scan, key) is not None]


@once
def live_scans(session: Session, record: Record) -> list[Attachment]:
    """The same, and with a project those of its organization's enterprise record; by slot and order of upload."""
    return _live(session, record, record.organization.enterprise if isinstance(record, Project) else None)


def _live(session: Session, record: Record, enterprise: Enterprise | None) -> list[Attachment]:
    asked = {"record": record.id, "enterprise": enterprise.id if enterprise is not None else None}
    return list(session.scalars(LIVE[type(record)], asked))


def _live_of(whose: ColumnElement[bool]) -> Select[Any]:
    """Put together once: that costs more than running it. No row hangs on the key None."""
    query = select(Attachment).where(whose, Attachment.superseded_at.is_(None))
    return query.order_by(Attachment.slot, Attachment.id)


_RECORD = bindparam("record", type_=Integer)
_ENTERPRISE = bindparam("enterprise", type_=Integer)
LIVE: dict[type[Any], Select[Any]] = {
    Project: _live_of(or_(Attachment.project_id == _RECORD, Attachment.enterprise_id == _ENTERPRISE)),
    Enterprise: _live_of(Attachment.enterprise_id == _RECORD),
}


_GONE = ("id", "slot", "original_name", "uploaded_at", "superseded_at", "superseded_by_id")


def _former_of(owner: Any) -> Select[Any]:
    gone = select(*(getattr(Attachment, name) for name in _GONE)).where(owner == _RECORD)
    return gone.where(Attachment.superseded_at.is_not(None)).order_by(
        Attachment.superseded_at.desc(), Attachment.id.desc()
    )


FORMER: dict[type[Any], Select[Any]] = {
    Project: _former_of(Attachment.project_id),
    Enterprise: _former_of(Attachment.enterprise_id),
}


def former_attachments(session: Session, record: Record) -> Sequence[Any]:
    """The scans that counted once and were replaced or removed, latest first, as plain rows: their files stay."""
    return session.execute(FORMER[type(record)], {"record": record.id}).all()


def build(session: Session, record: Record) -> dict[str, Any]:
    """Fields and scans (by hash) as plain JSON."""
    scans = [
        {"id": a.id, "slot": a.slot, "name": a.original_name, "sha256": a.sha256, "pages": a.page_count}
        for a in live_attachments(session, record)
    ]
    return {
        "kind": str(kind_of(record)),
        "organization": {"org_code": record.organization.org_code, "name": record.organization.name},
        "fields": to_plain(values_of(record)),
        "attachments": scans,
    }


def content_hash(picture: Mapping[str, Any]) -> str:
    """Keyed hash over the canonical JSON of a picture, hexadecimal; personal values cannot be guessed from it."""
    return content_hashes(_canonical(picture))[0]


def _canonical(picture: Mapping[str, Any]) -> bytes:
    return json.dumps(picture, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@once
def is_as_submitted(session: Session, record: Record) -> bool:
    """Is the record still what its submission shows, and the submission what its hash says?

    Compared are the inputs that the snapshot has and the scans: a later edition of the form, and a change of
    the organization's name or code (更名), leave what was submitted as it was.
    """
    submission = record.submission
    if submission is None or submission.content_hash not in content_hashes(_canonical(submission.snapshot)):
        return False
    current, submitted = build(session, record), submission.snapshot["fields"]
    from_organization = {f.name: submitted.get(f.name) for f in fields_of(record) if f.locked}
    known = {name: value for name, value in {**current["fields"], **from_organization}.items() if name in submitted}
    return not changes(submission.snapshot, {**current, "fields": known})


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """Names of fields and slots in which two pictures differ."""
    fields = {n for n in new["fields"] | old["fields"] if old["fields"].get(n) != new["fields"].get(n)}
    before, after = _slots(old), _slots(new)
    return fields | {slot for slot in before | after if before.get(slot) != after.get(slot)}


def _slots(picture: Mapping[str, Any]) -> dict[str, list[str]]:
    slots: dict[str, list[str]] = {}
    for scan in picture["attachments"]:
        slots.setdefault(scan["slot"], []).append(scan["sha256"])
    return slots
