"""From the submit to the city's register and back: what was filed is there, and what is lost there is missed."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker
from zeep import Client

from app.cli.municipal_simulator import MunicipalSimulator
from app.domain.clock import FixedClock
from app.outbox.deliver import deliver_due
from app.outbox.http import HttpChannel
from app.outbox.parcel import Channel
from app.outbox.province import Account
from app.outbox.register import Register
from app.outbox.soap import MUNICIPAL_WSDL, SoapPeer
from app.services.reconcile import reconcile
from models.project import Project
from tests import builders
from tests.builders import NOW, Case, a_case
from tests.outbox.test_municipal import a_sender
from tests.services.unit_entries import a_submitted_filing
from tests.simulators import serving


@pytest.fixture
def city() -> Iterator[MunicipalSimulator]:
    with serving(MunicipalSimulator("127.0.0.1", 0, FixedClock(NOW))) as simulator:
        yield simulator


@pytest.fixture
def case(session: Session) -> Case:
    return a_case(session)


@pytest.fixture
def filed(session: Session, case: Case, city: MunicipalSimulator) -> Project:
    """A project whose unit works have arrived."""
    project = builders.approved_project(session, case, name="演示㙟•单体项目")
    a_submitted_filing(session, case, project)
    senders = {Channel.MUNICIPAL_PUSH: a_sender(city.url, deadline=10)}
    session.rollback()
    tally = deliver_due(sessionmaker(session.get_bind()), senders, FixedClock(NOW))
    assert dict(tally) == {"delivered": 1}
    return project


def test_what_was_filed_is_there_as_it_was_typed(filed: Project, city: MunicipalSimulator) -> None:
    rows = city.register.rows()

    assert list(rows) == [filed.number, f"{filed.number}-001", f"{filed.number}-002"]
    assert rows[filed.number][1]["PrjName"] == "演示㙟•单体项目"
    assert [rows[f"{filed.number}-00{n}"][1]["fxmc"] for n in (1, 2)] == ["演示 1 号楼", "演示 2 号楼"]


def test_a_client_written_from_the_description_alone_reads_it_back(filed: Project, city: MunicipalSimulator) -> None:
    client = Client(f"{city.url}/?wsdl")

    told = client.service.getRecord("1", "2026-11-01", "2026-11-30", "TBProjectInfo", "演示", "not a real password")

    assert f"<PrjNum>{filed.number}</PrjNum><UpdateFlag>U</UpdateFlag>" in told


def test_what_is_lost_there_is_missed_in_the_night(session: Session, filed: Project, city: MunicipalSimulator) -> None:
    register = Register(SoapPeer(HttpChannel([city.url], loopback=True), city.url + "/", MUNICIPAL_WSDL), Account())
    number = filed.number
    same = reconcile(session, "municipal", register, now=NOW)
    assert (same.ours, same.theirs, same.missing, same.unknown, same.failed) == (1, 1, [], [], None)

    city.register.forget(number)

    assert reconcile(session, "municipal", register, now=NOW).missing == [number]
