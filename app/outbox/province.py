"""报送省厅: one version of a numbered project as a row of TBProjectInfo, handed over by SaveTBDataToSt (DOMAIN §8).

It builds, sends and reads the answer; when and how often is the courier's business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain import exchange
from app.domain.errors import say
from app.domain.exchange import PROJECT_TABLE, PROVINCE, TBPROJECTINFO, Source, Target
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


class ProvincePush:
    """Sends one version per call. The key travels as Idempotency-Key; a repeat overwrites what it repeats."""

    def __init__(
        self, peer: SoapPeer, account: Account, *, wire: Wire, regions: Regions, target: Target = PROVINCE
    ) -> None:
        self._peer = peer
        self._account = account
        self._wire = wire
        self._regions = regions
        self._target = target

    def __call__(self, parcel: Parcel) -> str:
        """The code of the acknowledgement; raises DeliveryFailed."""
        row = exchange.row_of(
            TBPROJECTINFO, source_of(parcel.payload, self._regions(self._target.system)), self._target
        )
        faults = exchange.faults(TBPROJECTINFO, row, encoding=self._wire.encoding)
        if faults:
            raise DeliveryFailed(say(replies.OWN_FAULT, fault=str(faults[0].sentence)), transient=False)
        parcel.trace.sent = f"{PROJECT_TABLE}\n{self._wire.readable(row)}"
        answer = self._peer.call(
            "SaveTBDataToSt",
            {"Idempotency-Key": parcel.key},
            tableName=PROJECT_TABLE,
            xmlData=self._wire.pack(row),
            user=self._account.user,
            password=self._account.password,
        )
        parcel.trace.answered = presentable(answer, KEPT_OF_AN_ANSWER)
        parcel.trace.code = replies.code_of(answer)
        return replies.read(answer, deletion=parcel.payload.get("op") == DELETE)


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
