"""The worker's sweeps, run as the worker of these settings runs them."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.cli.deliver import background_engine
from app.domain.clock import FixedClock, local_date
from app.domain.limits import TimeLimits
from app.domain.terms import Kind, Role, Status
from app.services import administration, calendar, enterprise
from app.worker import EVERY_MINUTE
from config import Settings
from tests import builders
from tests.app_fixtures import settings_for
from tests.builders import DAY, NOW

TEN = 10


@pytest.fixture
def settings(database_url: str, tmp_path: object) -> Settings:
    return settings_for(database_url, tmp_path, enterprise_review_days=TEN)  # type: ignore[arg-type]


def test_a_relock_gives_the_days_that_the_settings_say(app: Flask, db_session: Session, clock: FixedClock) -> None:
    _organization, applicant = builders.registered(db_session)
    record = builders.draft_enterprise(db_session, applicant)
    limits = TimeLimits(enterprise_review=TEN)
    enterprise.submit(db_session, applicant, record.id, declared=True, now=NOW, limits=limits)
    one = builders.staff(db_session, Role.ADMINISTRATOR)
    opened = {"fields": ["address"], "until": NOW + DAY, "reason": "演示"}
    administration.unlock(db_session, one, Kind.ENTERPRISE, record.id, **opened, now=NOW, limits=limits)  # type: ignore[arg-type]
    clock.advance(2 * DAY)

    with app.app_context():
        background_engine().sweep(*EVERY_MINUTE)

    db_session.refresh(record)
    today = local_date(clock.now())
    assert (record.status, record.due_on) == (Status.SUBMITTED, calendar.due_on(db_session, today, TEN))
