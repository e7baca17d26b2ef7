"""Steps that enterprise and project share: submit, and the snapshot it leaves; delete of a draft nobody judged."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete as sql_delete
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Invalid, Refused
from app.domain.fields import DECLARATION_VERSION, RULE_VERSION
from app.domain.limits import TimeLimits
from app.domain.permissions import Actor
from app.domain.terms import Action, Status
from app.domain.workflow import COMPLETE, Refusal
from app.services import calendar, completeness, corrections, returns, review_clock, snapshot
from app.services.lifecycle import Given, judge, move, require
from app.services.notify import notify
from models.assignment import Assignment
from models.attachment import Attachment
from models.clock_span import ClockSpan
from models.enterprise import Enterprise
from models.inbox_message import InboxMessage
from models.outbox import Outbox
from models.project import Project
from models.submission import Submission


def submit(
    session: Session,
    actor: Actor,
    record: snapshot.Record,
    *,
    declared: bool,
    answers: Mapping[int, str],
    now: datetime,
    limits: TimeLimits,
) -> Submission:
    """递交审核 / 提交审核 / 转审核 within the caller's transaction: freeze the snapshot, start the clock, say so.

    Raises Invalid naming every input and scan that is missing, Refused for any other claim that fails.
    """
    outcome = judge(session, actor, record, Action.SUBMIT, now=now, given=Given(declared=declared, answers=answers))
    if isinstance(outcome, Refusal):
        if outcome.code == COMPLETE.name:
            raise Invalid(completeness.problems(session, record, now=now))
        raise Refused(outcome.sentence, outcome.code)
    returns.keep_answers(session, actor, record, answers, now=now)
    submission = _freeze(session, actor, record, now=now, limits=limits)
    corrections.hand_in(record)
    move(session, actor, record, outcome, now=now, after={"submission": submission.sequence})
    kind = snapshot.kind_of(record)
    review_clock.begin(session, record, days=limits.review_of(kind), now=now)
    if isinstance(record, Enterprise):  # its scans are seen with the projects
        review_clock.settle_all(session, review_clock.of_organization(session, record.organization_id), now=now)
    seen = isinstance(record, Project) and not record.clock_waits
    event = "project:submit_again" if seen else f"{kind}:submit"
    notify(session, record, event, key=f"{kind}-{record.id}-{submission.sequence}", now=now)
    return submission


def _freeze(
    session: Session, actor: Actor, record: snapshot.Record, *, now: datetime, limits: TimeLimits
) -> Submission:
    picture = snapshot.build(session, record)
    days = limits.review_of(snapshot.kind_of(record))
    due_on = calendar.due_on(session, local_date(now), days)
    record.submission_count += 1
    # From 待修改 it answers the return; what was withdrawn in between answers it still.
    record.answers_return = record.answers_return or record.status == Status.RETURNED
    submission = Submission(
        enterprise_id=record.id if isinstance(record, Enterprise) else None,
        project_id=None if isinstance(record, Enterprise) else record.id,
        sequence=record.submission_count,
        snapshot=picture,
        content_hash=snapshot.content_hash(picture),
        rule_version=RULE_VERSION,
        declaration_version=DECLARATION_VERSION,
        submitted_by_id=actor.user_id,
        submitted_at=now,
        due_on=due_on,
    )
    session.add(submission)
    session.flush()  # the record points at the row it is judged by
    record.submission = submission
    record.submitted_at, record.decided_at = now, None
    return submission


def delete(session: Session, actor: Actor, record: snapshot.Record, *, now: datetime) -> None:
    """删除草稿 within the caller's transaction: files wait for the sweep, the audit event and messages stay.

    A draft that was handed in once and withdrawn is void instead of gone: what was counted in its month stays.
    """
    transition = require(session, actor, record, Action.DELETE, now=now)
    if transition.target is not None:
        move(session, actor, record, transition, now=now, after={"name": record.name})
        return
    hashes = session.scalars(select(Submission.content_hash).where(snapshot.of_record(Submission, record))).all()
    move(session, actor, record, transition, now=now, after={"name": record.name, "snapshots": list(hashes)})
    owner = "enterprise_id" if isinstance(record, Enterprise) else "project_id"
    record.submission = None
    session.flush()  # the record lets go of its snapshot before the snapshot goes
    for model in (InboxMessage, Outbox):
        session.execute(update(model).where(snapshot.of_record(model, record)).values({owner: None}))
    for model in (ClockSpan, Attachment, Submission, Assignment):
        session.execute(sql_delete(model).where(snapshot.of_record(model, record)))
    session.delete(record)
