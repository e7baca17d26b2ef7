"""Cases whose holder is away: taken back to the queue, given to another reviewer, or let go with their holder's rights.

A reviewer claims and releases by himself (`review`). Each act here is one transaction with its audit event.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from app.domain import free_text
from app.domain.claims import ENDED, may_hold
from app.domain.permissions import Actor
from app.domain.terms import Action, Kind
from app.scope import fetch
from app.services import audit, facts, holders, reference
from app.services.deciding import deciding
from app.services.lifecycle import Given, check_version, move, require
from app.services.lookups import IS_REVIEWER
from app.services.review import MODELS
from app.services.snapshot import Record
from models.assignment import Assignment
from models.enterprise import Enterprise
from models.project import Project
from models.user import User

OF_RECORD = ("id", "bureau_id", "organization_id")


def take_back(
    session: Session,
    actor: Actor,
    kind: Kind,
    record_id: int,
    *,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> Record:
    """收回: the case stands in the queue again. Raises Invalid, Refused, Conflict or NotFound."""
    with deciding(session, actor, f"{kind}:take_back", kind, record_id, now=now):
        record: Record = fetch(session, actor, MODELS[kind], record_id, lock=True)
        transition = require(session, actor, record, Action.TAKE_BACK, now=now, given=Given(reason=reason))
        check_version(record, version)
        after = {"holder": _holder(session, record), "reason": free_text.read(free_text.REASON, reason)}
        facts.end_claim(session, record, now)
        move(session, actor, record, transition, now=now, after=after)
    return record


def assign(
    session: Session,
    actor: Actor,
    kind: Kind,
    record_id: int,
    *,
    assignee_id: int | None,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> Record:
    """改派: another reviewer has the case from now on, whether somebody had it or not. Raises as `take_back` does."""
    with deciding(session, actor, f"{kind}:assign", kind, record_id, now=now):
        record: Record = fetch(session, actor, MODELS[kind], record_id, lock=True)
        holders.hold_account(session, assignee_id)
        given = Given(reason=reason, assignee_id=assignee_id)
        transition = require(session, actor, record, Action.ASSIGN, now=now, given=given)
        check_version(record, version)
        before = _holder(session, record)
        facts.give_claim(session, record, assignee_id, now)
        after = {"holder": before, "assignee": _name(session.get_one(User, assignee_id))}
        after["reason"] = free_text.read(free_text.REASON, reason)
        move(session, actor, record, transition, now=now, after=after)
    return record


def end_unfit(session: Session, actor: Actor, *, now: datetime, user_id: int | None = None) -> int:
    """Within the caller's transaction: the claims of people who may not hold them any more end; gives how many.

    `user_id` looks at one account only. Each end has its audit event, so that the trail tells why a case is free.
    """
    session.flush()
    found = list(_unfit(session, user_id))
    for row, kind in found:
        claim = session.get_one(Assignment, row.id, with_for_update=True)
        claim.released_at = max(now, claim.claimed_at)
        audit.record(
            session, actor, f"{kind}:{Action.TAKE_BACK}", kind, row.record_id,
            now=now, organization_id=row.record_organization_id, after={"holder": row.holder, "reason": ENDED},
        )  # fmt: skip
    return len(found)


def end_all_unfit(session: Session, actor: Actor, *, now: datetime) -> int:
    """The worker's sweep, for whatever changed an account or a bureau past the services; gives how many ended."""
    if next(_unfit(session, None), None) is None:
        return 0
    session.rollback()
    with deciding(session, actor, "claim:end", "user", now=now):
        return end_unfit(session, actor, now=now)


def _unfit(session: Session, user_id: int | None) -> Iterator[tuple[Any, Kind]]:
    """The open claims that bind nobody any more, each with what it is about; one statement."""
    record = {name: func.coalesce(getattr(Project, name), getattr(Enterprise, name)) for name in OF_RECORD}
    query = (
        select(
            Assignment.id, Assignment.project_id, User.display_name.label("holder"),
            User.active, User.bureau_id, User.organization_id, IS_REVIEWER.label("reviews"),
            *(column.label(f"record_{name}") for name, column in record.items()),
        )
        .join(User, User.id == Assignment.assignee_id)
        .outerjoin(Project, Project.id == Assignment.project_id)
        .outerjoin(Enterprise, Enterprise.id == Assignment.enterprise_id)
        .where(Assignment.released_at.is_(None), Assignment.assignee_id == user_id if user_id is not None else true())
    )  # fmt: skip
    reach = reference.reach(session)
    for row in session.execute(query.order_by(Assignment.id)).all():
        holder = holders.person(reach, row.active, row.bureau_id, row.organization_id, row.reviews)
        if not may_hold(holder, bureau_id=row.record_bureau_id, organization_id=row.record_organization_id):
            yield row, Kind.PROJECT if row.project_id is not None else Kind.ENTERPRISE


def _holder(session: Session, record: Record) -> str:
    claim = facts.open_assignment(session, record)
    return _name(claim.assignee) if claim is not None else ""


def _name(user: User) -> str:
    return user.display_name or user.username
