"""Originals beside their scans (原件核验): a tick is bound to the hash of the file it was given for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import Sentence, say
from app.domain.terms import N_, OriginalResult
from app.services import reference, snapshot
from app.services.reading import once
from models.attachment import Attachment
from models.enterprise import Enterprise
from models.originals_check import OriginalsCheck
from models.project import Project


@dataclass(frozen=True)
class Tally:
    """How many scans of a project there are, and how many were seen beside a matching original."""

    seen: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Nothing is left to check."""
        return self.seen == self.total


def scans_to_check(session: Session, project: Project) -> list[Attachment]:
    """All live scans of the enterprise and of the project, enterprise first (FIELDS, counter)."""
    return sorted(snapshot.live_scans(session, project), key=lambda scan: scan.project_id is not None)


def latest_checks(session: Session, project: Project, attachments: Iterable[Attachment]) -> dict[int, OriginalsCheck]:
    """By attachment: the latest finding for the very same file within this organization."""
    attachments = list(attachments)
    by_hash = _findings(session, project.organization_id, frozenset(a.sha256 for a in attachments))
    return {a.id: by_hash[a.sha256] for a in attachments if a.sha256 in by_hash}


@once
def _findings(session: Session, organization_id: int, hashes: frozenset[str]) -> dict[str, OriginalsCheck]:
    query = (
        select(OriginalsCheck)
        .join(Attachment, OriginalsCheck.attachment_id == Attachment.id)
        .where(OriginalsCheck.sha256.in_(hashes), Attachment.organization_id == organization_id)
        .order_by(OriginalsCheck.id)
    )
    return {check.sha256: check for check in session.scalars(query)}


def are_checked(session: Session, record: snapshot.Record) -> bool | Sentence:
    """Where the bureau asks for it, every scan was seen beside a matching original."""
    if not isinstance(record, Project) or record.bureau is None:
        return False
    if not are_wanted(session, record):
        return True
    scans = scans_to_check(session, record)
    checks = latest_checks(session, record, scans)
    unseen = [a for a in scans if a.id not in checks or checks[a.id].result != OriginalResult.MATCH]
    if not unseen:
        return True
    if len(unseen) == len(scans):
        return say(N_("尚未原件核验，不能通过。"))
    return say(N_("还有 %(count)s 件扫描件没有核对原件，不能通过。"), count=len(unseen))


def are_wanted(session: Session, project: Project) -> bool:
    """Does the bureau that has the project, or that of its region, ask for originals? 移交 is no way around it."""
    home = reference.office_of_region(session, project.region_code)
    return any(bureau is not None and bureau.requires_originals for bureau in (project.bureau, home))


def tally(session: Session, owners: Mapping[int, int]) -> dict[int, Tally]:
    """Per project (given with its organization): scans seen and scans in all, by two statements."""
    of_project, of_organization = _live_hashes(session, owners)
    matching = _matching(session, set(owners.values()))
    found = {}
    for project_id, organization_id in owners.items():
        hashes = of_organization.get(organization_id, []) + of_project.get(project_id, [])
        seen = sum((organization_id, sha256) in matching for sha256 in hashes)
        found[project_id] = Tally(seen, len(hashes))
    return found


def _live_hashes(session: Session, owners: Mapping[int, int]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Hashes of live scans: by project, and by organization those of its enterprise record."""
    enterprises = select(Enterprise.id).where(Enterprise.organization_id.in_(set(owners.values())))
    query = select(Attachment.project_id, Attachment.organization_id, Attachment.sha256).where(
        Attachment.superseded_at.is_(None),
        or_(Attachment.project_id.in_(owners), Attachment.enterprise_id.in_(enterprises)),
    )
    of_project: dict[int, list[str]] = {}
    of_organization: dict[int, list[str]] = {}
    for project_id, organization_id, sha256 in session.execute(query):
        if project_id is None:
            of_organization.setdefault(organization_id, []).append(sha256)
        else:
            of_project.setdefault(project_id, []).append(sha256)
    return of_project, of_organization


def _matching(session: Session, organization_ids: set[int]) -> set[tuple[int, str]]:
    """(organization, hash) of the files whose latest finding is a match."""
    query = (
        select(Attachment.organization_id, OriginalsCheck.sha256, OriginalsCheck.result)
        .join(Attachment, OriginalsCheck.attachment_id == Attachment.id)
        .where(Attachment.organization_id.in_(organization_ids))
        .order_by(OriginalsCheck.id)
    )
    latest = {(owner, sha256): result for owner, sha256, result in session.execute(query)}
    return {key for key, result in latest.items() if result == OriginalResult.MATCH}


def visit(session: Session, project: Project) -> list[OriginalsCheck]:
    """The findings of the project's last check at the counter, for its receipt; empty before the first."""
    last = select(OriginalsCheck.checked_at).where(OriginalsCheck.project_id == project.id)
    query = (
        select(OriginalsCheck)
        .where(
            OriginalsCheck.project_id == project.id,
            OriginalsCheck.checked_at == last.order_by(OriginalsCheck.id.desc()).limit(1).scalar_subquery(),
        )
        .options(
            joinedload(OriginalsCheck.attachment),
            joinedload(OriginalsCheck.mandate),
            joinedload(OriginalsCheck.checked_by),
        )
    )
    return list(session.scalars(query.order_by(OriginalsCheck.id)))
