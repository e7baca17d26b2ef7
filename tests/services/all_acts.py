"""Representatives of all acts, ready to be done on one organization: for whoever compares or measures them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain.matters import Matter, MatterAction
from app.domain.permissions import Actor
from app.domain.terms import Kind, OriginalResult, RequestKind, Role
from app.services import (
    account_requests,
    administration,
    calls,
    counter,
    enterprise,
    mandate_ends,
    matters,
    notes,
    organization,
    originals,
    project,
    rename,
    review,
    second_person,
    unit_works,
    unsaved,
)
from app.services.accounts import OneTime
from models.matter import ProjectMatter
from tests import builders
from tests.builders import DAY, LIMITS, NOW
from tests.services.two_people import ask_void
from tests.services.unit_entries import a_filing, a_submitted_filing, building

LATE = NOW + 40 * DAY
DOOR = OneTime("plain:x", NOW + DAY)
Deed = Callable[[Session], object]


@dataclass
class Scene:
    """One organization with a project for each act, and everybody who acts."""

    case: builders.Case
    admins: list[Actor]
    root: Actor
    matter_clerk: Actor
    deeds: dict[str, Deed]


def scene_of(session: Session) -> Scene:
    case = builders.a_case(session)
    admins = [builders.staff(session, Role.ADMINISTRATOR) for _ in range(2)]
    root = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
    clerk = builders.staff(session, Role.MATTER_CLERK)
    scene = Scene(case, admins, root, clerk, {})
    for part in (_of_projects, _of_pairs_of_people, _of_organizations, _of_numbered):
        scene.deeds.update(part(session, scene))
    session.rollback()
    return scene


def _of_projects(session: Session, scene: Scene) -> Iterator[tuple[str, Deed]]:
    case, own = scene.case, scene.case.applicant
    drafts = [builders.draft_project(session, own).id for _ in range(3)]
    sent = [builders.submitted_project(session, own) for _ in range(7)]
    for record in sent:
        builders.check_all(session, record, case.clerk)
    keys, item = [record.id for record in sent], builders.ITEM
    letter = builders.mandate_of(session, case.organization.id, case.clerk).id
    seen = {scan.id: counter.Finding(OriginalResult.MATCH) for scan in originals.scans_to_check(session, sent[5])}
    kind, bureau = Kind.PROJECT, sent[4].bureau_id
    sent[4].bureau = builders.a_bureau(session, "320282")
    session.commit()
    yield "save", lambda s: project.save(s, own, drafts[0], {"scale": "另一规模"}, version=None, now=NOW)
    yield "submit", lambda s: project.submit(s, own, drafts[1], declared=True, now=NOW, limits=LIMITS)
    yield "delete", lambda s: project.delete(s, own, drafts[2], now=NOW)
    yield "withdraw", lambda s: project.withdraw(s, own, keys[0], now=NOW)
    yield "claim", lambda s: review.claim(s, case.reviewer, kind, keys[1], now=NOW)
    yield "approve", lambda s: review.approve(s, case.reviewer, kind, keys[2], now=NOW)
    yield "return", lambda s: review.return_(s, case.reviewer, kind, keys[3], (item,), now=NOW)
    yield (
        "transfer",
        lambda s: administration.transfer(s, scene.root, kind, keys[4], bureau_id=bureau, reason="演示", now=NOW),
    )
    yield "check originals", lambda s: counter.check_originals(s, case.clerk, keys[5], letter, seen, now=NOW)
    yield "note", lambda s: notes.add(s, case.reviewer, kind, keys[6], "演示", now=NOW)
    yield "create", lambda s: project.create(s, own, {"name": "演示新项目"}, now=NOW)


def _of_pairs_of_people(session: Session, scene: Scene) -> Iterator[tuple[str, Deed]]:
    first, second = scene.admins
    done = [builders.approved_project(session, scene.case) for _ in range(5)]
    acts = [ask_void(session, first, record).id for record in done[:3]]
    keys = [record.id for record in done]
    opened = {"fields": ["scale"], "until": NOW + DAY, "reason": "演示"}
    loose = administration.unlock(session, first, Kind.PROJECT, keys[4], **opened, now=NOW, limits=LIMITS)  # type: ignore[arg-type]
    second_person.confirm(session, second, loose.id, now=NOW)
    yield "ask", lambda s: administration.unlock(s, first, Kind.PROJECT, keys[3], **opened, now=NOW, limits=LIMITS)  # type: ignore[arg-type]
    yield "confirm", lambda s: second_person.confirm(s, second, acts[0], now=NOW)
    yield "refuse", lambda s: second_person.refuse(s, second, acts[1], note="演示", now=NOW)
    yield "lapse", lambda s: second_person.lapse_overdue(s, now=LATE)
    yield "relock", lambda s: administration.relock_expired(s, now=LATE, limits=LIMITS)


def _of_organizations(session: Session, scene: Scene) -> Iterator[tuple[str, Deed]]:
    case, own, admin = scene.case, scene.case.organization.id, scene.admins[0]
    code = case.organization.org_code
    named = {"name": "演示更名单位", "org_code": code, "uscc": "", "effective_on": "2026-11-20", "reason": "通知书"}
    basis = {"brought_by": "演示经办人", "basis": "演示：单位来函", "originals_seen": "y"}
    reset = account_requests.ask(session, case.clerk, RequestKind.RESET, own, basis, now=NOW, limits=LIMITS).id
    builders.mandate_of(session, own, case.clerk, valid_to=NOW.date() + 3 * DAY)
    letter = builders.mandate_of(session, own, case.clerk, valid_to=NOW.date() + 4 * DAY).id
    record = enterprise.of_organization(session, own)
    assert record is not None
    key, scale = record.id, {"address": "江阴市演示路2号"}
    opened = {"fields": ["address"], "until": NOW + DAY, "reason": "演示"}
    yield "warn", lambda s: mandate_ends.warn(s, now=NOW)
    yield "revoke letter", lambda s: mandate_ends.revoke(s, case.clerk, letter, now=NOW)
    yield "unlock enterprise", lambda s: administration.unlock(
        s, admin, Kind.ENTERPRISE, key, **opened, now=NOW, limits=LIMITS  # type: ignore[arg-type]
    )  # fmt: skip
    yield "save enterprise", lambda s: enterprise.save(s, case.applicant, key, scale, version=None, now=NOW)
    yield (
        "edit contact",
        lambda s: organization.save_contact(s, admin, own, {"contact_mobile": "13900000000"}, version=None, now=NOW),
    )
    yield "rename", lambda s: rename.rename(s, admin, own, named, version=None, now=NOW)
    yield "reset", lambda s: account_requests.confirm(s, admin, reset, DOOR, "x", "in_person", now=NOW)
    yield "lapse requests", lambda s: account_requests.lapse_overdue(s, now=LATE)
    yield "keep error", lambda s: calls.keep_error(s, case.applicant, "/a", ["甲"], now=NOW)
    yield "keep form", lambda s: unsaved.keep(s, case.applicant, "/f", {"name": ["甲"]}, now=NOW)


def _of_numbered(session: Session, scene: Scene) -> Iterator[tuple[str, Deed]]:
    case, own = scene.case, scene.case.applicant
    first, second = (builders.approved_project(session, case) for _ in range(2))
    a_filing(session, case, first)
    filing = a_submitted_filing(session, case, second).id
    matter = session.query(ProjectMatter).filter_by(project_id=first.id, matter=Matter.TENDER).one().id
    clerk, keys = scene.matter_clerk, (first.id, second.id)
    session.execute(_may_record(clerk))
    session.commit()
    clerk = builders.demo.actor_of(session, clerk.username)
    yield "save unit work", lambda s: unit_works.save(s, own, keys[0], building(9), now=NOW)
    yield "approve unit works", lambda s: unit_works.approve(s, case.reviewer, filing, now=NOW)
    yield "step of a matter", lambda s: matters.step(s, clerk, matter, MatterAction.ACCEPT, now=NOW)
    yield "hand over", lambda s: counter.hand_over(s, case.clerk, keys[1], received_by="演示法人", now=NOW)


def _may_record(clerk: Actor) -> Any:
    from sqlalchemy import update

    from models.user import User

    return update(User).where(User.id == clerk.user_id).values(matters=[Matter.TENDER])
