"""施工许可 pre-check: gathers the papers that a project has, and lets app.domain.precheck say how each stands."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.matters import MatterStatus
from app.domain.precheck import CONDITIONS, Condition, Finding, Paper, findings
from app.services import approved
from models.mandate import Mandate
from models.matter import MatterRecord, ProjectMatter
from models.project import Project


def of_project(session: Session, project: Project, *, now: datetime) -> tuple[Finding, ...]:
    """How every condition of a permit stands for the project today."""
    records, letters = _records(session, project), tuple(_letters(session, project))
    given = approved.told(session, project)
    papers = {
        condition: letters if condition.is_letter else tuple(_papers(given, condition, records))
        for condition in CONDITIONS
    }
    return findings(papers, local_date(now))


def _records(session: Session, project: Project) -> Sequence[tuple[ProjectMatter, MatterRecord]]:
    """What the project's matters left, each with its matter."""
    query = select(ProjectMatter, MatterRecord).join(MatterRecord.project_matter)
    query = query.where(MatterRecord.project_id == project.id).order_by(MatterRecord.id)
    return [(matter, record) for matter, record in session.execute(query)]


def _papers(
    given: Mapping[str, Any], condition: Condition, records: Sequence[tuple[ProjectMatter, MatterRecord]]
) -> Iterator[Paper]:
    if condition.field and given.get(condition.field):
        yield Paper(str(given[condition.field]))
    for matter, record in records:
        if matter.matter == condition.matter and (not condition.kinds or record.kind_code in condition.kinds):
            until = _end_of(record.entries.get("valid_until"))
            is_over = matter.status == MatterStatus.CLOSED  # the number that it was recorded under is void
            yield Paper(record.number or record.inner_number, until, is_revoked=is_over)


def _letters(session: Session, project: Project) -> Iterator[Paper]:
    """The authorization letters of the organization; their numbers are nobody's to show, the day is what counts."""
    given = select(Mandate.valid_to, Mandate.valid_from, Mandate.revoked_at)
    for last, first, revoked_at in session.execute(given.where(Mandate.organization_id == project.organization_id)):
        yield Paper("", last, first, is_revoked=revoked_at is not None)


def _end_of(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None
