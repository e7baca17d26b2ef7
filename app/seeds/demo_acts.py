"""What people do in the demo, in their words: each act is one call of the service that the page would call."""

import io
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from app.domain.clock import local_date
from app.domain.permissions import ANONYMOUS, SYSTEM_ACTOR
from app.domain.terms import Kind, MandateForm, OriginalResult
from app.seeds.demo_data import Person
from app.seeds.demo_pdf import make_pdf
from app.seeds.demo_stage import Stage
from app.services import (
    accounts,
    attachment,
    counter,
    enterprise,
    mandate,
    originals,
    password,
    project,
    reference,
    registration,
    returns,
    snapshot,
)
from app.services.review import MODELS
from models.organization import Organization
from models.project import Project

DAY = timedelta(days=1)
SPENT = "000000"  # stands for every one-time code that is used up minutes later
STAMPS = frozenset({"legal_representative", "unit_seal", "agent", "agency_seal"})


def add_staff(stage: Stage, person: Person, at: datetime) -> None:
    accounts.add_staff(
        stage.session, SYSTEM_ACTOR, username=person.username, name=person.name, bureau_code=person.bureau_code,
        roles=person.roles, password_hash=stage.hash_password(stage.demo_password), must_change_password=False,
        matters=person.matters, now=at,
    )  # fmt: skip


def register(stage: Stage, values: Mapping[str, object], at: datetime, *, goes_on: bool = True) -> None:
    """注册; an organization that goes on changes its password soon and needs its one-time code no more."""

    def hashed(secret: str) -> str:
        is_spent = goes_on and secret != stage.initial_password
        return stage.hash_password(SPENT if is_spent else secret)

    door = registration.FirstDoor(stage.initial_password, stage.initial_lasts, hashed)
    raw = {**values, "privacy_consent": "y"}
    registration.register(
        stage.session, ANONYMOUS, raw, door, claim_nonce=f"demo-{values['org_code']}", now=at
    )  # fmt: skip


def change_password(stage: Stage, code: str, at: datetime) -> None:
    """The forced first change."""
    form = password.Change(stage.initial_password, stage.demo_password, stage.demo_password)
    password.change(
        stage.session, stage.actor(code), form, initial_password=stage.initial_password,
        hash_password=stage.hash_password, opens=stage.opens, now=at,
    )  # fmt: skip


def scan(
    stage: Stage, code: str, kind: Kind, record_id: int, slot: str, name: str, at: datetime,
    replaces: int | None = None,
) -> None:  # fmt: skip
    """One scan of its own: the same name gives the same file."""
    content = make_pdf(name, [f"本件为「{name}」的演示扫描件。", "所载单位、人员、文号和数字均为演示。"])
    attachment.add(
        stage.session, stage.actor(code), stage.storage, kind, record_id, slot, io.BytesIO(content), f"{name}.pdf",
        limits=stage.scans, replaces=replaces, now=at,
    )  # fmt: skip


def open_enterprise(stage: Stage, code: str, values: Mapping[str, object], at: datetime) -> int:
    """企业信息 as a draft with every scan that its kind of unit needs."""
    record = enterprise.create(stage.session, stage.actor(code), values, now=at)
    record_id, name = record.id, record.name
    slots = reference.slots_for(stage.session, Kind.ENTERPRISE, record.unit_kind, has_uscc=bool(record.uscc))
    for slot in slots:
        if slot.min_count:
            scan(stage, code, Kind.ENTERPRISE, record_id, slot.slot, f"{name}{slot.label}", at)
    return record_id


def open_project(stage: Stage, code: str, values: Mapping[str, object], at: datetime, *, document: str = "") -> int:
    """项目信息 as a draft, with its approval document where `document` names one."""
    record_id = project.create(stage.session, stage.actor(code), values, now=at).id
    if document:
        scan(stage, code, Kind.PROJECT, record_id, "approval_document", document, at)
    return record_id


def submit(stage: Stage, code: str, kind: Kind, record_id: int, at: datetime) -> None:
    service = project if kind == Kind.PROJECT else enterprise
    service.submit(stage.session, stage.actor(code), record_id, declared=True, now=at, limits=stage.limits)


