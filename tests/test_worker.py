"""The background engine: within seconds in the usual case, nothing lost in the others."""

import base64
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.cli.sms_simulator import SmsGatewaySimulator
from app.domain.clock import FixedClock
from app.outbox.enqueue import enqueue_sms
from app.services import trail_heads
from app.services.seal import verify_chain
from app.worker import Engine, Loop, open_queue
from models.audit import AuditEvent, AuditSeal
from models.engine import begin_write
from models.outbox import Outbox
from models.types import use_keys
from tests.builders import LIMITS
from tests.databases import on_sqlite
from tests.simulators import serving
from tests.waiting import eventually

pytestmark = pytest.mark.fault

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KEY = b"another fixed key for tests: 32b"
ROOT = Path(__file__).parents[1]


@pytest.fixture
def gateway() -> Iterator[SmsGatewaySimulator]:
    with serving(SmsGatewaySimulator("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def start_worker(database_url, gateway, tmp_path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    plain = {name: value for name, value in os.environ.items() if not name.startswith("YHT_")}
    environment = plain | {
        "YHT_PROFILE": "demo",
        "YHT_DATA_DIR": str(tmp_path / "var"),
        "YHT_DATABASE_URL": database_url,
        "YHT_DATA_KEY": base64.b64encode(KEY).decode(),
        "YHT_SMS_URL": gateway.url,
    }

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "flask", "--app", "run", "yht", "worker"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def decide(session: Session, number: int) -> None:
    """What a service does: one event and one text in one transaction."""
    now = datetime.now(UTC)
    begin_write(session)
    session.add(
        AuditEvent(
            at=now,
            actor_name="演示",
            actor_roles="reviewer",
            action="project:approve",
            object_type="project",
            object_id=number,
            result="done",
        )
    )
    enqueue_sms(
        session,
        mobile="13800000000",
        text="演示",
        event="project:approve",
        organization_id=None,
        dedup_key=f"k{number}",
        now=now,
        expires_in=timedelta(days=1),
    )
    session.commit()


@on_sqlite
def test_running_worker_delivers_and_seals_within_seconds_and_stops_when_asked(engine, gateway, start_worker):
    use_keys(KEY)
    worker = start_worker()
    with Session(engine) as session:
        decide(session, 1)
        eventually(lambda: is_all_delivered(session))
        decide(session, 2)
        eventually(lambda: len(gateway.messages()) == 2, seconds=10)  # SPEC §3, step 8

        def sealed() -> bool:
            session.rollback()
            return session.scalar(select(func.count()).select_from(AuditSeal)) == 2

        eventually(sealed)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(30) == 0


@on_sqlite
def test_killed_worker_loses_nothing_even_without_its_queue_file(engine, gateway, start_worker, tmp_path):
    use_keys(KEY)
    first = start_worker()
    with Session(engine) as session:
        decide(session, 1)
        eventually(lambda: is_all_delivered(session))
        first.kill()
        first.wait()
        for file in (tmp_path / "var").glob("queue.sqlite*"):
            file.unlink()
        decide(session, 2)

        start_worker()

        eventually(lambda: is_all_delivered(session))
    assert [message["key"] for message in gateway.messages()] == ["k2", "k1"]
    assert {message["times"] for message in gateway.messages()} == {1}


def is_all_delivered(session: Session) -> bool:
    session.rollback()  # ends the snapshot of the last look
    return set(session.scalars(select(Outbox.status))) == {"delivered"}


def test_damaged_queue_file_is_made_anew(tmp_path):
    file = tmp_path / "var" / "queue.sqlite"
    file.parent.mkdir()
    file.write_bytes(b"not a database" * 1000)

    queue = open_queue(file)

    assert queue.pending_count() == 0
    queue.storage.close()


def test_loop_goes_on_when_the_database_was_away_for_a_moment():
    stop = threading.Event()
    passes: list[int] = []

    def work() -> None:
        passes.append(1)
        if len(passes) == 1:
            raise OperationalError("SELECT 1", {}, Exception("away"))
        stop.set()

    loop = Loop("test", work, stop, 0.01)
    loop.start()
    loop.join(5)

    assert len(passes) == 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_loop_that_breaks_takes_the_process_down_to_be_started_afresh():
    stop = threading.Event()

    def work() -> None:
        raise ZeroDivisionError

    loop = Loop("test", work, stop, 0.01)
    loop.start()
    loop.join(5)

    assert stop.is_set()


def test_heads_noted_beside_the_database_hold_against_the_chain(engine, tmp_path):
    factory = sessionmaker(engine)
    worker = Engine(factory, {}, FixedClock(NOW), LIMITS, tmp_path / "audit-heads.log")
    for number in (1, 2):
        with factory() as session:
            decide(session, number)
        worker.seal()
        worker.note_head()

    heads = trail_heads.noted(worker.heads_file).heads

    assert sorted(heads) == [1, 2]
    with factory() as session:
        assert verify_chain(session, now=NOW, heads=heads).is_sound
        assert not verify_chain(session, now=NOW, heads={**heads, 2: "0" * 64}).is_sound


def test_sealing_pass_goes_on_until_nothing_is_left(engine, tmp_path, monkeypatch):
    monkeypatch.setattr("app.worker.SEAL_BATCH", 2)
    factory = sessionmaker(engine)
    with factory() as session:
        for number in range(5):
            decide(session, number)

    Engine(factory, {}, FixedClock(NOW), LIMITS, tmp_path / "heads").seal()

    with factory() as session:
        assert session.scalar(select(func.count()).select_from(AuditSeal)) == 5
