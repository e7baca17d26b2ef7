"""What was last approved of a record: all that others are told of it, whatever it is being changed to.

While a record stands approved its own values are the approved ones. When it is opened they are kept beside it, until
the next approval, or until it is locked again as it was.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.fields import PROJECT, from_plain, to_plain
from app.domain.terms import Action, Status
from app.services import snapshot
from models.enterprise import Enterprise
from models.project import Project
from models.review import Review
from models.submission import Submission


def keep(session: Session, record: snapshot.Record) -> None:
    """Before an approved record is opened: put what was approved aside. Nothing else was approved meanwhile."""
    if record.status != Status.APPROVED:
        return
    picture = snapshot.build(session, record)
    record.approved_content = picture
    if isinstance(record, Project):
        values = from_plain(PROJECT, picture["fields"])
        record.approved_name = str(values["name"])
        _keep_sums(record, values)


def let_go(record: snapshot.Record) -> None:
    """The record's own values are approved again: nothing is kept beside them."""
    record.approved_content = None
    if isinstance(record, Project):
        record.approved_name = None
        _keep_sums(record, {})


def _keep_sums(project: Project, values: Mapping[str, Any]) -> None:
    project.approved_level_code = values.get("approval_level_code")
    project.approved_investment_10k_cny = values.get("investment_10k_cny")
    project.approved_floor_area_m2 = values.get("floor_area_m2")


def is_correction(record: snapshot.Record) -> bool:
    """Was it approved before, and is it being changed? A number says so of a project, also of one from before us."""
    if record.status == Status.APPROVED:
        return False
    return record.approved_content is not None or getattr(record, "number", None) is not None


def picture(session: Session, record: snapshot.Record) -> dict[str, Any] | None:
    """Fields and scans as they were approved, in the shape of a snapshot; None when nothing ever was."""
    kept: dict[str, Any] | None = record.approved_content
    if kept is not None or record.status == Status.APPROVED:
        return kept or snapshot.build(session, record)
    if isinstance(record, Enterprise) or record.number is None:
        return None
    earlier = last_approved(session, record)  # opened before a copy was kept
    return dict(earlier.snapshot) if earlier is not None else snapshot.build(session, record)


def fields(session: Session, record: snapshot.Record) -> Mapping[str, Any] | None:
    """The values alone, as plain JSON by input name; None when nothing was ever approved."""
    if record.status == Status.APPROVED:
        return to_plain(snapshot.values_of(record))
    found = picture(session, record)
    return found["fields"] if found is not None else None


def told(session: Session, record: snapshot.Record) -> Mapping[str, Any]:
    """What others read of the record: the approved values, or, of what was never approved, those it has."""
    found = fields(session, record)
    return to_plain(snapshot.values_of(record)) if found is None else found


def last_approved(session: Session, record: snapshot.Record) -> Submission | None:
    """The version that was last approved here; an imported number has none until it is corrected."""
    query = select(Submission).join(Review, Review.submission_id == Submission.id)
    query = query.where(snapshot.of_record(Submission, record), Review.decision == Action.APPROVE)
    return session.scalar(query.order_by(Submission.sequence.desc()).limit(1))
