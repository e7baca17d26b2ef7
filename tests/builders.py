"""Records for tests, made through the services. Only scans are rows without a file: the store has tests of its own."""

import hashlib
import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.identifiers import org_code_check_character
from app.domain.limits import TimeLimits
from app.domain.permissions import ANONYMOUS, Actor
from app.domain.terms import Kind, OriginalResult, Role
from app.seeds import demo
from app.services import counter, enterprise, originals, project, reference, registration, returns, review
from models.attachment import Attachment
from models.bureau import Bureau
from models.enterprise import Enterprise
from models.mandate import Mandate
from models.organization import Organization
from models.project import Project
from models.types import blind_index
from models.user import User

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai, a Monday
DAY = timedelta(days=1)
LIMITS = TimeLimits()  # what the settings say when nobody has set them
DOOR = registration.FirstDoor("11111", timedelta(hours=72), lambda password: f"plain:{password}")
ID_NUMBER, OTHER_ID_NUMBER = "320281190001010010", "320282190001010025"
MOBILE, AGENT_MOBILE = "13800000000", "15312345678"
_serial = itertools.count(1)


def org_code(n: int) -> str:
    """The n-th code of GB 11714's private range."""
    body = f"PDY{n:05d}"
    return f"{body}-{org_code_check_character(body)}"


def a_bureau(session: Session, code: str = "320281") -> Bureau:
    return session.scalars(select(Bureau).where(Bureau.code == code)).one()


def ensure_roles(session: Session) -> None:
    """The roles that `yht init` makes, for tests without the web."""
    known = set(session.scalars(select(FabRole.name)))
    session.add_all(FabRole(name=role.value) for role in Role if role.value not in known)
    session.commit()


def actor_of(session: Session, user: User) -> Actor:
    """The account as the services know it."""
    return demo.actor_of(session, user.username)


def staff(session: Session, *roles: Role, bureau: str = "320281", name: str | None = None) -> Actor:
    """A staff account with these roles at a bureau."""
    ensure_roles(session)
    username = name or f"staff{next(_serial)}.{'-'.join(roles)}"[:60]
    user = User(
        username=username, first_name=username, last_name="", display_name=username, active=True,
        email=f"{username}@local.invalid", password="x", bureau=a_bureau(session, bureau),
        roles=list(session.scalars(select(FabRole).where(FabRole.name.in_(roles)))), must_change_password=False,
    )  # fmt: skip
    session.add(user)
    session.commit()
    return actor_of(session, user)


def registered(session: Session, n: int | None = None, **different: object) -> tuple[Organization, Actor]:
    """An organization and its account, past the first password change."""
    ensure_roles(session)
    n = n or next(_serial) + 1000
    raw = {
        "org_code": org_code(n), "name": f"演示建设单位{n}", "unit_kind": "government", "contact_name": "演示联系人",
        "contact_mobile": MOBILE, "privacy_consent": "y",
    }  # fmt: skip
    organization = registration.register(
        session, ANONYMOUS, {**raw, **different}, DOOR, claim_nonce=f"nonce{n}", now=NOW
    )
    user = session.scalars(select(User).where(User.organization_id == organization.id)).one()
    user.must_change_password = False
    session.commit()
    return organization, actor_of(session, user)


ENTERPRISE = {
    "region_code": "320281", "address": "江阴市演示路1号", "postal_code": "214400", "legal_representative": "演示法人",
    "legal_representative_id_type": "1", "legal_representative_id_number": ID_NUMBER, "established_on": "2003-05-12",
    "contact_name": "演示联系人", "contact_mobile": MOBILE,
}  # fmt: skip

PROJECT = {
    "category_code": "01", "construction_nature_code": "001", "use_code": "304", "region_code": "320281",
    "address": "江阴市演示路以东", "approval_kind": "approval", "approval_authority": "江阴市发展和改革委员会",
    "approved_on": "2026-09-16", "approval_level_code": "004", "funding_nature_code": "101",
    "investment_10k_cny": "18650", "floor_area_m2": "42300", "scale": "教学楼", "planned_start_on": "2027-03-01",
    "planned_finish_on": "2028-08-20", "contact_name": "演示经办人", "contact_mobile": AGENT_MOBILE,
}  # fmt: skip


