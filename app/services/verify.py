"""What a paper with a code says now (核对): to everybody, nothing personal, and nothing for a code that is guessed.

The code is a keyed hash over what the paper stands for, so that nothing has to be stored when one is printed.
"""

import hmac
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.paper_codes import LETTERS, PROOF, PaperCode, PaperKind, read
from app.domain.terms import MandateForm
from app.services import lookup
from models.counter_visit import CounterVisit
from models.mandate import Mandate
from models.organization import Organization
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


@dataclass(frozen=True)
class Letter:
    """A letter as it was printed: whose, and until when the organization has one on file that holds today."""

    kind: PaperKind
    builder: str
    org_code: str
    holds_until: date | None


def receipt_code(project: Project, checked_at: datetime) -> PaperCode:
    """The code of the receipt of one visit to the counter."""
    return _code(PaperKind.RECEIPT, project.id, checked_at.isoformat())


def certificate_code(project: Project) -> PaperCode:
    """The code of the paper that names the project's number."""
    assert project.number is not None
    return _code(PaperKind.CERTIFICATE, project.id, project.number)


def letter_code(organization: Organization, form: MandateForm) -> PaperCode:
    """The code of a letter that is printed with the organization's name in it."""
    kind = PaperKind.LETTER_TENDER_AGENCY if form == MandateForm.TENDER_AGENCY else PaperKind.LETTER_OWN_STAFF
    return _code(kind, organization.id, organization.org_code)


def subject(session: Session, text: str) -> Project | Organization | None:
    """Whose paper the code was printed for, for the counter's search; None for a code that is not ours."""
    code = read(text)
    if code is None:
        return None
    if code.kind in LETTERS:
        return _owner(session, code)
    return session.get(Project, code.key) if standing(session, text) is not None else None


def letter_of(session: Session, text: str) -> tuple[Organization | None, str]:
    """For whom and on which form (terms.MandateForm) a letter was printed; nobody for a code that is not ours."""
    code = read(text)
    unit = _owner(session, code) if code is not None and code.kind in LETTERS else None
    agency = code is not None and code.kind == PaperKind.LETTER_TENDER_AGENCY
    return unit, MandateForm.TENDER_AGENCY if agency else MandateForm.OWN_STAFF


def letter(session: Session, text: str, *, now: datetime) -> Letter | None:
    """What a printed letter stands for now; None when we printed no such letter."""
    code = read(text)
    unit = _owner(session, code) if code is not None and code.kind in LETTERS else None
    if code is None or unit is None:
        return None
    today = local_date(now)
    last = select(func.max(Mandate.valid_to)).where(
        Mandate.organization_id == unit.id,
        Mandate.revoked_at.is_(None),
        Mandate.valid_from <= today,
        Mandate.valid_to >= today,
    )
    return Letter(code.kind, unit.name, unit.org_code, session.scalar(last))


def _owner(session: Session, code: PaperCode) -> Organization | None:
    unit = session.get(Organization, code.key)
    return unit if unit is not None and _proves(code, unit.org_code) else None


def standing(session: Session, text: str) -> Standing | None:
    """What the code's paper says now; None when we printed no such paper."""
    code = read(text)
    project = session.get(Project, code.key) if code and code.kind not in LETTERS else None
    if code is None or project is None:
        return None
    return (
        _of_receipt(session, project, code)
        if code.kind == PaperKind.RECEIPT
        else _of_certificate(session, project, code)
    )


def _of_receipt(session: Session, project: Project, code: PaperCode) -> Standing | None:
    visits = select(CounterVisit.visited_at).where(CounterVisit.project_id == project.id).distinct()
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
        name=(public.name if public else None) or project.told_name,
        builder=(public.builder if public else None) or project.organization.name,
        bureau=project.bureau.name if project.bureau else "",
        status=public.status if public else project.status,
        number=project.number,
        at=at,
        is_latest=is_latest,
    )


def _code(kind: PaperKind, key: int, subject: str) -> PaperCode:
    return PaperCode(kind, key, _proofs(kind, key, subject)[0])


def _proves(code: PaperCode, subject: str) -> bool:
    """Under any key that is still kept: papers outlive a change of key."""
    return any(hmac.compare_digest(code.proof, proof) for proof in _proofs(code.kind, code.key, subject))


def _proofs(kind: PaperKind, key: int, subject: str) -> list[str]:
    return [full[:PROOF] for full in content_hashes(f"paper:{kind}:{key}:{subject}".encode())]
