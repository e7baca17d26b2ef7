"""An unlock that ran out: the record becomes what it was before, and what was typed and not handed in is kept aside."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.approval import approval_key
from app.domain.fields import from_plain
from app.services import approvals, approved, corrections, editing, lookups, snapshot, unsaved
from models.attachment import Attachment
from models.project import Project
from models.user import User


def put_back(session: Session, record: snapshot.Record, *, now: datetime) -> list[str]:
    """Restore values and scans within the caller's transaction; gives the names of what had been changed.

    The trail has every edit, and the form offers what was typed when it is opened next.
    """
    stood = corrections.before(session, record)
    current = snapshot.build(session, record)
    changed = corrections.edited(current, stood) if stood is not None else []
    if stood is None or not changed:
        return []
    typed = {name: current["fields"][name] for name in changed if name in current["fields"]}
    _keep_typed(session, record, typed, now)
    values = from_plain(snapshot.table_of(record), {name: stood["fields"].get(name) for name in typed})
    editing.put(record, {name: value for name, value in values.items() if not _is_locked(record, name)})
    if isinstance(record, Project) and typed.keys() & set(approvals.INPUTS):
        _hold_approval(session, record)
    _restore_scans(session, record, {scan["id"] for scan in stood["attachments"]}, now)
    return changed


def point_back(session: Session, record: snapshot.Record) -> None:
    """What stands again is what was decided last: the version that a return judged is no longer under decision."""
    if not corrections.was_waiting(session, record):
        record.submission = approved.last_approved(session, record)


def _is_locked(record: snapshot.Record, name: str) -> bool:
    return snapshot.table_of(record).field(name).locked


def _keep_typed(session: Session, record: snapshot.Record, typed: dict[str, Any], now: datetime) -> None:
    accounts = select(User.id).where(User.organization_id == record.organization_id, User.bureau_id.is_(None))
    entries = {name: _as_typed(value) for name, value in typed.items()}
    form = unsaved.form_of(snapshot.kind_of(record), record.id)
    for user_id in session.scalars(accounts).all():
        unsaved.put_aside(session, user_id, form, entries, now=now)


def _as_typed(value: object) -> list[str]:
    """A stored value as the form sends it."""
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return ["y"] if value else []
    return ["" if value is None else str(value)]


def _restore_scans(session: Session, record: snapshot.Record, keys: set[int], now: datetime) -> None:
    for scan in session.scalars(select(Attachment).where(snapshot.of_record(Attachment, record))).all():
        if scan.id in keys:
            scan.superseded_at, scan.superseded_by_id = None, None
        elif scan.superseded_at is None:
            scan.superseded_at = now


def _hold_approval(session: Session, record: Project) -> None:
    """The 立项 is again the one that the number was given for; where another has it too, that was allowed."""
    record.approval_key = approval_key(record.approval_document_number, record.approval_authority)
    with session.no_autoflush:
        record.duplicate_allowed = lookups.around(session, record).twin_number is not None
