"""Originals beside their scans (原件核验): which findings count for a project, and whether anybody came for it.

A finding stands for one file in one place: the same slot and the same bytes. For a project's own scans only what
was found for that very project counts; what was found for a scan of the enterprise record carries over to all projects
of its organization, while the scan is unchanged. What was seen under a letter that held then stays seen when the
letter is taken back. `tally` answers for approval, one by one and in bulk, review page, worklist and counter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.domain.errors import Sentence, say
from app.domain.terms import N_, OriginalResult
from app.services import lookups, reference, snapshot
from app.services.reading import once
from models.attachment import Attachment
from models.bureau import Bureau
from models.counter_visit import CounterVisit
from models.enterprise import Enterprise
from models.originals_check import OriginalsCheck
from models.project import Project

NOTHING_SEEN = N_("尚未原件核验，不能通过。")
SOME_UNSEEN = N_("还有 %(count)s 件扫描件没有核对原件，不能通过。")
NOBODY_CAME = N_("该项目尚无窗口核验记录，不能通过。请经办人携带委托书和原件到窗口办理。")


@dataclass(frozen=True)
class Tally:
    """How many scans of a project there are, how many were seen beside a matching original, and did anybody come."""

    seen: int
    total: int
    has_visit: bool = True

    @property
    def is_complete(self) -> bool:
        """Nothing is left to check, and somebody came for this project."""
        return self.seen == self.total and self.has_visit

    @property
    def unseen(self) -> int:
        """Scans that no matching original was seen for."""
        return self.total - self.seen


class Place(NamedTuple):
    """One file in one place: of the project, or else of the enterprise record."""

    project_id: int | None
    enterprise_id: int | None
    slot: str
    sha256: str


def scans_to_check(session: Session, project: Project) -> list[Attachment]:
    """All live scans of the enterprise and of the project, enterprise first (FIELDS, counter)."""
    return sorted(snapshot.live_scans(session, project), key=lambda scan: scan.project_id is not None)


def place_of(scan: Any) -> Place:
    """Where the scan's file stands."""
    return Place(scan.project_id, scan.enterprise_id, scan.slot, scan.sha256)


def latest_checks(session: Session, project: Project, attachments: Iterable[Attachment]) -> dict[int, OriginalsCheck]:
    """By attachment: the latest finding that counts for it in this project."""
    latest = _latest(session, frozenset({project.id}), frozenset({project.organization_id}))
    return {scan.id: latest[place_of(scan)] for scan in attachments if place_of(scan) in latest}


def are_checked(session: Session, record: snapshot.Record) -> bool | Sentence:
    """Where the bureau asks for it, somebody came for this project and every scan was seen beside its original."""
    if not isinstance(record, Project) or record.bureau is None:
        return False
    if not are_wanted(session, record):
        return True
    found = tally_of(session, record)
    if found.is_complete:
        return True
    if not found.seen:
        return say(NOTHING_SEEN)
    return say(SOME_UNSEEN, count=found.unseen) if found.unseen else say(NOBODY_CAME)


def are_wanted(session: Session, project: Project) -> bool:
    """Does the bureau that has the project, or that of its region, ask for originals? 移交 is no way around it."""
    home = reference.office_of_region(session, project.region_code)
    return any(bureau is not None and bureau.requires_originals for bureau in (project.bureau, home))


def asks(here: Any, home: Any) -> ColumnElement[bool]:
    """The same in SQL, of the bureau that has the project and that of its region."""
    return func.coalesce(here.requires_originals, false()) | func.coalesce(home.requires_originals, false())


def wanting(session: Session, project_ids: Iterable[int]) -> set[int]:
    """Those of the projects whose originals are asked for; one statement."""
    home = aliased(Bureau)
    query = select(Project.id).outerjoin(Project.bureau).outerjoin(home, home.region_code == Project.region_code)
    return set(session.scalars(query.where(Project.id.in_(set(project_ids)), asks(Bureau, home))))


