"""No record ends where nobody can act: computed from the tables of the life cycles, of the matters and of the pushes."""

from collections.abc import Iterable, Mapping

import pytest

from app.domain import journey, matters, pushes, workflow
from app.domain.permissions import PERMISSIONS
from app.domain.terms import Kind, Role, Status

ENDS = {Status.VOIDED, matters.MatterStatus.CLOSED, "gone"}
Ways = Mapping[str, set[str]]  # state -> states that one step leads to


def ways_of(kind: Kind) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for step in workflow.TABLES[kind]:
        found.setdefault(step.source, set()).add(step.target or "gone")
    return found


def ways_of_matters() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for (source, _action), target in matters.TRANSITIONS.items():
        found.setdefault(source, set()).add(target)
    return found


TABLES: dict[str, Ways] = {**{str(kind): ways_of(kind) for kind in workflow.TABLES}, "matter": ways_of_matters()}


def reached_from(ways: Ways, start: str) -> set[str]:
    seen, more = set(), {start}
    while more:
        seen |= more
        more = {target for state in more for target in ways.get(state, ())} - seen
    return seen


def states_of(ways: Ways) -> set[str]:
    return set(ways) | {target for targets in ways.values() for target in targets}


@pytest.mark.parametrize("name", TABLES)
def test_every_state_has_a_way_on(name: str) -> None:
    ways = TABLES[name]

    stuck = [state for state in states_of(ways) - ENDS if not ways.get(state, set()) - {state}]
    endless = [state for state in states_of(ways) if not reached_from(ways, state) & ENDS]

    assert stuck == []
    assert endless == []


@pytest.mark.parametrize("kind", workflow.TABLES)
def test_what_stands_open_with_a_person_can_be_ended_without_that_person(kind: Kind) -> None:
    """A state that only its owner can leave would last for as long as the owner is away."""
    alone = []
    for status in ways_of(kind).keys() - ENDS:
        leaving = [step for step in workflow.TABLES[kind] if step.source == status and step.target != status]
        by = {role for step in leaving for role in step.by}
        if by <= {Role.APPLICANT}:
            alone.append(status)

    assert alone == []


@pytest.mark.parametrize("kind", workflow.TABLES)
def test_every_role_that_a_step_names_has_the_right_to_take_it(kind: Kind) -> None:
    """A step that no right opens is no way on."""
    resource = {Kind.PROJECT: "projects", Kind.ENTERPRISE: "enterprises", Kind.UNIT_WORK: "unit_works"}[kind]
    closed = [
        (step.source, step.action, role)
        for step in workflow.TABLES[kind]
        for role in step.by - {workflow.SYSTEM}
        if str(step.action) not in PERMISSIONS[Role(role)].get(resource, ())
    ]

    assert closed == []


@pytest.mark.parametrize("kind", workflow.TABLES)
def test_every_state_says_what_comes_next(kind: Kind) -> None:
    told = {
        status: journey.NEXT[kind, journey.place_of(kind, status, standing)]
        for status in states_of(ways_of(kind)) - {"gone"}
        for standing in standings()
    }

    assert all(step.sentence for step in told.values())


def standings() -> Iterable[journey.Standing]:
    yield journey.Standing()
    yield journey.Standing(missing_count=1)
    yield journey.Standing(unlocked=True)
    yield journey.Standing(originals_checked=True)
    yield journey.Standing(handed_over=True)
    yield journey.Standing(push="refused")


def test_a_push_that_did_not_arrive_can_be_sent_again_or_is_settled_by_a_later_one() -> None:
    assert {state for state, why in pushes.REPLAY.items() if why is not None} == {"sending", "superseded"}
    assert set(pushes.REPLAY) == set(pushes.STATES)
