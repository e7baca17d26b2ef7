"""Two submissions side by side: what changed, and whether the return had asked for it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.fields import Table, from_plain
from app.services import snapshot
from models.audit import AuditEvent
from models.review import ReturnItem, Review
from models.submission import Submission


@dataclass(frozen=True)
class Change:
    """One input or slot that differs from the submission before; `asked`: the return sheet named it."""

    name: str
    old: object
    new: object
    asked: bool


def since_last(session: Session, record: snapshot.Record) -> list[Change]:
    """Changes of the submission under decision; empty for a first one. Unasked ones come first."""
    current = record.submission
    former = _former(session, current)
    if current is None or former is None:
        return []
    asked = {item.target for item in asked_last(session, record)} | _unlocked_since(session, record, former)
    table = snapshot.table_of(record)
    names = sorted(snapshot.changes(former.snapshot, current.snapshot))
    changes = [
        Change(name, _shown(table, former.snapshot, name), _shown(table, current.snapshot, name), name in asked)
        for name in names
    ]
    return sorted(changes, key=lambda change: change.asked)


def asked_last(session: Session, record: snapshot.Record) -> list[ReturnItem]:
    """The return sheet that the submission under decision answers, with the applicant's answers."""
    former = _former(session, record.submission)
    if former is None:
        return []
    query = select(ReturnItem).join(Review).where(Review.submission_id == former.id)
    return list(session.scalars(query.order_by(ReturnItem.sequence)))


def _unlocked_since(session: Session, record: snapshot.Record, former: Submission) -> set[str]:
    """What an administrator opened after the submission before: nobody need be alarmed that it changed."""
    kind = snapshot.kind_of(record)
    query = select(AuditEvent.after).where(
        AuditEvent.object_type == kind,
        AuditEvent.object_id == record.id,
        AuditEvent.action == f"{kind}:unlock",
        AuditEvent.result == "done",
        AuditEvent.at >= former.submitted_at,
    )
    return {name for after in session.scalars(query) for name in (after or {}).get("fields", ())}


def _former(session: Session, current: Submission | None) -> Submission | None:
    """The latest earlier submission that somebody judged: one that was withdrawn was never looked at."""
    if current is None or current.sequence < 2:
        return None
    column = Submission.project_id if current.project_id else Submission.enterprise_id
    owner = current.project_id or current.enterprise_id
    query = select(Submission).join(Review, Review.submission_id == Submission.id)
    earlier = query.where(column == owner, Submission.sequence < current.sequence)
    return session.scalars(earlier.order_by(Submission.sequence.desc()).limit(1)).first()


def _shown(table: Table, picture: dict[str, Any], name: str) -> object:
    if name in picture["fields"]:
        return from_plain(table, picture["fields"])[name]
    return "、".join(scan["name"] for scan in picture["attachments"] if scan["slot"] == name)
