"""在办情况: who holds which open cases of a bureau and those below, and which of them are late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import NotFound
from app.domain.permissions import Actor
from app.domain.sorting import sort_key
from app.domain.terms import Kind, Status
from app.scope import at_own_bureaus
from app.services import holders, reference
from app.services.lookups import IS_REVIEWER
from app.services.review import MODELS
from models.assignment import Assignment
from models.bureau import Bureau
from models.organization import Organization
from models.user import User

KINDS = (Kind.ENTERPRISE, Kind.PROJECT)
MOST_PEOPLE, MOST_CASES = 500, 200


@dataclass(frozen=True)
class Load:
    """What one reviewer has: cases by kind, how many are late, since when the oldest is held."""

    user_id: int
    name: str
    bureau: str
    by_kind: dict[Kind, int] = field(default_factory=dict)
    overdue: int = 0
    oldest: datetime | None = None

    @property
    def total(self) -> int:
        """Of all kinds."""
        return sum(self.by_kind.values())


@dataclass(frozen=True)
class Overview:
    """Everybody's load, the heaviest first, and what nobody has taken."""

    people: Sequence[Load]
    unclaimed: dict[Kind, int]


@dataclass(frozen=True)
class Held:
    """One case that somebody holds."""

    kind: Kind
    record_id: int
    version: int
    submission_id: int | None
    name: str
    organization_name: str
    claimed_at: datetime
    submitted_at: datetime
    due_on: date | None
    clock_waits: bool


def overview(session: Session, actor: Actor, *, now: datetime) -> Overview:
    """The reviewers of these bureaus, and whoever else holds their cases: a constant number of statements."""
    reach, today = reference.reach(session), local_date(now)
    counted: dict[int, dict[Kind, Any]] = {}
    unclaimed = dict.fromkeys(KINDS, 0)
    for kind in KINDS:
        for row in session.execute(_counts(actor, kind, reach, today)):
            if row.holder is None:
                unclaimed[kind] = row.cases
            else:
                counted.setdefault(row.holder, {})[kind] = row
    people = session.execute(_people(actor, counted)).all()
    loads = [_load(row, counted.get(row.id, {})) for row in people]
    by_need = sorted(loads, key=lambda load: (-load.overdue, -load.total, sort_key(load.name), load.user_id))
    return Overview(by_need, unclaimed)


def _counts(actor: Actor, kind: Kind, reach: frozenset[tuple[int, int]], today: date) -> Any:
    """Open cases by holder; without one those that wait for somebody to take them."""
    model = MODELS[kind]
    late = func.sum(case((model.due_on < today, 1), else_=0))
    columns = User.id.label("holder"), func.count().label("cases"), late.label("late")
    query = select(*columns, func.min(case((User.id.is_not(None), Assignment.claimed_at))).label("oldest"))
    held = and_(holders.owner_column(kind) == model.id, Assignment.released_at.is_(None))
    query = query.select_from(model).outerjoin(Assignment, held)
    query = query.outerjoin(User, and_(User.id == Assignment.assignee_id, holders.binds(reach, model)))
    return query.where(at_own_bureaus(actor, model), model.status == Status.SUBMITTED).group_by(User.id)


def _people(actor: Actor, holding: Iterable[int]) -> Any:
    own = and_(User.bureau_id.in_(actor.bureau_ids), User.active.is_(True), IS_REVIEWER)
    query = select(User.id, User.display_name, User.username, Bureau.name.label("bureau"))
    query = query.join(Bureau, Bureau.id == User.bureau_id).where(own | User.id.in_(sorted(holding)))
    return query.order_by(User.id).limit(MOST_PEOPLE)


def _load(row: Any, counted: dict[Kind, Any]) -> Load:
    oldest = [one.oldest for one in counted.values() if one.oldest is not None]
    return Load(
        row.id, row.display_name or row.username, row.bureau, {kind: one.cases for kind, one in counted.items()},
        sum(int(one.late or 0) for one in counted.values()), min(oldest, default=None),
    )  # fmt: skip


def held_by(session: Session, actor: Actor, user_id: int) -> tuple[Load, list[Held]]:
    """One reviewer's cases of these bureaus, the most pressing first. Raises NotFound for anybody else."""
    row = session.execute(_people(actor, [user_id]).where(User.id == user_id)).one_or_none()
    reach = reference.reach(session)
    cases = [_held(one) for kind in KINDS for one in session.execute(_cases(actor, kind, reach, user_id))]
    if row is None or not (cases or _is_own(session, actor, user_id)):
        raise NotFound(User.__name__)
    cases.sort(key=lambda one: (one.due_on is None, one.due_on or date.max, one.claimed_at, one.record_id))
    return Load(row.id, row.display_name or row.username, row.bureau), cases


def _is_own(session: Session, actor: Actor, user_id: int) -> bool:
    query = select(User.id).where(User.id == user_id, User.bureau_id.in_(actor.bureau_ids), User.active.is_(True))
    return session.scalar(query.where(IS_REVIEWER)) is not None


def _cases(actor: Actor, kind: Kind, reach: frozenset[tuple[int, int]], user_id: int) -> Any:
    model = MODELS[kind]
    query = select(
        literal(kind.value).label("kind"), model.id, model.version, model.submission_id, model.name,
        Organization.name.label("organization_name"), Assignment.claimed_at, model.submitted_at, model.due_on,
        model.clock_waits,
    ).select_from(model)  # fmt: skip
    query = query.join(Assignment, holders.owner_column(kind) == model.id).join(User, User.id == Assignment.assignee_id)
    query = query.join(Organization, Organization.id == model.organization_id)
    mine = Assignment.assignee_id == user_id, Assignment.released_at.is_(None), holders.binds(reach, model)
    query = query.where(at_own_bureaus(actor, model), model.status == Status.SUBMITTED, *mine)
    return query.order_by(model.due_on.is_(None), model.due_on, model.id).limit(MOST_CASES)


def _held(row: Any) -> Held:
    return Held(
        Kind(row.kind), row.id, row.version, row.submission_id, row.name, row.organization_name, row.claimed_at,
        row.submitted_at, row.due_on, row.clock_waits,
    )  # fmt: skip
