"""Project and unit works end exactly once at the municipal flow, project first, whatever dies on the way."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.municipal_simulator import MunicipalSimulator
from app.cli.province_simulator import Mode
from app.outbox.deliver import Policy, deliver_due
from app.outbox.enqueue import enqueue_municipal_push
from app.outbox.http import HttpChannel
from app.outbox.municipal import MunicipalPush
from app.outbox.parcel import Channel, Parcel
from app.outbox.province import Account
from app.outbox.soap import MUNICIPAL_WSDL, SoapPeer
from app.outbox.wire import Wire
from models.outbox import Outbox
from models.push_attempt import PushAttempt
from tests.outbox.provinces import NUMBER, picture
from tests.outbox.reading import Killed
from tests.simulators import serving

pytestmark = pytest.mark.fault

UNIT = {
    "name": "演示 1 号楼",
    "category_code": "01",
    "use_code": "101",
    "structure_code": "016",
    "floor_area_m2": "2000.00",
}
ROAD = {"name": "演示一标段", "category_code": "02", "use_code": "019", "length_m": "1200.00"}
ONE, TWO = f"{NUMBER}-001", f"{NUMBER}-002"


@pytest.fixture
def city(clock) -> Iterator[MunicipalSimulator]:
    with serving(MunicipalSimulator("127.0.0.1", 0, clock)) as simulator:
        yield simulator


def a_sender(url: str, *, deadline: float = 1.0) -> MunicipalPush:
    peer = SoapPeer(HttpChannel([url], loopback=True, deadline=deadline), url + "/", MUNICIPAL_WSDL)
    return MunicipalPush(peer, Account("演示", "not a real password"), wire=Wire(), regions=lambda _system: {})


@pytest.fixture
def push(session_factory, project_id, clock) -> Callable[..., int]:
    """Queue one version as a submit does."""

    def add(version: str = "1.1", units=None, removed=None, op: str = "save") -> int:
        with session_factory() as session:
            row = enqueue_municipal_push(
                session, project_id=project_id, version=version, number=NUMBER, project=picture(), op=op,
                units={ONE: UNIT, TWO: ROAD} if units is None else units, removed=removed or {},
                inner_number="7", registered_on="2026-03-02", now=clock.now(),
            )  # fmt: skip
            session.commit()
            return row.id

    return add


@pytest.fixture
def deliver(session_factory, city, clock) -> Callable[..., dict[str, int]]:
    sender = a_sender(city.url)

    def one_pass(sending=sender, sessions=session_factory) -> dict[str, int]:
        return dict(deliver_due(sessions, {Channel.MUNICIPAL_PUSH: sending}, clock, chance=lambda: 0.5))

    one_pass.sender = sender
    return one_pass


def until_quiet(deliver, clock) -> None:
    for _ in range(24 * 6):
        clock.advance(timedelta(minutes=10))
        if not deliver():
            return


def states(session_factory) -> list[str]:
    with session_factory() as session:
        return list(session.scalars(select(Outbox.status).order_by(Outbox.id)))


def flags(city: MunicipalSimulator) -> dict[str, str]:
    return {number: flag for number, (flag, _row) in city.register.rows().items()}


def test_the_project_comes_first_and_every_unit_work_after_it(push, deliver, city, session_factory):
    push()
    deliver()

    numbers = [delivery["number"] for delivery in reversed(city.register.deliveries())]
    assert numbers == [NUMBER, ONE, TWO]
    assert states(session_factory) == ["delivered"]
    rows = {number: row for number, (_flag, row) in city.register.rows().items()}
    assert (rows[ONE]["fxmc"], rows[ONE]["fxmj"], rows[ONE]["jglx"]) == ("演示 1 号楼", "2000.00", "099")
    assert (rows[TWO]["fxmj"], rows[TWO]["gcyt"]) == ("1200.00", "099"), "a road's length, and the heading of 2014"


@pytest.mark.parametrize("mode", [Mode.FAIL, Mode.SLOW, Mode.DROP, Mode.GARBAGE, Mode.TWICE])
def test_a_flow_that_misbehaves_gets_every_row_once_and_in_order(push, deliver, city, clock, session_factory, mode):
    push("1.1")
    push("2.1", units={ONE: {**UNIT, "name": "更正的名称"}}, removed={TWO: ROAD})
    city.mode, city.seconds = mode, 1.3
    for _ in range(3):
        deliver()
        clock.advance(timedelta(minutes=1))
    city.mode = Mode.OK

    until_quiet(deliver, clock)

    assert states(session_factory) == ["delivered", "delivered"]
    assert flags(city) == {NUMBER: "U", ONE: "U", TWO: "D"}
    assert city.register.rows()[ONE][1]["fxmc"] == "更正的名称"


def test_a_flow_down_for_hours_gets_everything_afterwards(push, deliver, city, clock, session_factory):
    push()
    city.mode = Mode.FAIL
    for _ in range(6 * 6):
        deliver()
        clock.advance(timedelta(minutes=10))
    assert states(session_factory) == ["queued"]
    city.mode = Mode.OK

    until_quiet(deliver, clock)

    assert states(session_factory) == ["delivered"]
    assert flags(city) == {NUMBER: "U", ONE: "U", TWO: "U"}


def test_a_row_that_is_refused_stops_its_version_and_the_next_takes_its_place(
    push, deliver, city, clock, session_factory
):
    city.mode, city.code, city.words = Mode.REFUSE, "003", "单体资料有误"
    push("1.1")
    deliver()
    with session_factory() as session:
        row = session.scalars(select(Outbox)).one()
        assert (row.status, row.attempts, row.last_error) == ("failed", 1, "对方系统没有接收（003）：单体资料有误")
    city.mode = Mode.OK

    push("2.1")
    until_quiet(deliver, clock)

    assert states(session_factory) == ["superseded", "delivered"]


def test_a_void_number_is_taken_back_unit_works_first(push, deliver, city, clock, session_factory):
    push("1.1")
    push("2", units={}, removed={ONE: UNIT, TWO: ROAD}, op="delete")

    until_quiet(deliver, clock)

    assert flags(city) == {NUMBER: "D", ONE: "D", TWO: "D"}
    order = [(one["number"], one["flag"]) for one in reversed(city.register.deliveries())][-3:]
    assert order == [(ONE, "D"), (TWO, "D"), (NUMBER, "D")]
    assert states(session_factory) == ["delivered", "delivered"]


class DyingSessions:
    """Opens sessions until the process dies at the one named."""

    def __init__(self, session_factory: Callable[[], Session], dies_at: int) -> None:
        self.opened, self._factory, self._dies_at = 0, session_factory, dies_at

    def __call__(self) -> Session:
        self.opened += 1
        if self.opened == self._dies_at:
            raise Killed
        return self._factory()


@pytest.mark.parametrize("step", range(1, 7))
def test_a_worker_killed_before_any_of_its_transactions_is_one_delivery(
    push, deliver, city, clock, session_factory, step
):
    push("1.1")
    push("2.1")
    with contextlib.suppress(Killed):
        deliver(sessions=DyingSessions(session_factory, step))
    clock.advance(Policy().lease)

    until_quiet(deliver, clock)

    assert states(session_factory) == ["delivered", "delivered"]
    assert flags(city) == {NUMBER: "U", ONE: "U", TWO: "U"}
    with session_factory() as session:
        outcomes = Counter(session.scalars(select(PushAttempt.outcome)))
    assert outcomes["acknowledged"] == 2


@pytest.mark.parametrize("after", range(3), ids=["project", "first unit work", "second unit work"])
def test_a_worker_killed_between_rows_is_one_delivery(push, deliver, city, clock, session_factory, after):
    """The rows that arrived arrive again under their keys, and change nothing."""
    push()
    sent: list[str] = []

    def dying(parcel: Parcel) -> str:
        real = deliver.sender._send

        def send(*args: object) -> str:
            if len(sent) > after:
                raise Killed
            sent.append("row")
            return real(*args)

        sender = a_sender(city.url)
        sender._send = send
        if after == 2:
            sender(parcel)
            raise Killed
        return sender(parcel)

    with pytest.raises(Killed):
        deliver(dying)
    clock.advance(Policy().lease)

    until_quiet(deliver, clock)

    times = {delivery["number"]: delivery["times"] for delivery in city.register.deliveries()}
    arrived = [NUMBER, ONE, TWO][: after + 1]
    assert times == {number: 2 if number in arrived else 1 for number in (NUMBER, ONE, TWO)}
    assert states(session_factory) == ["delivered"]


def test_a_worker_that_slept_over_its_lease_between_rows_sends_no_further_one(
    push, deliver, city, clock, session_factory
):
    push("1.1")
    push("2.1", units={ONE: {**UNIT, "name": "更正的名称"}, TWO: ROAD})
    real, slept = deliver.sender._send, []

    def sleepy(*args: object) -> str:
        answer = real(*args)
        if not slept:
            slept.append(True)
            clock.advance(Policy().lease)
            until_quiet(awake, clock)
        return answer

    def awake() -> dict[str, int]:
        return dict(deliver_due(session_factory, {Channel.MUNICIPAL_PUSH: a_sender(city.url)}, clock))

    sender = a_sender(city.url)
    sender._send = sleepy
    deliver(sender)

    assert city.register.rows()[ONE][1]["fxmc"] == "更正的名称"
    assert states(session_factory) == ["delivered", "delivered"]


def test_a_unit_work_without_its_project_is_refused_by_the_flow(city):
    from app.cli.province_register import NotTaken

    with pytest.raises(NotTaken) as refusal:
        city.register.take(
            "k", "xm_gcdjb_dtxm",
            {"PrjNum": NUMBER, "fxbm": ONE, "fxnbbm": "001", "fxmc": "演示", "UpdateFlag": "U"},
        )  # fmt: skip

    assert refusal.value.code == "005"
