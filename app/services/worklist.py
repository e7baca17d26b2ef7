"""The worklist (待办): one queue of the enterprises and projects that wait for a decision."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, case, func, join, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from app.domain import workflow
from app.domain.calendar import NOT_PUBLISHED, WorkingCalendar
from app.domain.clock import local_date
from app.domain.errors import Sentence, say
from app.domain.permissions import Actor
from app.domain.terms import N_, Action, Kind, Status
from app.listing import found
from app.scope import at_own_bureaus
from app.services import calendar, holders, originals, reference
from app.services.originals import Tally
from app.services.review import MODELS
from models.assignment import Assignment
from models.bureau import Bureau
from models.organization import Organization
from models.user import User

Home = aliased(Bureau)  # of the record's region
Reach = frozenset[tuple[int, int]]  # each bureau with those below it
WAITS_FOR_VISIT = N_("等待建设单位到窗口核验原件")
LIMIT = 200
TEXT_LIMIT = 100
KINDS = (Kind.ENTERPRISE, Kind.PROJECT)
SOON = 1  # working days left from which the clock has a colour (DESIGN §4)


class Holder(StrEnum):
    """Whose tasks are asked for."""

    ALL = "all"
    MINE = "mine"
    NOBODY = "unclaimed"


class Group(StrEnum):
    """Parts of the queue, in their order."""

    RESUBMITTED = "resubmitted"
    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"


GROUP_WORDS: dict[Group, str] = {
    Group.RESUBMITTED: N_("已转审核，请先办"),
    Group.OVERDUE: N_("逾期"),
    Group.TODAY: N_("今日到期"),
    Group.LATER: N_("其余，按到期先后"),
}


@dataclass(frozen=True)
class Asked:
    """The filters of the queue."""

    holder: Holder = Holder.ALL
    kind: Kind | None = None
    text: str = ""


@dataclass(frozen=True)
class Task:
    """One record that waits for a decision, as this person sees it."""

    kind: Kind
    record_id: int
    name: str
    organization_name: str
    org_code: str
    submission_count: int
    answers_return: bool
    submitted_at: datetime
    due_on: date | None
    due: Sentence
    urgency: str  # "", soon or over
    group: Group
    holder_name: str | None
    is_mine: bool
    can_claim: bool
    can_release: bool
    can_decide: bool
    originals: Tally | None  # None where nobody asks for them


@dataclass(frozen=True)
class Counts:
    """How many tasks there are, whatever the filters."""

    all: int = 0
    mine: int = 0
    unclaimed: int = 0


@dataclass(frozen=True)
class Queue:
    """The tasks shown, those counted, and the one to take up next."""

    tasks: tuple[Task, ...]
    counts: Counts
    is_cut: bool

    @property
    def groups(self) -> list[tuple[Group, str, list[Task]]]:
        """Group, its words and its tasks; empty groups are left out."""
        parts = [(g, GROUP_WORDS[g], [t for t in self.tasks if t.group == g]) for g in Group]
        return [part for part in parts if part[2]]

    @property
    def next_up(self) -> Task | None:
        """The first that this person may decide."""
        return next((task for task in self.tasks if task.can_decide), None)


def queue(session: Session, actor: Actor, asked: Asked, *, now: datetime) -> Queue:
    """The queue of this person's bureaus: at most `LIMIT` tasks, by a constant number of statements."""
    reach = reference.reach(session)
    rows = [row for kind in KINDS if asked.kind in (None, kind) for row in _rows(session, actor, kind, asked, reach)]
    rows.sort(key=_order)
    shown, today = rows[:LIMIT], local_date(now)
    days = calendar.in_force(session)
    asking = {r.id: r.organization_id for r in shown if r.kind == Kind.PROJECT and r.requires_originals}
    tallies = originals.tally(session, asking)
    tasks = tuple(_task(actor, row, tallies, days, today) for row in shown)
    return Queue(tasks, _counts(session, actor, reach), len(rows) > LIMIT)


def _rows(session: Session, actor: Actor, kind: Kind, asked: Asked, reach: Reach) -> list[Any]:
    model = MODELS[kind]
    columns = (
        literal(kind.value).label("kind"),
        model.id,
        model.name,
        model.organization_id,
        model.submission_count,
        model.answers_return,
        model.submitted_at,
        model.due_on,
        model.clock_waits,
        Organization.name.label("organization_name"),
        Organization.org_code,
        originals.asks(Bureau, Home).label("requires_originals"),
        Assignment.assignee_id,
        User.display_name.label("holder_name"),
    )
    query = _waiting(reach, actor, kind, select(*columns)).join(Organization, model.organization_id == Organization.id)
    query = query.join(Bureau, model.bureau_id == Bureau.id)
    query = query.outerjoin(Home, Home.region_code == model.region_code)
    if asked.holder == Holder.MINE:
        query = query.where(Assignment.assignee_id == actor.user_id)
    elif asked.holder == Holder.NOBODY:
        query = query.where(Assignment.id.is_(None))
    if asked.text.strip():
        query = query.where(found(session, model, asked.text.strip()[:TEXT_LIMIT]))
    by_due = model.answers_return.desc(), model.due_on.is_(None), model.due_on
    return list(session.execute(query.order_by(*by_due, model.submitted_at, model.id).limit(LIMIT + 1)))


