"""A simulated SMS gateway on a real socket, and a raw peer for answers no honest gateway gives."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.cli.sms_simulator import SmsGatewaySimulator
from app.domain.clock import FixedClock
from app.outbox.deliver import deliver_due
from app.outbox.enqueue import enqueue_sms
from app.outbox.http import HttpChannel
from app.outbox.parcel import Channel
from app.outbox.sms import SmsGateway
from models.organization import Organization
from models.project import Project
from models.types import blind_index
from models.user import User
from tests.outbox.reading import MOBILE
from tests.simulators import serving

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def session_factory(engine: Engine) -> "sessionmaker[Session]":
    return sessionmaker(engine)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def gateway() -> Iterator[SmsGatewaySimulator]:
    with serving(SmsGatewaySimulator("127.0.0.1", 0, FixedClock(START))) as server:
        yield server


@pytest.fixture
def sender(gateway: SmsGatewaySimulator) -> SmsGateway:
    return SmsGateway(HttpChannel([gateway.url], loopback=True, deadline=2), gateway.url)


@pytest.fixture
def peer() -> Callable[[Callable[[socket.socket], None]], object]:
    """A context manager: a peer that does to each connection what it is told, and counts the connections."""
    return raw_peer


class RawPeer:
    def __init__(self, talk: Callable[[socket.socket], None]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._talk = talk
        self.connections = 0
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                try:
                    connection.recv(65536)
                    self._talk(connection)
                except OSError:
                    continue

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)


@contextmanager
def raw_peer(talk: Callable[[socket.socket], None]) -> Iterator[RawPeer]:
    server = RawPeer(talk)
    try:
        yield server
    finally:
        server.close()


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
