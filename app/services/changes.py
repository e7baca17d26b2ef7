"""The change feed (变更): what happened to numbered projects and their matters, in commit order, by cursor.

Its order is that of the seals over the audit trail, given one after the other once a change is committed: whoever
has read up to a cursor has missed nothing, also when a slow writer committed late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.api import MATTER_NEWS, NEWS, PROJECT_NEWS, news_of
from app.domain.errors import Refused, say
from app.domain.permissions import Actor
from app.domain.terms import N_
from app.scope import criteria
from models.audit import AuditEvent, AuditSeal
from models.matter import ProjectMatter
from models.project import Project

FUTURE_CURSOR = N_("cursor 超出现有变更。请从头重新读取。")
GONE = "gone"
MOST = 200  # changes in one answer
STRETCH = 20_000  # links of the chain looked at for one answer, so that every request ends soon


@dataclass(frozen=True)
class Change:
    """One thing that happened."""

    cursor: int
    at: datetime
    event: str
    number: str
    matter: str | None


@dataclass(frozen=True)
class News:
    """The changes after a cursor, where to go on from, and whether there is more already."""

    changes: tuple[Change, ...]
    cursor: int
    has_more: bool


def since(session: Session, actor: Actor, cursor: int) -> News:
    """What happened after the cursor (0: from the beginning), as far as this actor sees the projects.

    Raises Refused for a cursor that this trail never gave: another one was read, or an older copy was restored.
    """
    end = session.scalar(select(func.max(AuditSeal.sequence))) or 0
    if cursor > end:
        raise Refused(say(FUTURE_CURSOR), GONE)
    reach = min(cursor + STRETCH, end)
    rows = session.execute(_after(cursor, reach)).all()
    if len(rows) == MOST:
        reach = rows[-1].sequence
    return News(tuple(_told(session, actor, rows)), max(cursor, reach), reach < end)


def _after(cursor: int, reach: int) -> Any:
    query = select(AuditSeal.sequence, AuditEvent.at, AuditEvent.action, AuditEvent.object_id, AuditEvent.after)
    query = query.join(AuditEvent, AuditSeal.event_id == AuditEvent.id)
    query = query.where(AuditSeal.sequence > cursor, AuditSeal.sequence <= reach)
    query = query.where(AuditEvent.action.in_(NEWS), AuditEvent.result == "done")
    return query.order_by(AuditSeal.sequence).limit(MOST)


def _told(session: Session, actor: Actor, rows: Iterable[Any]) -> Iterable[Change]:
    rows = list(rows)
    projects = _projects(session, actor, {row.object_id for row in rows if row.action in PROJECT_NEWS})
    matters = _matters(session, actor, {row.object_id for row in rows if row.action in MATTER_NEWS})
    for row in rows:
        known = projects if row.action in PROJECT_NEWS else matters
        if row.object_id in known:
            number, matter = known[row.object_id]
            yield Change(row.sequence, row.at, news_of(row.action, row.after or {}), number, matter)


def _projects(session: Session, actor: Actor, ids: set[int]) -> dict[int, tuple[str, str | None]]:
    query = select(Project.id, Project.number).where(Project.id.in_(ids), criteria(actor, Project))
    return {key: (str(number), None) for key, number in session.execute(query)}


def _matters(session: Session, actor: Actor, ids: set[int]) -> dict[int, tuple[str, str | None]]:
    """That a matter moved is told of every project in reach: one system waits for another's matter."""
    query = select(ProjectMatter.id, Project.number, ProjectMatter.matter).join(ProjectMatter.project)
    query = query.where(ProjectMatter.id.in_(ids), criteria(actor, Project))
    return {key: (str(number), matter) for key, number, matter in session.execute(query)}