def attach(session: Session, record: Enterprise | Project, slot: str, content: str | None = None) -> Attachment:
    """A scan's row; the same content gives the same hash."""
    content = content or f"{slot}-{next(_serial)}"
    row = Attachment(
        organization_id=record.organization_id,
        enterprise_id=record.id if isinstance(record, Enterprise) else None,
        project_id=record.id if isinstance(record, Project) else None,
        slot=slot, original_name=f"{slot}.pdf", sha256=hashlib.sha256(content.encode()).hexdigest(),
        size_bytes=1000, page_count=1, uploaded_by_id=_uploader(session, record), uploaded_at=NOW,
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row


def _uploader(session: Session, record: Enterprise | Project) -> int:
    return session.scalars(select(User.id).where(User.organization_id == record.organization_id)).one()


def draft_enterprise(session: Session, applicant: Actor, *, now: datetime = NOW, **different: object) -> Enterprise:
    """A complete draft with its scans."""
    record = enterprise.create(session, applicant, {**ENTERPRISE, **different}, now=now)
    slots = reference.slots_for(session, Kind.ENTERPRISE, record.unit_kind, has_uscc=bool(record.uscc))
    for slot in slots:
        if slot.min_count:
            attach(session, record, slot.slot)
    return record


def submitted_enterprise(session: Session, applicant: Actor, **different: object) -> Enterprise:
    record = draft_enterprise(session, applicant, **different)
    return enterprise.submit(session, applicant, record.id, declared=True, now=NOW, limits=LIMITS)


def approved_enterprise(session: Session, applicant: Actor, reviewer: Actor, **different: object) -> Enterprise:
    record = submitted_enterprise(session, applicant, **different)
    review.approve(session, reviewer, Kind.ENTERPRISE, record.id, now=NOW)
    return record


def draft_project(session: Session, applicant: Actor, *, now: datetime = NOW, **different: object) -> Project:
    """A complete draft with its scan, with an approval document of its own."""
    n = next(_serial)
    values = {
        **PROJECT,
        "name": f"演示项目{n}",
        "approval_document_number": f"澄发改投〔2026〕演示{n:05d}号",
        **different,
    }
    record = project.create(session, applicant, values, now=now)
    attach(session, record, "approval_document")
    return record


def submitted_project(session: Session, applicant: Actor, *, now: datetime = NOW, **different: object) -> Project:
    record = draft_project(session, applicant, now=now, **different)
    return project.submit(session, applicant, record.id, declared=True, now=now, limits=LIMITS)


def mandate_of(session: Session, organization_id: int, clerk: Actor, **different: object) -> Mandate:
    """A letter that holds today."""
    values: dict[str, object] = {
        "form": "own_staff", "agent_name": "演示经办人", "agent_id_type": "1", "agent_id_number": OTHER_ID_NUMBER,
        "agent_id_number_index": blind_index(OTHER_ID_NUMBER), "agent_mobile": AGENT_MOBILE,
        "agent_mobile_index": blind_index(AGENT_MOBILE), "valid_from": NOW.date() - DAY,
        "valid_to": NOW.date() + 30 * DAY, "signed_on": NOW.date() - DAY,
        "stamps": ["agent", "legal_representative", "unit_seal"],
    }  # fmt: skip
    row = Mandate(
        organization_id=organization_id,
        recorded_by_id=clerk.user_id,
        recorded_at=NOW,
        **{**values, **different},
    )
    session.add(row)
    session.commit()
    return row


def check_all(session: Session, record: Project, clerk: Actor, *, now: datetime = NOW) -> None:
    """Every original seen and matching."""
    letter = mandate_of(session, record.organization_id, clerk)
    seen = {scan.id: counter.Finding(OriginalResult.MATCH) for scan in originals.scans_to_check(session, record)}
    counter.check_originals(session, clerk, record.id, letter.id, seen, now=now)


def no_originals(session: Session) -> None:
    """No bureau asks for originals: the review's clock runs from the submit."""
    session.execute(update(Bureau).values(requires_originals=False))
    session.commit()


@dataclass
class Case:
    """One organization with an approved enterprise, and the three people of the journey."""

    organization: Organization
    applicant: Actor
    reviewer: Actor
    clerk: Actor


def a_case(session: Session, n: int | None = None) -> Case:
    """Ready for projects."""
    organization, applicant = registered(session, n)
    reviewer, clerk = staff(session, Role.REVIEWER), staff(session, Role.COUNTER_CLERK)
    approved_enterprise(session, applicant, reviewer)
    return Case(organization, applicant, reviewer, clerk)


def approved_project(session: Session, case: Case, **different: object) -> Project:
    """Numbered, by the whole way."""
    record = submitted_project(session, case.applicant, **different)
    check_all(session, record, case.clerk)
    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)
    return record


ITEM = returns.Item("investment_10k_cny", "wrong_figure", "请按批文第四条改正")
SCAN_ITEM = returns.Item("approval_document", "incomplete_scan", "缺第 2 页")


def send_back(session: Session, case: Case, record: Project, *items: returns.Item) -> None:
    """The reviewer returns the project, for its investment when nothing else is named."""
    review.return_(session, case.reviewer, Kind.PROJECT, record.id, items or (ITEM,), now=NOW)
