"""报送: one version of a numbered project as rows of another system's tables, handed over by SOAP (DOMAIN §8).

The province gets a row of TBProjectInfo by SaveTBDataToSt.

It builds, sends and reads the answer; when and how often is the courier's business.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain import exchange
from app.domain.errors import say
from app.domain.exchange import PROJECT_TABLE, PROVINCE, TBPROJECTINFO, Column, Row, Source, Target
from app.outbox import replies
from app.outbox.parcel import DeliveryFailed, Parcel, presentable
from app.outbox.soap import SoapPeer
from app.outbox.wire import Wire

DELETE = "delete"
KEPT_OF_AN_ANSWER = 2_000  # characters

Regions = Callable[[str], Mapping[str, str]]
"""Our region codes and a system's, where they differ (行政区划, 别名)."""


@dataclass(frozen=True)
class Account:
    """By what name we report."""

    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Item:
    """One row for one of the target's tables; `is_deletion` takes it back there."""

    table: str
    columns: Sequence[Column]
    source: Source
    is_deletion: bool


class RowPush:
    """Sends one version per call, row by row in order. The key travels as Idempotency-Key; a repeat overwrites.

    Delivered is a version once every row of it is acknowledged; what was refused stops it there.
    """

    method: str
    saved: str
    target: Target

    def __init__(self, peer: SoapPeer, account: Account, *, wire: Wire, regions: Regions) -> None:
        self._peer = peer
        self._account = account
        self._wire = wire
        self._regions = regions

    @staticmethod
    def items(payload: Mapping[str, Any], regions: Mapping[str, str]) -> list[Item]:
        """The rows of a version, in the order in which the target must get them."""
        raise NotImplementedError

    def __call__(self, parcel: Parcel) -> str:
        """The code of the last acknowledgement; raises DeliveryFailed."""
        items = self.items(parcel.payload, self._regions(self.target.system))
        rows = [exchange.row_of(item.columns, item.source, self.target) for item in items]
        for item, row in zip(items, rows, strict=True):
            faults = exchange.faults(item.columns, row, encoding=self._wire.encoding)
            if faults:
                raise DeliveryFailed(
                    say(replies.OWN_FAULT, fault=str(faults[0].sentence)), transient=False, is_own=True
                )
        told, code = list[str](), self.saved
        for place, (item, row) in enumerate(zip(items, rows, strict=True)):
            if place:
                parcel.go_on()
            told.append(f"{item.table}\n{self._wire.readable(row)}")
            parcel.trace.sent = "\n".join(told)
            code = self._send(parcel, item, row, f"{parcel.key}/{place}" if place else parcel.key)
        return code

    def _send(self, parcel: Parcel, item: Item, row: Row, key: str) -> str:
        answer = self._peer.call(
            self.method,
            {"Idempotency-Key": key},
            tableName=item.table,
            xmlData=self._wire.pack(row),
            user=self._account.user,
            password=self._account.password,
        )
        parcel.trace.answered = presentable(answer, KEPT_OF_AN_ANSWER)
        parcel.trace.code = replies.code_of(answer, saved=self.saved)
        return replies.read(answer, deletion=item.is_deletion, saved=self.saved)


class ProvincePush(RowPush):
    """报送省厅."""

    method, saved, target = "SaveTBDataToSt", replies.SAVED, PROVINCE

    @staticmethod
    def items(payload: Mapping[str, Any], regions: Mapping[str, str]) -> list[Item]:
        return [project_item(payload, regions)]


def project_item(payload: Mapping[str, Any], regions: Mapping[str, str]) -> Item:
    """The version's row of TBProjectInfo."""
    return Item(PROJECT_TABLE, TBPROJECTINFO, source_of(payload, regions), payload.get("op") == DELETE)


def source_of(payload: Mapping[str, Any], regions: Mapping[str, str]) -> Source:
    """The version that waits in the outbox, as the exchange reads it."""
    record: Mapping[str, Any] = payload.get("record") or {}
    builder: Mapping[str, Any] = record.get("organization") or {}
    facts = {
        "number": payload["number"],
        "inner_number": payload.get("inner_number", ""),
        "registered_on": payload.get("registered_on", ""),
        "builder_name": builder.get("name", ""),
        "builder_code": builder.get("org_code", ""),
        "update_flag": "D" if payload.get("op") == DELETE else "U",
    }
    return Source(record.get("fields") or {}, facts, regions)
