"""What a paper with a code says now (核对): to everybody, nothing personal, and nothing for a code that is guessed.

The code is a keyed hash over what the paper stands for, so that nothing has to be stored when one is printed.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.paper_codes import PROOF, PaperCode, PaperKind, read
from app.services import lookup
from models.originals_check import OriginalsCheck
from models.project import Project
from models.types import content_hashes


@dataclass(frozen=True)
class Standing:
    """The paper's subject today. `is_latest` is False for a receipt that a later one has replaced."""

    kind: PaperKind
    name: str
    builder: str
    bureau: str
    status: str
    number: str | None
    at: datetime
    is_latest: bool = True


def receipt_code(project: Project, checked_at: datetime) -> PaperCode:
    """The code of the receipt of one visit to the counter."""
    return _code(PaperKind.RECEIPT, project.id, checked_at.isoformat())


def certificate_code(project: Project) -> PaperCode:
    """The code of the paper that names the project's number."""
    assert project.number is not None
    return _code(PaperKind.CERTIFICATE, project.id, project.number)


def standing(session: Session, text: str) -> Standing | None:
    """What the code's paper says now; None when we printed no such paper."""
    code = read(text)
    project = session.get(Project, code.project_id) if code else None
    if code is None or project is None:
        return None
    return (
        _of_receipt(session, project, code)
        if code.kind == PaperKind.RECEIPT
        else _of_certificate(session, project, code)
    )


def _of_receipt(session: Session, project: Project, code: PaperCode) -> Standing | None:
    visits = select(OriginalsCheck.checked_at).where(OriginalsCheck.project_id == project.id).distinct()
    days = sorted(session.scalars(visits))
    found = next((at for at in days if _proves(code, at.isoformat())), None)
    return _told(session, project, code.kind, found, found == days[-1]) if found is not None else None


def _of_certificate(session: Session, project: Project, code: PaperCode) -> Standing | None:
    if project.number is None or project.numbered_at is None or not _proves(code, project.number):
        return None
    return _told(session, project, code.kind, project.numbered_at, True)


def _told(session: Session, project: Project, kind: PaperKind, at: datetime, is_latest: bool) -> Standing:
    """Of a numbered project what the public look-up says; before that its name as it stands."""
    public = lookup.by_number(session, project.number) if project.number else None
    return Standing(
        kind=kind,
        name=(public.name if public else None) or project.name,
        builder=(public.builder if public else None) or project.organization.name,
        bureau=project.bureau.name if project.bureau else "",
        status=public.status if public else project.status,
        number=project.number,
        at=at,
        is_latest=is_latest,
    )


def _code(kind: PaperKind, project_id: int, subject: str) -> PaperCode:
    return PaperCode(kind, project_id, _proofs(kind, project_id, subject)[0])


def _proves(code: PaperCode, subject: str) -> bool:
    """Under any key that is still kept: papers outlive a change of key."""
    return any(hmac.compare_digest(code.proof, proof) for proof in _proofs(code.kind, code.project_id, subject))


def _proofs(kind: PaperKind, project_id: int, subject: str) -> list[str]:
    return [full[:PROOF] for full in content_hashes(f"paper:{kind}:{project_id}:{subject}".encode())]
