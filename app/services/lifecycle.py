"""Every step of a record's life: look up the claims, ask the table, move, leave the trail.

Nothing else sets a status.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Refused, Sentence, say
from app.domain.permissions import Actor
from app.domain.terms import N_, Action, Kind, Status
from app.domain.workflow import AT_COUNTER, SECOND_PERSON, Refusal, Transition, decide, needs_of, offered, rows
from app.services import audit, facts, review_clock, waiting
from app.services.snapshot import Record, kind_of

# Where a historic project begins its life here: its number was given out elsewhere, there is nothing to decide.
AS_IMPORTED = Status.APPROVED
CHANGED_MEANWHILE = N_("这条记录已被别人办理或修改，请刷新后再看。")


@dataclass(frozen=True)
class Given:
    """What the actor brought along, for the claims that depend on it."""

    declared: bool = False
    item_count: int = 0
    at_counter: bool = False
    reason: str = ""
    unlock_fields: tuple[str, ...] = ()
    until: datetime | None = None
    bureau_id: int | None = None
    assignee_id: int | None = None  # the reviewer that an administrator chose
    submission_id: int | None = None  # the snapshot that a decision form showed
    pending_act_id: int | None = None  # the act that the actor confirms as the second person; never from a form
    answers: Mapping[int, str] = field(default_factory=dict)  # return item id -> answer


NOTHING = Given()


Known = dict[str, bool | Sentence]


def judge(
    session: Session,
    actor: Actor,
    record: Record,
    action: Action,
    *,
    now: datetime,
    given: Given = NOTHING,
    known: Known | None = None,
) -> Transition | Refusal:
    """May this happen now? The facts are read only as far as the table asks for them.

    `known` carries claims from one question to the next about the same record, actor and `given`.
    """
    kind = kind_of(record)
    known = {} if known is None else known
    question = facts.Question(session, actor, record, now, given)
    for name in sorted(needs_of(kind, record.status, action, actor.roles) - known.keys()):
        known[name] = facts.READERS[name](question)
    return decide(kind, record.status, action, actor.roles, known)


def require(
    session: Session, actor: Actor, record: Record, action: Action, *, now: datetime, given: Given = NOTHING
) -> Transition:
    """The transition, or Refused with the table's sentence."""
    outcome = judge(session, actor, record, action, now=now, given=given)
    if isinstance(outcome, Refusal):
        raise Refused(outcome.sentence, outcome.code)
    return outcome


def check_version(record: Record, version: int | None, sentence: str = CHANGED_MEANWHILE) -> None:
    """Raise Conflict when the form was drawn from an older version than the row has now."""
    if version is not None and record.version != version:
        raise Conflict(say(sentence))


def move(
    session: Session,
    actor: Actor,
    record: Record,
    transition: Transition,
    *,
    now: datetime,
    after: Mapping[str, object] | None = None,
) -> None:
    """Take the transition and write its audit event, in the caller's transaction.

    What still waited for a second person was asked for in the state that ends here, so it ends with it. Who works
    on a record is none of its content: an assignment leaves the row and its version as they are.
    """
    before = record.status
    if not transition.is_assignment:
        record.status, record.updated_at = transition.target or before, now
    kind = kind_of(record)
    audit.record(
        session,
        actor,
        f"{kind}:{transition.action}",
        kind,
        record.id,
        now=now,
        organization_id=record.organization_id,
        before={"status": before},
        after={"status": transition.target, **(after or {})},
    )
    if before == Status.SUBMITTED != transition.target:
        review_clock.stop(session, record, now=now)
        record.due_on, record.clock_waits = None, False
    if transition.target not in (None, before):
        waiting.end_all(session, record, now=now)


@dataclass(frozen=True)
class Offer:
    """An act as the page shows it: open, or refused with the reason beside the button."""

    action: Action
    refusal: Sentence | None
    code: str = ""  # of the refusal; an open act that needs a second person carries that claim's


def offers(session: Session, actor: Actor, record: Record, *, now: datetime) -> list[Offer]:
    """What this person could do with the record now. Claims that only a form can meet count as met."""
    result: list[Offer] = []
    known: Known = {}
    given = _form_filled_in(record)
    for action in offered(kind_of(record), record.status, actor.roles):
        outcome = judge(session, actor, record, action, now=now, given=given, known=known)
        if isinstance(outcome, Refusal) and outcome.code == SECOND_PERSON.name:
            asked = waiting.find(session, record, action)
            result.append(Offer(action, say(waiting.ALREADY) if asked else None, outcome.code))
        elif isinstance(outcome, Refusal) and outcome.code not in FORM_MEETS:
            result.append(Offer(action, outcome.sentence, outcome.code))
        else:
            result.append(Offer(action, None))
    return result


FORM_MEETS = frozenset(
    {"unlock_names_fields_and_time", "target_bureau_is_right", "items_are_answered", "assignee_may_decide"}
)


def _form_filled_in(record: Record) -> Given:
    return Given(declared=True, item_count=1, reason="-", submission_id=record.submission_id)


def open_steps(kind: Kind, status: str, roles: Iterable[str]) -> list[str]:
    """Names of the acts the table has for these roles in this state: what a list row may offer."""
    return list(_open_steps(kind, status, frozenset(roles)))


@lru_cache(maxsize=1_024)  # asked for every row of every list, and the table is fixed
def _open_steps(kind: Kind, status: str, held: frozenset[str]) -> tuple[str, ...]:
    return tuple(str(action) for action in offered(kind, status, held) if closed(kind, status, action, held) is None)


def closed(kind: Kind, status: str, action: Action, roles: Iterable[str]) -> Sentence | None:
    """Why a list row cannot take the act, by its state and these roles alone; None when it may."""
    found = rows(kind, status, action, roles)
    if not found:
        refusal = decide(kind, status, action, roles, {})
        return refusal.sentence if isinstance(refusal, Refusal) else None
    if all(AT_COUNTER in transition.needs for transition in found):
        return say(AT_COUNTER.sentence)
    return None
