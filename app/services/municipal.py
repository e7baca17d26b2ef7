"""What the municipal approval flow is told of a project (市审批流程): project and unit works, one version at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.outbox.enqueue import enqueue_municipal_push
from app.services import approved, pushing
from models.project import Project
from models.unit_work import UnitFiling, UnitSubmission

Units = dict[str, dict[str, Any]]


def push(session: Session, project: Project, filing: UnitFiling, *, now: datetime) -> None:
    """The version that stands now, within the caller's transaction: after a submit, and after a correction above it."""
    session.flush()
    earlier, units = _handed_in(session, filing)
    gone = {code: unit for code, unit in earlier.items() if code not in units}
    _enqueue(session, project, filing, units=units, removed=gone, op="save", now=now)


def push_renamed(session: Session, project: Project, *, now: datetime) -> None:
    """更名: the flow gets the project and its unit works under the name of now, if it ever got them."""
    filing = session.scalar(select(UnitFiling).where(UnitFiling.project_id == project.id))
    if filing is not None and filing.submission_count:
        _earlier, units = _handed_in(session, filing)
        revision = f".{project.organization.version}"
        _enqueue(session, project, filing, units=units, removed={}, op="save", revision=revision, now=now)


def push_again(session: Session, project: Project, *, now: datetime) -> None:
    """The project was corrected and approved: the flow gets the correction, if it ever got the project."""
    filing = session.scalar(select(UnitFiling).where(UnitFiling.project_id == project.id))
    if filing is not None and filing.submission_count:
        push(session, project, filing, now=now)


def push_deletion(session: Session, project: Project, filing: UnitFiling, *, now: datetime) -> None:
    """The number is void: unit works and project are taken back."""
    earlier, units = _handed_in(session, filing)
    _enqueue(session, project, filing, units={}, removed={**earlier, **units}, op="delete", now=now)


def _handed_in(session: Session, filing: UnitFiling) -> tuple[Units, Units]:
    """Every unit work that was ever handed in as it was last, and those of the last submit."""
    query = select(UnitSubmission.units).where(UnitSubmission.filing_id == filing.id).order_by(UnitSubmission.sequence)
    ever: Units = {}
    last: Mapping[str, dict[str, Any]] = {}
    for last in session.scalars(query):
        ever |= last
    return ever, dict(last)


def _enqueue(
    session: Session,
    project: Project,
    filing: UnitFiling,
    *,
    units: Units,
    removed: Units,
    op: str,
    revision: str = "",
    now: datetime,
) -> None:
    """Its version is that of the unit works and that of the project below it; a deletion comes after them all.

    `revision` tells what was sent again of the same version.
    """
    last = approved.last_approved(session, project)
    sequence = last.sequence if last else 0
    version = f"{filing.submission_count}.{sequence}{revision}" if op == "save" else f"{filing.submission_count + 1}"
    enqueue_municipal_push(
        session,
        version=version,
        project=pushing.told(session, project),
        units=units,
        removed=removed,
        op=op,
        rule_version=last.rule_version if last else "",
        now=now,
        **pushing.named(project),
    )
