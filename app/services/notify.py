"""Tell the applicant: an inbox message and, where the table says so, an SMS row, in the deciding transaction."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.notices import COVERED, MOST_OF_OWN_ACTS, NOTICES, OF_OWN_ACTS, SECRETS, wording_fault
from app.outbox.enqueue import enqueue_sms
from models.enterprise import Enterprise
from models.inbox_message import InboxMessage
from models.notice_template import NoticeTemplate
from models.organization import Organization
from models.outbox import Outbox
from models.project import Project


def wording(session: Session, event: str) -> str:
    """The text in force, read in the deciding transaction: the bureau's own if there is one that still fits."""
    own = session.scalar(select(NoticeTemplate.text).where(NoticeTemplate.event == event))
    return NOTICES[event].text if own is None or wording_fault(event, own) else own


def notify(
    session: Session, record: Enterprise | Project, event: str, *, key: str, now: datetime, **values: object
) -> None:
    """Queue the notice of `event` about a record; `key` tells one occurrence of the event from the next."""
    _about(session, record, event, values, key=key, now=now, by_sms=True)


def notify_quietly(
    session: Session, record: Enterprise | Project, event: str, *, now: datetime, **values: object
) -> None:
    """The same to the inbox alone: nothing for which a phone should ring again."""
    _about(session, record, event, values, key="", now=now, by_sms=False)


def _about(
    session: Session,
    record: Enterprise | Project,
    event: str,
    values: Mapping[str, object],
    *,
    key: str,
    now: datetime,
    by_sms: bool,
) -> None:
    text = wording(session, event) % {"name": record.name, **values}
    _queue(
        session, record.organization, event, text,
        key=key, now=now, by_sms=by_sms, mobile=record.contact_mobile or record.organization.contact_mobile,
        enterprise_id=record.id if isinstance(record, Enterprise) else None,
        project_id=record.id if isinstance(record, Project) else None,
    )  # fmt: skip


def notify_organization(
    session: Session, organization: Organization, event: str, *, key: str, now: datetime, **values: object
) -> None:
    """Queue a notice that is about the organization itself, to its contact."""
    words = wording(session, event)
    text = words % {"name": organization.name, **values}
    covered = dict.fromkeys(SECRETS, COVERED)
    inbox_text = words % {"name": organization.name, **values, **covered}
    _queue(
        session, organization, event, text,
        key=key, now=now, mobile=organization.contact_mobile, inbox_text=inbox_text,
    )  # fmt: skip


def _queue(
    session: Session,
    organization: Organization,
    event: str,
    text: str,
    *,
    key: str,
    now: datetime,
    mobile: str,
    by_sms: bool = True,
    inbox_text: str | None = None,
    enterprise_id: int | None = None,
    project_id: int | None = None,
) -> None:
    notice = NOTICES[event]
    sms = None
    if notice.by_sms and by_sms and not (event in OF_OWN_ACTS and _is_enough(session, organization, now)):
        sms = enqueue_sms(
            session,
            mobile=mobile,
            text=text,
            event=event,
            organization_id=organization.id,
            project_id=project_id,
            enterprise_id=enterprise_id,
            dedup_key=f"sms:{event}:{key}",
            now=now,
            expires_in=notice.expires_in,
        )
    session.add(
        InboxMessage(
            organization_id=organization.id,
            event=event,
            text=inbox_text or text,
            enterprise_id=enterprise_id,
            project_id=project_id,
            outbox=sms,
            created_at=now,
        )
    )


def _is_enough(session: Session, organization: Organization, now: datetime) -> bool:
    """Whether the organization's own acts have sent it as many texts in a day as a phone should get."""
    own = or_(*(Outbox.dedup_key.startswith(f"sms:{event}:") for event in sorted(OF_OWN_ACTS)))
    sent = select(func.count(Outbox.id)).where(
        Outbox.organization_id == organization.id, Outbox.created_at > now - timedelta(days=1), own
    )
    with session.no_autoflush:  # the caller is in the middle of its own change
        return (session.scalar(sent) or 0) >= MOST_OF_OWN_ACTS
