"""Delivery: once per message, never lost, with pauses that grow while the gateway is down."""

from datetime import timedelta

from sqlalchemy import update

from app.cli.sms_simulator import Mode
from app.outbox.deliver import Policy, deliver_due
from app.outbox.enqueue import enqueue_sms
from models.outbox import Outbox
from tests.outbox.reading import MOBILE, row


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


def test_an_outage_is_waited_out_however_often_it_was_tried(queue, deliver, gateway, session_factory, clock):
    gateway.mode = Mode.FAIL
    row_id = queue()
    with session_factory() as session:
        session.execute(update(Outbox).values(attempts=100_000))
        session.commit()

    assert deliver() == {"queued": 1}
    gateway.mode = Mode.OK
    clock.advance(timedelta(minutes=12))

    assert deliver() == {"delivered": 1}
    assert row(session_factory, row_id).attempts == 100_002


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
