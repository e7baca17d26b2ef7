"""A simulated province for demo, training and tests: SOAP on this machine, a register, told how to misbehave."""

import base64
import binascii
import time
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

import click
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from flask import current_app
from flask.cli import with_appcontext

from app.cli.province_register import NotTaken, ReceivedRegister
from app.cli.simulating import Answering, Simulator, run_simulator
from app.domain.clock import Clock, SystemClock
from app.domain.exchange import PROJECT_TABLE, TBPROJECTINFO, XM_GCDJB_DTXM
from app.outbox.senders import province_wire
from app.outbox.wire import Wire

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = {column.name.lower(): column.name for column in (*TBPROJECTINFO, *XM_GCDJB_DTXM)}
REGISTER_FILE = "province-simulator.sqlite"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = "http://tempuri.org/"
XML = "text/xml; charset=utf-8"
NO_SUCH_PLACE = {"message": "没有这个地址"}


class Mode(StrEnum):
    """How the province behaves."""

    OK = "ok"
    SLOW = "slow"  # answers after some seconds
    FAIL = "fail"  # 503 with Retry-After, keeps nothing
    REFUSE = "refuse"  # a reply code with words, keeps nothing
    TWICE = "twice"  # keeps the row and answers two times
    DROP = "drop"  # keeps the row and hangs up without an answer
    GARBAGE = "garbage"  # keeps nothing and answers with a page


class ProvinceSimulator(Simulator):
    """POST / is SOAP, GET /?wsdl its description; GET /register and POST /mode are the box's own buttons."""

    wsdl = ROOT / "outbox" / "province.wsdl"
    method, saved, tables = "SaveTBDataToSt", "OK", frozenset({PROJECT_TABLE})

    def __init__(
        self, host: str, port: int, clock: Clock | None = None, *, file: Path | None = None, wire: Wire | None = None
    ) -> None:
        super().__init__(host, port, _Handler)
        self.register = ReceivedRegister(file, clock or SystemClock())
        self.wire = wire or Wire()
        self.mode, self.code, self.words = Mode.OK, "003", "演示：资料有误"

    def server_close(self) -> None:
        super().server_close()
        self.register.close()

    def state(self) -> dict[str, Any]:
        """How it behaves now."""
        return {"mode": self.mode, "seconds": self.seconds, "code": self.code, "words": self.words}


