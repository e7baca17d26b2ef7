"""The number register (编号登记簿) under inspection: what stands in a period, and is every day's sequence whole."""

from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true, tuple_
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import Invalid, Problem, say
from app.domain.number import gaps_in
from app.domain.permissions import Actor
from app.domain.terms import N_, RequestKind
from app.scope import criteria
from app.services import organization
from models.account_request import AccountRequest
from models.bureau import Bureau
from models.number import NumberCounter, NumberRegister
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.pending_act import PendingAct
from models.project import Project

MOST_ROWS = 2_000  # what one print may hold, some seventy pages
LONGEST_DAYS = 366
AT_ONCE = 200  # places per statement
PARTS = ("region_code", "issued_on", "category_code")


@dataclass(frozen=True, order=True)
class Place:
    """Where a running number counts: one region, day and category."""

    region_code: str
    issued_on: date
    category_code: str


@dataclass(frozen=True)
class Checked:
    """What was compared: how many places, and of those at fault the sequences that nothing explains."""

    places: int
    gaps: dict[Place, list[int]]


@dataclass(frozen=True)
class Totals:
    """How many numbers, of these voided and imported."""

    count: int
    voided: int
    imported: int


@dataclass(frozen=True)
class FormerName:
    """A legal change of the project owner's name or code, and who asked for it where two persons decided."""

    change: OrganizationChange
    asked_by: str | None


@dataclass(frozen=True)
class Inspection:
    """The register of a period, ready to print. `rows` is empty when there are too many for one print."""

    first: date
    last: date
    rows: list[NumberRegister]
    totals: Totals
    checked: Checked
    without_day: int  # imported numbers that no period can hold

    @property
    def is_too_long(self) -> bool:
        return self.totals.count > MOST_ROWS


def inspect(session: Session, actor: Actor, first: date | None, last: date | None) -> Inspection:
    """The register from day to day, both included. Raises Invalid for no period, or one of more than a year."""
    if first is None or last is None:
        raise Invalid([Problem("from" if first is None else "to", say(N_("请填写起止日期，如 2026-11-23。")))])
    if last < first:
        raise Invalid([Problem("to", say(N_("截止日期不能早于起始日期。")))])
    if (last - first).days >= LONGEST_DAYS:
        raise Invalid([Problem("to", say(N_("一次最多核对一年，请缩短期间。")))])
    within = NumberRegister.issued_on.between(first, last)
    totals = _totals(session, actor, within)
    rows = _rows(session, actor, within) if totals.count <= MOST_ROWS else []
    imported = and_(NumberRegister.origin == "imported", NumberRegister.issued_on.is_(None))
    without_day = _totals(session, actor, imported).count
    return Inspection(first, last, rows, totals, check(session, actor, first, last), without_day)


def gaps_of(session: Session, row: NumberRegister) -> list[int]:
    """What is missing where this number counts; nothing for one from before us, whose sequence is not ours."""
    if row.origin == "imported":
        return []
    assert row.region_code and row.issued_on and row.category_code  # issued here, so it has all its parts
    place = Place(row.region_code, row.issued_on, row.category_code)
    at = {name: getattr(place, name) for name in PARTS}
    last = session.scalar(select(NumberCounter.last_sequence).filter_by(**at))
    return _gaps(session, {place: last or 0}).get(place, [])


def acts_of_two(session: Session, row: NumberRegister) -> list[PendingAct]:
    """What two persons decided about the number's project, and what was asked for and came to nothing, newest first."""
    if row.project_id is None:
        return []
    query = select(PendingAct).where(PendingAct.project_id == row.project_id).order_by(PendingAct.id.desc())
    people = joinedload(PendingAct.requested_by), joinedload(PendingAct.decided_by)
    return list(session.scalars(query.options(*people)))


def former_names(session: Session, actor: Actor, row: NumberRegister) -> list[FormerName]:
    """The names and codes that the number's project owner had before, newest first."""
    if row.organization is None:
        return []
    changes = organization.changes(session, actor, row.organization)
    asked = AccountRequest.kind == RequestKind.RENAME, AccountRequest.state == "confirmed"
    query = select(AccountRequest).where(AccountRequest.organization_id == row.organization_id, *asked)
    found = session.scalars(query.options(joinedload(AccountRequest.requested_by))) if changes else ()
    askers = {request.decided_at: request.requested_by.display_name for request in found}
    return [FormerName(change, askers.get(change.changed_at)) for change in changes]


def check(session: Session, actor: Actor, first: date, last: date) -> Checked:
    """Compare register and counters of the actor's regions; only what does not add up is read number by number."""
    counted = select(*_parts(NumberCounter), NumberCounter.last_sequence).where(_reach(actor, NumberCounter))
    counters = {
        Place(*row[:3]): row[3] for row in session.execute(counted.where(NumberCounter.issued_on.between(first, last)))
    }
    grouped = select(*_parts(NumberRegister), func.count(), func.max(NumberRegister.sequence)).where(
        NumberRegister.origin == "issued", NumberRegister.issued_on.between(first, last), _reach(actor, NumberRegister)
    )
    given = {Place(*row[:3]): (row[3], row[4]) for row in session.execute(grouped.group_by(*_parts(NumberRegister)))}
    places = counters.keys() | given.keys()
    odd = {place: counters.get(place, 0) for place in places if given.get(place) != (counters.get(place),) * 2}
    return Checked(len(places), _gaps(session, odd))


def _gaps(session: Session, last_given: dict[Place, int]) -> dict[Place, list[int]]:
    """The sequences of these places that no number has, imported ones counted in; places without a gap left out."""
    seen: dict[Place, list[int]] = {place: [] for place in last_given}
    wanted = list(last_given)
    for start in range(0, len(wanted), AT_ONCE):
        some = tuple_(*_parts(NumberRegister)).in_([astuple(place) for place in wanted[start : start + AT_ONCE]])
        query = select(*_parts(NumberRegister), NumberRegister.sequence).where(some)
        for *parts, sequence in session.execute(query):
            seen[Place(*parts)].append(sequence)
    found = {place: gaps_in(seen[place], last) for place, last in last_given.items()}
    return {place: found[place] for place in sorted(found) if found[place]}


def _parts(model: Any) -> list[Any]:
    return [getattr(model, name) for name in PARTS]


def _reach(actor: Actor, model: Any) -> ColumnElement[bool]:
    """The regions of the actor's bureaus; at the root bureau every region, also those that have gone."""
    if actor.is_root:
        return true()
    regions = select(Bureau.region_code).where(Bureau.id.in_(actor.bureau_ids))
    reached: ColumnElement[bool] = model.region_code.in_(regions)
    return reached


def _totals(session: Session, actor: Actor, which: ColumnElement[bool]) -> Totals:
    query = select(
        func.count(),
        func.count().filter(NumberRegister.status == "voided"),
        func.count().filter(NumberRegister.origin == "imported"),
    )
    count, voided, imported = session.execute(query.where(which, criteria(actor, NumberRegister))).one()
    return Totals(count, voided, imported)


def _rows(session: Session, actor: Actor, which: ColumnElement[bool]) -> list[NumberRegister]:
    query = select(NumberRegister).where(which, criteria(actor, NumberRegister))
    options = (
        joinedload(NumberRegister.project).load_only(Project.name, Project.approved_name, Project.version),
        joinedload(NumberRegister.organization).load_only(Organization.name),
    )
    ordered = query.order_by(*_parts(NumberRegister), NumberRegister.sequence, NumberRegister.id)
    return list(session.scalars(ordered.options(*options)))
