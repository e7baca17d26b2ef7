"""Look-alikes (疑似重复): the same 立项, a near-equal name, or the very same scan in another project."""

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, load_only

from app.domain.terms import N_, Status
from app.services import snapshot
from models.attachment import Attachment
from models.project import Project

SAME_APPROVAL, SAME_SCAN, NEAR_NAME = (
    N_("立项文号和批复机关相同"),
    N_("上传了同一份扫描件"),
    N_("名称和属地相近"),
)
NEAR = 0.8  # share of common two-character pieces
CANDIDATES = 200


@dataclass(frozen=True)
class Lookalike:
    """Another project that may be the same 立项, and what gives it away."""

    project: Project
    reason: str


def find(session: Session, project: Project) -> list[Lookalike]:
    """Look-alikes of a project among those under way or numbered; for staff, whatever their organization."""
    found: dict[int, Lookalike] = {}
    for reason, projects in (
        (SAME_APPROVAL, _same_approval(session, project)),
        (SAME_SCAN, _same_scan(session, project)),
        (NEAR_NAME, _near_name(session, project)),
    ):
        for other in projects:
            found.setdefault(other.id, Lookalike(other, reason))
    return list(found.values())


def _others(project: Project) -> Select[Project]:
    alive = [Status.SUBMITTED, Status.RETURNED, Status.APPROVED]
    seen = load_only(Project.name, Project.number, Project.status, Project.organization_id)
    query = select(Project).where(Project.id != project.id, Project.status.in_(alive))
    return query.options(seen).limit(CANDIDATES)


def _same_approval(session: Session, project: Project) -> list[Project]:
    if project.approval_key is None:
        return []
    return list(session.scalars(_others(project).where(Project.approval_key == project.approval_key)))


def _same_scan(session: Session, project: Project) -> list[Project]:
    hashes = [a.sha256 for a in snapshot.live_attachments(session, project)]
    if not hashes:
        return []
    holders = select(Attachment.project_id).where(
        Attachment.sha256.in_(hashes), Attachment.superseded_at.is_(None), Attachment.project_id.is_not(None)
    )
    return list(session.scalars(_others(project).where(Project.id.in_(holders))))


def _near_name(session: Session, project: Project) -> list[Project]:
    mine = _pieces(project.name)
    query = _others(project).where(Project.region_code == project.region_code).order_by(Project.id.desc())
    return [other for other in session.scalars(query) if _share(mine, _pieces(other.name)) >= NEAR]


def _pieces(name: str) -> set[str]:
    plain = re.sub(r"\W", "", unicodedata.normalize("NFKC", name).casefold())
    return {plain[i : i + 2] for i in range(len(plain) - 1)} or {plain}


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)
