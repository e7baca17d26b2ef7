"""The demo's past for the simulated receivers: what arrived by our ledger stands in their registers, on its day."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import municipal_simulator, province_simulator
from app.cli.province_register import ReceivedRegister
from app.domain import exchange
from app.domain.clock import FixedClock
from app.outbox import replies
from app.outbox.municipal import MunicipalPush
from app.outbox.parcel import Channel, State
from app.outbox.province import ProvincePush, RowPush
from app.services.reference import region_codes
from models.outbox import Outbox

RECEIVERS: tuple[tuple[Channel, type[RowPush], str], ...] = (
    (Channel.PROVINCE_PUSH, ProvincePush, province_simulator.REGISTER_FILE),
    (Channel.MUNICIPAL_PUSH, MunicipalPush, municipal_simulator.REGISTER_FILE),
)


def tell_receivers(session: Session, folder: Path) -> None:
    """Write every delivered push of the demo into the register of its receiver, as of the day it arrived."""
    for kind, push, file in RECEIVERS:
        query = select(Outbox).where(Outbox.kind == kind, Outbox.status == State.DELIVERED).order_by(Outbox.id)
        rows = session.scalars(query).all()
        if not rows:
            continue
        clock = FixedClock(rows[0].created_at)
        register, regions = ReceivedRegister(folder / file, clock), region_codes(session, push.target.system)
        try:
            with register.at_once():
                for row in rows:
                    clock.instant = row.delivered_at or row.created_at
                    _tell(register, push, row, regions)
        finally:
            register.close()


def _tell(register: ReceivedRegister, push: type[RowPush], row: Outbox, regions: dict[str, str]) -> None:
    for place, item in enumerate(push.items(row.payload, regions)):
        written = exchange.row_of(item.columns, item.source, push.target)
        key = f"{row.dedup_key}/{place}" if place else row.dedup_key
        register.take(key, item.table, written, saved=replies.SAVED)
