"""Two second persons at the same moment: one effect, and the other is told."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.permissions import Actor
from app.domain.terms import Kind, Role, Status
from app.services import administration, second_person
from models.audit import AuditEvent
from models.number import NumberRegister
from models.outbox import Outbox
from models.pending_act import PendingAct
from models.project import Project
from tests import builders
from tests.builders import LIMITS
from tests.services.test_approving_at_once import in_threads

pytestmark = pytest.mark.fault

RIVALS = 8
LATER = builders.NOW + timedelta(hours=1)


@pytest.fixture
def stage(engine: Engine) -> tuple[int, int, list[Actor]]:
    """A numbered project whose void waits, and many who may decide."""
    with Session(engine) as session:
        record = builders.approved_project(session, builders.a_case(session))
        people = [builders.staff(session, Role.ADMINISTRATOR) for _ in range(RIVALS + 1)]
        act = administration.void(
            session, people[0], Kind.PROJECT, record.id, reason="演示", now=builders.NOW, limits=LIMITS
        )
        return record.id, act.id, people[1:]


def test_of_many_who_confirm_at_once_one_does_it(engine: Engine, stage: tuple[int, int, list[Actor]]) -> None:
    record_id, act_id, people = stage
    told: list[str] = []

    def rival(actor: Actor) -> None:
        with Session(engine) as own:
            try:
                second_person.confirm(own, actor, act_id, now=LATER)
                told.append("done")
            except Refused as refusal:
                told.append(str(refusal.sentence))

    in_threads([lambda a=actor: rival(a) for actor in people], RIVALS)

    assert Counter(told)["done"] == 1
    assert all("已经复核过" in sentence for sentence in told if sentence != "done")
    with Session(engine) as session:
        assert session.get_one(Project, record_id).status == Status.VOIDED
        assert session.scalars(select(NumberRegister.status)).one() == "voided"
        assert count(session, Outbox, Outbox.dedup_key.like("province:%")) == 2
        assert count(session, Outbox, Outbox.dedup_key.like("sms:project:void:%")) == 1
        assert count(session, AuditEvent, AuditEvent.action == "project:void", AuditEvent.result == "done") == 1


def test_confirming_against_refusing_has_one_outcome(engine: Engine, stage: tuple[int, int, list[Actor]]) -> None:
    record_id, act_id, people = stage

    def one(n: int) -> None:
        with Session(engine) as own:
            try:
                if n % 2:
                    second_person.confirm(own, people[n], act_id, now=LATER)
                else:
                    second_person.refuse(own, people[n], act_id, note="演示", now=LATER)
            except Refused:
                pass

    in_threads([lambda n=n: one(n) for n in range(RIVALS)], RIVALS)

    with Session(engine) as session:
        act = session.get_one(PendingAct, act_id)
        voided = session.get_one(Project, record_id).status == Status.VOIDED
        assert act.state == ("confirmed" if voided else "refused")
        assert count(session, AuditEvent, AuditEvent.action.in_(["project:confirm", "project:refuse"])) == 1


def count(session: Session, model: type, *where: object) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]
