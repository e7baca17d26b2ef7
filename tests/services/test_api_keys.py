"""Keys of other systems end: who keeps them is told before, once for each lead time."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import api_keys
from models.api_key import ApiKey
from models.audit import AuditEvent
from tests import builders
from tests.builders import NOW


@pytest.fixture
def admin(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)


def a_key(session: Session, admin: Actor, days: int) -> ApiKey:
    raw = {
        "name": "演示交易平台", "scopes": ["projects:read"], "bureau_id": str(admin.bureau_id),
        "expires_on": (NOW.date() + timedelta(days=days)).isoformat(),
    }  # fmt: skip
    return api_keys.issue(session, admin, raw, now=NOW)[0]


def told(session: Session) -> list[int]:
    events = select(AuditEvent.after).where(AuditEvent.action == "api_key:expires").order_by(AuditEvent.id)
    return [after["days"] for after in session.scalars(events)]


def near(session: Session, actor: Actor, at: datetime) -> int:
    return len(session.scalars(api_keys.ending(actor, now=at)).all())


def test_the_end_of_a_key_is_told_thirty_and_seven_days_before(session: Session, admin: Actor) -> None:
    a_key(session, admin, 40)

    counts = [api_keys.announce(session, now=NOW + timedelta(days=day)) for day in (0, 9, 11, 12, 33, 34, 35, 45)]

    assert (sum(counts), told(session)) == (2, [30, 7])
    assert [near(session, admin, NOW + timedelta(days=day)) for day in (0, 12, 35, 45)] == [0, 1, 1, 0]


def test_a_key_that_is_short_or_withdrawn_is_told_once_or_not_at_all(session: Session, admin: Actor) -> None:
    a_key(session, admin, 3)
    api_keys.revoke(session, admin, a_key(session, admin, 5).id, now=NOW)

    assert [api_keys.announce(session, now=NOW) for _ in range(2)] == [1, 0]
    assert (told(session), near(session, admin, NOW)) == ([7], 1)


def test_the_keys_of_another_bureau_are_not_told(session: Session, admin: Actor) -> None:
    a_key(session, admin, 3)

    assert near(session, builders.staff(session, Role.ADMINISTRATOR, bureau="320282"), NOW) == 0
