"""What a numbered project tells other systems, within the caller's transaction: a version, or its deletion."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.terms import Status
from app.outbox.enqueue import enqueue_province_push
from app.outbox.parcel import Channel
from app.services import approved, snapshot
from models.organization import Organization
from models.outbox import Outbox
from models.project import Project


def push(session: Session, project: Project, *, now: datetime) -> None:
    """The version that was just approved, for the province (报送省厅)."""
    submission = project.submission
    assert project.number is not None and submission is not None
    enqueue_province_push(
        session,
        version=submission.sequence,
        payload=under_todays_name(project, submission.snapshot),
        rule_version=submission.rule_version,
        now=now,
        **named(project),
    )


def push_renamed(session: Session, organization: Organization, *, now: datetime) -> list[Project]:
    """更名: every numbered project that others were told of, under the name of now, one version each; gives which.

    The version says which write of the organization it follows: its own numbers stay those of the submissions.
    """
    found = []
    query = select(Project).where(Project.organization_id == organization.id, Project.number.is_not(None))
    for project in session.scalars(query.where(Project.status != Status.VOIDED).order_by(Project.id)):
        if not was_pushed(session, project):
            continue
        last = approved.last_approved(session, project)
        enqueue_province_push(
            session,
            version=f"{last.sequence if last else 0}.{organization.version}",
            payload=told(session, project),
            rule_version=last.rule_version if last else "",
            now=now,
            **named(project),
        )
        found.append(project)
    return found


def push_deletion(session: Session, project: Project, *, now: datetime) -> None:
    """The version after the last that can have been pushed: a void project is never submitted again."""
    submission = project.submission
    enqueue_province_push(
        session,
        version=project.submission_count + 1,
        payload=told(session, project),
        rule_version=submission.rule_version if submission is not None else "",
        op="delete",
        now=now,
        **named(project),
    )


def told(session: Session, project: Project) -> dict[str, Any]:
    """The project as it was last approved, under its builder's name and code of today."""
    return under_todays_name(project, approved.picture(session, project) or snapshot.build(session, project))


def under_todays_name(project: Project, picture: Mapping[str, Any]) -> dict[str, Any]:
    """A snapshot keeps the name and code of its day; whoever is told of the number today is told those of today."""
    organization = project.organization
    return {**picture, "organization": {"org_code": organization.org_code, "name": organization.name}}


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
