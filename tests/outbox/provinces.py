"""A simulated province on a real socket, and versions of one project for it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.cli.province_simulator import ProvinceSimulator
from app.domain.clock import Clock
from app.outbox.http import HttpChannel
from app.outbox.parcel import Parcel
from app.outbox.province import Account, ProvincePush
from app.outbox.soap import SoapPeer
from app.outbox.wire import Wire
from tests.simulators import serving

NUMBER = "3202812603020101"
FIELDS: Mapping[str, Any] = {
    "name": "演示中学迁建工程",
    "category_code": "01",
    "region_code": "320281",
    "approval_document_number": "澄发改备〔2026〕12号",
    "approval_level_code": "004",
    "investment_10k_cny": "1234.5000",
    "floor_area_m2": "5600.00",
    "scale": "教学楼两栋 & 操场 <200 米>",
    "construction_nature_code": "001",
    "use_code": "304",
    "planned_start_on": "2026-04-01",
    "planned_finish_on": "2027-04-01",
    "land_permit_number": None,
    "planning_permit_number": None,
    "contact_mobile": "13800000000",
}


@contextmanager
def a_province(clock: Clock, wire: Wire | None = None) -> Iterator[ProvinceSimulator]:
    with serving(ProvinceSimulator("127.0.0.1", 0, clock, wire=wire)) as simulator:
        yield simulator


def a_sender(url: str, wire: Wire | None = None, *, deadline: float = 2.0, **regions: str) -> ProvincePush:
    peer = SoapPeer(HttpChannel([url], loopback=True, deadline=deadline), url + "/")
    account = Account("演示", "not a real password")
    return ProvincePush(peer, account, wire=wire or Wire(), regions=lambda _system: regions)


def picture(**changes: Any) -> dict[str, Any]:
    """A snapshot as a submit freezes it."""
    builder = {"org_code": "PDY00001-X", "name": "演示建设单位"}
    return {"kind": "project", "organization": builder, "fields": {**FIELDS, **changes}, "attachments": []}


def payload(version: int = 1, op: str = "save", number: str = NUMBER, **changes: Any) -> dict[str, Any]:
    return {
        "op": op, "number": number, "version": version, "inner_number": "7", "registered_on": "2026-03-02",
        "rule_version": "2026.1", "record": picture(**changes),
    }  # fmt: skip


def parcel(version: int = 1, op: str = "save", number: str = NUMBER, **changes: Any) -> Parcel:
    return Parcel(f"province:{number}:v{version}", payload(version, op, number, **changes))
