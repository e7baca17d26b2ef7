"""Delivery when something dies: workers, answers, clocks, payloads; one logical delivery all the same."""

import logging
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.cli.sms_simulator import Mode
from app.domain.errors import say
from app.outbox.deliver import Policy, deliver_due
from app.outbox.enqueue import enqueue_province_push
from app.outbox.http import HttpChannel
from app.outbox.parcel import Channel, DeliveryFailed, Parcel
from app.outbox.sms import SmsGateway
from models.outbox import Outbox
from tests.outbox.reading import MOBILE, Killed, row

pytestmark = pytest.mark.fault


def test_worker_killed_before_the_result_is_one_delivery(queue, deliver, gateway, sender, session_factory, clock):
    def sent_and_killed(parcel: Parcel) -> str:
        sender(parcel)
        raise Killed

    row_id = queue()
    with pytest.raises(Killed):
        deliver(sent_and_killed)
    assert row(session_factory, row_id).status == "sending"
    assert deliver() == {}, "the lease still holds"
    clock.advance(Policy().lease)

    assert deliver() == {"delivered": 1}

    (message,) = gateway.messages()
    assert message["times"] == 2
    assert row(session_factory, row_id).reference == message["id"]


def test_answer_lost_on_the_way_is_one_delivery(queue, deliver, gateway, clock):
    gateway.mode = Mode.DROP
    queue()
    assert deliver() == {"queued": 1}
    gateway.mode = Mode.OK
    clock.advance(timedelta(minutes=1))

    assert deliver() == {"delivered": 1}
    assert len(gateway.messages()) == 1


def test_sender_frozen_past_its_lease_cannot_overwrite_its_successor(queue, deliver, sender, session_factory, clock):
    def frozen(parcel: Parcel) -> str:
        clock.advance(timedelta(seconds=120))
        assert deliver() == {"delivered": 1}
        raise DeliveryFailed(say("演示：醒来太晚"), transient=False)

    row_id = queue()

    assert deliver(frozen) == {}

    settled = row(session_factory, row_id)
    assert (settled.status, settled.fence, settled.last_error) == ("delivered", 2, None)


def test_two_workers_never_hold_the_same_message(queue, gateway, session_factory, clock):
    # A patient sender: what is asked here is who sends, not how fast a busy machine answers.
    sender = SmsGateway(HttpChannel([gateway.url], loopback=True, deadline=60), gateway.url)
    keys = [f"k{number:02}" for number in range(24)]
    for key in keys:
        queue(key)
    start = threading.Barrier(3)
    tallies = []

    def work() -> None:
        start.wait()
        tallies.append(deliver_due(session_factory, {Channel.SMS: sender}, clock))

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(tally["delivered"] for tally in tallies) == 24
    assert sorted(message["key"] for message in gateway.messages()) == keys
    assert {message["times"] for message in gateway.messages()} == {1}


@pytest.mark.parametrize("hours", [-1, 24], ids=["an-hour-back", "a-day-forward"])
def test_clock_that_jumps_loses_and_doubles_nothing(queue, deliver, gateway, sender, clock, hours):
    def killed(_parcel: Parcel) -> str:
        raise Killed

    queue("abandoned")
    with pytest.raises(Killed):
        deliver(killed)
    queue("waiting")
    clock.advance(timedelta(hours=hours))

    deliver()

    assert {(message["key"], message["times"]) for message in gateway.messages()} == {
        ("abandoned", 1),
        ("waiting", 1),
    }


def test_kind_without_a_target_stays_queued(project_id, session_factory, deliver, clock):
    with session_factory() as session:
        push = enqueue_province_push(
            session,
            project_id=project_id,
            version=1,
            number="3202810103020101",
            payload={"name": "演示项目"},
            now=clock.now(),
        )
        session.commit()
        push_id = push.id
    clock.advance(timedelta(days=30))

    assert deliver() == {}

    waiting = row(session_factory, push_id)
    assert (waiting.status, waiting.attempts) == ("queued", 0)
    assert waiting.dedup_key == "province:3202810103020101:v1"


def test_pushes_of_one_project_keep_their_order(project_id, session_factory, clock):
    with session_factory() as session:
        for version in (1, 2):
            enqueue_province_push(
                session,
                project_id=project_id,
                version=version,
                number="3202810103020101",
                payload={},
                now=clock.now(),
            )
            session.flush()
        session.commit()
    taken: list[str] = []

    def province(parcel: Parcel) -> str:
        taken.append(parcel.key)
        if len(taken) == 1:
            raise DeliveryFailed(say("演示：省厅忙"), transient=True)
        return "ok"

    for _ in range(4):
        deliver_due(session_factory, {Channel.PROVINCE_PUSH: province}, clock)
        clock.advance(timedelta(seconds=3))

    assert [key.rsplit(":", 1)[1] for key in taken] == ["v1", "v1", "v2"]


def test_failing_sender_never_stops_the_others_nor_leaks(queue, deliver, gateway, sender, caplog):
    def broken(parcel: Parcel) -> str:
        if parcel.key == "k0":
            raise ValueError(f"cannot send to {parcel.payload['mobile']}")
        return sender(parcel)

    queue("k0")
    queue("k1")

    assert deliver(broken) == {"queued": 1, "delivered": 1}
    assert "ValueError at broken" in caplog.text
    assert MOBILE not in caplog.text


def test_payload_that_cannot_be_read_does_not_stop_the_others(queue, deliver, session_factory):
    damaged = queue("k0")
    queue("k1")
    with session_factory() as session:
        session.execute(text("UPDATE outbox SET payload = 'bm8=' WHERE id = :id"), {"id": damaged})
        session.commit()

    assert deliver() == {"queued": 1, "delivered": 1}


def test_no_mobile_number_is_stored_or_logged_in_clear(queue, deliver, gateway, session_factory, caplog):
    caplog.set_level(logging.DEBUG)
    for number, mode in enumerate(Mode):
        gateway.mode, gateway.seconds = mode, 0.0
        queue(f"k{number}")
        deliver()

    with session_factory() as session:
        stored = [str(tuple(found)) for found in session.execute(text("SELECT * FROM outbox"))]
    assert len(stored) == len(Mode)
    assert MOBILE not in "".join(stored)
    assert MOBILE not in caplog.text


def test_deciding_service_is_not_touched_by_a_failing_gateway(queue, gateway, session_factory):
    gateway.mode = Mode.FAIL
    gateway.server_close()

    row_id = queue()

    with session_factory() as session:
        assert session.scalar(select(Outbox.status).where(Outbox.id == row_id)) == "queued"
