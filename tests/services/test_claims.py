"""Cases whose holder is away: a claim lasts as long as its holder may decide, and an administrator moves it on."""

from collections.abc import Callable
from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.permissions import SYSTEM_ACTOR, Actor
from app.domain.terms import Kind, Role, Status
from app.services import accounts, claims, facts, holders, project, review, upkeep, worklist
from app.services.account_rules import values_of
from app.services.kept import KEPT
from app.services.snapshot import Record
from app.services.upkeep import fingerprint
from app.services.worklist import Asked
from models.assignment import Assignment
from models.audit import AuditEvent
from models.bureau import Bureau
from models.organization import Organization
from models.user import User
from tests import builders
from tests.builders import DAY, NOW, Case

LATER = NOW + DAY
KINDS = (Kind.PROJECT, Kind.ENTERPRISE)


@pytest.fixture
def case(session: Session) -> Case:
    return builders.a_case(session)


@pytest.fixture
def root(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR, bureau="320200")


@pytest.fixture
def admin(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)


def claimed(session: Session, case: Case, kind: Kind = Kind.PROJECT) -> Record:
    """A record that the case's reviewer has taken."""
    if kind == Kind.PROJECT:
        record: Record = builders.submitted_project(session, case.applicant)
    else:
        record = builders.submitted_enterprise(session, builders.registered(session)[1])
    review.claim(session, case.reviewer, kind, record.id, now=NOW)
    return record


def changed(session: Session, admin: Actor, who: Actor, **different: object) -> User:
    user = session.get_one(User, who.user_id)
    raw = {**values_of(user), "roles": list(values_of(user)["roles"]), "active": "y", "matters": [], **different}
    return accounts.change(session, admin, user.id, raw, fingerprint(values_of(user)), now=LATER)


def bureau_moves(session: Session, root: Actor, code: str, parent: str) -> None:
    row = builders.a_bureau(session, code)
    raw: dict[str, Any] = {
        **upkeep.values_of(KEPT["bureaus"], row),
        "parent_id": str(builders.a_bureau(session, parent).id),
    }
    raw = {name: "y" if value is True else value for name, value in raw.items()}
    version = upkeep.version_of(KEPT["bureaus"], row)
    upkeep.change(session, root, KEPT["bureaus"], row.id, raw, version, now=LATER, **limits())


def limits() -> dict[str, Any]:
    from app.domain.limits import TimeLimits

    return {"limits": TimeLimits()}


# A claim lasts as long as its holder may decide -----------------------------------------------------------------

