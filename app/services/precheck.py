"""施工许可 pre-check: gathers the papers that a project has, and lets app.domain.precheck say how each stands."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.precheck import CONDITIONS, Condition, Finding, Paper, findings
from models.mandate import Mandate
from models.matter import MatterRecord, ProjectMatter
from models.project import Project


def of_project(session: Session, project: Project, *, now: datetime) -> tuple[Finding, ...]:
    """How every condition of a permit stands for the project today."""
    records, letters = _records(session, project), tuple(_letters(session, project))
    papers = {
        condition: letters if condition.is_letter else tuple(_papers(project, condition, records))
        for condition in CONDITIONS
    }
    return findings(papers, local_date(now))


def _records(session: Session, project: Project) -> Sequence[tuple[str, MatterRecord]]:
    """What the project's matters left, each with the name of its matter."""
    query = select(ProjectMatter.matter, MatterRecord).join(MatterRecord.project_matter)
    query = query.where(MatterRecord.project_id == project.id).order_by(MatterRecord.id)
    return [(matter, record) for matter, record in session.execute(query)]


def _papers(project: Project, condition: Condition, records: Sequence[tuple[str, MatterRecord]]) -> Iterator[Paper]:
    if condition.field and getattr(project, condition.field):
        yield Paper(getattr(project, condition.field))
    for matter, record in records:
        if matter == condition.matter and (not condition.kinds or record.kind_code in condition.kinds):
            yield Paper(record.number or record.inner_number, _end_of(record.entries.get("valid_until")))


def _letters(session: Session, project: Project) -> Iterator[Paper]:
    """The authorization letters of the organization; their numbers are nobody's to show, the day is what counts."""
    ends = select(Mandate.valid_to).where(Mandate.organization_id == project.organization_id)
    for valid_to in session.scalars(ends):
        yield Paper("", valid_to)


def _end_of(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None
