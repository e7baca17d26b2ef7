"""Scans of a record: added, replaced without loss, removed; bytes are safe on disk before the row exists."""

from datetime import datetime, timedelta
from typing import Any, BinaryIO

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Problem, Refused, say
from app.domain.permissions import Actor
from app.domain.terms import N_, Action, Kind
from app.scope import fetch
from app.services import audit, corrections, reference, snapshot
from app.services.deciding import deciding, judging
from app.services.lifecycle import require
from app.services.review import MODELS
from app.storage import ScanLimits, Storage, accept
from models.attachment import Attachment

KEPT_UNNAMED = timedelta(days=1)  # an upload has its row long before
PER_RECORD_LIMIT = 200  # live and replaced together: a record is no file store


def add(
    session: Session,
    actor: Actor,
    storage: Storage,
    kind: Kind,
    record_id: int,
    slot: str,
    stream: BinaryIO,
    original_name: str,
    *,
    limits: ScanLimits,
    replaces: int | None = None,
    now: datetime,
) -> Attachment:
    """Check, store and attach a scan. Where the slot takes one file the former one is superseded, not lost.

    Raises Invalid naming the slot when the file is no acceptable scan, Refused when the record is locked.
    """
    with judging(session, actor, f"{kind}:attach", kind, record_id, now=now):
        _place_for(session, _open_record(session, actor, kind, record_id, slot, now), slot, replaces)
    try:
        stored = accept(storage, stream, original_name, limits)
    except Refused as refusal:
        raise Invalid([Problem(slot, refusal.sentence)]) from refusal
    with deciding(session, actor, f"{kind}:attach", kind, record_id, now=now):
        record = _open_record(session, actor, kind, record_id, slot, now, lock=True)
        former = _place_for(session, record, slot, replaces)
        attachment = Attachment(
            organization_id=record.organization_id,
            enterprise_id=record.id if kind == Kind.ENTERPRISE else None,
            project_id=record.id if kind == Kind.PROJECT else None,
            slot=slot,
            original_name=stored.original_name,
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
            page_count=stored.page_count,
            uploaded_by_id=actor.user_id,
            uploaded_at=now,
        )
        session.add(attachment)
        session.flush()  # the former scan points at its successor
        if former is not None:
            former.superseded_at, former.superseded_by_id = now, attachment.id
        _trace(session, actor, record, "attach", slot, former, attachment, now)
    return attachment


def remove(session: Session, actor: Actor, attachment_id: int, *, now: datetime) -> None:
    """Take a scan out of its record; the file and the row stay as history."""
    with deciding(session, actor, "attachment:remove", "attachment", attachment_id, now=now):
        found = fetch(session, actor, Attachment, attachment_id)
        kind = Kind.PROJECT if found.project_id else Kind.ENTERPRISE
        owner_id = found.project_id or found.enterprise_id
        record = _open_record(session, actor, kind, owner_id, found.slot, now, lock=True)
        attachment = fetch(session, actor, Attachment, attachment_id, lock=True)
        if attachment.superseded_at is None:
            attachment.superseded_at = now
            _trace(session, actor, record, "detach", attachment.slot, attachment, None, now)


def sweep_store(session: Session, storage: Storage, *, now: datetime) -> tuple[str, ...]:
    """Delete scans of deleted drafts and refused uploads, and what a crash left half received; gives the hashes."""
    known = set(session.scalars(select(Attachment.sha256).distinct()))
    session.rollback()
    return storage.sweep_orphans(known, now - KEPT_UNNAMED)


def _open_record(
    session: Session, actor: Actor, kind: Kind, record_id: object, slot: str, now: datetime, *, lock: bool = False
) -> Any:
    """The record, if its scans in this slot may be changed now. Raises NotFound or Refused."""
    record = fetch(session, actor, MODELS[kind], record_id, lock=lock)
    require(session, actor, record, Action.EDIT, now=now)
    if slot not in {s.slot for s in reference.slots_of(session, record)}:
        raise Refused(say(N_("没有这一项附件。")), "slot")
    if not corrections.opens(record, slot):
        raise Refused(say(N_("这一项附件没有开放修改。")), "unlocked_fields")
    return record


def _place_for(session: Session, record: Any, slot: str, replaces: int | None) -> Attachment | None:
    """The scan that a new one replaces, or None where there is room. Raises Refused or Invalid."""
    place = next(s for s in reference.slots_of(session, record) if s.slot == slot)
    live = [a for a in snapshot.live_attachments(session, record) if a.slot == slot]
    former = next((a for a in live if a.id == replaces), None)
    if replaces is not None and former is None:
        raise Refused(say(N_("要替换的扫描件已不在记录中，请刷新后再试。")), "replaced")
    if former is None and place.max_count == 1:
        former = live[0] if live else None
    if former is None and len(live) >= place.max_count:
        sentence = say(N_("%(label)s最多 %(count)s 个文件。"), label=place.named, count=place.max_count)
        raise Invalid([Problem(slot, sentence)])
    _stay_within_quota(session, record, slot)
    return former


def _stay_within_quota(session: Session, record: snapshot.Record, slot: str) -> None:
    count = session.scalar(select(func.count(Attachment.id)).where(snapshot.of_record(Attachment, record))) or 0
    if count >= PER_RECORD_LIMIT:
        raise Invalid([Problem(slot, say(N_("本记录上传和替换的文件已达 %(count)s 个上限。"), count=count))])


def _trace(
    session: Session,
    actor: Actor,
    record: snapshot.Record,
    act: str,
    slot: str,
    former: Attachment | None,
    latter: Attachment | None,
    now: datetime,
) -> None:
    kind = snapshot.kind_of(record)
    # A scan is no field: its coming must not make the form that stands open beside it look out of date.
    model = type(record)
    session.execute(
        update(model).where(model.id == record.id).values(updated_at=now),
        execution_options={"synchronize_session": False},
    )
    audit.record(
        session, actor, f"{kind}:{act}", kind, record.id,
        now=now, organization_id=record.organization_id,
        before={slot: former.sha256 if former else None}, after={slot: latter.sha256 if latter else None},
    )  # fmt: skip
