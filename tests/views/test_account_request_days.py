"""How long a request about an account waits for its second person is the setting's, as with every other act."""

import pytest
from sqlalchemy import select

from app.domain.clock import local_date
from app.domain.terms import Role
from app.services import calendar
from models.account_request import AccountRequest
from tests.app_fixtures import settings_for
from tests.builders import NOW
from tests.databases import on_sqlite
from tests.views.applicants import a_case
from tests.views.test_account_requests import SEEN

pytestmark = on_sqlite
DAYS = 10


@pytest.fixture
def settings(database_url, tmp_path):
    return settings_for(database_url, tmp_path, pending_act_days=DAYS)


def test_the_last_day_follows_the_setting(client_for, db_session):
    key = a_case(db_session).organization.id
    db_session.rollback()
    assert client_for(Role.COUNTER_CLERK).send(f"/accountrequests/reset/{key}", SEEN).status_code == 302

    row = db_session.scalars(select(AccountRequest)).one()
    assert row.lapses_on == calendar.due_on(db_session, local_date(NOW), DAYS)
