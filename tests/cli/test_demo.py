"""`yht demo`: all or nothing, once, and everybody it names can sign in."""

import pytest
from sqlalchemy.orm import Session

from app.cli.demo import load_if_empty
from app.extensions import db
from app.seeds.demo import Scale, is_empty
from app.seeds.demo_data import NEW, ORGANIZATIONS, STAFF
from tests.app_fixtures import PASSWORD

ACCOUNTS = [*(person.username for person in STAFF), *(str(values["org_code"]) for values in ORGANIZATIONS)]


@pytest.fixture
def parts(app):
    """What the composition root chose, inside the application's context."""
    with app.app_context():
        yield app.extensions["yht"]


def nobody_is_there() -> bool:
    with Session(db.engine) as session:
        return is_empty(session)


def test_everybody_who_is_named_can_sign_in(app, parts):
    load_if_empty(parts, PASSWORD, Scale.CORE)

    arrived = {}
    for username in ACCOUNTS:
        password = parts.settings.initial_password if username == NEW else PASSWORD
        arrived[username] = app.test_client().sign_in(username, password).headers.get("Location", "refused")

    assert {name for name, place in arrived.items() if "login" in place or place == "refused"} == set()
    assert {name for name, place in arrived.items() if "password" in place} <= {NEW}


def test_a_load_that_breaks_off_leaves_nothing_and_can_be_begun_anew(parts):
    folder = parts.settings.data_dir / "scans-elsewhere"
    parts.settings = parts.settings.model_copy(update={"storage_url": f"file://{folder}"})
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder of scans should be")

    with pytest.raises(OSError, match="scans-elsewhere"):
        load_if_empty(parts, PASSWORD, Scale.CORE)

    assert nobody_is_there()
    folder.unlink()
    load_if_empty(parts, PASSWORD, Scale.CORE)
    assert not nobody_is_there()


def test_what_is_there_already_stays_as_it_is(parts, make_user):
    make_user("somebody.demo")

    load_if_empty(parts, PASSWORD, Scale.CORE)

    with Session(db.engine) as session:
        from models.organization import Organization

        assert session.query(Organization).count() == 0
