"""The one HTTP client: whom it may speak to, how long it waits, how much it believes."""

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.outbox.http import HttpChannel, Reply
from app.outbox.network import DeadlineBackend, may_reach
from app.outbox.parcel import DeliveryFailed

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def channel(url: str, **limits: float) -> HttpChannel:
    return HttpChannel([url], loopback=True, **{"deadline": 1.0, **limits})


def test_answer_of_a_configured_host_is_read(peer):
    with peer(lambda connection: connection.sendall(ANSWER)) as server:
        reply = channel(server.url).get(server.url + "/anything")

    assert (reply.status, reply.json()) == (200, {})


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1:{other}/", id="other-port"),
        pytest.param("http://localhost:{port}/", id="other-name-of-the-same-machine"),
        pytest.param("https://127.0.0.1:{port}/", id="other-scheme"),
        pytest.param("http://0x7f000001:{port}/", id="hexadecimal"),
        pytest.param("http://[::1]:{port}/", id="ipv6"),
        pytest.param("http://127.0.0.1:{port}@169.254.169.254/", id="user-part"),
        pytest.param("http://169.254.169.254/", id="metadata-service"),
        pytest.param("file:///etc/hostname", id="file"),
        pytest.param("http://127.0.0.1:{port}\r\n/", id="control-characters"),
    ],
)
def test_address_outside_the_settings_is_not_contacted(peer, url):
    with peer(lambda connection: connection.sendall(ANSWER)) as server:
        port = int(server.url.rsplit(":", 1)[1])

        with pytest.raises(DeliveryFailed) as refused:
            channel(server.url).get(url.format(port=port, other=port + 1))

        assert not refused.value.transient
        assert server.connections == 0


def test_loopback_is_refused_unless_the_profile_allows_it(peer):
    with peer(lambda connection: connection.sendall(ANSWER)) as server:
        url = server.url.replace("http:", "https:")

        with pytest.raises(DeliveryFailed):
            HttpChannel([url], deadline=1).get(url)

        assert server.connections == 0


def test_personal_data_never_leaves_the_machine_in_plain_text():
    with pytest.raises(DeliveryFailed) as refused:
        HttpChannel(["http://sms.example"], deadline=1).get("http://sms.example/")

    assert not refused.value.transient


def test_name_that_resolves_to_this_machine_is_not_contacted(peer, monkeypatch):
    with peer(lambda connection: connection.sendall(ANSWER)) as server:
        port = int(server.url.rsplit(":", 1)[1])
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)

        with pytest.raises(DeliveryFailed):
            HttpChannel(["https://sms.example"], deadline=1).get("https://sms.example/")

        assert server.connections == 0


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("203.0.113.9", True),
        ("10.20.30.40", True),
        ("127.0.0.1", False),
        ("127.9.9.9", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("169.254.169.254", False),
        ("::ffff:169.254.169.254", False),
        ("fe80::1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
    ],
)
def test_only_addresses_of_outside_services_are_reached(address, allowed):
    assert may_reach(address, loopback=False) is allowed


def test_redirect_is_an_answer_and_is_not_followed(peer):
    with peer(lambda c: c.sendall(ANSWER)) as inner:
        moved = f"HTTP/1.1 302 Found\r\nLocation: {inner.url}/\r\nContent-Length: 0\r\n\r\n".encode()
        with peer(lambda c: c.sendall(moved)) as outer:
            reply = channel(outer.url).get(outer.url)

        assert reply.status == 302
        assert inner.connections == 0


def drip(connection: socket.socket, start: bytes) -> None:
    connection.sendall(start)
    for _ in range(60):
        connection.sendall(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow: ", id="headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", id="body"),
    ],
)
def test_deadline_holds_for_the_whole_exchange(peer, start):
    with peer(lambda connection: drip(connection, start)) as server:
        began = time.monotonic()

        with pytest.raises(DeliveryFailed) as failed:
            channel(server.url, deadline=0.4).get(server.url)

        assert time.monotonic() - began < 1.5
        assert failed.value.transient


def test_silent_peer_is_given_up_at_the_deadline(peer):
    with peer(lambda _connection: time.sleep(1.5)) as server:
        began = time.monotonic()

        with pytest.raises(DeliveryFailed):
            channel(server.url, deadline=0.3).get(server.url)

        assert time.monotonic() - began < 1.2


def flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n")
    for _ in range(800):
        connection.sendall(b"x" * 65536)


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(flood, id="50-megabytes"),
        pytest.param(lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"), id="cut-short"),
        pytest.param(lambda c: c.sendall(b"nonsense\r\n\r\n"), id="not-http"),
        pytest.param(
            lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
            id="compressed-unasked",
        ),
        pytest.param(lambda c: None, id="hung-up"),
    ],
)
def test_unusable_answer_is_a_transient_failure(peer, talk):
    with peer(talk) as server, pytest.raises(DeliveryFailed) as failed:
        channel(server.url, deadline=5.0).get(server.url)

    assert failed.value.transient


def test_nobody_listening_is_a_transient_failure():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

    with pytest.raises(DeliveryFailed) as failed:
        channel(url).get(url)

    assert failed.value.transient


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<html>", id="page"),
        pytest.param(b"{", id="cut-short"),
        pytest.param(b"NaN", id="not-a-number"),
        pytest.param(b'{"a": Infinity}', id="infinity"),
        pytest.param(b"\xff\xfe", id="not-utf-8"),
        pytest.param(b"[" * 100_000, id="too-deep"),
    ],
)
def test_only_strict_json_is_believed(body):
    with pytest.raises(DeliveryFailed):
        Reply(200, body, {}).json()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"retry-after": "120"}, timedelta(seconds=120), id="seconds"),
        pytest.param({"retry-after": "99999999999999"}, timedelta(days=1), id="absurd"),
        pytest.param({"retry-after": "soon"}, None, id="word"),
        pytest.param({"retry-after": "-5"}, None, id="negative"),
        pytest.param(
            {"retry-after": "Mon, 02 Mar 2026 01:01:00 GMT", "date": "Mon, 02 Mar 2026 01:00:00 GMT"},
            timedelta(minutes=1),
            id="date-by-the-peers-clock",
        ),
    ],
)
def test_retry_after_is_understood(headers, expected):
    assert Reply(503, b"", headers).retry_after == expected


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.mark.parametrize(
    ("name", "is_trusted", "status"),
    [
        pytest.param("localhost", True, 200, id="trusted-authority-and-right-name"),
        pytest.param("localhost", False, None, id="self-signed"),
        pytest.param("other.example", True, None, id="wrong-name"),
    ],
)
def test_certificate_must_be_trusted_and_carry_the_name(tmp_path, monkeypatch, name, is_trusted, status):
    cert, key = certificate(tmp_path, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=answer_over_tls, args=(listener, context), daemon=True)
    thread.start()
    url = f"https://localhost:{listener.getsockname()[1]}"

    try:
        answered = channel(url, deadline=3.0).get(url).status
    except DeliveryFailed:
        answered = None
    finally:
        thread.join(timeout=5)
        listener.close()

    assert answered == status


def answer_over_tls(listener: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listener.accept()
    try:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(65536)
            secured.sendall(ANSWER)
    except OSError:
        connection.close()


def test_the_checked_network_is_really_below_httpx():
    transport = channel("http://127.0.0.1:1")._transport()

    assert isinstance(transport, httpx.HTTPTransport)
    assert isinstance(transport._pool._network_backend, DeadlineBackend)
