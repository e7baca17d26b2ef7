"""The day's counter log (窗口日志): what each clerk did for whom, in the order of the day, to be filed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.domain.clock import SHANGHAI
from app.domain.permissions import Actor
from app.domain.terms import N_, TERMS, OriginalResult, RequestKind
from app.scope import criteria
from models.account_request import AccountRequest
from models.counter_visit import CounterVisit
from models.hand_over import HandOver
from models.mandate import Mandate
from models.organization import Organization
from models.originals_check import OriginalsCheck
from models.project import Project
from models.user import User

MOST = 2_000  # lines of each kind in a day: more is no counter's day
CHECKED, RETURNED, LETTER = N_("核验原件，全部相符"), N_("核验原件，当场退回"), N_("登记授权委托书")


@dataclass(frozen=True)
class Line:
    """One deed; `what` is a message id."""

    at: datetime
    clerk: str
    what: str
    unit: str
    subject: str  # the project, with its number if it has one
    agent: str


def of_day(session: Session, actor: Actor, day: date) -> list[Line]:
    """All that was done at the counters in reach on the day, as Asia/Shanghai counts days; four statements."""
    first = datetime.combine(day, datetime.min.time(), SHANGHAI)
    span = first, first + timedelta(days=1)
    lines = [*_checks(session, actor, span), *_hand_overs(session, actor, span), *_letters(session, actor, span)]
    lines += _requests(session, actor, span)
    return sorted(lines, key=lambda line: (line.at, line.what))


Span = tuple[datetime, datetime]


def _within(column: InstrumentedAttribute[datetime], span: Span) -> ColumnElement[bool]:
    return (column >= span[0]) & (column < span[1])


def _checks(session: Session, actor: Actor, span: Span) -> Iterator[Line]:
    """One line per visit, with what was found at its instant; nothing found means that all was seen before."""
    bad = func.coalesce(func.sum(case((OriginalsCheck.result != OriginalResult.MATCH, 1), else_=0)), 0)
    found = and_(
        OriginalsCheck.project_id == CounterVisit.project_id, OriginalsCheck.checked_at == CounterVisit.visited_at
    )
    columns = (
        CounterVisit.id, CounterVisit.visited_at, User.display_name, Organization.name, Project.name, Project.number,
        CounterVisit.presented_by,
    )  # fmt: skip
    query = (
        select(*columns, bad)
        .join(User, User.id == CounterVisit.received_by_id)
        .join(Project, Project.id == CounterVisit.project_id)
        .join(Organization, Organization.id == Project.organization_id)
        .outerjoin(OriginalsCheck, found)
        .where(criteria(actor, CounterVisit), _within(CounterVisit.visited_at, span))
        .group_by(*columns)
        .limit(MOST)
    )
    for _key, at, clerk, unit, project, number, who, unmatched in session.execute(query):
        what = RETURNED if unmatched else CHECKED
        yield Line(at, clerk, what, unit, _project(project, number), who)


def _hand_overs(session: Session, actor: Actor, span: Span) -> Iterator[Line]:
    query = select(HandOver).where(criteria(actor, HandOver), _within(HandOver.handed_over_at, span)).limit(MOST)
    query = query.options(
        joinedload(HandOver.handed_over_by), joinedload(HandOver.project).joinedload(Project.organization)
    )
    for row in session.scalars(query):
        project = row.project
        subject, who = _project(project.name, project.number), row.handed_over_by.display_name
        yield Line(row.handed_over_at, who, TERMS["hand_over"], project.organization.name, subject, row.received_by)


def _letters(session: Session, actor: Actor, span: Span) -> Iterator[Line]:
    query = select(Mandate).where(criteria(actor, Mandate), _within(Mandate.recorded_at, span)).limit(MOST)
    for row in session.scalars(query.options(joinedload(Mandate.recorded_by), joinedload(Mandate.organization))):
        told = f"{row.valid_from} — {row.valid_to}"
        yield Line(row.recorded_at, row.recorded_by.display_name, LETTER, row.organization.name, told, row.agent_name)


def _requests(session: Session, actor: Actor, span: Span) -> Iterator[Line]:
    asked = AccountRequest.requested_at
    query = select(AccountRequest).where(criteria(actor, AccountRequest), _within(asked, span))
    query = query.where(AccountRequest.kind != RequestKind.RENAME).limit(MOST)  # asked for at a desk
    query = query.options(joinedload(AccountRequest.requested_by), joinedload(AccountRequest.organization))
    for row in session.scalars(query):
        what, who = TERMS[RequestKind(row.kind)], row.requested_by.display_name
        yield Line(row.requested_at, who, what, row.organization.name, row.basis, row.brought_by)


def _project(name: str, number: str | None) -> str:
    return f"{name}（{number}）" if number else name
