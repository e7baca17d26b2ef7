"""The bureau's own wording of notices: seen, changed, put back. The rules of a wording stand in app.domain.notices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import Conflict, Invalid, NotFound, Problem, Refused, say
from app.domain.fields import CodeTables, clean
from app.domain.fields.notice import NOTICE_TEXT
from app.domain.notices import NOTICES, Notice, wording_fault
from app.domain.permissions import Actor
from app.domain.terms import N_
from app.scope import criteria
from app.services import audit
from app.services.deciding import STALE, deciding
from app.services.upkeep import fingerprint, refusal
from models.notice_template import NoticeTemplate

RESOURCE = "notice_templates"


@dataclass(frozen=True)
class Wording:
    """An event's text in force, and who changed it last, if anybody did."""

    notice: Notice
    text: str
    own: NoticeTemplate | None

    @property
    def version(self) -> int:
        """Which text a form was drawn from."""
        return fingerprint({"text": self.text})


def all_wordings(session: Session, actor: Actor) -> list[Wording]:
    """Every event with its text in force, in the order of the journey."""
    query = select(NoticeTemplate).where(criteria(actor, NoticeTemplate)).options(joinedload(NoticeTemplate.updated_by))
    own = {row.event: row for row in session.scalars(query)}
    return [_wording(notice, own.get(event)) for event, notice in NOTICES.items()]


def wording_of(session: Session, actor: Actor, event: str) -> Wording:
    """One of them. Raises NotFound."""
    found = [one for one in all_wordings(session, actor) if one.notice.event == event]
    if not found:
        raise NotFound("NoticeTemplate")
    return found[0]


def change(
    session: Session, actor: Actor, event: str, raw: Mapping[str, object], version: int, *, now: datetime
) -> None:
    """Word a notice another way. Raises Invalid at the text, Refused, NotFound, or Conflict when it has changed."""
    try:
        with deciding(session, actor, "notice_template:edit", "notice_template", now=now):
            row = _held(session, actor, event)
            before = _wording(NOTICES[event], row)
            text = _judged(event, raw, now.date())
            if before.version != version:
                raise Conflict(say(STALE))
            if text == before.text:
                return
            row = row or NoticeTemplate(event=event)
            row.text, row.updated_by_id, row.updated_at = text, actor.user_id, now
            session.add(row)
            session.flush()
            _record(session, actor, "edit", row.id, event, before.text, text, now)
    except IntegrityError as net:  # somebody else worded it first
        raise Conflict(say(STALE)) from net


def restore(session: Session, actor: Actor, event: str, *, now: datetime) -> None:
    """恢复默认: the product's own text holds again. Raises Refused when it does already."""
    with deciding(session, actor, "notice_template:restore", "notice_template", now=now):
        row = _held(session, actor, event)
        if row is None:
            raise Refused(say(N_("这条通知用的就是默认文字。")), "state")
        _record(session, actor, "restore", row.id, event, row.text, NOTICES[event].text, now)
        session.delete(row)


def _held(session: Session, actor: Actor, event: str) -> NoticeTemplate | None:
    why_not = refusal(actor, RESOURCE, "edit")
    if why_not is not None:
        raise Refused(why_not, "role")
    if event not in NOTICES:
        raise NotFound("NoticeTemplate")
    query = select(NoticeTemplate).where(NoticeTemplate.event == event, criteria(actor, NoticeTemplate))
    return session.scalars(query.with_for_update()).one_or_none()


def _wording(notice: Notice, own: NoticeTemplate | None) -> Wording:
    fits = own is not None and wording_fault(notice.event, own.text) is None
    return Wording(notice, own.text if own is not None and fits else notice.text, own)


def _judged(event: str, raw: Mapping[str, object], today: date) -> str:
    outcome = clean(NOTICE_TEXT, raw, codes=CodeTables({}), today=today)
    problems = list(outcome.problems)
    text = str(outcome.values.get("text") or "")
    fault = None if problems else wording_fault(event, text)
    if fault is not None:
        problems = [Problem("text", fault)]
    if problems:
        raise Invalid(problems)
    return text


def _record(
    session: Session, actor: Actor, verb: str, row_id: int, event: str, before: str, after: str, now: datetime
) -> None:
    audit.record(
        session, actor, f"notice_template:{verb}", "notice_template", row_id, now=now,
        before={"event": event, "text": before}, after={"event": event, "text": after},
    )  # fmt: skip
