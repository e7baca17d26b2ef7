"""来电查询: who is on the telephone, what they see, what was sent to them; send again, unlock, note the call."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from app.domain import free_text, spelling
from app.domain.errors import Invalid, Problem, Refused, say
from app.domain.identifiers import canonical_mobile, canonical_org_code, canonical_uscc, org_code_of_uscc
from app.domain.permissions import Actor, may
from app.domain.terms import N_, Role
from app.listing import found
from app.outbox.enqueue import enqueue_sms
from app.outbox.parcel import Channel
from app.scope import criteria, fetch
from app.services import accounts, audit, lookup, overview, reset, upsert
from app.services.deciding import deciding
from models import locks
from models.call_note import CallNote
from models.engine import begin_write
from models.enterprise import Enterprise
from models.number import NumberRegister
from models.organization import Organization
from models.outbox import Outbox
from models.project import Project
from models.shown_error import ShownError
from models.types import blind_indexes

FIND_LIMIT, TEXT_LIMIT = 20, 200
MOST_SENT, MOST_NOTES = 5, 20
MOST_AGAIN = 3  # a message is sent again so often in a day
NOT_YOURS = N_("没有这项权限。")


def find(session: Session, actor: Actor, text: str) -> list[Organization]:
    """Organizations by code, name, mobile or a project's number, in any spelling; latest registered first."""
    text = text.strip()[:TEXT_LIMIT]
    if not text:
        return []
    known = {key for query in _exact(text) for key in session.scalars(query.limit(FIND_LIMIT))}
    named = Organization.id.in_(known) if known else found(session, Organization, text)
    query = select(Organization).where(criteria(actor, Organization), named)
    return list(session.scalars(query.order_by(Organization.id.desc()).limit(FIND_LIMIT)))


def _exact(text: str) -> Iterator[Select[Any]]:
    """What names one organization or few, each by its index; a name is looked for when none of these is said."""
    copied = spelling.copied(text)
    code, uscc, mobile = canonical_org_code(copied), canonical_uscc(copied), canonical_mobile(copied)
    code = code or (org_code_of_uscc(uscc) if uscc else None)
    if code:
        yield select(Organization.id).where(Organization.org_code == code)
    if mobile:
        indexes = blind_indexes(mobile)
        yield select(Organization.id).where(Organization.contact_mobile_index.in_(indexes))
        yield select(Project.organization_id).where(Project.contact_mobile_index.in_(indexes)).distinct()
    numbers = lookup.spellings(text)
    if numbers:
        yield select(Project.organization_id).where(Project.number.in_(numbers))
        registered = NumberRegister.organization_id.is_not(None)
        yield select(NumberRegister.organization_id).where(NumberRegister.number.in_(numbers), registered)


def page_of(session: Session, actor: Actor, organization: Organization, *, now: datetime) -> overview.Overview:
    """The organization's own first page, as far as its records are in the reader's reach."""
    account = next(iter(reset.accounts_read(session, organization)), None)
    owner = Actor(
        user_id=account.id if account else None, username=organization.org_code,
        roles=frozenset({Role.APPLICANT}), organization_id=organization.id,
    )  # fmt: skip
    seen = overview.of_applicant(session, owner, now=now)
    mine = select(Project.id).where(criteria(actor, Project), Project.organization_id == organization.id)
    reach = set(session.scalars(mine))
    return replace(
        seen,
        returned=[one for one in seen.returned if _within(one.record, reach)],
        in_hand=[one for one in seen.in_hand if _within(one.record, reach)],
        refused=[one for one in seen.refused if one.project.id in reach],
        numbered=[one for one in seen.numbered if one.project.id in reach],
        messages=[one for one in seen.messages if one.project_id is None or one.project_id in reach],
    )


def _within(record: Any, reach: set[int]) -> bool:
    return not isinstance(record, Project) or record.id in reach


def last_error(session: Session, actor: Actor, organization: Organization) -> ShownError | None:
    """What went wrong last on one of its screens."""
    query = select(ShownError).where(criteria(actor, ShownError), ShownError.organization_id == organization.id)
    return session.scalars(query.order_by(ShownError.at.desc()).limit(1)).first()


def sent(session: Session, actor: Actor, organization: Organization) -> Sequence[Outbox]:
    """Its latest text messages with their state, newest first."""
    query = select(Outbox).where(
        criteria(actor, Outbox), Outbox.organization_id == organization.id, Outbox.kind == Channel.SMS
    )
    query = query.options(joinedload(Outbox.organization)).order_by(Outbox.id.desc()).limit(MOST_SENT)
    return session.scalars(query).all()


def notes(session: Session, actor: Actor, organization: Organization) -> Sequence[CallNote]:
    """Its latest calls, newest first."""
    query = select(CallNote).where(criteria(actor, CallNote), CallNote.organization_id == organization.id)
    query = query.options(joinedload(CallNote.written_by)).order_by(CallNote.id.desc()).limit(MOST_NOTES)
    return session.scalars(query).all()


