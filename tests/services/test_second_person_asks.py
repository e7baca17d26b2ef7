"""Who asked for an act stands behind it until it is decided, and may take it back."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.domain.permissions import Actor
from app.domain.terms import Kind, Status
from app.services import history, matters, review, second_person
from models.audit import AuditEvent
from models.matter import ProjectMatter
from models.project import Project
from models.region import Region
from models.user import User
from tests import builders
from tests.builders import NOW
from tests.services.two_people import LATER, ask_void, confirm, stored


@pytest.fixture
def record(session: Session, case: builders.Case) -> Project:
    return builders.approved_project(session, case)


def test_an_act_of_somebody_disabled_since_is_not_confirmed(
    session: Session, record: Project, first: Actor, second: Actor
) -> None:
    act = ask_void(session, first, record)
    session.execute(update(User).where(User.id == first.user_id).values(active=False))
    session.commit()

    with pytest.raises(Refused, match="提请人"):
        confirm(session, second, act)

    assert second_person.why_not(session, second, stored(session, act), now=LATER) is not None
    second_person.refuse(session, second, act.id, note="演示", now=LATER)


def test_an_act_of_somebody_without_the_role_is_not_confirmed(
    session: Session, record: Project, first: Actor, second: Actor
) -> None:
    act = ask_void(session, first, record)
    session.get_one(User, first.user_id).roles = []
    session.commit()

    with pytest.raises(Refused, match="提请人"):
        confirm(session, second, act)

    assert session.get_one(Project, record.id).status == Status.APPROVED


def test_whoever_asked_takes_it_back_and_may_ask_anew(session: Session, record: Project, first: Actor) -> None:
    act = ask_void(session, first, record)

    second_person.withdraw(session, first, act.id, now=LATER)

    event = select(AuditEvent.id).where(AuditEvent.action == "project:withdraw_ask")
    assert stored(session, act).state == "withdrawn"
    assert session.scalar(event) is not None
    assert ask_void(session, first, record).state == "pending"


def test_nobody_else_takes_it_back_and_nobody_twice(
    session: Session, record: Project, first: Actor, second: Actor
) -> None:
    act = ask_void(session, first, record)

    with pytest.raises((Refused, NotFound)):
        second_person.withdraw(session, second, act.id, now=LATER)
    second_person.withdraw(session, first, act.id, now=LATER)
    with pytest.raises(Refused):
        second_person.withdraw(session, first, act.id, now=LATER)


def test_a_void_closes_each_matter_with_an_event_of_its_own(
    session: Session, record: Project, first: Actor, second: Actor
) -> None:
    assert len(matters.closing(session, record)) == 7

    confirm(session, second, ask_void(session, first, record))

    closed = session.scalars(select(AuditEvent.object_id).where(AuditEvent.action == "matter:close")).all()
    rows = session.scalars(select(ProjectMatter.id).where(ProjectMatter.project_id == record.id)).all()
    assert sorted(key for key in closed if key) == sorted(rows)
    assert matters.closing(session, record) == []
    assert history.entries(session, record)


def test_a_region_that_ended_gives_no_number_and_says_what_to_do(session: Session, case: builders.Case) -> None:
    waiting = builders.submitted_project(session, case.applicant)
    builders.check_all(session, waiting, case.clerk)
    region = session.scalars(select(Region).where(Region.code == "320281")).one()
    region.valid_to, region.successor_code = NOW.date() - builders.DAY, "320282"
    session.commit()

    with pytest.raises(Refused, match=r"宜兴.*退回"):
        review.approve(session, case.reviewer, Kind.PROJECT, waiting.id, now=NOW)

    assert session.get_one(Project, waiting.id).number is None
