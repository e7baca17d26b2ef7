"""The filing of unit works (单体申报) under its life cycle: which claims hold, what may happen, the trail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain import pushes, workflow
from app.domain.clock import local_date
from app.domain.errors import Conflict, NotFound, Refused, Sentence, say
from app.domain.fields import UNIT_WORK, judge, to_plain
from app.domain.permissions import Actor, may
from app.domain.terms import Action, Kind, Status
from app.domain.unit_works import NONE_YET, NOT_COMPLETE
from app.domain.workflow import Refusal, Transition, decide, needs_of
from app.outbox.parcel import Channel, State
from app.scope import at_own_bureaus, fetch
from app.services import audit, facts, reference
from app.services.lifecycle import CHANGED_MEANWHILE, Given
from models import push_ledger
from models.outbox import Outbox
from models.project import Project
from models.unit_work import UnitFiling, UnitWork

KIND, TYPE = Kind.UNIT_WORK, "unit_work"
MOST_QUEUED = 50  # shown of what waits, the most pressing


def of_project(session: Session, project: Project) -> UnitFiling | None:
    """The project's filing with its unit works; None before the first of them is saved."""
    query = select(UnitFiling).where(UnitFiling.project_id == project.id).options(selectinload(UnitFiling.units))
    return session.scalar(query)


def project_of(session: Session, actor: Actor, project_id: int | None) -> Project:
    """The project, if it is the actor's to see and has its number. Raises NotFound."""
    project = fetch(session, actor, Project, project_id)
    if project.number is None:
        raise NotFound(Project.__name__)
    return project


@dataclass(frozen=True)
class Standing:
    """Where a project's filing stands, and the municipal flow with it; `push` is empty before it was told anything."""

    filing_id: int
    status: str
    push: str  # the outbox's word
    push_standing: str  # waiting, received or refused
    push_error: str


def standing(session: Session, project_id: int) -> Standing | None:
    """In one statement; None before anything was filed."""
    latest = select(func.max(Outbox.id)).where(
        Outbox.project_id == project_id, Outbox.kind == Channel.MUNICIPAL_PUSH, Outbox.status != State.SUPERSEDED
    )
    taken, own = push_ledger.was_acknowledged().label("taken"), push_ledger.is_own_fault().label("own")
    query = select(UnitFiling.id, UnitFiling.status, Outbox.status.label("push"), Outbox.last_error, taken, own)
    query = query.outerjoin(Outbox, Outbox.id == latest.scalar_subquery()).where(UnitFiling.project_id == project_id)
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    reached = pushes.standing(row.push or "", was_acknowledged=bool(row.taken), is_own_fault=bool(row.own))
    return Standing(row.id, row.status, row.push or "", reached, row.last_error or "")


def unit_of(session: Session, actor: Actor, unit_id: int | None) -> UnitWork:
    """One unit work in the actor's reach. Raises NotFound."""
    return fetch(session, actor, UnitWork, unit_id)


def waiting(actor: Actor) -> Select[int]:
    """Keys of the filings that wait for the decision of these bureaus."""
    query = select(UnitFiling.id).join(Project, Project.id == UnitFiling.project_id)
    return query.where(UnitFiling.status == Status.SUBMITTED, at_own_bureaus(actor, Project))


def queue(session: Session, actor: Actor) -> Sequence[UnitFiling]:
    """The same as rows, by due date, for the worklist."""
    query = select(UnitFiling).where(UnitFiling.id.in_(waiting(actor)))
    query = query.options(
        joinedload(UnitFiling.project).load_only(
            Project.name,
            Project.approved_name,
            Project.number,
            Project.builder_name,
            Project.organization_id,
            Project.version,
        )
    )
    order = UnitFiling.due_on.is_(None), UnitFiling.due_on, UnitFiling.submitted_at, UnitFiling.id
    return session.scalars(query.order_by(*order).limit(MOST_QUEUED)).all()