def note(session: Session, actor: Actor, organization_id: int, text: str, *, now: datetime) -> CallNote:
    """Note the call. Raises Invalid for nothing to note, Refused or NotFound."""
    with deciding(session, actor, "call:note", "organization", organization_id, now=now):
        organization = _asked(session, actor, organization_id, "note")
        read = free_text.read(free_text.CALL_NOTE, text)
        if not read:
            raise Invalid([Problem(free_text.CALL_NOTE.name, say(N_("请填写来电内容。")))])
        row = CallNote(organization_id=organization.id, text=read, written_by_id=actor.user_id, written_at=now)
        session.add(row)
        _record(session, actor, "call:note", organization, now, {"length": len(read)})
    return row


def resend(session: Session, actor: Actor, organization_id: int, outbox_id: int | None, *, now: datetime) -> Outbox:
    """重发 a text message; each time it is queued anew, for a number that is still on file.

    Raises Refused for one past its time or sent often enough.
    """
    with deciding(session, actor, "call:resend", "organization", organization_id, now=now):
        _asked(session, actor, organization_id, "resend")
        organization = fetch(session, actor, Organization, organization_id, lock=True)  # one after the other
        row = fetch(session, actor, Outbox, outbox_id)
        if row.kind != Channel.SMS or row.organization_id != organization.id:
            raise Refused(say(N_("这条短信不是这个单位的。")), "state")
        if row.expires_at is not None and row.expires_at <= now:
            raise Refused(say(N_("这条短信已过有效期，不能重发；验证码请由单位在页面上重新获取。")), "expired")
        base = row.dedup_key.partition("#")[0]
        lately, ever = _sent_again(session, organization, base, now)
        if lately >= MOST_AGAIN:
            raise Refused(say(N_("这条短信今天已重发 %(count)s 次，不能再发。"), count=lately), "too_often")
        payload = dict(row.payload or {})
        copy = enqueue_sms(
            session, mobile=_on_file(session, row, organization), text=str(payload["text"]),
            event=str(payload["event"]), organization_id=organization.id, project_id=row.project_id,
            enterprise_id=row.enterprise_id, dedup_key=f"{base}#{ever + 1}-{now:%Y%m%d%H%M%S%f}", now=now,
            expires_in=row.expires_at - now if row.expires_at else None,
        )  # fmt: skip
        session.flush()
        _record(session, actor, "call:resend", organization, now, {"key": base})
    return copy


def _sent_again(session: Session, organization: Organization, base: str, now: datetime) -> tuple[int, int]:
    """How often a message was sent again within a day, and how often ever."""
    is_late = case((Outbox.created_at > now - timedelta(days=1), 1), else_=0)
    query = select(func.coalesce(func.sum(is_late), 0), func.count(Outbox.id)).where(
        Outbox.organization_id == organization.id, Outbox.dedup_key.startswith(f"{base}#", autoescape=True)
    )
    lately, ever = session.execute(query).one()
    return lately, ever


def _on_file(session: Session, row: Outbox, organization: Organization) -> str:
    """The number that the message went to while it is still on file for it, or else the one that is."""
    record = session.get(Project, row.project_id) if row.project_id else None
    record = record or (session.get(Enterprise, row.enterprise_id) if row.enterprise_id else None)
    current = (record.contact_mobile if record is not None else None) or organization.contact_mobile
    former = str((row.payload or {})["mobile"])
    return former if former == organization.contact_mobile else current


def unlock(
    session: Session, actor: Actor, organization_id: int, *, now: datetime, is_counted_out: bool = False
) -> None:
    """解除锁定 of its account after too many wrong passwords. Raises Refused when it is not locked.

    `is_counted_out`: its tries are spent though no lock is in force.
    """
    with deciding(session, actor, "call:unlock", "organization", organization_id, now=now):
        organization = _asked(session, actor, organization_id, "unlock")
        held = reset.accounts_of(session, organization)
        if not is_counted_out and not any(accounts.is_locked(one, now=now) for one in held):
            raise Refused(say(N_("这个单位的账号没有锁定。")), "state")
        for account in held:
            accounts.forget_failures(session, account)
        _record(session, actor, "call:unlock", organization, now, {})


def keep_error(session: Session, actor: Actor, page: str, sentences: list[str], *, now: datetime) -> None:
    """Remember what the page just said to an applicant, after whatever the request began is undone."""
    session.rollback()
    begin_write(session)
    locks.hold_own(session, actor.organization_id)
    said = {"page": page[:200], "sentences": sentences[:20], "at": now}
    own = {"user_id": actor.user_id}
    upsert.put(session, ShownError, own, {"organization_id": actor.organization_id, **said})
    session.commit()


def _asked(session: Session, actor: Actor, organization_id: int, verb: str) -> Organization:
    organization = fetch(session, actor, Organization, organization_id)
    if not may(actor.roles, "calls", verb):
        raise Refused(say(NOT_YOURS), "role")
    return organization


def _record(
    session: Session, actor: Actor, tag: str, organization: Organization, now: datetime, after: dict[str, object]
) -> None:
    audit.record(
        session, actor, tag, "organization", organization.id, now=now, organization_id=organization.id, after=after
    )