def answer(
    stage: Stage, code: str, kind: Kind, record_id: int, at: datetime, mends: Mapping[str, object], renew: str
) -> None:
    """Mend what was asked for, answer every item, renew the scan if one was asked for."""
    service, actor = (project if kind == Kind.PROJECT else enterprise), stage.actor(code)
    record = stage.session.get_one(MODELS[kind], record_id)
    items = returns.open_items(stage.session, record)
    name, slots = record.name, {item.target for item in items if item.target_kind == "slot"}
    former = {found.slot: found.id for found in snapshot.live_attachments(stage.session, record)}
    answers = {item.id: ANSWERS[number % len(ANSWERS)] for number, item in enumerate(items)}
    service.save(stage.session, actor, record_id, mends, version=None, answers=answers, now=at)
    for slot in sorted(slots & former.keys()):
        scan(stage, code, kind, record_id, slot, f"{name}{renew}扫描件", at, replaces=former[slot])


ANSWERS = ("已按要求改正，请审核。", "已对照批文逐项核对并修改。", "已重新扫描上传，请查看。")


def letter(stage: Stage, clerk: str, code: str, at: datetime, *, lasts: int = 365) -> int:
    """The organization's letter that holds on the day; where none does, the agent brings a new one."""
    known = mandate.valid_for(stage.session, stage.actor(clerk), _id_of(stage, code), now=at)
    return known[0].id if known else record_letter(stage, clerk, code, at, lasts)


def _id_of(stage: Stage, code: str) -> int:
    return stage.session.scalars(select(Organization.id).where(Organization.org_code == code)).one()


def record_letter(stage: Stage, clerk: str, code: str, at: datetime, lasts: int) -> int:
    """附件1, or 附件2 for every third organization; signed the day before."""
    number = int(code[3:8])
    form = MandateForm.TENDER_AGENCY if number % 3 == 0 else MandateForm.OWN_STAFF
    signed = local_date(at) - DAY
    raw: dict[str, object] = {
        "mandate_form": form,
        "agent_name": AGENT,
        "agent_id_type": "1",
        "agent_id_number": "320282190001010025",
        "agent_mobile": f"138000001{number % 100:02d}",
        "valid_from": signed,
        "valid_to": signed + lasts * DAY,
        "signed_on": signed,
    }
    if form == MandateForm.TENDER_AGENCY:
        raw |= {"agency_name": "无锡演示招标代理有限公司", "agency_code": "PDY00099-2"}
    title = "法人授权委托书（附件2）" if form == MandateForm.TENDER_AGENCY else "法人授权委托书（附件1）"
    content = make_pdf(title, [f"演示：{code} 授权{AGENT}办理「一号通」有关事务，{signed.isoformat()} 起。"])
    kept = mandate.add(
        stage.session, stage.actor(clerk), stage.storage, _id_of(stage, code), raw, STAMPS,
        (io.BytesIO(content), "演示法人授权委托书.pdf"), limits=stage.scans, now=at,
    )  # fmt: skip
    return kept.id


AGENT = "演示经办人"


def check_originals(
    stage: Stage, clerk: str, code: str, project_id: int, at: datetime,
    fault: tuple[OriginalResult, str] | None = None, *, lasts: int = 365,
) -> None:  # fmt: skip
    """窗口核验 of everything not seen before; with a fault the approval document is sent back on the spot."""
    letter_id = letter(stage, clerk, code, at, lasts=lasts)
    record = stage.session.get_one(Project, project_id)
    scans = originals.scans_to_check(stage.session, record)
    known = originals.latest_checks(stage.session, record, scans)
    seen = {
        found.id: counter.Finding(OriginalResult.MATCH)
        for found in scans
        if found.id not in known or known[found.id].result != OriginalResult.MATCH
    }
    if fault is not None:
        document = next(found for found in scans if found.slot == "approval_document")
        seen[document.id] = counter.Finding(*fault)
    counter.check_originals(stage.session, stage.actor(clerk), project_id, letter_id, seen, now=at)


def hand_over(stage: Stage, clerk: str, code: str, project_id: int, at: datetime) -> None:
    letter_id = letter(stage, clerk, code, at)
    counter.hand_over(
        stage.session, stage.actor(clerk), project_id, received_by=AGENT, mandate_id=letter_id, now=at
    )  # fmt: skip
