"""Who stands on the stage of world.py: every role once, and two organizations with records in every state."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.matters import Matter
from app.domain.permissions import Actor
from app.domain.terms import Kind, RequestKind, Role
from app.services import account_requests, administration, api_keys, export, export_jobs, report, review
from app.services.returns import Item
from models.attachment import Attachment
from models.audit import AuditEvent
from models.calendar import CalendarOverride
from models.dictionary import DictionaryEntry, RequiredDocument, ReturnReason
from models.enterprise import Enterprise
from models.export_job import ExportJob
from models.inbox_message import InboxMessage
from models.matter import ProjectMatter
from models.matter_rule import MatterItem, MatterRule
from models.number import NumberRegister
from models.outbox import Outbox
from models.project import Project
from models.region import Region
from models.review import Review
from models.user import User
from tests import builders, pdfs
from tests.app_fixtures import MONDAY, STORED
from tests.builders import LIMITS
from tests.services.unit_entries import a_submitted_filing
from tests.views.applicants import an_applicant, can_sign_in

HERE, ELSEWHERE, ROOT = "320281", "320213", "320200"
MOBILE = "13712340000"
SECRET_WORD = "乙方机密"  # in every name of the other organization's rows
STAFF = {
    "clerk": ((Role.COUNTER_CLERK,), HERE),
    "reviewer": ((Role.REVIEWER,), HERE),
    "elsewhere": ((Role.REVIEWER,), ELSEWHERE),
    "matter": ((Role.MATTER_CLERK,), HERE),
    "manager": ((Role.MANAGER,), HERE),
    "admin": ((Role.ADMINISTRATOR,), HERE),
    "root": ((Role.ADMINISTRATOR,), ROOT),
    "auditor": ((Role.AUDITOR,), HERE),
    "hats": ((Role.COUNTER_CLERK, Role.REVIEWER, Role.MATTER_CLERK, Role.MANAGER, Role.ADMINISTRATOR), HERE),
}
# Who holds exactly one role, for tests over all roles; `hats` holds all that may be held together.
OF_ROLE = {
    Role.APPLICANT: "owner", Role.COUNTER_CLERK: "clerk", Role.REVIEWER: "reviewer", Role.MATTER_CLERK: "matter",
    Role.MANAGER: "manager", Role.ADMINISTRATOR: "admin", Role.AUDITOR: "auditor",
}  # fmt: skip
EVERYBODY = ("anonymous", "gated", "owner", "stranger", *STAFF)


@dataclass
class Records:
    """Keys of what one organization has."""

    organization: int
    enterprise: int
    projects: dict[str, int]  # by state, and `ready`: submitted with its originals seen
    scan: int  # of the draft, with its file in the store
    mandate: int
    review: int  # of the returned project
    messages: list[int]
    number: int  # the register's row of the approved project
    notice: int  # a text message about the organization
    push: int  # of the approved project to the province, refused there
    matter: int  # a matter of the approved project
    event: int  # of the audit trail
    numbered: int  # the approved project again, which has unit works
    filing: int  # of its unit works, submitted
    unit: int  # one of them
    pending_act: int = 0  # void of the approved project, asked for by `admin`
    account_request: int = 0  # a new password, taken in by `clerk`
    report: int = 0  # last month's, issued by the manager
    export: int = 0  # the manager's, with its file

    @property
    def message(self) -> int:
        """One of the messages."""
        return self.messages[0]


def populate(session: Session, app: Flask) -> tuple[dict[str, Actor], Records, Records]:
    """Everybody by name, and the records of `owner` and of `stranger`."""
    people = {name: _staff(session, name, roles, place) for name, (roles, place) in STAFF.items()}
    owner, stranger = _case(session, people, 1), _case(session, people, 2)
    people |= {"owner": owner.applicant, "stranger": stranger.applicant}
    own, foreign = _records(session, app, owner, "甲方"), _records(session, app, stranger, SECRET_WORD)
    own.pending_act = administration.void(
        session,
        people["admin"],
        Kind.PROJECT,
        own.projects["approved"],
        reason="演示：立项撤销",
        now=MONDAY,
        limits=LIMITS,
    ).id
    seen = {"brought_by": "演示经办人", "basis": "演示：重置申请一份", "originals_seen": True}
    own.account_request = account_requests.ask(
        session, people["clerk"], RequestKind.RESET, owner.organization.id, seen, now=MONDAY, limits=LIMITS
    ).id
    own.report = report.issue(session, people["manager"], HERE, report.last_month(MONDAY), now=MONDAY).id
    own.export = _exported(session, app, people["manager"])
    _organization, gated = an_applicant(session, 3)
    session.get_one(User, gated.user_id).must_change_password = True
    session.commit()
    people["gated"] = gated
    return people, own, foreign


def _exported(session: Session, app: Flask, manager: Actor) -> int:
    """A list of the manager's that was written in the background."""
    assert manager.user_id is not None
    job = ExportJob(
        kind="projects", parameters=export.within_reach({}, manager), state="done", row_count=1, rows_written=1, file_name="项目清单.xlsx",
        file_key="picture.xlsx", requested_by_id=manager.user_id, requested_at=MONDAY, finished_at=MONDAY,
    )  # fmt: skip
    session.add(job)
    session.commit()
    folder = Path(app.extensions["yht"].settings.data_dir) / export_jobs.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "picture.xlsx").write_bytes(b"PK")
    return job.id


