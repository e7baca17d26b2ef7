"""Demo data (profile demo only): made through the services, at the times that a real bureau would have acted."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import ANONYMOUS, SYSTEM_ACTOR, Actor
from app.domain.terms import Kind, OriginalResult
from app.seeds import demo_data as data
from app.seeds.demo_pdf import make_pdf
from app.services import (
    accounts,
    administration,
    attachment,
    counter,
    enterprise,
    mandate,
    originals,
    password,
    project,
    reference,
    registration,
    review,
)
from app.services.returns import Item
from app.storage import ScanLimits, Storage
from models.bureau import Bureau
from models.enterprise import Enterprise
from models.organization import Organization
from models.project import Project
from models.user import User

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass
class Stage:
    """Where the demo is played: database, store, the instant it is, and how passwords are kept."""

    session: Session
    storage: Storage
    now: datetime
    hash_password: Callable[[str], str]
    demo_password: str
    initial_password: str
    initial_lasts: timedelta = timedelta(hours=72)
    scans: ScanLimits = field(default_factory=ScanLimits)


def is_empty(session: Session) -> bool:
    """Has nobody registered or been given an account yet?"""
    return session.scalar(select(Organization.id).limit(1)) is None and session.scalar(select(User.id)) is None


def load_demo(stage: Stage) -> None:
    """Fill an empty database: staff, three organizations, projects in every state."""
    stage = replace(stage, hash_password=cache(stage.hash_password))  # slow by design, and one password for all
    for person in data.STAFF:
        accounts.add_staff(
            stage.session, SYSTEM_ACTOR, username=person.username, name=person.name,
            bureau_code=person.bureau_code, roles=person.roles,
            password_hash=stage.hash_password(stage.demo_password), must_change_password=False,
            now=stage.now - 30 * DAY,
        )  # fmt: skip
    for values in data.ORGANIZATIONS:
        code = str(values["org_code"])
        registered = stage.now - (HOUR if code == data.NEW else 20 * DAY)
        _register(stage, values, registered)
    _approved_enterprise(stage)
    _submitted_enterprise(stage)
    _projects(stage)


def _register(stage: Stage, values: dict[str, object], at: datetime) -> None:
    door = registration.FirstDoor(stage.initial_password, stage.initial_lasts, stage.hash_password)
    registration.register(
        stage.session, ANONYMOUS, {**values, "privacy_consent": "y"}, door,
        claim_nonce=f"demo-{values['org_code']}", now=at,
    )  # fmt: skip
    if values["org_code"] != data.NEW:
        change = password.Change(stage.initial_password, stage.demo_password, stage.demo_password)
        password.change(
            stage.session, actor_of(stage.session, str(values["org_code"])), change,
            initial_password=stage.initial_password, hash_password=stage.hash_password, now=at + HOUR / 4,
        )  # fmt: skip


def actor_of(session: Session, username: str) -> Actor:
    """The services' view of a demo account."""
    user = session.scalars(select(User).where(User.username == username)).one()
    below: set[int] = set()
    if user.bureau_id:
        below = {
            user.bureau_id,
            *session.scalars(select(Bureau.id).where(Bureau.parent_id == user.bureau_id)),
        }
    return Actor(
        user_id=user.id,
        username=user.username,
        name=user.display_name,
        roles=frozenset(role.name for role in user.roles),
        organization_id=user.organization_id,
        bureau_id=user.bureau_id,
        bureau_ids=frozenset(below),
        is_root=user.bureau is not None and user.bureau.parent_id is None,
    )


def _scan(stage: Stage, actor: Actor, kind: Kind, record_id: int, slot: str, name: str, at: datetime) -> None:
    content = make_pdf(name, [f"本件为「{name}」的演示扫描件。", "所载单位、人员、文号和数字均为演示。"])
    attachment.add(
        stage.session, actor, stage.storage, kind, record_id, slot, io.BytesIO(content), f"{name}.pdf",
        limits=stage.scans, now=at,
    )  # fmt: skip