CHANGES: dict[str, Callable[[Session, Case], dict[str, object]]] = {
    "account": lambda session, case: {"active": ""},
    "role": lambda session, case: {"roles": ["manager"]},
    "bureau beside": lambda session, case: {"bureau_id": str(builders.a_bureau(session, "320282").id)},
    "own organization": lambda session, case: {"organization_code": case.organization.org_code},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_claim_ends_with_whatever_let_its_holder_decide(
    session: Session, case: Case, root: Actor, change: str
) -> None:
    record = claimed(session, case)

    changed(session, root, case.reviewer, **CHANGES[change](session, case))

    assert facts.open_assignment(session, record) is None
    told = session.scalars(select(AuditEvent).where(AuditEvent.action == "project:take_back")).one()
    assert (told.object_id, told.actor_id) == (record.id, root.user_id)
    project.withdraw(session, case.applicant, record.id, now=LATER)


def test_a_claim_of_an_enterprise_ends_alike_and_the_trail_counts_them(
    session: Session, case: Case, root: Actor
) -> None:
    records = [claimed(session, case, kind) for kind in KINDS]

    changed(session, root, case.reviewer, active="")

    assert [facts.open_assignment(session, record) for record in records] == [None, None]
    edited = session.scalars(select(AuditEvent).where(AuditEvent.action == "user:edit")).one()
    assert edited.after is not None and edited.after["claims_ended"] == 2


@pytest.mark.parametrize(
    "different",
    [{"display_name": "演示改名"}, {"roles": ["reviewer", "counter_clerk"]}, {"bureau": "320200"}],
    ids=["name", "another role", "bureau above"],
)
def test_a_claim_outlives_what_does_not_touch_it(
    session: Session, case: Case, root: Actor, different: dict[str, object]
) -> None:
    record = claimed(session, case)
    if "bureau" in different:
        different = {"bureau_id": str(builders.a_bureau(session, "320200").id)}

    changed(session, root, case.reviewer, **different)

    assert facts.open_assignment(session, record) is not None


def test_a_bureau_that_goes_elsewhere_takes_its_people_from_what_they_held(
    session: Session, case: Case, root: Actor
) -> None:
    bureau_moves(session, root, "320281", "320282")
    above = builders.staff(session, Role.REVIEWER, bureau="320282")
    record = builders.submitted_project(session, case.applicant)
    review.claim(session, above, Kind.PROJECT, record.id, now=NOW)

    bureau_moves(session, root, "320281", "320200")

    assert facts.open_assignment(session, record) is None


PAST_THE_SERVICES: dict[str, Callable[[Session, User, Organization], None]] = {
    "account": lambda session, user, _: setattr(user, "active", False),
    "role": lambda session, user, _: user.roles.clear(),
    "another role": lambda session, user, _: setattr(
        user, "roles", list(session.scalars(select(FabRole).where(FabRole.name == Role.MANAGER)))
    ),
    "bureau": lambda session, user, _: setattr(user, "bureau", builders.a_bureau(session, "320282")),
    "no bureau": lambda session, user, _: setattr(user, "bureau_id", None),
    "own organization": lambda session, user, organization: setattr(user, "organization_id", organization.id),
}


@pytest.mark.parametrize("way", PAST_THE_SERVICES)
def test_a_claim_of_somebody_who_may_not_decide_binds_nobody_however_it_came_about(
    session: Session, case: Case, way: str
) -> None:
    record = claimed(session, case)
    builders.check_all(session, record, case.clerk)  # type: ignore[arg-type]
    other = builders.staff(session, Role.REVIEWER)
    PAST_THE_SERVICES[way](session, session.get_one(User, case.reviewer.user_id), case.organization)
    session.commit()

    task = worklist.queue(session, other, Asked(), now=LATER).tasks[0]
    review.claim(session, other, Kind.PROJECT, record.id, now=LATER)
    review.approve(session, other, Kind.PROJECT, record.id, now=LATER)

    assert (task.holder_name, task.can_claim) == (None, True)
    assert session.scalars(select(Assignment).where(Assignment.released_at.is_(None))).all() == []


def test_the_sweep_ends_what_binds_nobody_and_nothing_else(session: Session, case: Case) -> None:
    gone, stays = claimed(session, case), builders.submitted_project(session, case.applicant)
    review.claim(session, builders.staff(session, Role.REVIEWER), Kind.PROJECT, stays.id, now=NOW)
    session.get_one(User, case.reviewer.user_id).active = False
    session.commit()

    ended = [claims.end_all_unfit(session, SYSTEM_ACTOR, now=LATER) for _ in range(2)]

    assert ended == [1, 0]
    assert facts.open_assignment(session, gone) is None
    assert facts.open_assignment(session, stays) is not None


def test_who_lost_the_right_while_the_page_was_open_claims_nothing(session: Session, case: Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    session.get_one(User, case.reviewer.user_id).active = False
    session.commit()

    with pytest.raises(Refused, match="权限"):
        review.claim(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)


# An administrator moves a case on -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_taken_back_is_anybodys_again(session: Session, case: Case, admin: Actor, kind: Kind) -> None:
    record = claimed(session, case, kind)
    version, due_on = record.version, record.due_on
    other = builders.staff(session, Role.REVIEWER)

    claims.take_back(session, admin, kind, record.id, reason="承办人休假", now=LATER)

    session.refresh(record)
    assert (record.status, record.version, record.due_on) == (Status.SUBMITTED, version, due_on)
    review.claim(session, other, kind, record.id, now=LATER)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == f"{kind}:take_back")).one()
    assert event.after is not None
    assert (event.after["holder"], event.after["reason"]) == (case.reviewer.name, "承办人休假")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("held", [True, False])
def test_a_case_is_given_to_another_reviewer_whether_somebody_had_it_or_not(
    session: Session, case: Case, admin: Actor, kind: Kind, held: bool
) -> None:
    record = claimed(session, case, kind)
    if not held:
        review.release(session, case.reviewer, kind, record.id, now=NOW)
    other = builders.staff(session, Role.REVIEWER)

    claims.assign(session, admin, kind, record.id, assignee_id=other.user_id, reason="承办人休假", now=LATER)

    claim = facts.open_assignment(session, record)
    assert claim is not None and claim.assignee_id == other.user_id
    with pytest.raises(Refused, match="其他审核人员认领"):
        review.return_(session, case.reviewer, kind, record.id, [builders.ITEM], now=LATER)
    review.release(session, other, kind, record.id, now=LATER)


