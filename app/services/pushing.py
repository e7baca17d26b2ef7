"""What a numbered project tells other systems, within the caller's transaction: a version, or its deletion."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.outbox.enqueue import enqueue_province_push
from app.outbox.parcel import Channel
from app.services import snapshot
from models.outbox import Outbox
from models.project import Project


def push(session: Session, project: Project, *, now: datetime) -> None:
    """The version that was just approved, for the province (报送省厅)."""
    submission = project.submission
    assert project.number is not None and submission is not None
    enqueue_province_push(
        session,
        version=submission.sequence,
        payload=submission.snapshot,
        rule_version=submission.rule_version,
        now=now,
        **named(project),
    )


def push_deletion(session: Session, project: Project, *, now: datetime) -> None:
    """The version after the last that can have been pushed: a void project is never submitted again."""
    submission = project.submission
    enqueue_province_push(
        session,
        version=project.submission_count + 1,
        payload=submission.snapshot if submission is not None else snapshot.build(session, project),
        rule_version=submission.rule_version if submission is not None else "",
        op="delete",
        now=now,
        **named(project),
    )


def was_pushed(session: Session, project: Project) -> bool:
    """Has a version gone out: for an imported number only when it was corrected and approved here."""
    pushes = select(Outbox.id).where(Outbox.project_id == project.id, Outbox.kind == Channel.PROVINCE_PUSH)
    return session.scalar(pushes.limit(1)) is not None


def named(project: Project) -> dict[str, Any]:
    """What each push of it says beside the record."""
    return {
        "project_id": project.id,
        "number": project.number,
        "inner_number": str(project.id),
        "registered_on": local_date(project.numbered_at).isoformat() if project.numbered_at else "",
    }