def waiting(actor: Actor, kind: Kind, *, undated: bool = False) -> Any:
    """The keys of what waits for these bureaus' decision, for the counts of the menu; `undated` without a due date."""
    model = MODELS[kind]
    keys = _of_queue(actor, kind, select(model.id))
    return keys.where(model.due_on.is_(None), model.clock_waits.is_(False)) if undated else keys


def _of_queue(actor: Actor, kind: Kind, query: Any) -> Any:
    """Submitted records that these bureaus decide, which one index gives."""
    model = MODELS[kind]
    return query.where(at_own_bureaus(actor, model), model.status == Status.SUBMITTED)


def _waiting(reach: Reach, actor: Actor, kind: Kind, query: Any) -> Any:
    """The queue, with who holds its records: as the rules see it, so that a claim that binds nobody shows nowhere."""
    model = MODELS[kind]
    own = holders.owner_column(kind) == model.id
    held = and_(own, Assignment.released_at.is_(None), holders.binds(reach, model))
    holding = join(Assignment, User, User.id == Assignment.assignee_id)
    return _of_queue(actor, kind, query.select_from(model).outerjoin(holding, held))


def _order(row: Any) -> tuple[Any, ...]:
    """As the statements order their rows: resubmitted, then by due date, the unknown ones last."""
    return not row.answers_return, row.due_on is None, row.due_on or date.max, row.submitted_at, row.id


def _counts(session: Session, actor: Actor, reach: Reach) -> Counts:
    mine = func.count(case((Assignment.assignee_id == actor.user_id, 1)))
    free = func.count(case((Assignment.id.is_(None), 1)))
    parts = [_waiting(reach, actor, kind, select(func.count(), mine, free)) for kind in KINDS]
    found = session.execute(union_all(*parts)).all()
    return Counts(*(sum(column) for column in zip(*found, strict=True)))


def _task(actor: Actor, row: Any, tallies: dict[int, Tally], days: WorkingCalendar, today: date) -> Task:
    kind = Kind(row.kind)
    mine = row.assignee_id is not None and row.assignee_id == actor.user_id
    facts: dict[str, bool | Sentence] = {
        workflow.NOT_OWN.name: actor.organization_id is None or actor.organization_id != row.organization_id,
        workflow.OWN_BUREAU.name: True,  # the queue holds no other
        workflow.UNCLAIMED.name: row.assignee_id is None,
        workflow.CLAIMED_BY_ACTOR.name: mine,
        workflow.NOT_CLAIMED_BY_OTHER.name: mine or row.assignee_id is None,
        workflow.HAS_ITEMS.name: True,
    }

    def may(action: Action) -> bool:
        outcome = workflow.decide(kind, Status.SUBMITTED, action, actor.roles, facts)
        return isinstance(outcome, workflow.Transition)

    due, urgency = due_words(row.due_on, today, days, waits=row.clock_waits)
    return Task(
        kind=kind,
        record_id=row.id,
        name=row.name,
        organization_name=row.organization_name,
        org_code=row.org_code,
        submission_count=row.submission_count,
        answers_return=row.answers_return,
        submitted_at=row.submitted_at,
        due_on=row.due_on,
        due=due,
        urgency=urgency,
        group=_group(row, today),
        holder_name=row.holder_name,
        is_mine=mine,
        can_claim=may(Action.CLAIM),
        can_release=may(Action.RELEASE),
        can_decide=may(Action.RETURN),
        originals=tallies.get(row.id) if kind == Kind.PROJECT else None,
    )


def _group(row: Any, today: date) -> Group:
    if row.answers_return:
        return Group.RESUBMITTED
    if row.due_on is None or row.due_on > today:
        return Group.LATER
    return Group.TODAY if row.due_on == today else Group.OVERDUE


def due_words(due_on: date | None, today: date, days: WorkingCalendar, *, waits: bool = False) -> tuple[Sentence, str]:
    """How the clock stands, in working days, and how pressing that is: empty, soon or over."""
    if waits and due_on is None:
        return say(WAITS_FOR_VISIT), ""
    if due_on is None:
        return say(NOT_PUBLISHED), ""
    if due_on == today:
        return say(N_("今天到期")), "soon"
    if due_on < today:
        late = days.working_days_between(due_on, today)
        return (say(N_("逾期 %(days)s 天"), days=late) if late else say(N_("已逾期"))), "over"
    left = days.working_days_between(today, due_on)
    if left is None:
        return say(N_("%(day)s 到期"), day=due_on.isoformat()), ""
    return say(N_("剩 %(days)s 天"), days=left), "soon" if left <= SOON else ""
