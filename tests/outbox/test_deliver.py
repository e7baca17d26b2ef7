"""Delivery: once per message, never lost, never two at a time, whatever dies in between."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.cli.sms_simulator import Mode
from app.domain.errors import say
from app.outbox.deliver import Policy, deliver_due
from app.outbox.enqueue import enqueue_province_push, enqueue_sms
from app.outbox.parcel import Channel, DeliveryFailed, Parcel
from models.organization import Organization
from models.outbox import Outbox
from models.project import Project
from models.types import blind_index
from models.user import User

MOBILE = "13800000000"


@pytest.fixture
def queue(session_factory, clock) -> Callable[..., int]:
    """Queue a text in a transaction of its own; gives the row's id."""

    def add(key: str = "sms:project:approve:1", expires_in: timedelta | None = None) -> int:
        with session_factory() as session:
            row = enqueue_sms(
                session,
                mobile=MOBILE,
                text=f"演示短信 {key}",
                event="project:approve",
                organization_id=None,
                dedup_key=key,
                now=clock.now(),
                expires_in=expires_in,
            )
            session.commit()
            return row.id

    return add


@pytest.fixture
def deliver(session_factory, sender, clock) -> Callable[..., dict[str, int]]:
    def one_pass(sending=sender, **options) -> dict[str, int]:
        return dict(deliver_due(session_factory, {Channel.SMS: sending}, clock, chance=lambda: 0.5, **options))

    return one_pass


@pytest.fixture
def project_id(session_factory, clock) -> int:
    """A bare project: delivery looks at nothing but its key."""
    organization = Organization(
        org_code="PDY00001-X",
        name="演示建设单位",
        unit_kind="enterprise",
        contact_name="演示联系人",
        contact_mobile=MOBILE,
        contact_mobile_index=blind_index(MOBILE),
        privacy_notice_version="1",
        privacy_consented_at=clock.now(),
        registered_at=clock.now(),
    )
    user = User(username="PDY00001-X", first_name="演示", last_name="", email="a@local.invalid")
    times = {"created_at": clock.now(), "updated_at": clock.now()}
    project = Project(name="演示项目", status="draft", organization=organization, created_by=user, **times)
    with session_factory() as session:
        session.add(project)
        session.commit()
        return project.id


def row(session_factory: Callable[[], Session], row_id: int) -> Outbox:
    with session_factory() as session:
        found = session.get(Outbox, row_id)
        session.expunge(found)
        return found


class Killed(BaseException):
    """The process dies here: nothing of it may run on."""


def test_queued_message_is_delivered_with_its_reference(queue, deliver, gateway, session_factory, clock):
    row_id = queue()

    assert deliver() == {"delivered": 1}

    sent = row(session_factory, row_id)
    (message,) = gateway.messages()
    assert (sent.status, sent.attempts, sent.reference) == ("delivered", 1, message["id"])
    assert (sent.delivered_at, sent.lease_until, sent.last_error) == (clock.now(), None, None)


def test_delivered_message_is_left_alone(queue, deliver, gateway, clock):
    queue()
    deliver()
    clock.advance(timedelta(days=1))

    assert deliver() == {}
    assert [message["times"] for message in gateway.messages()] == [1]


def test_decision_that_rolls_back_sends_nothing(session_factory, deliver, clock, gateway):
    with session_factory() as session:
        enqueue_sms(
            session,
            mobile=MOBILE,
            text="演示",
            event="x",
            organization_id=None,
            dedup_key="k",
            now=clock.now(),
            expires_in=None,
        )
        session.flush()
        session.rollback()

    assert deliver() == {}
    assert gateway.messages() == []


def test_key_queued_twice_is_one_row(queue, session_factory):
    assert queue("same") == queue("same")


def test_key_queued_twice_in_one_transaction_is_one_row(session_factory, clock):
    values = {"mobile": MOBILE, "text": "演示", "event": "x", "organization_id": None, "dedup_key": "k"}
    with session_factory() as session:
        first = enqueue_sms(session, **values, now=clock.now(), expires_in=None)
        second = enqueue_sms(session, **values, now=clock.now(), expires_in=None)
        session.commit()

        assert first is second


