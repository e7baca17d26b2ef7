"""Asking for what needs two people, and deciding on it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.terms import Kind, Role
from app.services import administration, second_person
from models.audit import AuditEvent
from models.outbox import Outbox
from models.pending_act import PendingAct
from models.project import Project
from tests import builders
from tests.builders import DAY, LIMITS, NOW

LATER = NOW + timedelta(hours=2)


def ask_void(session: Session, actor: Actor, record: Project, now: object = NOW) -> PendingAct:
    act = administration.void(session, actor, Kind.PROJECT, record.id, reason="演示：立项撤销", now=now, limits=LIMITS)  # type: ignore[arg-type]
    assert isinstance(act, PendingAct)
    return act


def ask_unlock(session: Session, actor: Actor, record: Project, *fields: str) -> PendingAct:
    act = administration.unlock(
        session, actor, Kind.PROJECT, record.id,
        fields=fields or ["scale"], until=NOW + 10 * DAY, reason="演示：规模有误", now=NOW, limits=LIMITS,
    )  # fmt: skip
    assert isinstance(act, PendingAct)
    return act


def opened(
    session: Session, record: Project, *fields: str, until: datetime = NOW + 10 * DAY, now: datetime = NOW
) -> Project:
    """A numbered project unlocked for these inputs by two administrators."""
    one, two = builders.staff(session, Role.ADMINISTRATOR), builders.staff(session, Role.ADMINISTRATOR)
    act = administration.unlock(
        session, one, Kind.PROJECT, record.id, fields=fields, until=until, reason="演示：有误", now=now, limits=LIMITS
    )
    second_person.confirm(session, two, act.id, now=now)
    session.refresh(record)
    return record


def stored(session: Session, act: PendingAct) -> PendingAct:
    session.expire_all()
    return session.get_one(PendingAct, act.id)


def pushes(session: Session, record: Project) -> list[dict[str, object]]:
    query = select(Outbox).where(Outbox.project_id == record.id, Outbox.kind == "province_push").order_by(Outbox.id)
    return [row.payload for row in session.scalars(query)]


def trail(session: Session, record: Project) -> list[tuple[str, int | None]]:
    query = select(AuditEvent).where(AuditEvent.object_type == "project", AuditEvent.object_id == record.id)
    query = query.where(AuditEvent.result == "done").order_by(AuditEvent.id)
    return [(event.action, event.actor_id) for event in session.scalars(query)]


def confirm(session: Session, actor: Actor, act: PendingAct) -> None:
    second_person.confirm(session, actor, act.id, now=LATER)


def refuse(session: Session, actor: Actor, act: PendingAct) -> None:
    second_person.refuse(session, actor, act.id, note="演示：理由不足", now=LATER)
