"""A simulated SMS gateway for demo, training and tests: in memory, on this machine, told how to misbehave."""

import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.simulating import Answering, Simulator, run_simulator
from app.domain.clock import Clock, SystemClock

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


class SmsGatewaySimulator(Simulator):
    """POST /send, GET /messages, POST /mode. A key seen before is acknowledged again and kept once."""

    def __init__(self, host: str, port: int, clock: Clock | None = None) -> None:
        super().__init__(host, port, _Handler)
        self.clock = clock or SystemClock()
        self.mode = Mode.OK
        self._lock = threading.Lock()
        self._messages: dict[str, Message] = {}
        self._handed_in = 0

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


class _Handler(Answering):
    server: SmsGatewaySimulator

    def do_GET(self) -> None:
        if self.path != "/messages":
            return self.answer(HTTPStatus.NOT_FOUND, {"message": "没有这个地址"})
        return self.answer(HTTPStatus.OK, self.server.messages())

    def do_POST(self) -> None:
        value = self.json_body()
        if value is None:
            return self.refuse("不是有效的 JSON")
        if self.path == "/mode":
            return self._set_mode(value)
        if self.path == "/send":
            return self._receive(value)
        return self.answer(HTTPStatus.NOT_FOUND, {"message": "没有这个地址"})

    def _set_mode(self, value: Mapping[str, Any]) -> None:
        seconds = self.seconds_of(value, self.server.seconds)
        if value.get("mode") not in set(Mode) or seconds is None:
            return self.refuse(f"mode: {', '.join(Mode)}; seconds: 0–60")
        self.server.mode, self.server.seconds = Mode(value["mode"]), seconds
        return self.answer(HTTPStatus.OK, {"mode": self.server.mode, "seconds": self.server.seconds})

    def _receive(self, value: Mapping[str, Any]) -> None:
        mode = self.server.mode
        if mode is Mode.FAIL:
            later = {"Retry-After": "5"}
            return self.answer(HTTPStatus.SERVICE_UNAVAILABLE, {"message": "网关维护中"}, later)
        if mode is Mode.REFUSE:
            return self.refuse("号码在免打扰名单中")
        words = [value.get(name) for name in ("key", "mobile", "text")]
        key, mobile, text = (word if isinstance(word, str) else "" for word in words)
        if not (key and mobile and text):
            return self.refuse("缺少 key、mobile 或 text")
        return self._acknowledge(mode, self.server.keep(key, mobile, text))

    def _acknowledge(self, mode: Mode, message: Message | None) -> None:
        if message is None:
            return self.refuse("同一 key 的内容不同", HTTPStatus.CONFLICT)
        if mode is Mode.SLOW:
            time.sleep(self.server.seconds)
        if mode is not Mode.DROP:
            self.answer(HTTPStatus.OK, {"id": message.id, "accepted": True})
        if mode is Mode.TWICE:
            self.answer(HTTPStatus.OK, {"id": message.id, "accepted": True})
        self.close_connection = True
        return None


@click.command("sms-simulator")
@with_appcontext
def sms_simulator() -> None:
    """Run the simulated SMS gateway at YHT_SMS_URL, in the demo and dev profiles."""
    run_simulator(current_app.extensions["yht"].settings, "sms_url", "短信网关模拟器", SmsGatewaySimulator)