def test_refused_message_is_not_tried_again(queue, deliver, gateway, session_factory, clock):
    gateway.mode = Mode.REFUSE
    row_id = queue()

    assert deliver() == {"failed": 1}
    clock.advance(timedelta(days=1))
    assert deliver() == {}

    refused = row(session_factory, row_id)
    assert (refused.status, refused.attempts) == ("failed", 1)
    assert refused.last_error == "短信网关拒绝发送（400）：号码在免打扰名单中"


def test_pauses_double_up_to_the_cap():
    policy = Policy()

    pauses = [policy.pause(attempts, None, 0.5).total_seconds() for attempts in range(1, 13)]

    assert pauses[:5] == [2, 4, 8, 16, 32]
    assert pauses[-3:] == [600, 600, 600]


def test_pause_is_spread_and_heeds_the_gateway_within_the_cap():
    policy = Policy()

    assert policy.pause(1, None, 0.0) == timedelta(seconds=1.6)
    assert policy.pause(1, None, 1.0) == timedelta(seconds=2.4)
    assert policy.pause(1, timedelta(seconds=90), 0.5) == timedelta(seconds=90)
    assert policy.pause(1, timedelta(days=1), 0.5) == timedelta(minutes=10)
    assert policy.pause(100_000, None, 0.5) == timedelta(minutes=10)


def test_busy_gateway_is_asked_again_when_it_said(queue, deliver, gateway, session_factory, clock):
    gateway.mode = Mode.FAIL
    row_id = queue()

    assert deliver() == {"queued": 1}

    waiting = row(session_factory, row_id)
    assert waiting.status == "queued"
    assert waiting.next_attempt_at == clock.now() + timedelta(seconds=5)
    assert deliver() == {}


def test_attempts_are_limited(queue, deliver, gateway, session_factory, clock):
    gateway.mode = Mode.FAIL
    row_id = queue()
    for _ in range(5):
        deliver(policy=Policy(attempts=3))
        clock.advance(timedelta(minutes=11))

    given_up = row(session_factory, row_id)
    assert (given_up.status, given_up.attempts) == ("failed", 3)


def test_gateway_down_for_hours_costs_each_message_one_delivery(queue, deliver, gateway, clock):
    gateway.mode = Mode.FAIL
    keys = [f"sms:project:approve:{number}" for number in range(12)]
    for key in keys:
        queue(key)
    ends_at = clock.now() + timedelta(hours=3)
    while clock.now() < ends_at:
        deliver()
        clock.advance(timedelta(minutes=1))

    gateway.mode = Mode.OK
    for _ in range(15):
        deliver()
        clock.advance(timedelta(minutes=1))

    assert sorted((message["key"], message["times"]) for message in gateway.messages()) == sorted(
        (key, 1) for key in keys
    )


def test_gateway_that_is_down_is_left_alone_after_a_few_failures(queue, deliver, gateway):
    gateway.mode = Mode.FAIL
    for number in range(10):
        queue(f"k{number}")

    assert deliver() == {"queued": Policy().patience}


def test_message_past_its_time_is_logged_and_not_sent(queue, deliver, gateway, session_factory, clock, caplog):
    row_id = queue(expires_in=timedelta(hours=1))
    clock.advance(timedelta(hours=1))

    assert deliver() == {"expired": 1}

    assert gateway.messages() == []
    assert row(session_factory, row_id).status == "expired"
    assert f"outbox {row_id}: expired, not sent" in caplog.text


def test_message_that_expires_while_it_waits_for_the_gateway_is_not_sent(queue, deliver, gateway, clock):
    gateway.mode = Mode.FAIL
    queue(expires_in=timedelta(hours=1))
    while deliver().get("expired") is None:
        clock.advance(timedelta(minutes=7))

    gateway.mode = Mode.OK
    deliver()

    assert gateway.messages() == []


def test_message_without_a_target_expires_too(queue, session_factory, clock):
    row_id = queue(expires_in=timedelta(hours=1))
    clock.advance(timedelta(hours=2))

    deliver_due(session_factory, {}, clock)

    assert row(session_factory, row_id).status == "expired"


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


def test_two_workers_never_hold_the_same_message(queue, sender, gateway, session_factory, clock):
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
