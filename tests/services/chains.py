"""A chain to work on: events written, sealed, and walked an hour later."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from app.services.seal import seal_events, verify_chain
from models.audit import AuditEvent

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def event(number: int) -> AuditEvent:
    return AuditEvent(
        at=NOW + timedelta(microseconds=number),
        actor_name="演示审核人员",
        actor_roles="reviewer",
        address="192.0.2.7",
        action="project:approve",
        object_type="project",
        object_id=number,
        result="done",
        before={"status": "submitted"},
        after={"status": "approved", "area": 1.5, "名称": "演示项目"},
    )


@pytest.fixture
def session_factory(engine):
    return sessionmaker(engine)


@pytest.fixture
def write(session_factory):
    def some(count: int, first: int = 1) -> None:
        with session_factory() as session:
            session.add_all(event(first + step) for step in range(count))
            session.commit()

    return some


@pytest.fixture
def seal(session_factory):
    def one_pass(**options) -> int:
        with session_factory() as session:
            return seal_events(session, now=NOW, **options)

    return one_pass


@pytest.fixture
def verify(session_factory):
    def walk(**options):
        with session_factory() as session:
            return verify_chain(session, now=LATER, **options)

    return walk
