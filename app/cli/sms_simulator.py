"""A simulated SMS gateway for demo, training and tests: in memory, on this machine, told how to misbehave."""

import json
import signal
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext

from app.domain.clock import Clock, SystemClock

LARGEST_BODY = 64 * 1024
SHOWN = 200
KEPT = 5_000


class Mode(StrEnum):
    """How the gateway behaves."""

    OK = "ok"
    SLOW = "slow"  # answers after some seconds
    FAIL = "fail"  # 503 with Retry-After, keeps nothing
    REFUSE = "refuse"  # 400 with a reason, keeps nothing
    TWICE = "twice"  # keeps the message and answers two times
    DROP = "drop"  # keeps the message and hangs up without an answer


@dataclass
class Message:
    """One text as the gateway keeps it; `times` counts how often it was handed in."""

    id: str
    key: str
    mobile: str
    text: str
    received_at: str
    times: int = 1


class SmsGatewaySimulator(ThreadingHTTPServer):
    """POST /send, GET /messages, POST /mode. A key seen before is acknowledged again and kept once."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host: str, port: int, clock: Clock | None = None) -> None:
        if host != "localhost" and not ip_address(host).is_loopback:
            raise ValueError("the simulator only listens on this machine")
        super().__init__((host, port), _Handler)
        self.clock = clock or SystemClock()
        self.mode = Mode.OK
        self.seconds = 3.0
        self._lock = threading.Lock()
        self._messages: dict[str, Message] = {}
        self._handed_in = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def keep(self, key: str, mobile: str, text: str) -> Message | None:
        """Keep a message once per key; None when the key already stands for another message."""
        with self._lock:
            known = self._messages.get(key)
            if known is None:
                known = self._messages[key] = self._new(key, mobile, text)
            elif (known.mobile, known.text) == (mobile, text):
                known.times += 1
            else:
                return None
            return known

    def messages(self) -> list[dict[str, Any]]:
        """The newest first."""
        with self._lock:
            return [asdict(message) for message in list(self._messages.values())[: -SHOWN - 1 : -1]]

    def _new(self, key: str, mobile: str, text: str) -> Message:
        self._handed_in += 1
        if len(self._messages) >= KEPT:
            del self._messages[next(iter(self._messages))]
        return Message(f"sim-{self._handed_in:06d}", key, mobile, text, self.clock.now().isoformat())


class _Handler(BaseHTTPRequestHandler):
    server: SmsGatewaySimulator
    timeout = 30

    def do_GET(self) -> None:
        if self.path != "/messages":
            return self._answer(HTTPStatus.NOT_FOUND, {"message": "没有这个地址"})
        return self._answer(HTTPStatus.OK, self.server.messages())

    def do_POST(self) -> None:
        value = self._body()
        if value is None:
            return self._refuse("不是有效的 JSON")
        if self.path == "/mode":
            return self._set_mode(value)
        if self.path == "/send":
            return self._receive(value)
        return self._answer(HTTPStatus.NOT_FOUND, {"message": "没有这个地址"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Silent: an access log would be one more place for what people write."""

    def _set_mode(self, value: Mapping[str, Any]) -> None:
        seconds = value.get("seconds", self.server.seconds)
        is_known = value.get("mode") in set(Mode)
        if not is_known or not isinstance(seconds, int | float) or not 0 <= seconds <= 60:
            return self._refuse(f"mode: {', '.join(Mode)}; seconds: 0–60")
        self.server.mode, self.server.seconds = Mode(value["mode"]), float(seconds)
        return self._answer(HTTPStatus.OK, {"mode": self.server.mode, "seconds": self.server.seconds})

    def _receive(self, value: Mapping[str, Any]) -> None:
        mode = self.server.mode
        if mode is Mode.FAIL:
            later = {"Retry-After": "5"}
            return self._answer(HTTPStatus.SERVICE_UNAVAILABLE, {"message": "网关维护中"}, later)
        if mode is Mode.REFUSE:
            return self._refuse("号码在免打扰名单中")
        words = [value.get(name) for name in ("key", "mobile", "text")]
        key, mobile, text = (word if isinstance(word, str) else "" for word in words)
        if not (key and mobile and text):
            return self._refuse("缺少 key、mobile 或 text")
        return self._acknowledge(mode, self.server.keep(key, mobile, text))

    def _acknowledge(self, mode: Mode, message: Message | None) -> None:
        if message is None:
            return self._refuse("同一 key 的内容不同", HTTPStatus.CONFLICT)
        if mode is Mode.SLOW:
            time.sleep(self.server.seconds)
        if mode is not Mode.DROP:
            self._answer(HTTPStatus.OK, {"id": message.id, "accepted": True})
        if mode is Mode.TWICE:
            self._answer(HTTPStatus.OK, {"id": message.id, "accepted": True})
        self.close_connection = True
        return None

    def _body(self) -> dict[str, Any] | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return None
        try:
            value = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    def _refuse(self, words: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        self._answer(status, {"accepted": False, "message": words})

    def _answer(self, status: HTTPStatus, value: object, headers: Mapping[str, str] | None = None) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        for name, content in {"Content-Type": "application/json; charset=utf-8", **(headers or {})}.items():
            self.send_header(name, content)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@click.command("sms-simulator")
@with_appcontext
def sms_simulator() -> None:
    """Run the simulated SMS gateway at YHT_SMS_URL, in the demo and dev profiles."""
    settings = current_app.extensions["yht"].settings
    address = urlsplit(settings.sms_url)
    if settings.is_production or not address.hostname or not address.port:
        raise click.ClickException("短信网关模拟器只在 demo、dev 下运行，并需要带端口的 YHT_SMS_URL。")
    try:
        server = SmsGatewaySimulator(address.hostname, address.port)
    except (ValueError, OSError) as error:
        raise click.ClickException(f"短信网关模拟器无法启动：{error}") from error
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    with server:
        click.echo(f"短信网关模拟器：{server.url}")
        server.serve_forever()
