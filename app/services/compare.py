"""Two submissions side by side: what changed, and whether the return had asked for it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.fields import Table, from_plain
from app.services import snapshot
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
    if current is None or current.sequence < 2:
        return []
    column = Submission.project_id if current.project_id else Submission.enterprise_id
    owner = current.project_id or current.enterprise_id
    former = session.scalars(
        select(Submission).where(column == owner, Submission.sequence == current.sequence - 1)
    ).one()
    asked = set(session.scalars(select(ReturnItem.target).join(Review).where(Review.submission_id == former.id)))
    table = snapshot.table_of(record)
    names = sorted(snapshot.changes(former.snapshot, current.snapshot))
    changes = [
        Change(name, _shown(table, former.snapshot, name), _shown(table, current.snapshot, name), name in asked)
        for name in names
    ]
    return sorted(changes, key=lambda change: change.asked)


def _shown(table: Table, picture: dict[str, Any], name: str) -> object:
    if name in picture["fields"]:
        return from_plain(table, picture["fields"])[name]
    return "、".join(scan["name"] for scan in picture["attachments"] if scan["slot"] == name)
