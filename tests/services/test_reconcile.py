"""对账: what we say arrived, beside what the province says it has (T120)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.province_simulator import Mode, ProvinceSimulator
from app.domain.clock import FixedClock
from app.domain.terms import Role
from app.outbox.http import HttpChannel
from app.outbox.province import Account
from app.outbox.register import Register
from app.outbox.soap import SoapPeer
from app.services.reconcile import is_due, latest, missing_in_reach, reconcile
from models.audit import AuditEvent
from models.project import Project
from models.reconciliation import Reconciliation
from tests import builders
from tests.builders import NOW
from tests.databases import on_sqlite
from tests.outbox.provinces import a_province, a_sender, parcel
from tests.services.to_the_province import deliver
from tests.services.two_people import ask_void, confirm

STRANGER = "3202812611230199"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def province(clock: FixedClock) -> Iterator[ProvinceSimulator]:
    with a_province(clock) as simulator:
        yield simulator


@pytest.fixture
def register(province: ProvinceSimulator) -> Register:
    return Register(SoapPeer(HttpChannel([province.url], loopback=True), province.url + "/"), Account())


@pytest.fixture
def sent(session: Session, case: builders.Case, province: ProvinceSimulator) -> list[Project]:
    """Two numbered projects that arrived."""
    projects = [builders.approved_project(session, case) for _ in range(2)]
    assert deliver(session, province, NOW) == {"delivered": 2}
    return projects


@on_sqlite
def test_a_register_that_has_what_we_sent_differs_in_nothing(session, sent, register):
    row = reconcile(session, "province", register, now=NOW)

    assert (row.ours, row.theirs, row.missing, row.unknown, row.failed) == (2, 2, [], [], None)
    assert (row.since_on, row.until_on) == (date(2026, 11, 23), date(2026, 11, 23))


def test_what_they_lost_and_what_we_never_sent_are_both_named(session, sent, register, province):
    lost = sent[0].number
    province.register.forget(lost)
    a_sender(province.url)(parcel(number=STRANGER))

    row = reconcile(session, "province", register, now=NOW)

    assert (row.missing, row.unknown) == ([lost], [STRANGER])
    assert (row.ours, row.theirs) == (2, 2)
    assert [project.number for project in missing_in_reach(session, builders.staff(session, Role.MANAGER), row)] == [
        lost
    ]
    elsewhere = builders.staff(session, Role.MANAGER, bureau="320213")
    assert missing_in_reach(session, elsewhere, row) == []


def test_a_void_number_is_missed_by_nobody_and_one_they_keep_is_named(session, sent, register, province, first, second):
    confirm(session, second, ask_void(session, first, sent[0]))
    assert deliver(session, province, NOW + timedelta(hours=3)) == {"delivered": 1}
    assert reconcile(session, "province", register, now=NOW + timedelta(hours=4)).missing == []

    a_sender(province.url)(parcel(9, number=sent[0].number))

    row = reconcile(session, "province", register, now=NOW + timedelta(hours=5))
    assert (row.missing, row.unknown) == ([], [sent[0].number])


def test_a_record_they_changed_in_a_later_month_is_not_missing(session, sent, register, province, clock):
    later = NOW + timedelta(days=40)
    clock.instant = later
    a_sender(province.url)(parcel(5, number=sent[0].number))

    row = reconcile(session, "province", register, now=later)

    assert (row.missing, row.unknown, row.ours) == ([], [], 2)


@on_sqlite
def test_a_register_that_does_not_answer_accuses_nobody(session, sent, register, province):
    province.mode = Mode.FAIL

    row = reconcile(session, "province", register, now=NOW)

    assert (row.ours, row.missing, row.unknown) == (0, [], [])
    assert row.failed == "对方系统出错（503），稍后自动重试。"


@on_sqlite
def test_before_anything_arrived_there_is_nothing_to_compare(session, register):
    assert reconcile(session, "province", register, now=NOW) is None
    assert session.scalars(select(Reconciliation)).all() == []


@on_sqlite
def test_every_comparison_leaves_its_trail(session, sent, register):
    reconcile(session, "province", register, now=NOW)

    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "push:reconcile"))
    assert event.after == {"system": "province", "missing": 0, "unknown": 0, "failed": None}


@on_sqlite
@pytest.mark.parametrize(
    ("hour", "is_time"), [(18, False), (19, True), (23, True)], ids=["two-at-night", "three", "seven"]
)
def test_it_runs_once_a_night(session, sent, register, hour, is_time):
    instant = datetime(2026, 11, 23, hour, 30, tzinfo=UTC)
    assert is_due(session, "province", now=instant) is is_time

    reconcile(session, "province", register, now=instant)

    assert not is_due(session, "province", now=instant + timedelta(hours=1))
    assert is_due(session, "province", now=instant + timedelta(hours=24, minutes=30))
    assert latest(session, "province").at == instant


def test_a_midnight_between_two_hosts_ends_no_comparison_before_it_begins(session, sent, register):
    before = NOW - timedelta(days=1)  # by the clock of the host that compares

    row = reconcile(session, "province", register, now=before)

    assert row.until_on == row.since_on == date(2026, 11, 23)
