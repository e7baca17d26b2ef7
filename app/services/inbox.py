"""The applicant's messages (站内消息): a page of them, how many are unread, and reading them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_, update
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import NotFound
from app.domain.permissions import Actor
from app.scope import criteria, fetch
from app.services.deciding import deciding
from models.inbox_message import InboxMessage
from models.outbox import Outbox
from models.project import Project

PAGE = 25


def page(
    session: Session, actor: Actor, *, before: int | None = None, unread: bool = False, size: int = PAGE
) -> tuple[list[InboxMessage], bool]:
    """Messages newest first, from below the message `before`, and whether older ones follow.

    Raises NotFound when `before` is not one of the actor's messages.
    """
    query = select(InboxMessage).where(criteria(actor, InboxMessage))
    query = query.options(
        joinedload(InboxMessage.outbox).load_only(Outbox.status),
        joinedload(InboxMessage.project).load_only(Project.name, Project.version),
    )
    if unread:
        query = query.where(InboxMessage.read_at.is_(None))
    place = (InboxMessage.created_at, InboxMessage.id)
    if before is not None:
        last = fetch(session, actor, InboxMessage, before)
        query = query.where(tuple_(*place) < tuple_(last.created_at, last.id))
    rows = list(session.scalars(query.order_by(*(column.desc() for column in place)).limit(size + 1)))
    return rows[:size], len(rows) > size


def message(session: Session, actor: Actor, message_id: int) -> InboxMessage:
    """One of the actor's messages. Raises NotFound."""
    return fetch(session, actor, InboxMessage, message_id)


def unread(actor: Actor) -> Select[int]:
    """The statement that counts the messages that wait to be read."""
    return select(func.count()).where(criteria(actor, InboxMessage), InboxMessage.read_at.is_(None))


def unread_count(session: Session, actor: Actor) -> int:
    """How many messages wait to be read."""
    return session.scalar(unread(actor)) or 0


def mark_read(session: Session, actor: Actor, ids: Collection[int] | None = None, *, now: datetime) -> int:
    """Mark these read, or all; gives how many were unread. Raises NotFound, none marked, for others'."""
    with deciding(session, actor, "inbox:read", "inbox_message", now=now):
        own = select(InboxMessage.id).where(criteria(actor, InboxMessage))
        if ids is not None:
            own = own.where(InboxMessage.id.in_(ids))
            if len(session.scalars(own).all()) != len(set(ids)):
                raise NotFound("InboxMessage")
        query = update(InboxMessage).where(InboxMessage.id.in_(own), InboxMessage.read_at.is_(None))
        done = session.execute(query.values(read_at=now), execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]