class _Handler(Answering):
    server: ProvinceSimulator
    largest_body = 2 * 1024 * 1024

    def do_GET(self) -> None:
        if self.path == "/register":
            return self.answer(HTTPStatus.OK, {**self.server.state(), "deliveries": self.server.register.deliveries()})
        if self.path.lower() == "/?wsdl":
            described = self.server.wsdl.read_text("utf-8").replace("http://127.0.0.1/", f"{self.server.url}/")
            return self.answer_octets(HTTPStatus.OK, described.encode(), XML)
        return self.answer(HTTPStatus.NOT_FOUND, NO_SUCH_PLACE)

    def do_POST(self) -> None:
        if self.path == "/mode":
            return self._set_mode(self.json_body() or {})
        if self.path == "/":
            return self._soap()
        return self.answer(HTTPStatus.NOT_FOUND, NO_SUCH_PLACE)

    def _set_mode(self, value: Mapping[str, Any]) -> None:
        server, seconds = self.server, self.seconds_of(value, self.server.seconds)
        code, words = value.get("code", server.code), value.get("words", server.words)
        is_known = value.get("mode") in set(Mode) and code in ("001", "002", "003", "005")
        if not is_known or seconds is None or not isinstance(words, str) or len(words) > 200:
            return self.refuse(f"mode: {', '.join(Mode)}; seconds: 0–60; code: 001, 002, 003, 005")
        server.mode, server.seconds, server.code, server.words = Mode(value["mode"]), seconds, code, words
        return self.answer(HTTPStatus.OK, server.state())

    def _soap(self) -> None:
        asked = _operation(self.octets() or b"")
        if self.server.mode is Mode.FAIL:
            return self.answer(HTTPStatus.SERVICE_UNAVAILABLE, {"message": "系统维护中"}, {"Retry-After": "5"})
        if self.server.mode is Mode.GARBAGE:
            return self.answer_octets(HTTPStatus.OK, "<html>系统繁忙<br></html>".encode(), "text/html; charset=utf-8")
        if asked is None:
            return self._fault("不是有效的 SOAP 请求")
        name, given = asked
        if name == "getRecord":
            return self._result(name, self._records(given))
        if name == self.server.method:
            return self._save(given)
        return self._fault("没有这个方法")

    def _save(self, given: Mapping[str, str]) -> None:
        if self.server.mode is Mode.SLOW:
            time.sleep(self.server.seconds)
        words = self._taken(given)
        if self.server.mode is not Mode.DROP:
            self._result(self.server.method, words)
        if self.server.mode is Mode.TWICE:
            self._result(self.server.method, words)
        self.close_connection = True

    def _taken(self, given: Mapping[str, str]) -> str:
        if self.server.mode is Mode.REFUSE:
            return f"{self.server.code} {self.server.words}"
        table = given.get("tableName", "")
        if table not in self.server.tables:
            return "002 数据表名不正确"
        try:
            row = _row(given.get("xmlData", ""), self.server.wire)
            key = self.headers.get("Idempotency-Key") or row.get("PrjNum", "")
            return self.server.register.take(key, table, row, saved=self.server.saved)
        except NotTaken as refusal:
            return f"{refusal.code} {refusal.words}"

    def _records(self, given: Mapping[str, str]) -> str:
        found = self.server.register.changed_between(given.get("BDate", ""), given.get("EDate", ""))
        rows = "".join(
            f"<data><PrjNum>{escape(number)}</PrjNum><UpdateFlag>{flag}</UpdateFlag><UpdateDate>{at}</UpdateDate></data>"
            for number, flag, at in found
        )
        return f"<body>{rows}</body>"

    def _result(self, name: str, words: str) -> None:
        said = f'<{name}Response xmlns="{SERVICE}"><{name}Result>{escape(words)}</{name}Result></{name}Response>'
        self.answer_octets(HTTPStatus.OK, _envelope(said), XML)

    def _fault(self, words: str) -> None:
        said = f"<s:Fault><faultcode>s:Client</faultcode><faultstring>{escape(words)}</faultstring></s:Fault>"
        self.answer_octets(HTTPStatus.INTERNAL_SERVER_ERROR, _envelope(said), XML)


def _envelope(said: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{SOAP}"><s:Body>{said}</s:Body></s:Envelope>'
    ).encode()


def _operation(body: bytes) -> tuple[str, dict[str, str]] | None:
    """Name and arguments of what is called, or None."""
    try:
        envelope = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    found = envelope.find(f"{{{SOAP}}}Body")
    called = found[0] if found is not None and len(found) else None
    if called is None:
        return None
    return _plain(called.tag), {_plain(child.tag): child.text or "" for child in called}


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _row(data: str, wire: Wire) -> dict[str, str]:
    """One record in any of the envelopes, its names as the standard writes them; raises NotTaken."""
    try:
        root = fromstring(f"<all>{data}</all>", forbid_dtd=True)
        return {COLUMNS.get(leaf.tag.lower(), leaf.tag): _opened(leaf.text or "", wire) for leaf in _leaves(root)}
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NotTaken("003", "XML数据格式不正确") from error


def _leaves(root: Element) -> list[Element]:
    return [element for element in root.iter() if len(element) == 0 and element is not root]


def _opened(text: str, wire: Wire) -> str:
    if not wire.base64:
        return text
    try:
        return base64.b64decode(text, validate=True).decode(wire.encoding)
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError(text) from error


@click.command("province-simulator")
@with_appcontext
def province_simulator() -> None:
    """Run the simulated province at YHT_PROVINCE_URL, in the demo and dev profiles."""
    settings = current_app.extensions["yht"].settings
    file = Path(settings.data_dir) / REGISTER_FILE
    run_simulator(
        settings, "province_url", "省厅模拟器",
        lambda host, port: ProvinceSimulator(host, port, file=file, wire=province_wire(settings)),
    )  # fmt: skip
