"""Issue the project number (发号): in the approving transaction, never twice, never with a gap.

The counter row per region, day and category is taken by one atomic upsert and held until the commit, so a
rolled-back approval gives its number back and two approvals cannot meet; the unique keys are the net.
"""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.clock import SHANGHAI, local_date
from app.domain.errors import Refused, say
from app.domain.number import LIMIT, ImportedNumber, ProjectNumber, is_ours_to_issue, next_sequence
from app.domain.permissions import Actor
from app.domain.terms import N_
from models.number import NumberCounter, NumberRegister
from models.project import Project
from models.review import Review

OURS = N_("这个编号由本系统的发号规则产生，还可能发出，不能导入。")


def issue(session: Session, actor: Actor, project: Project, review: Review, *, now: datetime) -> NumberRegister:
    """Give the project its 16 digits and write the register row.

    Raises Refused when the day's 99 numbers of this region and category are used up (DOMAIN §1.1).
    """
    day = local_date(now)
    assert project.region_code and project.category_code  # complete before it could be submitted
    sequence = _next_sequence(session, project.region_code, day, project.category_code)
    number = str(ProjectNumber(project.region_code, day, project.category_code, sequence))
    project.number = number
    project.numbered_at = now
    row = NumberRegister(
        number=number,
        region_code=project.region_code,
        issued_on=day,
        category_code=project.category_code,
        sequence=sequence,
        project=project,
        organization_id=project.organization_id,
        submission_id=project.submission_id,
        review=review,
        origin="issued",
        status="issued",
        issued_at=now,
        issued_by_id=actor.user_id,
    )
    session.add(row)
    return row


def void(session: Session, actor: Actor, project: Project, *, reason: str, now: datetime) -> None:
    """Mark the project's number void in the register: it stays there with the reason, and is never used again."""
    for row in session.scalars(select(NumberRegister).where(NumberRegister.project_id == project.id)):
        row.status = "voided"
        row.voided_at, row.voided_reason, row.voided_by_id = now, reason, actor.user_id


def was_issued_here(session: Session, project: Project) -> bool:
    """Is the project's number ours, not one of history."""
    origin = select(NumberRegister.origin).where(NumberRegister.project_id == project.id).limit(1)
    return session.scalar(origin) != "imported"


def enter_imported(
    session: Session,
    project: Project,
    number: ImportedNumber,
    given_on: date,
    flags: Sequence[str],
    *,
    now: datetime,
) -> NumberRegister:
    """Enter a number that was given out before us, as it is (DOMAIN §1.1); `flags` say what is odd about it.

    The counter is not touched, so a number that it could still come to is Refused; one that stands in the
    register already meets the unique key.
    """
    if is_ours_to_issue(number, local_date(now)):
        raise Refused(say(OURS), "number_is_ours")
    project.number = number.text
    project.numbered_at = start_of(given_on)
    row = NumberRegister(
        number=number.text,
        region_code=number.region,
        issued_on=number.day,
        category_code=number.category,
        sequence=number.sequence,
        flags=list(flags) or None,
        project=project,
        organization_id=project.organization_id,
        origin="imported",
        status="issued",
        issued_at=project.numbered_at,
    )
    session.add(row)
    return row


def start_of(day: date) -> datetime:
    """The instant at which the day begins on the bureau's wall clock: all that history tells about an issue."""
    return datetime.combine(day, time(0), SHANGHAI)


def _next_sequence(session: Session, region_code: str, day: date, category_code: str) -> int:
    table: Table = NumberCounter.__table__
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    upsert = (
        dialect.insert(table)
        .values(region_code=region_code, issued_on=day, category_code=category_code, last_sequence=1)
        .on_conflict_do_update(
            index_elements=["region_code", "issued_on", "category_code"],
            set_={"last_sequence": table.c.last_sequence + 1},
            where=table.c.last_sequence < LIMIT,
        )
        .returning(table.c.last_sequence)
    )
    taken = session.execute(upsert).scalar_one_or_none()
    return int(taken) if taken is not None else next_sequence(LIMIT)  # which says that the day is used up