UNFIT: dict[str, Callable[[Session, Case], int | None]] = {
    "nobody": lambda session, case: None,
    "no such account": lambda session, case: 10**6,
    "the present holder": lambda session, case: case.reviewer.user_id,
    "no reviewer": lambda session, case: case.clerk.user_id,
    "an applicant": lambda session, case: case.applicant.user_id,
    "of a bureau beside": lambda session, case: builders.staff(session, Role.REVIEWER, bureau="320282").user_id,
    "a closed account": lambda session, case: closed(session),
    "of the organization itself": lambda session, case: tied(session, case.organization),
}


def closed(session: Session) -> int | None:
    actor = builders.staff(session, Role.REVIEWER)
    session.get_one(User, actor.user_id).active = False
    session.commit()
    return actor.user_id


def tied(session: Session, organization: Organization) -> int | None:
    actor = builders.staff(session, Role.REVIEWER)
    session.get_one(User, actor.user_id).organization_id = organization.id
    session.commit()
    return actor.user_id


@pytest.mark.parametrize("who", UNFIT)
def test_a_case_is_given_to_nobody_who_could_not_decide_it(
    session: Session, case: Case, admin: Actor, who: str
) -> None:
    record = claimed(session, case)
    offered = {one.user_id for one in holders.candidates(session, [record])} - {case.reviewer.user_id}
    assignee = UNFIT[who](session, case)

    with pytest.raises(Refused, match="请选择"):
        claims.assign(session, admin, Kind.PROJECT, record.id, assignee_id=assignee, reason="演示", now=LATER)

    assert assignee not in offered
    claim = facts.open_assignment(session, record)
    assert claim is not None and claim.assignee_id == case.reviewer.user_id


@pytest.mark.parametrize("act", ["take_back", "assign"])
def test_only_an_administrator_over_the_record_moves_a_case_and_says_why(
    session: Session, case: Case, admin: Actor, act: str
) -> None:
    record = claimed(session, case)
    other = builders.staff(session, Role.REVIEWER)
    given: dict[str, Any] = {"assignee_id": other.user_id} if act == "assign" else {}
    does = getattr(claims, act)

    for actor in (other, case.clerk, builders.staff(session, Role.MANAGER)):
        with pytest.raises(Refused, match="权限"):
            does(session, actor, Kind.PROJECT, record.id, reason="演示", now=LATER, **given)
    with pytest.raises(NotFound):
        beside = builders.staff(session, Role.ADMINISTRATOR, bureau="320282")
        does(session, beside, Kind.PROJECT, record.id, reason="演示", now=LATER, **given)
    with pytest.raises(Refused, match="原因"):
        does(session, admin, Kind.PROJECT, record.id, reason=" ", now=LATER, **given)
    with pytest.raises(Invalid):
        does(session, admin, Kind.PROJECT, record.id, reason="字" * 501, now=LATER, **given)

    claim = facts.open_assignment(session, record)
    assert claim is not None and claim.assignee_id == case.reviewer.user_id


def test_nothing_is_taken_back_that_nobody_has(session: Session, case: Case, admin: Actor) -> None:
    record = builders.submitted_project(session, case.applicant)

    with pytest.raises(Refused, match="尚未认领"):
        claims.take_back(session, admin, Kind.PROJECT, record.id, reason="演示", now=LATER)


def test_the_reviewers_offered_stand_with_what_they_have_the_least_first(session: Session, case: Case) -> None:
    record = claimed(session, case)
    free, above = builders.staff(session, Role.REVIEWER), builders.staff(session, Role.REVIEWER, bureau="320200")

    found = holders.candidates(session, [record])

    assert [(one.user_id, one.load) for one in found][-1] == (case.reviewer.user_id, 1)
    assert {one.user_id: one.load for one in found} == {free.user_id: 0, above.user_id: 0, case.reviewer.user_id: 1}
    assert session.scalars(select(Bureau.name).where(Bureau.code == "320200")).one() in {one.bureau for one in found}
