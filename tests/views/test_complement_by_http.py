"""What the life-cycle tables do not allow is refused at every door of the browser; what they allow has a door.

Both sets are computed from app.domain.workflow, never listed.
"""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain import workflow
from app.domain.terms import Action, Kind, Role, Status
from app.domain.workflow import LIFE_CYCLES, SYSTEM, Transition, rows
from app.services import review
from app.services.returns import Item
from models.audit import AuditEvent
from models.enterprise import Enterprise
from models.pending_act import PendingAct
from models.project import Project
from tests import builders
from tests.app_fixtures import MONDAY
from tests.builders import LIMITS
from tests.views.applicants import an_applicant, can_sign_in
from tests.views.doors import BASES, FORMS, MANY_BY_FORM, MODELS, Door, doors
from tests.views.pages import inputs
from tests.views.staging import OF_ROLE, ROOT, STAFF
from tests.views.world import World

HELD = {**{who: frozenset({role}) for role, who in OF_ROLE.items()}, "hats": frozenset(STAFF["hats"][0])}
EFFECTS = (
    "review",
    "return_item",
    "submission",
    "assignment",
    "attachment",
    "outbox",
    "inbox_message",
    "number_register",
    "pending_act",
)
WAITS_FOR_A_SECOND = workflow.SECOND_PERSON
REFUSED = {302, 400, 403, 404, 409, 422}


def picture(world: World, kind: Kind, key: int) -> tuple[Any, ...]:
    """The record and everything that an act on it would leave."""
    with world.engine.connect() as connection:
        counts = tuple(connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in EFFECTS)
    return world.row(MODELS[kind], key), counts


def another_bureau(world: World) -> int:
    """Where a record may be transferred to: the bureau above."""
    with world.session() as session:
        return builders.a_bureau(session, ROOT).id


# What is not in the tables --------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "status"), list(itertools.product(LIFE_CYCLES, Status)), ids=str)
def test_what_the_table_does_not_allow_no_door_does(world: World, kind: Kind, status: Status) -> None:
    key = world.own.projects["approved"] if kind == Kind.PROJECT else world.own.enterprise
    world.put(MODELS[kind], key, status=status)
    before, elsewhere = picture(world, kind, key), another_bureau(world)
    tried = 0

    for who, action in itertools.product(HELD, Action):
        if rows(kind, status, action, HELD[who]):
            continue
        for door in doors(kind, action, before[0], bureau_id=elsewhere):
            answer = world.post(who, door.path, door.form)
            assert answer.status_code in REFUSED, (who, action, door.name, answer.status_code)
            assert picture(world, kind, key) == before, (who, action, door.name)
            tried += 1

    assert tried > 200


@pytest.mark.parametrize(("kind", "who"), list(itertools.product(LIFE_CYCLES, ("stranger", "elsewhere"))), ids=str)
def test_on_a_record_out_of_reach_no_door_does_anything(world: World, kind: Kind, who: str) -> None:
    key = world.own.projects["approved"] if kind == Kind.PROJECT else world.own.enterprise
    elsewhere = another_bureau(world)

    for status in Status:
        world.put(MODELS[kind], key, status=status)
        before = picture(world, kind, key)
        for action in Action:
            there = list(doors(kind, action, before[0], bureau_id=elsewhere))
            door = there[list(Status).index(status) % len(there)]
            answer = world.post(who, door.path, door.form)
            assert answer.status_code in {403, 404}, (status, action, door.name)
            assert picture(world, kind, key) == before, (status, action, door.name)


@pytest.mark.parametrize(("kind", "action"), list(itertools.product(LIFE_CYCLES, Action)), ids=str)
def test_a_stranger_to_the_system_is_sent_to_sign_in_by_every_door(world: World, kind: Kind, action: Action) -> None:
    key = world.own.projects["ready"] if kind == Kind.PROJECT else world.own.enterprise
    before = picture(world, kind, key)

    for door in doors(kind, action, before[0], bureau_id=1):
        answer = world.post("anonymous", door.path, door.form)
        leads_in = answer.status_code == 302 and answer.location.startswith("/login/")
        assert leads_in or answer.status_code == 404, (door.name, answer.status_code)

    assert picture(world, kind, key) == before


