"""Handing the number over (领取): to whom, once, and only when there is one."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import counter
from models.hand_over import HandOver
from models.mandate import Mandate
from models.project import Project
from tests.builders import (
    DAY,
    NOW,
    Case,
    a_case,
    approved_project,
    staff,
    submitted_project,
)


@pytest.fixture
def case(session: Session) -> Case:
    return a_case(session)


@pytest.fixture
def project(session: Session, case: Case) -> Project:
    return submitted_project(session, case.applicant)


def taken_by(session: Session, actor: Actor, project: Project, name: str, letter: Mandate | None = None) -> HandOver:
    """Hand the number over."""
    return counter.hand_over(
        session, actor, project.id, received_by=name, mandate_id=letter.id if letter else None, now=NOW
    )


def counted(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model))


def test_the_agent_of_the_letter_takes_the_number(session: Session, case: Case) -> None:
    project = approved_project(session, case)
    letter = session.scalars(select(Mandate)).one()

    row = taken_by(session, case.clerk, project, " 演示经办人 ", letter)

    assert (row.received_by, row.mandate_id, row.handed_over_by_id) == (
        "演示经办人",
        letter.id,
        case.clerk.user_id,
    )
    assert row.handed_over_at == NOW


@pytest.mark.parametrize(
    ("name", "of_letter"), [("演示　经办人", True), ("演示经办人\u200b", True), ("演 示法人", False)]
)
def test_who_takes_the_number_is_known_in_any_spelling(
    session: Session, case: Case, name: str, of_letter: bool
) -> None:
    project = approved_project(session, case)
    letter = session.scalars(select(Mandate)).one()

    row = taken_by(session, case.clerk, project, name, letter if of_letter else None)

    assert row.mandate_id == (letter.id if of_letter else None)


def test_another_person_than_the_agent_cannot_take_the_number(session: Session, case: Case) -> None:
    project = approved_project(session, case)
    letter = session.scalars(select(Mandate)).one()

    with pytest.raises(Invalid) as refusal:
        taken_by(session, case.clerk, project, "演示他人", letter)

    assert [p.field for p in refusal.value.problems] == ["received_by"]
    assert counted(session, HandOver) == 0


def test_without_a_letter_only_the_legal_representative_takes_the_number(session: Session, case: Case) -> None:
    project = approved_project(session, case)

    with pytest.raises(Invalid) as refusal:
        taken_by(session, case.clerk, project, "演示他人")
    row = taken_by(session, case.clerk, project, "演示法人")

    assert [p.field for p in refusal.value.problems] == ["mandate_id"]
    assert (row.received_by, row.mandate_id) == ("演示法人", None)


@pytest.mark.parametrize("name", ["", " ", "演", "演" * 51], ids=["empty", "blank", "short", "long"])
def test_a_receiver_has_a_name(session: Session, case: Case, name: str) -> None:
    project = approved_project(session, case)

    with pytest.raises(Invalid) as refusal:
        taken_by(session, case.clerk, project, name)

    assert [p.field for p in refusal.value.problems] == ["received_by"]


def test_a_number_is_handed_over_once(session: Session, case: Case) -> None:
    project = approved_project(session, case)
    taken_by(session, case.clerk, project, "演示法人")

    with pytest.raises(Refused) as refusal:
        taken_by(session, case.clerk, project, "演示法人")

    assert refusal.value.code == "handed_over"
    assert counted(session, HandOver) == 1


def test_without_a_number_there_is_nothing_to_hand_over(session: Session, case: Case, project: Project) -> None:
    with pytest.raises(Refused) as refusal:
        taken_by(session, case.clerk, project, "演示法人")

    assert refusal.value.code == "state"
    assert counted(session, HandOver) == 0


def test_a_letter_that_ended_does_not_fetch_the_number(session: Session, case: Case) -> None:
    project = approved_project(session, case)
    letter = session.scalars(select(Mandate)).one()

    with pytest.raises(Invalid) as refusal:
        counter.hand_over(
            session,
            case.clerk,
            project.id,
            received_by="演示经办人",
            mandate_id=letter.id,
            now=NOW + 60 * DAY,
        )  # fmt: skip

    assert [p.field for p in refusal.value.problems] == ["mandate_id"]


@pytest.mark.parametrize(
    ("role", "bureau", "answer"),
    [(Role.REVIEWER, "320281", Refused), (Role.COUNTER_CLERK, "320213", NotFound)],
    ids=["a reviewer", "a clerk of another bureau"],
)
def test_nobody_else_hands_the_number_over(
    session: Session, case: Case, role: Role, bureau: str, answer: type[Exception]
) -> None:
    project = approved_project(session, case)

    with pytest.raises(answer):
        taken_by(session, staff(session, role, bureau=bureau), project, "演示法人")

    assert counted(session, HandOver) == 0
