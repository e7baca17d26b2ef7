"""`yht demo`: all or nothing, once, and everybody it names can sign in."""

import pytest
from sqlalchemy import select

from app.cli.demo import load_if_empty
from app.cli.province_register import ReceivedRegister
from app.cli.province_simulator import REGISTER_FILE
from app.domain.clock import FixedClock
from app.seeds.demo import Scale, is_empty
from app.seeds.demo_data import NEW, ORGANIZATIONS, STAFF
from models.organization import Organization
from models.outbox import Outbox
from models.project import Project
from tests.app_fixtures import MONDAY, PASSWORD

ACCOUNTS = [*(person.username for person in STAFF), *(str(values["org_code"]) for values in ORGANIZATIONS)]


@pytest.fixture
def load(app):
    """Load the core, inside the application's context as the command does."""

    def load_core():
        with app.app_context():
            load_if_empty(app.extensions["yht"], PASSWORD, Scale.CORE)

    return load_core


def test_everybody_who_is_named_can_sign_in(app, load, settings):
    load()

    arrived = {}
    for username in ACCOUNTS:
        password = settings.initial_password if username == NEW else PASSWORD
        arrived[username] = app.test_client().sign_in(username, password).headers.get("Location", "refused")

    assert {name for name, place in arrived.items() if "login" in place or place == "refused"} == set()
    assert {name for name, place in arrived.items() if "password" in place} <= {NEW}


def test_a_load_that_breaks_off_leaves_nothing_and_can_be_begun_anew(app, load, settings, db_session):
    folder = settings.data_dir / "scans-elsewhere"
    elsewhere = settings.model_copy(update={"storage_url": f"file://{folder}"})
    app.extensions["yht"].settings = elsewhere
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder of scans should be")

    with pytest.raises(OSError, match="scans-elsewhere"):
        load()

    assert is_empty(db_session)
    db_session.rollback()
    folder.unlink()
    load()
    assert not is_empty(db_session)


def test_what_is_there_already_stays_as_it_is(load, make_user, db_session):
    make_user("somebody.demo")

    load()

    assert db_session.scalars(select(Organization.id)).all() == []


def test_what_arrived_by_our_ledger_stands_in_the_register_of_the_simulated_province(load, settings, db_session):
    load()

    register = ReceivedRegister(settings.data_dir / REGISTER_FILE, FixedClock(MONDAY))
    theirs = {number for number, (flag, _row) in register.rows().items() if flag == "U"}
    register.close()
    pushed = select(Project.number).join(Outbox, Outbox.project_id == Project.id)
    pushed = pushed.where(Outbox.kind == "province_push", Outbox.status == "delivered", Project.status != "voided")

    assert set(db_session.scalars(pushed)) == theirs != set()