MANY = [
    pytest.param(kind, status, action, id=f"{kind}-{status}-{action}")
    for kind, status, action in itertools.product(LIFE_CYCLES, Status, sorted(MANY_BY_FORM))
    if not rows(kind, status, action, HELD["hats"])
]


@pytest.mark.parametrize(("kind", "status", "action"), MANY)
def test_a_form_for_many_that_was_drawn_earlier_opens_no_door(
    world: World, kind: Kind, status: Status, action: Action
) -> None:
    """The rows are judged when the form comes back, not when they were ticked."""
    key = world.own.projects["approved"] if kind == Kind.PROJECT else world.own.enterprise
    source = next(t.source for t in LIFE_CYCLES[kind] if t.action is action and t.by & HELD["hats"])
    world.put(MODELS[kind], key, status=source)
    drawn = world.post("hats", f"{BASES[kind]}/action_post", {"action": action, "rowid": [key]})
    form = {**inputs(drawn.get_data(as_text=True)), **FORMS[action](another_bureau(world))}
    world.put(MODELS[kind], key, status=status)
    before = picture(world, kind, key)

    answer = world.post("hats", f"{BASES[kind]}/action_post", form)

    assert answer.status_code == 200
    assert f'data-id="{key}" data-result="refused"' in answer.get_data(as_text=True)
    assert picture(world, kind, key) == before


# What is in the tables ------------------------------------------------------------------------------------

BY_HAND = [
    pytest.param(kind, t, role, id=f"{kind}-{t.source}-{t.action}-{role}")
    for kind, table in LIFE_CYCLES.items()
    for t in table
    for role in sorted(t.by - {SYSTEM})
]


@pytest.mark.parametrize(("kind", "transition", "role"), BY_HAND)
def test_what_the_table_allows_has_a_door(world: World, kind: Kind, transition: Transition, role: str) -> None:
    key, applicant = STAGES[kind](world, transition)
    who = applicant if role == Role.APPLICANT else OF_ROLE[Role(role)]
    before, done_before = picture(world, kind, key), _done(world, kind, transition.action, key)

    answer = _ask(world, who, kind, transition, before[0])

    assert answer.status_code in {302, 422}
    done = _done(world, kind, transition.action, key)
    if WAITS_FOR_A_SECOND in transition.needs:
        (row, counts), (row_before, counts_before) = picture(world, kind, key), before
        assert row == row_before, "nobody agreed to it"
        assert (sum(counts) - sum(counts_before), done) == (1, done_before), "the act waits"
    elif transition.target is None:
        assert world.row(MODELS[kind], key) == {}
        assert done == done_before + 1
    else:
        assert world.row(MODELS[kind], key)["status"] == transition.target
        assert done == done_before + 1


def _done(world: World, kind: Kind, action: Action, key: int) -> int:
    """How often the trail says that it was done."""
    query = select(func.count()).where(
        AuditEvent.action == f"{kind}:{action}", AuditEvent.object_id == key, AuditEvent.result == "done"
    )
    with world.session() as session:
        return session.scalar(query) or 0


def _ask(world: World, who: str, kind: Kind, transition: Transition, row: dict[str, Any]) -> Any:
    """Through the door that a person would take: the form where there is one."""
    if workflow.AT_COUNTER in transition.needs:
        return world.post(who, f"/counter/{row['id']}/originals", _differing(world, row["id"]))
    there = {door.name: door for door in doors(kind, transition.action, row, bureau_id=another_bureau(world))}
    door: Door = next(there[name] for name in ("own route", "form", "action") if name in there)
    if transition.action is Action.REOPEN:
        filled = {**inputs(world.page(who, "/enterprises/add")), **builders.ENTERPRISE}
        return world.post(who, "/enterprises/add", filled)
    if transition.action is Action.ASSIGN:
        return world.post(who, door.path, {**door.form, "assignee_id": world.people["reviewer"].user_id})
    if transition.action is Action.EDIT:
        return world.post(who, door.path, {**_as_shown(world, who, kind, row["id"]), **door.form})
    if transition.action is Action.SUBMIT and transition.source is Status.RETURNED:
        typed = {**_as_shown(world, who, kind, row["id"]), "items-0-answer": "已经改正"}
        assert world.post(who, f"{BASES[kind]}/edit/{row['id']}", typed).status_code == 302
    return world.post(who, door.path, door.form)


