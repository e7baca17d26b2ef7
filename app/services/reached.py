"""What a change of a bureau or a region reaches: waiting cases, staff accounts, published contacts. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.terms import Kind, Status
from models.bureau import Bureau, Contact
from models.enterprise import Enterprise
from models.project import Project
from models.unit_work import UnitFiling
from models.user import User


@dataclass(frozen=True)
class Case:
    """One record that waits for a decision."""

    kind: Kind
    record_id: int
    name: str


@dataclass(frozen=True)
class Reach:
    """What is there now."""

    cases: Sequence[Case]
    accounts: Sequence[tuple[int, str]]  # key and name
    contacts: Sequence[tuple[int, str]]

    @property
    def is_empty(self) -> bool:
        return not (self.cases or self.accounts or self.contacts)


def of_bureau(session: Session, row: Bureau | None, values: Mapping[str, Any]) -> Reach:
    """Of a bureau that is changed, with the region that it gives up and the one that it takes."""
    regions = {values["region_code"]} | ({row.region_code} if row is not None else set())
    return _reach(session, {row.id} if row is not None else set(), regions)


def of_region(session: Session, code: str) -> Reach:
    """Of a region's code: what lies in it, and the bureau that works on it."""
    bureaus = set(session.scalars(select(Bureau.id).where(Bureau.region_code == code)))
    return _reach(session, bureaus, {code})


def _reach(session: Session, bureaus: set[int], regions: set[str]) -> Reach:
    accounts = select(User.id, User.display_name).where(User.bureau_id.in_(bureaus), User.active.is_(True))
    contacts = select(Contact.id, Contact.person).where(Contact.bureau_id.in_(bureaus))
    return Reach(
        _cases(session, bureaus, regions),
        [(key, name) for key, name in session.execute(accounts.order_by(User.id))],
        [(key, name) for key, name in session.execute(contacts.order_by(Contact.sort, Contact.id))],
    )


def _cases(session: Session, bureaus: set[int], regions: set[str]) -> list[Case]:
    found = []
    for kind, model in ((Kind.ENTERPRISE, Enterprise), (Kind.PROJECT, Project)):
        here = or_(model.bureau_id.in_(bureaus), model.region_code.in_(regions))
        query = select(model.id, model.name).where(model.status == Status.SUBMITTED, here).order_by(model.id)
        found += [Case(kind, key, name) for key, name in session.execute(query)]
    filings = select(UnitFiling.id, Project.name).join(UnitFiling.project)
    here = or_(Project.bureau_id.in_(bureaus), Project.region_code.in_(regions))
    waiting = filings.where(UnitFiling.status == Status.SUBMITTED, here).order_by(UnitFiling.id)
    return [*found, *(Case(Kind.UNIT_WORK, key, name) for key, name in session.execute(waiting))]