def _case(session: Session, people: dict[str, Actor], n: int) -> builders.Case:
    """An organization with an approved enterprise record, its phone being nobody's example."""
    organization, applicant = builders.registered(session, n, contact_mobile=MOBILE)
    builders.approved_enterprise(session, applicant, people["reviewer"], contact_mobile=MOBILE)
    return builders.Case(organization, applicant, people["reviewer"], people["clerk"])


def _staff(session: Session, name: str, roles: Sequence[Role], place: str) -> Actor:
    builders.ensure_roles(session)
    user = User(
        matters=list(Matter) if Role.MATTER_CLERK in roles else None,
        username=f"{name}.test", first_name=name, last_name="", display_name=f"演示{name}", active=True,
        email=f"{name}@local.invalid", password=STORED, bureau=builders.a_bureau(session, place),
        roles=list(session.scalars(select(FabRole).where(FabRole.name.in_(roles)))), must_change_password=False,
    )  # fmt: skip
    session.add(user)
    session.commit()
    return builders.actor_of(session, user)


def _records(session: Session, app: Flask, case: builders.Case, word: str) -> Records:
    organization_id, applicant = case.organization.id, case.applicant
    enterprise_id = session.scalars(select(Enterprise.id).where(Enterprise.organization_id == organization_id)).one()
    drafts = {state: f"{word}项目{state}" for state in ("draft", "submitted", "returned", "ready", "approved")}
    made = {
        "draft": builders.draft_project(session, applicant, name=drafts["draft"]),
        "submitted": builders.submitted_project(session, applicant, name=drafts["submitted"]),
        "returned": builders.submitted_project(session, applicant, name=drafts["returned"]),
        "ready": builders.submitted_project(session, applicant, name=drafts["ready"]),
        "approved": builders.approved_project(session, case, name=drafts["approved"]),
    }
    item = Item("address", "not_filled", "请写明路名")
    review.return_(session, case.reviewer, Kind.PROJECT, made["returned"].id, [item], now=MONDAY)
    builders.check_all(session, made["ready"], case.clerk)
    projects = {state: record.id for state, record in made.items()}
    can_sign_in(session, applicant)
    scan = _with_file(session, app, projects["draft"])
    return Records(
        organization_id, enterprise_id, projects, scan, max(m.id for m in case.organization.mandates),
        session.scalars(select(Review.id).where(Review.project_id == projects["returned"])).one(),
        list(session.scalars(select(InboxMessage.id).where(InboxMessage.organization_id == organization_id))),
        session.scalars(select(NumberRegister.id).where(NumberRegister.organization_id == organization_id)).one(),
        _first(session, Outbox, organization_id), _refused_push(session, projects["approved"]),
        session.scalars(select(ProjectMatter.id).where(ProjectMatter.project_id == projects["approved"])).first() or 0,
        _first(session, AuditEvent, organization_id), projects["approved"], *_filing(session, case, made["approved"]),
    )  # fmt: skip


def _filing(session: Session, case: builders.Case, project: Project) -> tuple[int, int]:
    filing = a_submitted_filing(session, case, project, 1)
    return filing.id, filing.units[0].id


def _refused_push(session: Session, project_id: int) -> int:
    push = session.scalars(select(Outbox).where(Outbox.project_id == project_id, Outbox.kind == "province_push")).one()
    push.status, push.attempts, push.fence = "failed", 1, 1
    push.last_error = "对方系统没有接收（003）：演示退回"
    session.commit()
    return push.id


def _first(session: Session, model: Any, organization_id: int) -> int:
    return session.scalars(select(model.id).where(model.organization_id == organization_id).limit(1)).one()


def _with_file(session: Session, app: Flask, project_id: int) -> int:
    """The draft's scan gets a real file."""
    storage = app.extensions["yht"].storage
    scan = session.scalars(select(Attachment).where(Attachment.project_id == project_id)).one()
    with storage.receive(io.BytesIO(pdfs.scan_pdf(f"演示批文{project_id}", 2)), 10**7) as incoming:
        storage.keep(incoming)
        scan.sha256, scan.size_bytes, scan.page_count = incoming.sha256, incoming.size_bytes, 2
    scan.original_name = "立项批文（演示）.pdf"
    session.commit()
    return scan.id


def kept_rows(session: Session, people: dict[str, Actor]) -> dict[str, int]:
    """One row of each kind that administrators keep, at 江阴 where it has a place."""
    here = builders.a_bureau(session, HERE)
    day = CalendarOverride(day=date(2027, 5, 3), is_working_day=False, reason="演示通知")
    session.add(day)
    session.commit()
    first = {
        "region": select(Region.id).where(Region.code == HERE),
        "code": select(DictionaryEntry.id).where(DictionaryEntry.kind == "use_code"),
        "document": select(RequiredDocument.id),
        "reason": select(ReturnReason.id),
        "matter_rule": select(MatterRule.id),
        "matter_item": select(MatterItem.id),
        "role": select(FabRole.id).where(FabRole.name == Role.REVIEWER),
    }
    keys = {name: session.scalars(query.limit(1)).one() for name, query in first.items()}
    account = people["clerk"].user_id or 0
    asked = {"name": "演示许可系统", "bureau_id": here.id, "scopes": ["projects:read"], "expires_on": "2027-06-30"}
    api_key, _text = api_keys.issue(session, people["admin"], asked, now=MONDAY)
    return {
        **keys,
        "api_key": api_key.id,
        "bureau": here.id,
        "contact": here.contacts[0].id,
        "day": day.id,
        "account": account,
        "holder": people["reviewer"].user_id or 0,
    }
