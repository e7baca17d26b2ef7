"""`yht audit verify`: what it says and with which status it ends."""

import base64
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session, sessionmaker

from app.domain.clock import FixedClock
from app.domain.permissions import SYSTEM_ACTOR
from app.factory import create_app
from app.services import audit
from app.services.seal import chain_head, seal_events
from config import Settings
from models.types import use_keys
from tests.databases import on_sqlite
from tests.services.tampering import without_triggers

pytestmark = on_sqlite
KEY = b"another fixed key for tests: 32b"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def cli(database_url, engine, tmp_path) -> FlaskCliRunner:
    use_keys(KEY)
    with Session(engine) as session:
        for number in (1, 2, 3):
            audit.record(session, SYSTEM_ACTOR, "project:approve", "project", number, now=NOW)
        session.commit()
        seal_events(session, now=NOW)
    settings = Settings(
        profile="dev",
        data_dir=tmp_path,
        database_url=database_url,
        data_key=base64.b64encode(KEY).decode(),
        ratelimit_url="memory://",
        workers=1,
    )
    return create_app(settings, clock=FixedClock(NOW)).test_cli_runner()


def test_sound_trail_is_confirmed_with_its_head(cli, engine):
    result = cli.invoke(args=["yht", "audit", "verify"])

    with Session(engine) as session:
        sequence, mark = chain_head(session)
    assert result.exit_code == 0
    assert result.output == f"审计链完整：3 条记录，链头 {sequence}:{mark}\n"


def test_altered_trail_ends_with_a_failure_and_the_place(cli, engine):
    with without_triggers(sessionmaker(engine)) as session:
        session.connection().exec_driver_sql("UPDATE audit_event SET actor_name = 'x' WHERE object_id = 2")

    result = cli.invoke(args=["yht", "audit", "verify"])

    assert result.exit_code == 1
    assert "第 2 号存证" in result.output
    assert "此前 1 条记录无误" in result.output


def test_head_noted_elsewhere_shows_a_tail_cut_off(cli):
    result = cli.invoke(args=["yht", "audit", "verify", "--head", f"4:{'a' * 64}"])

    assert result.exit_code == 1
    assert "第 4 号链头" in result.output


def test_head_that_is_none_is_a_usage_error(cli):
    assert cli.invoke(args=["yht", "audit", "verify", "--head", "abc"]).exit_code == 2
