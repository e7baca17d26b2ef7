"""What the life-cycle tables do not allow is refused: every state × action × role, computed, never listed."""

import itertools

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.permissions import Actor
from app.domain.terms import Action, Kind, Role, Status
from app.domain.workflow import LIFE_CYCLES, SECOND_PERSON, UNLOCK_EXPIRED, Transition, rows
from app.services import administration, claims, enterprise, project, review, second_person
from app.services.returns import Item
from models.enterprise import Enterprise
from models.outbox import Outbox
from models.pending_act import PendingAct
from models.project import Project
from models.review import Review
from tests import builders
from tests.builders import LIMITS

ROLES = tuple(Role)
ACTS = tuple(action for action in Action if action not in (Action.RELOCK,))
MODELS = {Kind.PROJECT: Project, Kind.ENTERPRISE: Enterprise}
SERVICES = {Kind.PROJECT: project, Kind.ENTERPRISE: enterprise}

FORBIDDEN = [
    pytest.param(kind, status, action, role, id=f"{kind}-{status}-{action}-{role}")
    for kind, status, action, role in itertools.product(LIFE_CYCLES, Status, ACTS, ROLES)
    if not rows(kind, status, action, [role])
]


def test_the_tables_name_every_state_and_action() -> None:
    for kind, table in LIFE_CYCLES.items():
        named = {t.source for t in table} | {t.target for t in table if t.target}
        assert named == set(Status), kind
    assert {t.action for table in LIFE_CYCLES.values() for t in table} == set(Action)


def perform(session: Session, actor: Actor, kind: Kind, record_id: int, action: Action) -> None:
    """The act through its service, with everything a form would bring."""
    now = builders.NOW
    reason = {"reason": "演示原因", "now": now}
    service = SERVICES[kind]
    if action == Action.EDIT:
        service.save(session, actor, record_id, {"remarks": "改动"}, version=None, now=now)
    elif action == Action.DELETE:
        service.delete(session, actor, record_id, now=now)
    elif action == Action.SUBMIT:
        service.submit(session, actor, record_id, declared=True, now=now, limits=LIMITS)
    elif action == Action.WITHDRAW:
        withdraw(session, actor, kind, record_id)
    elif action in (Action.CLAIM, Action.RELEASE, Action.APPROVE):
        getattr(review, action)(session, actor, kind, record_id, now=now)
    elif action == Action.RETURN:
        item = Item("address", "not_filled", "请补充")
        review.return_(session, actor, kind, record_id, [item], now=now)
    elif action == Action.UNLOCK:
        until = now + builders.DAY
        administration.unlock(session, actor, kind, record_id, fields=["address"], until=until, **reason, limits=LIMITS)
    elif action == Action.VOID:
        administration.void(session, actor, kind, record_id, **reason, limits=LIMITS)
    elif action == Action.ALLOW_DUPLICATE:
        if kind == Kind.ENTERPRISE:
            raise Refused(None, "no_door")  # type: ignore[arg-type]
        administration.allow_duplicate(session, actor, record_id, **reason, limits=LIMITS)
    elif action == Action.TRANSFER:
        other = builders.a_bureau(session, "320213").id
        administration.transfer(session, actor, kind, record_id, bureau_id=other, **reason)
    elif action == Action.TAKE_BACK:
        claims.take_back(session, actor, kind, record_id, **reason)
    elif action == Action.ASSIGN:
        claims.assign(session, actor, kind, record_id, assignee_id=actor.user_id, **reason)
    elif action == Action.REOPEN:
        reopen(session, actor, kind, record_id)
    else:
        raise AssertionError(action)


def reopen(session: Session, actor: Actor, kind: Kind, record_id: int) -> None:
    if kind == Kind.PROJECT:  # a void project stays void
        raise Refused(None, "no_door")  # type: ignore[arg-type]
    enterprise.create(session, actor, builders.ENTERPRISE, now=builders.NOW)


def withdraw(session: Session, actor: Actor, kind: Kind, record_id: int) -> None:
    if kind == Kind.ENTERPRISE:  # there is no such door: the record stays locked until an administrator opens it
        raise Refused(None, "no_door")  # type: ignore[arg-type]
    project.withdraw(session, actor, record_id, now=builders.NOW)