def _enterprise(stage: Stage, code: str, values: dict[str, object], at: datetime) -> Enterprise:
    actor = actor_of(stage.session, code)
    record = enterprise.create(stage.session, actor, values, now=at)
    record_id = record.id
    slots = reference.slots_for(stage.session, Kind.ENTERPRISE, record.unit_kind, has_uscc=bool(record.uscc))
    for slot in slots:
        if slot.min_count:
            _scan(stage, actor, Kind.ENTERPRISE, record_id, slot.slot, f"演示{slot.label}", at)
    return enterprise.submit(stage.session, actor, record_id, declared=True, now=at + HOUR)


def _approved_enterprise(stage: Stage) -> None:
    record = _enterprise(stage, data.APPROVED, data.ENTERPRISE, stage.now - 19 * DAY)
    reviewer = actor_of(stage.session, "reviewer.jiangyin")
    review.approve(stage.session, reviewer, Kind.ENTERPRISE, record.id, now=stage.now - 18 * DAY)


def _submitted_enterprise(stage: Stage) -> None:
    _enterprise(stage, data.UNDER_REVIEW, data.COMPANY, stage.now - 1 * DAY)


def _projects(stage: Stage) -> None:
    applicant = actor_of(stage.session, data.APPROVED)
    letter = _mandate(stage, stage.now - 12 * DAY)
    for n, (name, different, stop) in enumerate(data.PROJECTS):
        at = stage.now - (10 - n) * DAY
        values = {**data.PROJECT, **_dates(at), **different, "name": name}
        record = project.create(stage.session, applicant, values, now=at)
        if stop != "draft":
            _scan(stage, applicant, Kind.PROJECT, record.id, "approval_document", f"{name}立项批文", at)
            project.submit(stage.session, applicant, record.id, declared=True, now=at + HOUR)
            _carry_on(stage, record, letter, stop, at + 2 * HOUR)


def _dates(at: datetime) -> dict[str, object]:
    """Approved two months before, to be built from next spring on."""
    day = at.date()
    return {
        "approved_on": day - 60 * DAY,
        "planned_start_on": day + 120 * DAY,
        "planned_finish_on": day + 660 * DAY,
    }


def _mandate(stage: Stage, at: datetime) -> int:
    clerk = actor_of(stage.session, "clerk.jiangyin")
    organization = stage.session.scalars(select(Organization).where(Organization.org_code == data.APPROVED)).one()
    raw: dict[str, object] = {
        "mandate_form": "own_staff",
        "agent_name": "演示经办人",
        "agent_id_type": "1",
        "agent_id_number": "320282190001010025",
        "agent_mobile": "13800000011",
        "valid_from": (at - DAY).date(),
        "valid_to": (at + 365 * DAY).date(),
        "signed_on": (at - DAY).date(),
    }
    content = make_pdf("法人授权委托书（附件1）", ["演示法人授权演示经办人办理「一号通」有关事务。"])
    letter = mandate.add(
        stage.session, clerk, stage.storage, organization.id, raw,
        frozenset({"legal_representative", "unit_seal", "agent"}),
        (io.BytesIO(content), "演示法人授权委托书.pdf"), limits=stage.scans, now=at,
    )  # fmt: skip
    return letter.id


def _carry_on(stage: Stage, record: Project, letter: int, stop: str, at: datetime) -> None:
    session, record_id = stage.session, record.id
    clerk, reviewer = actor_of(session, "clerk.jiangyin"), actor_of(session, "reviewer.jiangyin")
    if stop in ("checked", "approved", "handed_over"):
        scans = originals.scans_to_check(session, session.get_one(Project, record_id))
        seen = {scan.id: counter.Finding(OriginalResult.MATCH) for scan in scans}
        counter.check_originals(session, clerk, record_id, letter, seen, now=at)
    if stop in ("approved", "handed_over"):
        review.approve(session, reviewer, Kind.PROJECT, record_id, now=at + HOUR)
    if stop == "handed_over":
        counter.hand_over(session, clerk, record_id, received_by="演示经办人", mandate_id=letter, now=at + 2 * HOUR)
    if stop == "returned":
        item = Item("investment_10k_cny", "differs_from_document", "总投资与批文不一致，请按批文核对后改正。")
        review.return_(session, reviewer, Kind.PROJECT, record_id, [item], now=at + HOUR)
    if stop == "voided":
        administrator = actor_of(session, "admin.jiangyin")
        administration.void(session, administrator, Kind.PROJECT, record_id, reason="演示：单位申请撤销立项。", now=at)
