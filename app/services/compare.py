"""Two submissions side by side: what changed, and whether the return had asked for it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.fields import Table, from_plain
from app.services import history, snapshot
from app.services.reading import once
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
    former = _former(session, record)
    if current is None or former is None:
        return []
    asked = {item.target for item in asked_last(session, record)} | _unlocked_since(session, record, former)
    table = snapshot.table_of(record)
    asked |= {field.name for field in table if field.locked}  # 更名 is the bureau's own act
    names = sorted(snapshot.changes(former.snapshot, current.snapshot))
    changes = [
        Change(name, _shown(table, former.snapshot, name), _shown(table, current.snapshot, name), name in asked)
        for name in names
    ]
    return sorted(changes, key=lambda change: change.asked)


def asked_last(session: Session, record: snapshot.Record) -> list[ReturnItem]:
    """The return sheet that the submission under decision answers, with the applicant's answers."""
    former = _former(session, record)
    return list(former.review.return_items) if former is not None and former.review is not None else []


def _unlocked_since(session: Session, record: snapshot.Record, former: Submission) -> set[str]:
    """What an administrator opened after the submission before: nobody need be alarmed that it changed."""
    unlocks = [
        event
        for event in history.events(session, record)
        if event.word.endswith(":unlock") and event.at >= former.submitted_at
    ]
    return {name for event in unlocks for name in event.after.get("fields", ())}


@once
def _former(session: Session, record: snapshot.Record) -> Submission | None:
    """The latest earlier submission that somebody judged: one that was withdrawn was never looked at."""
    current = record.submission
    if current is None or current.sequence < 2:
        return None
    judged = select(func.max(Submission.sequence)).join(Review, Review.submission_id == Submission.id)
    judged = judged.where(snapshot.of_record(Submission, record), Submission.sequence < current.sequence)
    query = select(Submission).where(
        snapshot.of_record(Submission, record), Submission.sequence == judged.scalar_subquery()
    )
    sheet = joinedload(Submission.review).joinedload(Review.return_items)
    return session.scalars(query.options(sheet)).unique().one_or_none()


def _shown(table: Table, picture: dict[str, Any], name: str) -> object:
    if name in picture["fields"]:
        return from_plain(table, picture["fields"])[name]
    return "、".join(scan["name"] for scan in picture["attachments"] if scan["slot"] == name)
