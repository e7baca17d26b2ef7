"""The review (审核): claim, release, approve and return, for enterprises and projects alike.

Approving a project issues its number, and the register row, audit event, notice and province push with it,
in one transaction (SPEC §3.7).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain import free_text
from app.domain.errors import Refused, say
from app.domain.permissions import Actor
from app.domain.terms import Action, Kind
from app.domain.workflow import NOT_ALLOWED
from app.scope import fetch
from app.services import (
    approved,
    corrections,
    facts,
    holders,
    matters,
    municipal,
    number,
    pushing,
    returns,
    snapshot,
)
from app.services.deciding import deciding
from app.services.lifecycle import CHANGED_MEANWHILE, Given, check_version, move, require
from app.services.notify import notify
from models.enterprise import Enterprise
from models.project import Project
from models.review import Review

MODELS: dict[Kind, Any] = {Kind.PROJECT: Project, Kind.ENTERPRISE: Enterprise}


def claim(session: Session, actor: Actor, kind: Kind, record_id: int, *, now: datetime) -> None:
    """认领: the record is this reviewer's until released or decided."""
    with deciding(session, actor, f"{kind}:claim", kind, record_id, now=now):
        record = fetch(session, actor, MODELS[kind], record_id, lock=True)
        transition = require(session, actor, record, Action.CLAIM, now=now)
        holders.hold_account(session, actor.user_id)
        if not holders.may_hold(session, actor.user_id or 0, record):  # the rights went while the page was open
            raise Refused(say(NOT_ALLOWED), "role")
        facts.give_claim(session, record, actor.user_id, now)
        move(session, actor, record, transition, now=now)


def release(session: Session, actor: Actor, kind: Kind, record_id: int, *, now: datetime) -> None:
    """放回待办."""
    with deciding(session, actor, f"{kind}:release", kind, record_id, now=now):
        record = fetch(session, actor, MODELS[kind], record_id, lock=True)
        transition = require(session, actor, record, Action.RELEASE, now=now)
        facts.end_claim(session, record, now)
        move(session, actor, record, transition, now=now)


def approve(
    session: Session,
    actor: Actor,
    kind: Kind,
    record_id: int,
    *,
    comment: str = "",
    version: int | None = None,
    submission_id: int | None = None,
    now: datetime,
) -> Review:
    """审核通过. Raises Refused or Conflict; of several at once one wins and the others are told so."""
    try:
        with deciding(session, actor, f"{kind}:approve", kind, record_id, now=now):
            record = fetch(session, actor, MODELS[kind], record_id, lock=True)
            given = Given(submission_id=submission_id)
            transition = require(session, actor, record, Action.APPROVE, now=now, given=given)
            check_version(record, version)
            is_correction = approved.is_correction(record)
            review = _write_review(session, actor, record, "approve", comment, now)
            corrections.end(record)  # first: what is told to others below is what was just approved
            after = _number(session, actor, record, review, now) if isinstance(record, Project) else {}
            said = {**after, "correction": True} if is_correction else after
            move(session, actor, record, transition, now=now, after=said)
            event = f"{kind}:approve_correction" if is_correction else f"{kind}:approve"
            notify(session, record, event, key=f"review-{review.id}", now=now, **after)
    except IntegrityError as meanwhile:  # the unique keys are the net under the row lock
        raise Refused(say(CHANGED_MEANWHILE), "conflict") from meanwhile
    return review


def return_(
    session: Session,
    actor: Actor,
    kind: Kind,
    record_id: int,
    items: Sequence[returns.Item],
    *,
    comment: str = "",
    version: int | None = None,
    submission_id: int | None = None,
    now: datetime,
) -> Review:
    """退回 with its items. Raises Invalid naming a faulty item, Refused or Conflict otherwise."""
    with deciding(session, actor, f"{kind}:return", kind, record_id, now=now):
        record = fetch(session, actor, MODELS[kind], record_id, lock=True)
        return write_return(
            session, actor, record, items,
            comment=comment, version=version, given=Given(submission_id=submission_id), now=now,
        )  # fmt: skip


def write_return(
    session: Session,
    actor: Actor,
    record: snapshot.Record,
    items: Sequence[returns.Item],
    *,
    comment: str,
    version: int | None = None,
    given: Given,
    now: datetime,
) -> Review:
    """The return within the caller's transaction; the counter uses it too."""
    filled = Given(item_count=len(items), at_counter=given.at_counter, submission_id=given.submission_id)
    transition = require(session, actor, record, Action.RETURN, now=now, given=filled)
    check_version(record, version)
    checked = returns.checked(session, record, items, at_counter=given.at_counter)
    stage = "counter" if given.at_counter else "review"
    review = _write_review(session, actor, record, "return", comment, now, stage=stage)
    returns.add_items(session, review, checked)
    corrections.send_back(record, [item.target for item, _kind in checked], now=now)
    move(session, actor, record, transition, now=now, after={"items": [item.target for item in items]})
    kind = snapshot.kind_of(record)
    notify(session, record, f"{kind}:return", key=f"review-{review.id}", now=now, count=len(items))
    return review


def _write_review(
    session: Session,
    actor: Actor,
    record: snapshot.Record,
    decision: str,
    comment: str,
    now: datetime,
    stage: str = "review",
) -> Review:
    review = Review(
        **_owner(record),
        submission=record.submission,
        decision=decision,
        stage=stage,
        decided_by_id=actor.user_id,
        decided_at=now,
        comment=free_text.read(free_text.COMMENT, comment) or None,
    )
    session.add(review)
    record.decided_at, record.due_on = now, None
    facts.end_claim(session, record, now)
    session.flush()  # notices and the register name the review
    return review


def _number(session: Session, actor: Actor, project: Project, review: Review, now: datetime) -> dict[str, object]:
    """The number and the push that follows it; a corrected project keeps its number and pushes an update."""
    if project.number is None:
        number.issue(session, actor, project, review, now=now)
        matters.open_all(session, project, now=now)
    pushing.push(session, project, now=now)
    municipal.push_again(session, project, now=now)
    return {"number": project.number}


def _owner(record: snapshot.Record) -> dict[str, int | None]:
    project = isinstance(record, Project)
    return {"project_id": record.id if project else None, "enterprise_id": None if project else record.id}
