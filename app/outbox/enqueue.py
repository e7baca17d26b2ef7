"""Put a message into the caller's transaction: it exists exactly when the decision does. It sends nothing."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.outbox.parcel import GIVEN_UP, Channel, State
from models.outbox import Outbox


def enqueue_sms(
    session: Session,
    *,
    mobile: str,
    text: str,
    event: str,
    organization_id: int | None,
    dedup_key: str,
    now: datetime,
    expires_in: timedelta | None,
    project_id: int | None = None,
    enterprise_id: int | None = None,
) -> Outbox:
    """Queue one text message (短信通知). A key that is already there adds nothing, its row comes back."""
    return _add(
        session,
        kind=Channel.SMS,
        dedup_key=dedup_key,
        payload={"mobile": mobile, "text": text, "event": event},
        now=now,
        organization_id=organization_id,
        project_id=project_id,
        enterprise_id=enterprise_id,
        expires_at=None if expires_in is None else now + expires_in,
    )


def redirect(session: Session, organization_id: int, mobile: str, events: Collection[str]) -> None:
    """Texts about these events that have not left yet go to the organization's number of now."""
    waiting = select(Outbox).where(
        Outbox.kind == Channel.SMS, Outbox.organization_id == organization_id, Outbox.status == State.QUEUED
    )
    for row in session.scalars(waiting.order_by(Outbox.id).with_for_update()):
        if row.payload["event"] in events:
            row.payload = {**row.payload, "mobile": mobile}


def enqueue_province_push(
    session: Session,
    *,
    project_id: int,
    version: int | str,
    number: str,
    payload: Mapping[str, Any],
    now: datetime,
    op: str = "save",
    inner_number: str = "",
    registered_on: str = "",
    rule_version: str = "",
) -> Outbox:
    """Queue one version of a numbered project for the province (报送省厅); a push never expires.

    `op` is `save` for a new number or a correction, `delete` once the number is void; `payload` is the snapshot.
    What the province refused of an earlier version is superseded: this one says it anew.
    """
    _supersede(session, Channel.PROVINCE_PUSH, project_id)
    return _add(
        session,
        kind=Channel.PROVINCE_PUSH,
        dedup_key=f"province:{number}:v{version}",
        payload={
            "op": op,
            "number": number,
            "version": version,
            "inner_number": inner_number,
            "registered_on": registered_on,
            "rule_version": rule_version,
            "record": dict(payload),
        },
        now=now,
        project_id=project_id,
        expires_at=None,
    )


def enqueue_municipal_push(
    session: Session,
    *,
    project_id: int,
    version: str,
    number: str,
    project: Mapping[str, Any],
    units: Mapping[str, Mapping[str, Any]],
    removed: Mapping[str, Mapping[str, Any]],
    now: datetime,
    op: str = "save",
    inner_number: str = "",
    registered_on: str = "",
    rule_version: str = "",
) -> Outbox:
    """Queue one version of a project with its unit works for the municipal flow; a push never expires.

    `units` are those of this version by code, `removed` those of earlier ones that are in it no longer.
    """
    _supersede(session, Channel.MUNICIPAL_PUSH, project_id)
    return _add(
        session,
        kind=Channel.MUNICIPAL_PUSH,
        dedup_key=f"municipal:{number}:v{version}",
        payload={
            "op": op,
            "number": number,
            "version": version,
            "inner_number": inner_number,
            "registered_on": registered_on,
            "rule_version": rule_version,
            "record": dict(project),
            "units": {code: dict(unit) for code, unit in units.items()},
            "removed": {code: dict(unit) for code, unit in removed.items()},
        },
        now=now,
        project_id=project_id,
        expires_at=None,
    )


def _supersede(session: Session, kind: Channel, project_id: int) -> None:
    """Earlier pushes of the project that ended without being taken."""
    given_up = update(Outbox).where(Outbox.kind == kind, Outbox.project_id == project_id)
    given_up = given_up.where(Outbox.status.in_(GIVEN_UP))
    session.execute(given_up.values(status=State.SUPERSEDED).execution_options(synchronize_session=False))


def send_again(session: Session, push_id: int, *, now: datetime) -> None:
    """Put a push back into the queue; its attempts stay in the ledger, and its first acknowledgement stands."""
    again = update(Outbox).where(Outbox.id == push_id)
    again = again.values(
        status=State.QUEUED,
        attempts=0,
        next_attempt_at=now,
        acknowledged_at=func.coalesce(Outbox.acknowledged_at, Outbox.delivered_at),
        delivered_at=None,
        reference=None,
        last_error=None,
    )
    session.execute(again.execution_options(synchronize_session=False))


def _add(session: Session, *, kind: Channel, dedup_key: str, now: datetime, **values: Any) -> Outbox:
    known = _known(session, dedup_key)
    if known is not None:
        return known
    row = Outbox(
        kind=kind,
        dedup_key=dedup_key,
        status=State.QUEUED,
        attempts=0,
        fence=0,
        next_attempt_at=now,
        created_at=now,
        **values,
    )
    session.add(row)
    return row


def _known(session: Session, dedup_key: str) -> Outbox | None:
    """The row that already carries this key, in this transaction or before it.

    The caller has begun as a writer (`begin_write`), so nobody else can add the same key in between.
    """
    for row in session.new:
        if isinstance(row, Outbox) and row.dedup_key == dedup_key:
            return row
    with session.no_autoflush:  # the caller's half-built rows are not ours to write
        return session.scalar(select(Outbox).where(Outbox.dedup_key == dedup_key))
