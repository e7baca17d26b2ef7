"""What happened to a record, for people: submits, decisions, numbers and hand-overs, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from app.domain.errors import Sentence, say
from app.domain.terms import N_, TERMS, Status
from app.services import snapshot
from models.audit import AuditEvent
from models.hand_over import HandOver
from models.project import Project
from models.review import Review
from models.submission import Submission
from models.user import User

ACTS = {action: TERMS[action] for action in ("withdraw", "unlock", "relock", "void", "transfer", "allow_duplicate")}


@dataclass(frozen=True)
class Entry:
    """One event: when, what, by whom; `note` is somebody's own words."""

    at: datetime
    text: Sentence
    who: str
    note: str = ""


def entries(session: Session, record: snapshot.Record) -> list[Entry]:
    """The record's life so far; three statements whatever its length."""
    found = _submissions(session, record) + _reviews(session, record)
    found += _acts(session, record)
    if isinstance(record, Project):
        found += _hand_overs(session, record)
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _submissions(session: Session, record: snapshot.Record) -> list[Entry]:
    query = select(Submission).where(snapshot.of_record(Submission, record)).order_by(Submission.sequence)
    options = (defer(Submission.snapshot), joinedload(Submission.submitted_by))
    return [
        Entry(row.submitted_at, say(N_("第 %(n)s 次提交"), n=row.sequence), row.submitted_by.display_name)
        for row in session.scalars(query.options(*options))
    ]


def _reviews(session: Session, record: snapshot.Record) -> list[Entry]:
    query = select(Review).where(snapshot.of_record(Review, record)).order_by(Review.id)
    options = (joinedload(Review.decided_by), selectinload(Review.return_items))
    return [
        Entry(row.decided_at, _decision(record, row), row.decided_by.display_name, row.comment or "")
        for row in session.scalars(query.options(*options))
    ]


def _decision(record: snapshot.Record, row: Review) -> Sentence:
    if row.decision == "return":
        by_clerk = row.stage == "counter"
        message = N_("窗口核验退回 %(count)s 项") if by_clerk else N_("退回 %(count)s 项")
        return say(message, count=len(row.return_items))
    number = getattr(record, "number", None)
    if number:
        return say(N_("审核通过，发号 %(number)s"), number=number)
    return Sentence("%(status)s", {"status": TERMS[Status.APPROVED]})


def _acts(session: Session, record: snapshot.Record) -> list[Entry]:
    """Unlock, void, transfer, relock and withdrawal, with the reason that was given."""
    kind = snapshot.kind_of(record)
    query = select(AuditEvent).where(
        AuditEvent.object_type == kind,
        AuditEvent.object_id == record.id,
        AuditEvent.result == "done",
        AuditEvent.action.in_([f"{kind}:{action}" for action in ACTS]),
    )
    events = session.execute(query.outerjoin(User, User.id == AuditEvent.actor_id).add_columns(User.display_name))
    return [
        Entry(event.at, say(ACTS[event.action.partition(":")[2]]), _both(event, who or ""), _reason(event))
        for event, who in events
    ]


def _reason(event: AuditEvent) -> str:
    return str((event.after or {}).get("reason", ""))


def _both(event: AuditEvent, who: str) -> str:
    """Whoever asked for it stands beside whoever agreed."""
    asked_by = (event.after or {}).get("asked_by_name")
    return f"{asked_by}、{who}" if asked_by else who


def _hand_overs(session: Session, project: Project) -> list[Entry]:
    query = select(HandOver).where(HandOver.project_id == project.id).options(joinedload(HandOver.handed_over_by))
    return [
        Entry(
            row.handed_over_at,
            say(N_("编号由%(name)s领取"), name=row.received_by),
            row.handed_over_by.display_name,
        )
        for row in session.scalars(query)
    ]