def row_of(session: Session, model: type, record_id: int) -> dict[str, object]:
    table = model.__table__
    return dict(session.execute(select(table).where(table.c.id == record_id)).mappings().one())


@pytest.mark.parametrize("kind", LIFE_CYCLES)
def test_what_the_table_does_not_allow_is_refused_by_the_service_and_changes_nothing(
    session: Session, kind: Kind
) -> None:
    case = builders.a_case(session)
    people = {role: case.applicant if role == Role.APPLICANT else builders.staff(session, role) for role in ROLES}
    record_id = _record(session, case, kind)
    model = MODELS[kind]
    for status in Status:
        _put(session, model, record_id, status)
        before = row_of(session, model, record_id)
        effects = _effects(session)
        for action, role in itertools.product(ACTS, ROLES):
            if rows(kind, status, action, [role]):
                continue
            with pytest.raises((Refused, NotFound, Invalid)) as refusal:
                perform(session, people[role], kind, record_id, action)
            assert not isinstance(refusal.value, Invalid), (status, action, role)
            session.rollback()
            assert row_of(session, model, record_id) == before, (status, action, role)
        assert _effects(session) == effects, status


def _record(session: Session, case: builders.Case, kind: Kind) -> int:
    if kind == Kind.ENTERPRISE:
        query = select(Enterprise.id).where(Enterprise.organization_id == case.organization.id)
        return session.scalars(query).one()
    return builders.approved_project(session, case).id


def _put(session: Session, model: type, record_id: int, status: Status) -> None:
    """Set the state behind the product's back, so that every state can be tried."""
    session.execute(update(model).where(model.id == record_id).values(status=status))  # type: ignore[attr-defined]
    session.commit()
    session.expire_all()


def _effects(session: Session) -> tuple[int, ...]:
    return tuple(len(session.scalars(select(model.id)).all()) for model in (Review, Outbox, PendingAct))


def test_forbidden_combinations_are_many() -> None:
    allowed = sum(bool(rows(k, s, a, [r])) for k, s, a, r in itertools.product(LIFE_CYCLES, Status, ACTS, ROLES))
    assert len(FORBIDDEN) + allowed == len(LIFE_CYCLES) * len(Status) * len(ACTS) * len(ROLES)
    assert len(FORBIDDEN) > 10 * allowed


TWO_PEOPLE = [
    pytest.param(t, id=f"{t.source}-{t.action}") for t in LIFE_CYCLES[Kind.PROJECT] if SECOND_PERSON in t.needs
]


@pytest.mark.parametrize("transition", TWO_PEOPLE)
def test_what_needs_two_people_is_never_done_by_one(session: Session, transition: Transition) -> None:
    """Whatever the state: the first time it waits, and neither asking nor confirming again does it."""
    case = builders.a_case(session)
    same = {"approval_document_number": "澄发改投〔2026〕演示66号"}
    numbered = builders.approved_project(session, case, **same)
    record_id = numbered.id
    if transition.action == Action.ALLOW_DUPLICATE:
        record_id = builders.submitted_project(session, case.applicant, **same).id
    values = {"status": transition.source}
    if UNLOCK_EXPIRED in transition.needs:
        values |= {"unlocked_fields": ["address"], "unlocked_until": builders.NOW - builders.DAY}
    session.execute(update(Project).where(Project.id == record_id).values(**values))
    session.commit()
    session.expire_all()
    before, admin = row_of(session, Project, record_id), builders.staff(session, Role.ADMINISTRATOR)

    perform(session, admin, Kind.PROJECT, record_id, transition.action)
    with pytest.raises(Refused):
        perform(session, admin, Kind.PROJECT, record_id, transition.action)
    act = session.scalars(select(PendingAct)).one()
    with pytest.raises(Refused):
        second_person.confirm(session, admin, act.id, now=builders.NOW)

    assert row_of(session, Project, record_id) == before
    second_person.confirm(session, builders.staff(session, Role.ADMINISTRATOR), act.id, now=builders.NOW)
    assert row_of(session, Project, record_id)["status"] == transition.target
