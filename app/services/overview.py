"""What an applicant's first page tells (DESIGN 02), in the order of the page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.permissions import Actor
from app.domain.terms import Status
from app.outbox.parcel import Channel
from app.scope import criteria, fetch
from app.services import corrections, inbox, journey, returns, snapshot, unsaved
from app.services.enterprise import of_organization
from models import push_ledger
from models.enterprise import Enterprise
from models.inbox_message import InboxMessage
from models.organization import Organization
from models.outbox import Outbox
from models.project import Project
from models.review import ReturnItem, Review
from models.unsaved_entry import UnsavedEntry

IN_HAND = (Status.RETURNED, Status.SUBMITTED, Status.DRAFT)
MOST_IN_HAND, MOST_NUMBERS, MOST_MESSAGES = 8, 5, 3


@dataclass(frozen=True)
class Standing:
    """A record with its outlook."""

    record: snapshot.Record
    outlook: journey.Outlook


@dataclass(frozen=True)
class Returned:
    """A record that came back: its items, or none when an administrator opened it (人工退回)."""

    record: snapshot.Record
    review: Review | None
    items: list[ReturnItem]
    is_over: bool  # its time ran out: nothing can be mended any more


@dataclass(frozen=True)
class Numbered:
    """A project with its number, and how far its push to the province is."""

    project: Project
    outlook: journey.Outlook
    push: journey.Push


@dataclass(frozen=True)
class Overview:
    """The page's content, each part in the order of the page."""

    organization: Organization
    enterprise: Enterprise | None
    returned: list[Returned]
    refused: list[Numbered]
    in_hand: list[Standing]
    in_hand_count: int
    project_count: int
    numbered: list[Numbered]
    messages: list[InboxMessage]
    unsaved: list[UnsavedEntry]  # forms of new records; those of others wait on their own page


def of_applicant(session: Session, actor: Actor, *, now: datetime) -> Overview:
    """Read it all; a fixed number of rows however many projects there are."""
    organization = fetch(session, actor, Organization, actor.organization_id)
    enterprise = of_organization(session, organization.id)
    projects = _projects_in_hand(session, actor)
    open_enterprise = [enterprise] if enterprise and enterprise.status in IN_HAND else []
    records: list[snapshot.Record] = [*open_enterprise, *projects]
    counts = _counts(session, actor)
    return Overview(
        organization=organization,
        enterprise=enterprise,
        returned=[_returned(session, r, now) for r in records if r.status == Status.RETURNED],
        refused=_with_push(session, _refused_by_province(session, actor), now),
        in_hand=[Standing(r, journey.outlook(session, r, now=now)) for r in records],
        in_hand_count=len(open_enterprise) + sum(counts.get(status, 0) for status in IN_HAND),
        project_count=sum(counts.values()),
        numbered=_with_push(session, _numbered(session, actor), now),
        messages=inbox.page(session, actor, size=MOST_MESSAGES)[0],
        unsaved=_begun(session, actor, enterprise),
    )


def _begun(session: Session, actor: Actor, enterprise: Enterprise | None) -> list[UnsavedEntry]:
    new = "/enterprises/add" if enterprise is None else "/projects/add"
    return [entry for entry in unsaved.forms(session, actor) if entry.form.partition("?")[0] == new]


def _projects_in_hand(session: Session, actor: Actor) -> list[Project]:
    """Returned ones first, then the latest touched."""
    found: list[Project] = []
    for status in IN_HAND:
        query = select(Project).where(criteria(actor, Project), Project.status == status)
        query = query.options(joinedload(Project.bureau)).order_by(Project.updated_at.desc(), Project.id.desc())
        found += session.scalars(query.limit(MOST_IN_HAND - len(found)))
    return found


def _counts(session: Session, actor: Actor) -> dict[str, int]:
    query = select(Project.status, func.count()).where(criteria(actor, Project)).group_by(Project.status)
    return {row[0]: row[1] for row in session.execute(query)}


def _returned(session: Session, record: snapshot.Record, now: datetime) -> Returned:
    items = returns.open_items(session, record)
    return Returned(record, items[0].review if items else None, items, corrections.is_over(record, now))


def _numbered(session: Session, actor: Actor) -> list[Project]:
    query = select(Project).where(criteria(actor, Project), Project.status == Status.APPROVED)
    query = query.options(joinedload(Project.bureau)).order_by(Project.numbered_at.desc(), Project.id.desc())
    return list(session.scalars(query.limit(MOST_NUMBERS)))


def _refused_by_province(session: Session, actor: Actor) -> list[Project]:
    """Numbered projects whose latest push the province refused."""
    is_of_project = and_(Outbox.project_id == Project.id, Outbox.kind == Channel.PROVINCE_PUSH)
    query = select(Project).join(Outbox, is_of_project).options(joinedload(Project.bureau))
    query = query.where(criteria(actor, Project), Project.status == Status.APPROVED)
    query = query.where(push_ledger.is_refused()).order_by(Outbox.id.desc())
    return list(session.scalars(query.limit(MOST_NUMBERS)))


def _with_push(session: Session, projects: list[Project], now: datetime) -> list[Numbered]:
    return [
        Numbered(project, journey.outlook(session, project, now=now), journey.push_of(session, project))
        for project in projects
    ]
