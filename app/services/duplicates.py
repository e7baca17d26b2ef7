"""Look-alikes (疑似重复): the same 立项, a near-equal name, or the very same scan in another project."""

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import Integer, Select, String, bindparam, literal, select, union_all
from sqlalchemy.orm import Session, load_only

from app.domain.permissions import Actor
from app.domain.terms import N_, Status
from app.scope import criteria
from app.services import snapshot
from app.services.reading import once
from models.attachment import Attachment
from models.project import Project

SAME_APPROVAL, SAME_CODE, SAME_SCAN, NEAR_NAME = (
    N_("立项文号和批复机关相同"),
    N_("国家投资项目代码相同"),
    N_("上传了同一份扫描件"),
    N_("名称和属地相近"),
)
ORDER = (SAME_APPROVAL, SAME_CODE, SAME_SCAN, NEAR_NAME)  # a project is named for the first of these
NEAR = 0.8  # share of common two-character pieces
CANDIDATES = 200


@dataclass(frozen=True)
class Lookalike:
    """Another project that may be the same 立项, and what gives it away."""

    project: Project
    reason: str


@once
def find(session: Session, project: Project) -> list[Lookalike]:
    """Look-alikes of a project among those under way or numbered; for staff, whatever their organization."""
    hashes = sorted({scan.sha256 for scan in snapshot.live_attachments(session, project)})
    asked = {"own": project.id, "region": project.region_code, "hashes": hashes}
    asked |= {"key": project.approval_key, "code": project.investment_project_code}
    mine = _pieces(project.name)
    rows = sorted(session.execute(ALIKE, asked), key=lambda row: (ORDER.index(row.reason), -row[0].id))
    found: dict[int, Lookalike] = {}
    for other, reason in rows:
        if reason != NEAR_NAME or _share(mine, _pieces(other.name)) >= NEAR:
            found.setdefault(other.id, Lookalike(other, reason))
    return list(found.values())


def within_reach(session: Session, actor: Actor, found: list[Lookalike]) -> frozenset[int]:
    """Keys of those that this person may open."""
    if not found:
        return frozenset()
    keys = [one.project.id for one in found]
    return frozenset(session.scalars(select(Project.id).where(criteria(actor, Project), Project.id.in_(keys))))


def _alike() -> Select[Project, str]:
    """Everything that may turn out to look alike, the newest of each reason; NULL equals nothing."""
    holders = select(Attachment.project_id).where(
        Attachment.sha256.in_(bindparam("hashes", type_=String, expanding=True)),
        Attachment.superseded_at.is_(None),
        Attachment.project_id.is_not(None),
    )
    parts = (
        _others(NEAR_NAME).where(Project.region_code == bindparam("region", type_=String)),
        _others(SAME_APPROVAL).where(Project.approval_key == bindparam("key", type_=String)),
        _others(SAME_CODE).where(Project.investment_project_code == bindparam("code", type_=String)),
        _others(SAME_SCAN).where(Project.id.in_(holders)),
    )
    limited = [part.order_by(Project.id.desc()).limit(CANDIDATES).subquery().select() for part in parts]
    found = union_all(*limited).subquery("candidates")
    seen = load_only(Project.name, Project.number, Project.status, Project.organization_id)
    return select(Project, found.c.reason).join(found, found.c.id == Project.id).options(seen)


def _others(reason: str) -> Select[int, str]:
    alive = [Status.SUBMITTED, Status.RETURNED, Status.APPROVED]
    query = select(Project.id, literal(reason).label("reason"))
    return query.where(Project.id != bindparam("own", type_=Integer), Project.status.in_(alive))


ALIKE = _alike()  # put together once: that costs more than running it


def _pieces(name: str) -> set[str]:
    plain = re.sub(r"\W", "", unicodedata.normalize("NFKC", name).casefold())
    return {plain[i : i + 2] for i in range(len(plain) - 1)} or {plain}


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)
