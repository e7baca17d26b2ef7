"""The public look-up (登记查询): what a number says to everybody; nothing personal, nothing of unnumbered records."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.number import canonical_number
from models.number import NumberRegister
from models.organization import Organization
from models.project import Project


@dataclass(frozen=True)
class Found:
    """A numbered project as the public may see it."""

    number: str
    name: str
    builder: str
    status: str
    issued_at: datetime


def by_number(session: Session, text: str) -> Found | None:
    """The project of a number in any spelling, or None."""
    query = (
        select(NumberRegister.number, Project.name, Organization.name, Project.status, NumberRegister.issued_at)
        .join(Project, NumberRegister.project_id == Project.id)
        .join(Organization, Project.organization_id == Organization.id)
        .where(NumberRegister.number == canonical_number(text)[:20])
    )
    row = session.execute(query).one_or_none()
    return Found(*row) if row else None
