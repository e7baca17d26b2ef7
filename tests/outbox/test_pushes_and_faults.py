"""Every approved version ends exactly once at the province, in order, whatever dies on the way; the ledger says so."""

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.province_simulator import Mode, ProvinceSimulator
from app.outbox.deliver import Policy, deliver_due
from app.outbox.enqueue import enqueue_province_push
from app.outbox.parcel import Channel, Parcel
from models.outbox import Outbox
from models.push_attempt import PushAttempt
from tests.outbox.provinces import NUMBER, a_province, a_sender, picture
from tests.outbox.reading import Killed

pytestmark = pytest.mark.fault

HOUR = timedelta(hours=1)


@pytest.fixture
def province(clock) -> Iterator[ProvinceSimulator]:
    with a_province(clock) as simulator:
        yield simulator


@pytest.fixture
def push(session_factory, project_id, clock) -> Callable[..., int]:
    """Queue one version as an approval does."""

    def add(version: int = 1, op: str = "save", **changes: object) -> int:
        with session_factory() as session:
            row = enqueue_province_push(
                session, project_id=project_id, version=version, number=NUMBER, payload=picture(**changes),
                inner_number="7", registered_on="2026-03-02", op=op, now=clock.now(),
            )  # fmt: skip
            session.commit()
            return row.id

    return add


@pytest.fixture
def deliver(session_factory, province, clock) -> Callable[..., dict[str, int]]:
    sender = a_sender(province.url, deadline=1.0)

    def one_pass(sending=sender, sessions=session_factory) -> dict[str, int]:
        return dict(deliver_due(sessions, {Channel.PROVINCE_PUSH: sending}, clock, chance=lambda: 0.5))

    one_pass.sender = sender
    return one_pass


def states(session_factory) -> list[str]:
    with session_factory() as session:
        return list(session.scalars(select(Outbox.status).order_by(Outbox.id)))


def outcomes(session_factory) -> list[str | None]:
    with session_factory() as session:
        return list(session.scalars(select(PushAttempt.outcome).order_by(PushAttempt.id)))


def arrived(province: ProvinceSimulator) -> list[str]:
    """Versions in the order of their first arrival."""
    return [delivery["key"].rpartition(":")[2] for delivery in reversed(province.register.deliveries())]


def until_quiet(deliver, clock, hours: int = 24) -> None:
    """Let time pass as the worker's loop does, until nothing is left to do."""
    for _ in range(hours * 6):
        clock.advance(timedelta(minutes=10))
        if not deliver():
            return


@pytest.mark.parametrize("mode", [Mode.FAIL, Mode.SLOW, Mode.DROP, Mode.GARBAGE, Mode.TWICE])
def test_a_province_that_misbehaves_gets_every_version_once_and_in_order(
    push, deliver, province, clock, session_factory, mode
):
    for version in (1, 2, 3):
        push(version, name=f"第 {version} 版")
    province.mode, province.seconds = mode, 1.3
    for _ in range(2):
        deliver()
        clock.advance(timedelta(minutes=1))
    province.mode = Mode.OK

    until_quiet(deliver, clock)

    assert arrived(province) == ["v1", "v2", "v3"]
    assert province.register.deliveries()[0]["row"]["PrjName"] == "第 3 版"
    assert states(session_factory) == ["delivered"] * 3
    assert Counter(outcomes(session_factory))["acknowledged"] == 3


def test_a_province_down_for_hours_gets_everything_afterwards(push, deliver, province, clock, session_factory):
    province.mode = Mode.FAIL
    push(1)
    for tenth in range(6 * 6):
        if tenth == 12:
            push(2, name="停机时更正")
        deliver()
        clock.advance(timedelta(minutes=10))
    assert "delivered" not in states(session_factory)
    tried = len(outcomes(session_factory))
    assert 30 < tried < 80, "with pauses, and never giving up"
    province.mode = Mode.OK

    until_quiet(deliver, clock)

    assert arrived(province) == ["v1", "v2"]
    assert states(session_factory) == ["delivered", "delivered"]


def test_a_refusal_is_tried_once_and_the_next_version_takes_its_place(push, deliver, province, clock, session_factory):
    province.mode, province.code, province.words = Mode.REFUSE, "003", "建设单位代码有误"
    refused = push(1)
    deliver()
    until_quiet(deliver, clock)
    with session_factory() as session:
        row = session.get(Outbox, refused)
        assert (row.status, row.attempts) == ("failed", 1)
        assert row.last_error == "对方系统没有接收（003）：建设单位代码有误"
    assert outcomes(session_factory) == ["refused"]
    province.mode = Mode.OK

    push(2, name="更正后")
    until_quiet(deliver, clock)

    assert states(session_factory) == ["superseded", "delivered"]
    assert arrived(province) == ["v2"]


