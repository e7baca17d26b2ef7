"""内部备注: what staff note on a case for each other. Whoever builds never sees one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain import free_text
from app.domain.errors import Invalid, Problem, Refused, say
from app.domain.permissions import Actor, may
from app.domain.terms import N_, Kind
from app.domain.workflow import NOT_ALLOWED
from app.scope import criteria, fetch
from app.services import audit, snapshot
from app.services.deciding import deciding
from app.services.review import MODELS
from models.case_note import CaseNote

MOST_SHOWN = 100
RESOURCES = {Kind.ENTERPRISE: "enterprises", Kind.PROJECT: "projects"}


def add(session: Session, actor: Actor, kind: Kind, record_id: int, text: str, *, now: datetime) -> CaseNote:
    """Note something on the record. Raises Invalid for nothing to note, Refused or NotFound."""
    with deciding(session, actor, "note:add", kind, record_id, now=now):
        record: snapshot.Record = fetch(session, actor, MODELS[kind], record_id, lock=True)
        if not may(actor.roles, RESOURCES[kind], "note"):
            raise Refused(say(NOT_ALLOWED), "role")
        read = free_text.read(free_text.CASE_NOTE, text)
        if not read:
            raise Invalid([Problem(free_text.CASE_NOTE.name, say(N_("请填写备注。")))])
        is_project = kind == Kind.PROJECT
        row = CaseNote(
            project_id=record.id if is_project else None, enterprise_id=None if is_project else record.id,
            text=read, written_by_id=actor.user_id, written_at=now,
        )  # fmt: skip
        session.add(row)
        audit.record(
            session, actor, "note:add", kind, record.id, now=now,
            organization_id=record.organization_id, after={"length": len(read)},
        )  # fmt: skip
    return row


def of_record(session: Session, actor: Actor, record: snapshot.Record) -> Sequence[CaseNote]:
    """The latest notes on the record, newest first, as far as they are this actor's to see."""
    query = select(CaseNote).where(snapshot.of_record(CaseNote, record), criteria(actor, CaseNote))
    query = query.options(joinedload(CaseNote.written_by)).order_by(CaseNote.id.desc()).limit(MOST_SHOWN)
    return session.scalars(query).all()
