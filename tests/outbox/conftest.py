"""A simulated SMS gateway on a real socket, and a raw peer for answers no honest gateway gives."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.cli.sms_simulator import SmsGatewaySimulator
from app.domain.clock import FixedClock
from app.outbox.http import HttpChannel
from app.outbox.sms import SmsGateway

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def session_factory(engine: Engine) -> "sessionmaker[Session]":
    return sessionmaker(engine)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def gateway() -> Iterator[SmsGatewaySimulator]:
    server = SmsGatewaySimulator("127.0.0.1", 0, FixedClock(START))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


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
