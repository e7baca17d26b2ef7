"""The project record (项目信息): draft, submit, withdraw, delete, by the organization that builds."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.approval import approval_key
from app.domain.errors import Conflict, Refused, say
from app.domain.limits import TimeLimits
from app.domain.permissions import Actor
from app.domain.terms import N_, Action, Role, Status
from app.scope import fetch
from app.services import audit, editing, record, reference, returns
from app.services.approvals import NOTHING, Keys
from app.services.deciding import STALE, deciding
from app.services.enterprise import of_organization
from app.services.lifecycle import move, require
from app.services.notify import notify
from models.organization import Organization
from models.project import Project


def create(
    session: Session, actor: Actor, raw: Mapping[str, object], *, like: int | None = None, now: datetime
) -> Project:
    """新添项目信息: a draft of the actor's organization, once its enterprise record is approved.

    `like` is the earlier project whose masked values the form may bring back untouched.
    Raises Invalid for faulty values, Refused before the enterprise record is approved, NotFound for another's project.
    """
    with deciding(session, actor, "project:add", "project", now=now):
        organization = _approved_organization(session, actor)
        if like is not None:
            raw = editing.retyped(raw, fetch(session, actor, Project, like))
        project = Project(
            organization_id=organization.id,
            status=Status.DRAFT,
            submission_count=0,
            is_major=False,
            created_by_id=actor.user_id,
            created_at=now,
            updated_at=now,
        )
        values = editing.cleaned(session, project, raw, now=now)
        editing.put(project, values)
        _derive(session, project, NOTHING, moved=True)
        session.add(project)
        session.flush()  # the audit event names the new row
        audit.record(
            session, actor, "project:add", "project", project.id,
            now=now, organization_id=organization.id, after={"status": Status.DRAFT, **values},
        )  # fmt: skip
    return project


def _approved_organization(session: Session, actor: Actor) -> Organization:
    if Role.APPLICANT not in actor.roles or actor.organization_id is None:
        raise Refused(say(N_("只有建设单位可以登记项目。")), "role")
    enterprise = of_organization(session, actor.organization_id)
    if enterprise is None or enterprise.status != Status.APPROVED:
        raise Refused(say(N_("企业信息通过后才能登记项目。")), "enterprise_is_approved")
    return fetch(session, actor, Organization, actor.organization_id)


def _derive(session: Session, project: Project, before: Keys, *, moved: bool) -> None:
    """What follows from the values: the bureau from a new region, the key that makes one 立项 one number."""
    if moved:
        bureau = reference.bureau_of_region(session, project.region_code)
        project.bureau_id = bureau.id if bureau else None
    project.approval_key = approval_key(project.approval_document_number, project.approval_authority)
    if Keys.of(project) != before:  # a repeat was allowed for that 立项, not for the next one
        project.duplicate_allowed, project.repeat_known = False, False


def save(
    session: Session,
    actor: Actor,
    project_id: int,
    raw: Mapping[str, object],
    *,
    version: int | None,
    answers: Mapping[int, str] | None = None,
    now: datetime,
) -> Project:
    """保存. Raises Invalid, Refused, Conflict or NotFound; then nothing is changed."""
    try:
        with deciding(session, actor, "project:edit", "project", project_id, now=now):
            project = fetch(session, actor, Project, project_id, lock=True)
            region, keys = project.region_code, Keys.of(project)
            editing.save(session, actor, project, raw, version=version, now=now)
            returns.keep_answers(session, actor, project, answers or {}, now=now)
            _derive(session, project, keys, moved=project.region_code != region)
    except IntegrityError as meanwhile:  # another number took the 立项 at the same moment
        raise Conflict(say(STALE)) from meanwhile
    return project


def submit(
    session: Session,
    actor: Actor,
    project_id: int,
    *,
    declared: bool,
    answers: Mapping[int, str] | None = None,
    now: datetime,
    limits: TimeLimits,
) -> Project:
    """提交审核 / 转审核. Raises Invalid naming what is missing, Refused otherwise."""
    with deciding(session, actor, "project:submit", "project", project_id, now=now):
        project = fetch(session, actor, Project, project_id, lock=True)
        record.submit(session, actor, project, declared=declared, answers=answers or {}, now=now, limits=limits)
    return project


def withdraw(session: Session, actor: Actor, project_id: int, *, now: datetime) -> Project:
    """撤回, before anybody has claimed it: back to a draft; the snapshot stays as history."""
    with deciding(session, actor, "project:withdraw", "project", project_id, now=now):
        project = fetch(session, actor, Project, project_id, lock=True)
        transition = require(session, actor, project, Action.WITHDRAW, now=now)
        project.submitted_at, project.due_on = None, None
        move(session, actor, project, transition, now=now)
        notify(
            session,
            project,
            "project:withdraw",
            key=f"project-{project.id}-{project.submission_count}",
            now=now,
        )
    return project


def delete(session: Session, actor: Actor, project_id: int, *, now: datetime) -> None:
    """删除草稿. Raises Refused once anybody has judged or checked it."""
    with deciding(session, actor, "project:delete", "project", project_id, now=now):
        project = fetch(session, actor, Project, project_id, lock=True)
        record.delete(session, actor, project, now=now)