def test_a_wrong_account_refuses_no_record(push, deliver, province, clock, session_factory):
    province.mode, province.code = Mode.REFUSE, "001"
    push(1)
    for _ in range(10):
        deliver()
        clock.advance(HOUR)
    assert states(session_factory) == ["queued"]
    province.mode = Mode.OK

    until_quiet(deliver, clock)

    assert states(session_factory) == ["delivered"]


def test_a_void_number_is_deleted_after_what_came_before(push, deliver, province, clock, session_factory):
    push(1)
    push(2, "delete")

    until_quiet(deliver, clock)

    assert arrived(province) == ["v1", "v2"]
    ((number, flag, _at),) = province.register.changed_between("2026-01-01", "2026-12-31")
    assert (number, flag) == (NUMBER, "D")


class DyingSessions:
    """Opens sessions until the process dies at the one named."""

    def __init__(self, session_factory: Callable[[], Session], dies_at: int) -> None:
        self.opened = 0
        self._factory = session_factory
        self._dies_at = dies_at

    def __call__(self) -> Session:
        self.opened += 1
        if self.opened == self._dies_at:
            raise Killed
        return self._factory()


@pytest.mark.parametrize("step", range(1, 7))
def test_a_worker_killed_before_any_of_its_transactions_is_one_delivery(
    push, deliver, province, clock, session_factory, step
):
    push(1)
    push(2, name="更正")
    with contextlib.suppress(Killed):
        deliver(sessions=DyingSessions(session_factory, step))
    clock.advance(Policy().lease)

    until_quiet(deliver, clock)

    assert arrived(province) == ["v1", "v2"]
    assert states(session_factory) == ["delivered", "delivered"]
    assert set(outcomes(session_factory)) <= {"acknowledged", "lost"}
    assert Counter(outcomes(session_factory))["acknowledged"] == 2


@pytest.mark.parametrize("is_sent", [False, True], ids=["before-sending", "after-sending"])
def test_a_worker_killed_around_the_sending_is_one_delivery(push, deliver, province, clock, session_factory, is_sent):
    def killed(parcel: Parcel) -> str:
        if is_sent:
            deliver.sender(parcel)
        raise Killed

    push(1)
    with pytest.raises(Killed):
        deliver(killed)
    assert outcomes(session_factory) == [None], "the ledger shows an attempt under way"
    clock.advance(Policy().lease)

    until_quiet(deliver, clock)

    (delivery,) = province.register.deliveries()
    assert delivery["times"] == (2 if is_sent else 1)
    assert outcomes(session_factory) == ["lost", "acknowledged"]


def test_a_worker_that_slept_over_its_lease_does_not_send_an_old_version_over_a_new_one(
    push, deliver, province, clock, session_factory
):
    push(1)
    push(2, name="更正")
    opened = iter(range(1, 100))

    def sleepy() -> Session:
        if next(opened) == 4:  # the version is read and about to be sent
            clock.advance(Policy().lease)
            until_quiet(deliver, clock)
            assert arrived(province) == ["v1", "v2"]
        return session_factory()

    assert deliver(sessions=sleepy) == {}

    assert [delivery["times"] for delivery in province.register.deliveries()] == [1, 1]
    assert province.register.deliveries()[0]["row"]["PrjName"] == "更正"
    assert states(session_factory) == ["delivered", "delivered"]


def test_two_workers_send_every_version_once(session_factory, project_id, clock, province):
    numbers = [f"32028126030201{sequence:02}" for sequence in range(1, 13)]
    with session_factory() as session:
        for number in numbers:
            enqueue_province_push(
                session, project_id=project_id, version=1, number=number, payload=picture(), inner_number="7",
                registered_on="2026-03-02", now=clock.now(),
            )  # fmt: skip
        session.commit()
    # A patient sender: what is asked here is who sends, not how fast a busy machine answers.
    sender = a_sender(province.url, deadline=60)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        ends_at = time.monotonic() + 60
        while set(states(session_factory)) != {"delivered"} and time.monotonic() < ends_at:
            deliver_due(session_factory, {Channel.PROVINCE_PUSH: sender}, clock)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert {delivery["number"]: delivery["times"] for delivery in province.register.deliveries()} == dict.fromkeys(
        numbers, 1
    )
    assert states(session_factory) == ["delivered"] * len(numbers)


def test_an_attempt_keeps_what_was_said_but_closed(push, deliver, province, session_factory):
    push(1)
    deliver()

    with session_factory() as session:
        (attempt,) = session.scalars(select(PushAttempt))
        assert (attempt.outcome, attempt.code, attempt.answered) == ("acknowledged", "OK", "OK")
        assert "<PrjName>演示中学迁建工程</PrjName>" in attempt.sent
        stored = session.connection().exec_driver_sql("SELECT sent FROM push_attempt").scalar_one()
    assert "演示中学" not in stored


def test_texts_keep_no_attempts(queue, session_factory, sender, clock):
    queue()
    deliver_due(session_factory, {Channel.SMS: sender}, clock)

    assert outcomes(session_factory) == []
