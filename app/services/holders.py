"""Who holds cases and who could: the staff whose claim binds others, and how much each of them has."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, select, tuple_
from sqlalchemy.orm import Session

from app.domain.claims import Person
from app.domain.claims import may_hold as may_hold_case
from app.domain.sorting import sort_key
from app.domain.terms import Kind, Role
from app.services import reference
from app.services.lookups import IS_REVIEWER
from app.services.snapshot import Record
from models.assignment import Assignment
from models.bureau import Bureau
from models.user import User


@dataclass(frozen=True)
class Candidate:
    """A reviewer to whom a case may be given, with how many they have already."""

    user_id: int
    name: str
    bureau: str
    load: int


def may_hold(session: Session, user_id: int, record: Record) -> bool:
    """May this account hold the record, as both stand in the database now?"""
    query = select(User.active, User.bureau_id, User.organization_id, IS_REVIEWER).where(User.id == user_id)
    row = session.execute(query).one_or_none()
    return row is not None and may_hold_case(
        person(reference.reach(session), *row), bureau_id=record.bureau_id, organization_id=record.organization_id
    )


def hold_account(session: Session, user_id: int | None) -> None:
    """Whoever closes the account meanwhile waits, and finds what is given to it in this transaction."""
    session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def person(
    reach: frozenset[tuple[int, int]], active: bool, bureau_id: int | None, organization_id: int | None, reviews: bool
) -> Person:
    """An account as a claim depends on it."""
    below = frozenset(under for over, under in reach if over == bureau_id)
    return Person(bool(active), frozenset({Role.REVIEWER}) if reviews else frozenset(), below, organization_id)


def binds(reach: frozenset[tuple[int, int]], model: Any) -> ColumnElement[bool]:
    """The claims, joined with `User` and with rows of `model`, that bind others: `may_hold` as a criterion.

    `reach` is that of `reference`.
    """
    at_work = and_(User.active.is_(True), IS_REVIEWER, User.organization_id.is_distinct_from(model.organization_id))
    return and_(at_work, tuple_(User.bureau_id, model.bureau_id).in_(sorted(reach))) if reach else false()


def candidates(session: Session, records: Iterable[Record]) -> list[Candidate]:
    """The reviewers who may hold every one of these records, those with the least first; two statements."""
    cases = {(record.bureau_id, record.organization_id) for record in records}
    reach = reference.reach(session)
    query = select(User.id, User.display_name, User.username, User.bureau_id, User.organization_id, Bureau.name)
    query = query.join(Bureau, Bureau.id == User.bureau_id).where(User.active.is_(True), IS_REVIEWER)
    loads = _loads(session)
    found = []
    for user_id, name, username, bureau_id, organization_id, bureau in session.execute(query):
        one = person(reach, True, bureau_id, organization_id, True)
        if all(may_hold_case(one, bureau_id=at, organization_id=of) for at, of in cases):
            found.append(Candidate(user_id, name or username, bureau, loads.get(user_id, 0)))
    return sorted(found, key=lambda candidate: (candidate.load, sort_key(candidate.name), candidate.user_id))


def _loads(session: Session, *criteria: Any) -> dict[int, int]:
    held = select(Assignment.assignee_id, func.count()).where(Assignment.released_at.is_(None), *criteria)
    return {row[0]: row[1] for row in session.execute(held.group_by(Assignment.assignee_id))}


def held_by(session: Session, user_id: int) -> int:
    """How many cases the account holds."""
    return _loads(session, Assignment.assignee_id == user_id).get(user_id, 0)


def owner_column(kind: Kind) -> Any:
    """The key of an assignment that names records of this kind."""
    return Assignment.project_id if kind == Kind.PROJECT else Assignment.enterprise_id
