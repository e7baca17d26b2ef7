"""What happened to a record, for people: submits, decisions, numbers and hand-overs, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.domain.errors import Sentence, say
from app.domain.terms import N_, TERMS, Kind, Status
from app.services import snapshot
from app.services.reading import once
from models.audit import AuditEvent
from models.hand_over import HandOver
from models.review import ReturnItem, Review
from models.submission import Submission
from models.types import PlainJson
from models.user import User

TOLD = ("withdraw", "unlock", "relock", "void", "delete", "reopen", "transfer", "allow_duplicate")
ACTS = {action: TERMS[action] for action in TOLD}
ORDER = {"submission": 0, "review": 1, "act": 2, "hand_over": 3}  # of what happened at the same instant
RECORD = bindparam("record", type_=Integer)


@dataclass(frozen=True)
class Entry:
    """One event: when, what, by whom; `note` is somebody's own words."""

    at: datetime
    text: Sentence
    who: str
    note: str = ""


@dataclass(frozen=True)
class Event:
    """One row of the record's life as stored: `source` tells from which table, `place` its order there."""

    source: str
    place: int
    at: datetime
    who: str
    word: str
    stage: str
    note: str
    count: int
    after: Mapping[str, Any]


def entries(session: Session, record: snapshot.Record) -> list[Entry]:
    """The record's life so far; one statement whatever its length."""
    told = events(session, record)
    first = next((event for event in told if (event.source, event.word) == ("review", "approve")), None)
    found = [Entry(event.at, _text(record, event, first), _who(event), _note(event)) for event in told]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


@once
def events(session: Session, record: snapshot.Record) -> list[Event]:
    """Submits, decisions, acts and the hand-over, each in its own order."""
    kind = snapshot.kind_of(record)
    asked = {"record": record.id, "kind": kind, "acts": [f"{kind}:{action}" for action in ACTS]}
    found = [
        Event(r.source, r.place, r.at, r.who or "", r.word or "", r.stage or "", r.note or "", r.n or 0, r.after or {})
        for r in session.execute(EVENTS[kind], asked).all()
    ]
    return sorted(found, key=lambda event: (ORDER[event.source], event.place))


def _row(source: str, model: Any, at: Any, who: Any, **given: Any) -> Select[Any]:
    """A table's rows in the common shape, with the person's name."""
    kinds: dict[str, Any] = {"word": String, "stage": String, "note": String, "n": Integer, "after": PlainJson}
    filled = [given.get(name, cast(null(), kind)).label(name) for name, kind in kinds.items()]
    columns = (
        literal(source).label("source"),
        given.get("place", model.id).label("place"),
        at.label("at"),
        User.display_name.label("who"),
    )
    return select(*columns, *filled).select_from(model).outerjoin(User, User.id == who)


def _acts() -> Select[Any]:
    """Unlock, void, transfer, relock and withdrawal, with the reason that was given."""
    event = AuditEvent
    return _row("act", event, event.at, event.actor_id, word=event.action, after=event.after).where(
        event.object_type == bindparam("kind", type_=String),
        event.object_id == RECORD,
        event.result == "done",
        event.action.in_(bindparam("acts", type_=String, expanding=True)),
    )


def _submissions(owner: str) -> Select[Any]:
    row = Submission
    query = _row("submission", row, row.submitted_at, row.submitted_by_id, place=row.sequence, n=row.sequence)
    return query.where(getattr(row, owner) == RECORD)


def _reviews(owner: str) -> Select[Any]:
    row = Review
    items = select(func.count()).where(ReturnItem.review_id == row.id).scalar_subquery()
    given = {"word": row.decision, "stage": row.stage, "note": row.comment, "n": items}
    return _row("review", row, row.decided_at, row.decided_by_id, **given).where(getattr(row, owner) == RECORD)


def _hand_overs() -> Select[Any]:
    row = HandOver
    query = _row("hand_over", row, row.handed_over_at, row.handed_over_by_id, word=row.received_by)
    return query.where(row.project_id == RECORD)


# Put together once: that costs more than running them.
EVENTS = {
    Kind.PROJECT: union_all(_acts(), _submissions("project_id"), _reviews("project_id"), _hand_overs()),
    Kind.ENTERPRISE: union_all(_acts(), _submissions("enterprise_id"), _reviews("enterprise_id")),
}


def _text(record: snapshot.Record, event: Event, first_approval: Event | None) -> Sentence:
    if event.source == "submission":
        return say(N_("第 %(n)s 次提交"), n=event.count)
    if event.source == "hand_over":
        return say(N_("编号由%(name)s领取"), name=event.word)
    if event.source == "act":
        return say(ACTS[event.word.partition(":")[2]])
    return _decision(record, event, first_approval)


def _decision(record: snapshot.Record, event: Event, first_approval: Event | None) -> Sentence:
    if event.word == "return":
        by_clerk = event.stage == "counter"
        message = N_("窗口核验退回 %(count)s 项") if by_clerk else N_("退回 %(count)s 项")
        return say(message, count=event.count)
    number = getattr(record, "number", None)
    if number:  # the approval that gave it has its instant; whatever was approved later, or of history, corrects
        gave = event.at == getattr(record, "numbered_at", None)
        message = N_("审核通过，发号 %(number)s") if gave else N_("更正审核通过，编号 %(number)s 不变")
        return say(message, number=number)
    if event is not first_approval:
        return Sentence("%(status)s", {"status": TERMS["approve_correction"]})
    return Sentence("%(status)s", {"status": TERMS[Status.APPROVED]})


def _note(event: Event) -> str:
    return str(event.after.get("reason", "")) if event.source == "act" else event.note


def _who(event: Event) -> str:
    """Whoever asked for it stands beside whoever agreed."""
    asked_by = event.after.get("asked_by_name")
    return f"{asked_by}、{event.who}" if asked_by else event.who