def held(
    session: Session, actor: Actor, project_id: int, version: int | None = None
) -> tuple[Project, UnitFiling | None]:
    """Project and filing for a change, locked in that order, which is every writer's. Raises NotFound or Conflict."""
    project = fetch(session, actor, Project, project_id, lock=True)
    query = select(UnitFiling).where(UnitFiling.project_id == project.id)
    filing = session.scalar(query.with_for_update(of=UnitFiling).execution_options(populate_existing=True))
    if version is not None and version != (filing.version if filing else 0):
        raise Conflict(say(CHANGED_MEANWHILE))
    return project, filing


def filed(session: Session, actor: Actor, filing_id: int, version: int | None) -> tuple[Project, UnitFiling]:
    """The same by the filing's own key."""
    project_id = fetch(session, actor, UnitFiling, filing_id).project_id
    project, filing = held(session, actor, project_id, version)
    if filing is None:
        raise NotFound(UnitFiling.__name__)
    return project, filing


def verdict(
    session: Session,
    actor: Actor,
    project: Project,
    filing: UnitFiling | None,
    action: Action,
    *,
    now: datetime,
    given: Given | None = None,
) -> Transition | Refusal:
    """May this happen now? The claims are those of the project, but for the unit works' own."""
    status = filing.status if filing else Status.DRAFT
    question = facts.Question(session, actor, project, now, given or Given())
    known: dict[str, bool | Sentence] = {}
    for name in sorted(needs_of(KIND, status, action, actor.roles)):
        if name == workflow.PROJECT_APPROVED.name:
            known[name] = project.status == Status.APPROVED and project.number is not None
        elif name == workflow.COMPLETE.name:
            known[name] = _is_complete(session, filing, now)
        else:
            known[name] = facts.READERS[name](question)
    return decide(KIND, status, action, actor.roles, known)


def require(
    session: Session,
    actor: Actor,
    project: Project,
    filing: UnitFiling | None,
    action: Action,
    *,
    now: datetime,
    given: Given | None = None,
) -> Transition:
    """The transition, or Refused with the table's sentence. The right is asked for first."""
    if not may(actor.roles, "unit_works", action):
        raise Refused(say(workflow.NOT_ALLOWED), "role")
    outcome = verdict(session, actor, project, filing, action, now=now, given=given)
    if isinstance(outcome, Refusal):
        raise Refused(outcome.sentence, outcome.code)
    return outcome


def move(
    session: Session,
    actor: Actor,
    filing: UnitFiling,
    transition: Transition,
    *,
    now: datetime,
    after: Mapping[str, object] | None = None,
) -> None:
    """Take the transition and write its audit event, in the caller's transaction."""
    before = filing.status
    assert transition.target is not None
    filing.status, filing.changed_at = transition.target, now
    session.flush()  # the version of this step is part of what is told
    audit.record(
        session, actor, f"{KIND}:{transition.action}", TYPE, filing.id,
        now=now, organization_id=filing.project.organization_id,
        before={"status": before}, after={"status": transition.target, **(after or {})},
    )  # fmt: skip


def values_of(unit: UnitWork) -> dict[str, object]:
    """The unit work by input name."""
    return {name: getattr(unit, name) for name in UNIT_WORK.names}


def plain(units: Iterable[UnitWork]) -> dict[str, dict[str, object]]:
    """The unit works as JSON, by code."""
    return {unit.code: to_plain(values_of(unit)) for unit in units}


def offers(session: Session, actor: Actor, project: Project, filing: UnitFiling, *, now: datetime) -> Sequence[Action]:
    """What this person could decide now, what only a form can meet counting as met."""
    given = Given(declared=True, reason="-")
    asked = [action for action in workflow.offered(KIND, filing.status, actor.roles) if action != Action.EDIT]
    return [
        action
        for action in asked
        if may(actor.roles, "unit_works", action)
        and isinstance(verdict(session, actor, project, filing, action, now=now, given=given), Transition)
    ]


def _is_complete(session: Session, filing: UnitFiling | None, now: datetime) -> bool | Sentence:
    """At least one unit work, and each of them filled in."""
    if filing is None or not filing.units:
        return say(NONE_YET)
    codes, today = reference.code_tables(session), local_date(now)
    for unit in filing.units:
        problems = judge(UNIT_WORK, values_of(unit), codes=codes, today=today)
        if problems:
            return say(NOT_COMPLETE, name=unit.name, first=problems[0].sentence)
    return True