def _as_shown(world: World, who: str, kind: Kind, key: int) -> dict[str, str]:
    """The edit form's inputs as its page fills them."""
    return inputs(world.page(who, f"{BASES[kind]}/edit/{key}"))


def _differing(world: World, project_id: int) -> dict[str, str]:
    """All originals but one match."""
    from app.services import originals
    from models.project import Project

    with world.session() as session:
        scans = originals.scans_to_check(session, session.get_one(Project, project_id))
        found = {f"originals-{scan.id}": "match" for scan in scans}
    return {**found, f"originals-{scans[-1].id}": "differs", "mandate_id": str(world.own.mandate)}


# Records in every state, each with somebody who may act -----------------------------------------------------


def _a_project(world: World, transition: Transition) -> tuple[int, str]:
    state = "ready" if transition.action is Action.APPROVE else str(transition.source)
    if WAITS_FOR_A_SECOND in transition.needs and transition.action is not Action.ALLOW_DUPLICATE:
        return _a_numbered_project(world, transition), "owner"
    key = world.own.projects[state]
    if transition.action is Action.ALLOW_DUPLICATE:
        world.put(Project, key, approval_key=world.row(Project, world.own.projects["approved"])["approval_key"])
    if transition.action in (Action.RELEASE, Action.TAKE_BACK):
        assert world.post("reviewer", f"/projects/action/claim/{key}").status_code == 302
    if workflow.WAS_SUBMITTED in transition.needs:
        key = world.own.projects["submitted"]
        assert world.post("owner", f"/projects/action/withdraw/{key}").status_code == 302
    return key, "owner"


def _a_numbered_project(world: World, transition: Transition) -> int:
    """In any state that an unlock leads to, with nothing waiting on it yet."""
    key = world.own.projects["approved"]
    world.put(PendingAct, world.own.pending_act, state="lapsed", decided_at=MONDAY)
    ran_out = {"unlocked_fields": ["address"], "unlocked_until": MONDAY - timedelta(days=1)}
    world.put(
        Project, key, status=transition.source, **(ran_out if workflow.UNLOCK_EXPIRED in transition.needs else {})
    )
    return key


def _an_enterprise(world: World, transition: Transition) -> tuple[int, str]:
    """A new organization's record, with its account signed in as `newcomer`."""
    if transition.source is Status.APPROVED:
        return world.own.enterprise, "owner"
    with world.session() as session:
        organization, applicant = an_applicant(session)
        record = builders.draft_enterprise(session, applicant)
        if transition.source is not Status.DRAFT or workflow.WAS_SUBMITTED in transition.needs:
            from app.services import enterprise

            enterprise.submit(session, applicant, record.id, declared=True, now=MONDAY, limits=LIMITS)
        if transition.source is Status.RETURNED:
            item = Item("address", "not_filled", "请写明路名")
            review.return_(session, world.people["reviewer"], Kind.ENTERPRISE, record.id, [item], now=MONDAY)
        can_sign_in(session, applicant)
        name, key = (
            organization.org_code,
            session.scalar(select(Enterprise.id).where(Enterprise.organization_id == organization.id)),
        )
    world.sign_in_as("newcomer", name)
    if transition.action in (Action.RELEASE, Action.TAKE_BACK):
        assert world.post("reviewer", f"/enterprises/action/claim/{key}").status_code == 302
    if workflow.WAS_SUBMITTED in transition.needs or transition.source is Status.VOIDED:
        world.put(Enterprise, key or 0, status=transition.source)
    if workflow.UNLOCK_EXPIRED in transition.needs:
        world.put(Enterprise, key or 0, unlocked_fields=["address"], unlocked_until=MONDAY - timedelta(days=1))
    return key or 0, "newcomer"


STAGES: dict[Kind, Callable[[World, Transition], tuple[int, str]]] = {
    Kind.PROJECT: _a_project,
    Kind.ENTERPRISE: _an_enterprise,
}
