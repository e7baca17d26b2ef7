"""The claims of the life-cycle tables, looked up: one reader per claim, named as in `app.domain.workflow`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import workflow
from app.domain.clock import local_date
from app.domain.errors import Sentence, say
from app.domain.permissions import Actor
from app.domain.terms import N_, Role, Status
from app.services import (
    approved,
    completeness,
    corrections,
    holders,
    lookups,
    opening,
    originals,
    reference,
    reference_tables,
    returns,
    snapshot,
    waiting,
)
from models.assignment import Assignment
from models.pending_act import PendingAct
from models.project import Project

if TYPE_CHECKING:
    from app.services.lifecycle import Given


@dataclass(frozen=True)
class Question:
    """Everything a claim may depend on."""

    session: Session
    actor: Actor
    record: snapshot.Record
    now: datetime
    given: Given

    @cached_property
    def around(self) -> lookups.Lookups:
        """The rows around the record, looked up when the first claim asks."""
        return lookups.around(self.session, self.record)


Answer = bool | Sentence


def _is_owner(q: Question) -> Answer:
    own = q.actor.organization_id
    return Role.APPLICANT in q.actor.roles and own is not None and own == q.record.organization_id


def _is_complete(q: Question) -> Answer:
    problems = completeness.problems(q.session, q.record, now=q.now)
    if not problems:
        return True
    return say(N_("还有 %(count)s 项没有填好：%(first)s"), count=len(problems), first=problems[0].sentence)


def _enterprise_is_approved(q: Question) -> Answer:
    return q.around.enterprise_status == Status.APPROVED


def _region_is_in_force(q: Question) -> Answer:
    code = q.record.region_code
    if getattr(q.record, "number", None) is not None:
        return True  # it stands in the number, whatever became of the region since
    if code is not None and reference.region_is_in_force(q.session, code, local_date(q.now)):
        return True
    if q.record.status != Status.SUBMITTED or code is None:
        return False
    now_called = reference.successor_of_region(q.session, code)
    if now_called is None:
        return say(N_("项目属地已停用，不能再发号。请退回，请建设单位改选现在的属地。"))
    return say(
        N_("项目属地已停用，由%(region)s接续，不能再按原属地发号。请退回，请建设单位改选属地。"), region=now_called
    )


def _bureau_is_open(q: Question) -> Answer:
    """A bureau that was added and has nobody yet takes in nothing; what is numbered there is its own already."""
    if getattr(q.record, "number", None) is not None:
        return True
    closed = opening.why_closed(q.session, reference.office_of_region(q.session, q.record.region_code))
    return closed or True


def open_assignment(session: Session, record: snapshot.Record) -> Assignment | None:
    """The row of who has claimed the record, if anybody; whether it still binds others, `lookups` knows."""
    return session.scalar(
        select(Assignment).where(snapshot.of_record(Assignment, record), Assignment.released_at.is_(None))
    )


def end_claim(session: Session, record: snapshot.Record, now: datetime) -> None:
    """Whoever had claimed the record has it no longer."""
    claim = open_assignment(session, record)
    if claim is not None:
        claim.released_at = max(now, claim.claimed_at)  # the host that claimed may be a second ahead


def give_claim(session: Session, record: snapshot.Record, user_id: int | None, now: datetime) -> None:
    """The record is this person's, whoever had it before."""
    end_claim(session, record, now)
    session.flush()  # one at a time holds it, and the end of a claim is written before the next begins
    project = isinstance(record, Project)
    owner = {"project_id": record.id if project else None, "enterprise_id": None if project else record.id}
    session.add(Assignment(**owner, assignee_id=user_id, claimed_at=now))


def _is_unclaimed(q: Question) -> Answer:
    return q.around.claim is None


def _is_not_claimed_by_other(q: Question) -> Answer:
    claim = q.around.claim
    return claim is None or claim.assignee_id == q.actor.user_id


def _is_claimed_by_actor(q: Question) -> Answer:
    claim = q.around.claim
    return claim is not None and claim.assignee_id == q.actor.user_id


def _assignee_may_decide(q: Question) -> Answer:
    return q.given.assignee_id is not None and holders.may_hold(q.session, q.given.assignee_id, q.record)


def _assignee_is_not_the_holder(q: Question) -> Answer:
    claim = q.around.claim
    return claim is None or claim.assignee_id != q.given.assignee_id


def _was_never_judged(q: Question) -> Answer:
    return not q.around.was_judged


def _is_not_own(q: Question) -> Answer:
    return q.actor.organization_id is None or q.actor.organization_id != q.record.organization_id


def _is_the_submitted_snapshot(q: Question) -> Answer:
    submission = q.record.submission
    if submission is None or q.given.submission_id not in (None, submission.id):
        return False
    return snapshot.is_as_submitted(q.session, q.record)


def _approval_document_is_unused(q: Question) -> Answer:
    project = q.record
    if not isinstance(project, Project) or project.duplicate_allowed:
        return True
    number = q.around.twin_number
    return True if number is None else say(N_("该立项已发号 %(number)s，不能再次通过。"), number=number)


def _approval_document_is_numbered(q: Question) -> Answer:
    project = q.record
    if not isinstance(project, Project):
        return False
    if project.duplicate_allowed:
        return say(N_("已经准予重复立项，可以审核了。"))
    return q.around.twin_number is not None