def tally(session: Session, owners: Mapping[int, int]) -> dict[int, Tally]:
    """Per project (given with its organization): scans seen, scans in all, and did anybody come; three statements."""
    if not owners:
        return {}
    live = _live(session, owners)
    latest = _latest(session, frozenset(owners), frozenset(owners.values()))
    came = set(session.scalars(select(CounterVisit.project_id).where(CounterVisit.project_id.in_(owners)).distinct()))
    found = {}
    for project_id, organization_id in owners.items():
        scans = live.get((None, organization_id), []) + live.get((project_id, organization_id), [])
        found[project_id] = _counted(scans, latest, project_id in came)
    return found


def tally_of(session: Session, project: Project) -> Tally:
    """The same of one project, from what its page or its decision reads of it anyway."""
    latest = _latest(session, frozenset({project.id}), frozenset({project.organization_id}))
    places = [place_of(scan) for scan in snapshot.live_scans(session, project)]
    return _counted(places, latest, lookups.around(session, project).was_checked)


def _counted(scans: list[Place], latest: Mapping[Place, OriginalsCheck], has_visit: bool) -> Tally:
    seen = sum(scan in latest and latest[scan].result == OriginalResult.MATCH for scan in scans)
    return Tally(seen, len(scans), has_visit)


def _live(session: Session, owners: Mapping[int, int]) -> dict[tuple[int | None, int], list[Place]]:
    """Places of live scans: by project and organization; those of the enterprise record have no project."""
    query = select(
        Attachment.project_id, Attachment.enterprise_id, Attachment.organization_id, Attachment.slot, Attachment.sha256
    ).where(
        Attachment.superseded_at.is_(None),
        or_(Attachment.project_id.in_(owners), Attachment.enterprise_id.in_(_records_of(owners.values()))),
    )
    found: dict[tuple[int | None, int], list[Place]] = {}
    for row in session.execute(query):
        found.setdefault((row.project_id, row.organization_id), []).append(place_of(row))
    return found


@once
def _latest(
    session: Session, project_ids: frozenset[int], organization_ids: frozenset[int]
) -> dict[Place, OriginalsCheck]:
    """The latest finding for each place, among those made for these projects and for the enterprise records."""
    own = and_(OriginalsCheck.project_id.in_(project_ids), Attachment.project_id == OriginalsCheck.project_id)
    newest = (
        select(func.max(OriginalsCheck.id))
        .join(Attachment, OriginalsCheck.attachment_id == Attachment.id)
        .where(or_(own, Attachment.enterprise_id.in_(_records_of(organization_ids))))
        .group_by(Attachment.project_id, Attachment.enterprise_id, Attachment.slot, OriginalsCheck.sha256)
    )
    whose = (Attachment.project_id, Attachment.enterprise_id, Attachment.slot)
    query = select(OriginalsCheck, *whose).join(Attachment, OriginalsCheck.attachment_id == Attachment.id)
    rows = session.execute(query.where(OriginalsCheck.id.in_(newest)))
    return {Place(row[1], row[2], row[3], row[0].sha256): row[0] for row in rows}


def _records_of(organization_ids: Iterable[int]) -> Select[Any]:
    return select(Enterprise.id).where(Enterprise.organization_id.in_(set(organization_ids)))


def last_visit(session: Session, project: Project) -> CounterVisit | None:
    """Who came for this project the last time; None before the first."""
    query = select(CounterVisit).where(CounterVisit.project_id == project.id).order_by(CounterVisit.id.desc())
    return session.scalars(
        query.options(joinedload(CounterVisit.mandate), joinedload(CounterVisit.received_by)).limit(1)
    ).first()


def visit(session: Session, project: Project) -> list[OriginalsCheck]:
    """What was found at the project's last visit, for its receipt; empty before the first."""
    last = select(CounterVisit.visited_at).where(CounterVisit.project_id == project.id)
    query = (
        select(OriginalsCheck)
        .where(
            OriginalsCheck.project_id == project.id,
            OriginalsCheck.checked_at == last.order_by(CounterVisit.id.desc()).limit(1).scalar_subquery(),
        )
        .options(
            joinedload(OriginalsCheck.attachment),
            joinedload(OriginalsCheck.mandate),
            joinedload(OriginalsCheck.checked_by),
        )
    )
    return list(session.scalars(query.order_by(OriginalsCheck.id)))
