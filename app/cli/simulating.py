"""What simulated peers share: a server on this machine alone, JSON in and out, a mode that is set from outside."""

import json
import signal
import sys
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import click

LONGEST_SLEEP = 60  # seconds


class Simulator(ThreadingHTTPServer):
    """Listens on loopback; `handler` says what it answers."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        if host != "localhost" and not ip_address(host).is_loopback:
            raise ValueError("the simulator only listens on this machine")
        super().__init__((host, port), handler)
        self.seconds = 3.0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is nothing to print; anything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answering(BaseHTTPRequestHandler):
    """Reads bounded bodies and answers with JSON or bytes."""

    timeout = 30
    largest_body = 64 * 1024

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Silent: an access log would be one more place for what people write."""

    def octets(self) -> bytes | None:
        """The body, or None when it has no length or is too long."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > self.largest_body:
            return None
        return self.rfile.read(int(length))

    def json_body(self) -> dict[str, Any] | None:
        """The body as a JSON object, or None."""
        try:
            value = json.loads(self.octets() or b"")
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    def seconds_of(self, value: Mapping[str, Any], otherwise: float) -> float | None:
        """How long to be slow; None when that is no sensible time."""
        seconds = value.get("seconds", otherwise)
        is_sensible = isinstance(seconds, int | float) and 0 <= seconds <= LONGEST_SLEEP
        return float(seconds) if is_sensible else None

    def refuse(self, words: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        self.answer(status, {"accepted": False, "message": words})

    def answer(self, status: HTTPStatus, value: object, headers: Mapping[str, str] | None = None) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.answer_octets(status, body, "application/json; charset=utf-8", headers)

    def answer_octets(
        self, status: HTTPStatus, body: bytes, media_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, content in {"Content-Type": media_type, **(headers or {})}.items():
            self.send_header(name, content)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def run_simulator(settings: Any, name: str, word: str, start: Callable[[str, int], Simulator]) -> None:
    """Serve at the address of the setting until told to stop; never in production."""
    address = urlsplit(getattr(settings, name))
    if settings.is_production or not address.hostname or not address.port:
        raise click.ClickException(f"{word}只在 demo、dev 下运行，并需要带端口的 YHT_{name.upper()}。")
    try:
        server = start(address.hostname, address.port)
    except (ValueError, OSError) as error:
        raise click.ClickException(f"{word}无法启动：{error}") from error
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    with server:
        click.echo(f"{word}：{server.url}")
        server.serve_forever()
