"""Deliveries of the past, written down in one statement: for history that is loaded, where nothing leaves the house."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from app.outbox.parcel import State
from models.outbox import Outbox


class Arrival(NamedTuple):
    """The row, when the other side took it, and the reference it gave."""

    row_id: int
    at: datetime
    reference: str


def write_arrivals(session: Session, arrivals: Iterable[Arrival]) -> None:
    """Each as if its first attempt had arrived, where it is still queued; in the caller's transaction."""
    settling = update(Outbox).where(Outbox.id == bindparam("row"), Outbox.status == State.QUEUED)
    settling = settling.values(
        status=State.DELIVERED, attempts=1, fence=1, delivered_at=bindparam("at"), reference=bindparam("given")
    )
    rows = [{"row": arrival.row_id, "at": arrival.at, "given": arrival.reference} for arrival in arrivals]
    if rows:
        session.connection().execute(settling, rows)