def _second_person_agreed(q: Question) -> Answer:
    """Somebody else asked for it, for this record, and it still waits; only the row says so."""
    act = q.session.get(PendingAct, q.given.pending_act_id) if q.given.pending_act_id is not None else None
    if act is None or act.state != "pending" or act.requested_by_id == q.actor.user_id:
        return False
    return waiting.record_of(act) is q.record


def _unlock_names_fields_and_time(q: Question) -> Answer:
    if not q.given.unlock_fields or q.given.until is None:
        return False
    return True if q.given.until > q.now else say(N_("开放修改的截止时间已经过了，请重新选择。"))


def _unlock_has_expired(q: Question) -> Answer:
    """A correction that nobody set an end to is open to an administrator at once."""
    until = q.record.unlocked_until
    if until is None and not approved.is_correction(q.record) and corrections.opened(q.record) is None:
        return say(N_("这条记录正在修改，内容全部开放，无需解锁。"))
    return until <= q.now if until is not None else approved.is_correction(q.record)


def _unlock_still_lasts(q: Question) -> Answer:
    return not corrections.is_over(q.record, q.now)


def bureaus_to_take(session: Session, record: snapshot.Record) -> frozenset[int]:
    """Where a record may go: a project to its region's bureau or one above it, since the number names the region."""
    if isinstance(record, Project):
        found = frozenset(reference.bureaus_over(session, record.region_code))
    else:
        found = reference.bureaus(session)
    return found - {record.bureau_id} - opening.lacking(session).keys()


def _target_bureau_is_right(q: Question) -> Answer:
    if q.given.bureau_id is not None and q.given.bureau_id == q.record.bureau_id:
        return say(N_("记录已在这个受理机构，无需移交。"))
    chosen = next((o for o in reference_tables.tables(q.session).offices if o.id == q.given.bureau_id), None)
    if (closed := opening.why_closed(q.session, chosen)) is not None:
        return closed
    return q.given.bureau_id is not None and q.given.bureau_id in bureaus_to_take(q.session, q.record)


READERS: dict[str, Callable[[Question], Answer]] = {
    workflow.NEVER_SUBMITTED.name: lambda q: q.record.submission_count == 0,
    workflow.WAS_SUBMITTED.name: lambda q: q.record.submission_count > 0,
    workflow.NOT_RECLAIMED.name: lambda q: q.record.organization.reclaimed_at is None,
    workflow.RECLAIMED.name: lambda q: q.record.organization.reclaimed_at is not None,
    workflow.OWNER.name: _is_owner,
    workflow.COMPLETE.name: _is_complete,
    workflow.DECLARED.name: lambda q: q.given.declared,
    workflow.ITEMS_ANSWERED.name: lambda q: returns.items_are_answered(q.session, q.record, q.given.answers),
    workflow.ENTERPRISE_APPROVED.name: _enterprise_is_approved,
    workflow.REGION_IN_FORCE.name: _region_is_in_force,
    workflow.BUREAU_OPEN.name: _bureau_is_open,
    workflow.UNCLAIMED.name: _is_unclaimed,
    workflow.NOT_CLAIMED_BY_OTHER.name: _is_not_claimed_by_other,
    workflow.CLAIMED_BY_ACTOR.name: _is_claimed_by_actor,
    workflow.CLAIMED.name: lambda q: q.around.claim is not None,
    workflow.ASSIGNEE.name: _assignee_may_decide,
    workflow.ANOTHER_ASSIGNEE.name: _assignee_is_not_the_holder,
    workflow.NEVER_JUDGED.name: _was_never_judged,
    workflow.NOT_OWN.name: _is_not_own,
    workflow.SAME_SNAPSHOT.name: _is_the_submitted_snapshot,
    workflow.ORIGINALS.name: lambda q: originals.are_checked(q.session, q.record),
    workflow.NO_DUPLICATE.name: _approval_document_is_unused,
    workflow.DUPLICATE.name: _approval_document_is_numbered,
    workflow.HAS_ITEMS.name: lambda q: q.given.item_count > 0,
    workflow.OWN_BUREAU.name: lambda q: q.record.bureau_id is not None and q.record.bureau_id in q.actor.bureau_ids,
    workflow.UNLOCK_LASTS.name: _unlock_still_lasts,
    workflow.UNLOCK_EXPIRED.name: _unlock_has_expired,
    workflow.WAS_APPROVED.name: lambda q: not corrections.was_waiting(q.session, q.record),
    workflow.WAS_WAITING.name: lambda q: corrections.was_waiting(q.session, q.record),
    workflow.AT_COUNTER.name: lambda q: q.given.at_counter,
    workflow.REASON.name: lambda q: bool(q.given.reason.strip()),
    workflow.UNNUMBERED.name: lambda q: getattr(q.record, "number", None) is None,
    workflow.NUMBERED.name: lambda q: getattr(q.record, "number", None) is not None,
    workflow.SECOND_PERSON.name: _second_person_agreed,
    workflow.SCOPED_UNLOCK.name: _unlock_names_fields_and_time,
    workflow.TARGET_BUREAU.name: _target_bureau_is_right,
}
