"""The public look-up (登记查询): what a number says to everybody; nothing personal, nothing of unnumbered records."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import spelling
from app.domain.clock import local_date
from app.domain.number import IMPORTED_MAX, parse_any, typed_number
from app.domain.terms import Status
from app.services import approved
from models.number import NumberRegister
from models.organization import Organization
from models.project import Project


@dataclass(frozen=True)
class Found:
    """A number as the public may see it; history may lack the project, its builder and the day."""

    number: str
    name: str | None
    builder: str | None
    status: str
    issued_on: date | None
    is_imported: bool


def by_number(session: Session, text: str) -> Found | None:
    """What a number in any spelling stands for, under the builder's name of today; None when it was never given."""
    typed = spellings(text)
    if not typed:
        return None
    builder = func.coalesce(Project.organization_id, NumberRegister.organization_id)
    query = (
        select(NumberRegister, Project, Organization.name)
        .outerjoin(Project, NumberRegister.project_id == Project.id)
        .outerjoin(Organization, Organization.id == builder)
        .where(NumberRegister.number.in_(typed))
        .order_by(NumberRegister.number != typed[0])
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    entry, project, builder_name = row
    if project is None:
        return _found(entry, None, builder_name, None)
    return _found(entry, _approved_name(session, project), builder_name, project.status)


def _approved_name(session: Session, project: Project) -> str:
    """A numbered project that was opened may be called what nobody has reviewed."""
    if project.status == Status.APPROVED or project.approved_name is not None:
        return project.told_name
    return str(approved.told(session, project)["name"])


def spellings(text: str) -> list[str]:
    """As it was typed, which may be a number from before us with hyphens and letters; then as we write numbers."""
    copied = spelling.copied(text)
    kept = [number.text for number in map(parse_any, (text, copied, copied.upper())) if number]
    canonical = typed_number(text)
    return list(dict.fromkeys(kept + ([canonical] if 0 < len(canonical) <= IMPORTED_MAX else [])))


def _found(row: NumberRegister, name: str | None, builder: str | None, status: str | None) -> Found:
    is_void = row.status == "voided"
    return Found(
        number=row.number,
        name=name,
        builder=builder,
        status=Status.VOIDED if is_void else status or Status.APPROVED,
        issued_on=_day(row.issued_on, row.issued_at, row.origin),
        is_imported=row.origin == "imported",
    )


def _day(day: date | None, instant: datetime, origin: str) -> date | None:
    """The day in the number; of one that has none the day it was issued here, or nothing for history."""
    return day or (None if origin == "imported" else local_date(instant))
