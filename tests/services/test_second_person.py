"""Acts that need two people: asked for by one, judged again for the other, done once or not at all."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.permissions import Actor
from app.domain.terms import Action, Kind, Role, Status
from app.services import accounts, administration, lookup, project, review, second_person
from models.audit import AuditEvent
from models.inbox_message import InboxMessage
from models.number import NumberRegister
from models.pending_act import PendingAct
from models.project import Project
from tests import builders
from tests.builders import DAY, LIMITS, NOW
from tests.services.two_people import LATER, ask_unlock, ask_void, confirm, pushes, refuse, stored, trail


@pytest.fixture
def record(session: Session, case: builders.Case) -> Project:
    return builders.approved_project(session, case)


# Asking -----------------------------------------------------------------------------------------------------


def test_asking_changes_nothing_but_leaves_a_row_that_waits_three_working_days(
    session: Session, record: Project, first: Actor
) -> None:
    version = record.version

    act = ask_void(session, first, record)

    session.refresh(record)
    assert (record.status, record.version) == (Status.APPROVED, version)
    assert (act.state, act.requested_by_id, act.record_version) == ("pending", first.user_id, version)
    assert act.lapses_on == date(2026, 11, 26)
    assert trail(session, record)[-1] == ("project:ask", first.user_id)


def test_the_same_act_waits_once(session: Session, record: Project, first: Actor, second: Actor) -> None:
    ask_void(session, first, record)

    for actor in (first, second):
        with pytest.raises(Refused, match="已提请复核"):
            administration.void(session, actor, Kind.PROJECT, record.id, reason="演示", now=NOW, limits=LIMITS)

    assert session.scalar(select(func.count(PendingAct.id))) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"reason": " \n"}, {"fields": []}, {"until": None}, {"until": NOW - DAY}, {"fields": ["x"]}],
)
def test_what_a_form_gets_wrong_is_said_before_anybody_is_asked(
    session: Session, record: Project, first: Actor, wrong: dict[str, object]
) -> None:
    given = {"reason": "演示", "fields": ["scale"], "until": NOW + DAY, **wrong}

    with pytest.raises((Refused, Invalid)):
        administration.unlock(session, first, Kind.PROJECT, record.id, now=NOW, **given, limits=LIMITS)  # type: ignore[arg-type]

    assert session.scalar(select(func.count(PendingAct.id))) == 0


@pytest.mark.parametrize("name", ["region_code", "category_code"])
def test_what_the_number_says_is_not_opened(session: Session, record: Project, first: Actor, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        ask_unlock(session, first, record, "scale", name)

    assert [problem.field for problem in refusal.value.problems] == ["fields"]


def test_without_a_number_one_person_is_enough(session: Session, case: builders.Case, first: Actor) -> None:
    record = builders.submitted_project(session, case.applicant)

    done = administration.void(session, first, Kind.PROJECT, record.id, reason="演示", now=NOW, limits=LIMITS)

    assert isinstance(done, Project)
    assert session.get_one(Project, record.id).status == Status.VOIDED


# Who may decide -----------------------------------------------------------------------------------------------


def test_nobody_decides_on_what_they_asked_for(session: Session, record: Project, first: Actor) -> None:
    act = ask_void(session, first, record)

    for decide in (confirm, refuse):
        with pytest.raises(Refused, match="另一位管理员"):
            decide(session, first, act)

    assert stored(session, act).state == "pending"
    assert session.get_one(Project, record.id).status == Status.APPROVED


def new_password(session: Session, giver: Actor, account: Actor, at: datetime) -> None:
    door = accounts.OneTime("演示", at + DAY)
    accounts.reset_password(session, giver, account.user_id or 0, door, now=at)


@pytest.mark.parametrize("days", [-1, 29], ids=["after the asking", "before it"])
@pytest.mark.parametrize("decide", [confirm, refuse])
def test_whose_password_the_asker_set_lately_is_no_second_person(
    session: Session, record: Project, first: Actor, second: Actor, decide: Any, days: int
) -> None:
    new_password(session, first, second, NOW - days * DAY)
    act = ask_void(session, first, record)

    with pytest.raises(Refused, match="近期由提请人设置") as refused:
        decide(session, second, act)

    assert refused.value.code == "same_person"
    assert str(second_person.why_not(session, second, act, now=LATER)) == second_person.SAME_HAND
    assert (stored(session, act).state, record.status) == ("pending", Status.APPROVED)


def test_an_account_that_the_asker_made_lately_is_no_second_person(
    session: Session, record: Project, first: Actor
) -> None:
    made = {"username": "new.admin", "display_name": "演示新人", "roles": ["administrator"], "active": "y"}
    raw = {**made, "bureau_id": str(first.bureau_id)}
    user = accounts.add(session, first, raw, accounts.OneTime("演示", NOW + DAY), now=NOW)
    act = ask_void(session, first, record)

    assert not second_person.may_decide(session, builders.actor_of(session, user), act, now=LATER)


@pytest.mark.parametrize("by_another", [True, False], ids=["by another", "long ago"])
def test_a_password_set_by_another_or_long_ago_is_no_hindrance(
    session: Session, record: Project, first: Actor, second: Actor, by_another: bool
) -> None:
    giver = builders.staff(session, Role.ADMINISTRATOR) if by_another else first
    new_password(session, giver, second, NOW if by_another else NOW - 31 * DAY)
    act = ask_void(session, first, record)

    confirm(session, second, act)

    assert stored(session, act).state == "confirmed"


@pytest.mark.parametrize("decide", [confirm, refuse])
@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.APPLICANT)])
def test_only_an_administrator_is_a_second_person(
    session: Session, record: Project, first: Actor, role: Role, decide: object
) -> None:
    act = ask_void(session, first, record)

    with pytest.raises(NotFound):
        decide(session, builders.staff(session, role), act)  # type: ignore[operator]

    assert stored(session, act).state == "pending"


@pytest.mark.parametrize(("bureau", "may"), [("320281", True), ("320200", True), ("320213", False)])
def test_an_administrator_of_that_or_a_higher_bureau_decides(
    session: Session, record: Project, first: Actor, bureau: str, may: bool
) -> None:
    act = ask_void(session, first, record)
    other = builders.staff(session, Role.ADMINISTRATOR, bureau=bureau)

    if may:
        confirm(session, other, act)
    else:
        with pytest.raises(NotFound):
            confirm(session, other, act)

    assert stored(session, act).state == ("confirmed" if may else "pending")


def test_a_claim_of_the_second_person_is_read_from_the_row_alone(
    session: Session, record: Project, first: Actor, second: Actor, case: builders.Case
) -> None:
    """Another record's act is nobody's consent to this one."""
    other = builders.approved_project(session, case)
    act = ask_void(session, first, other)
    from app.services.lifecycle import Given, judge

    given = Given(reason="演示", pending_act_id=act.id)
    outcome = judge(session, second, record, Action.VOID, now=NOW, given=given)

    assert getattr(outcome, "code", "") == "second_person_agreed"


# Void -----------------------------------------------------------------------------------------------------------


def test_a_confirmed_void_marks_the_number_and_tells_everybody(
    session: Session, record: Project, first: Actor, second: Actor
) -> None:
    number, act = record.number, ask_void(session, first, record)

    second_person.confirm(session, second, act.id, now=LATER)

    session.expire_all()
    row = session.scalars(select(NumberRegister).where(NumberRegister.project_id == record.id)).one()
    assert (record.status, record.number) == (Status.VOIDED, number)
    assert (row.number, row.status, row.voided_reason) == (number, "voided", "演示：立项撤销")
    assert (row.voided_by_id, row.voided_at) == (second.user_id, LATER)
    assert [push["op"] for push in pushes(session, record)] == ["save", "delete"]
    assert pushes(session, record)[-1]["number"] == number
    events = session.scalars(select(InboxMessage.event).where(InboxMessage.project_id == record.id)).all()
    assert events[-1] == "project:void"
    found = lookup.by_number(session, str(number))
    assert found is not None
    assert found.status == Status.VOIDED


def test_the_trail_names_both_people(session: Session, record: Project, first: Actor, second: Actor) -> None:
    act = ask_void(session, first, record)

    second_person.confirm(session, second, act.id, now=LATER)

    assert trail(session, record)[-3:] == [
        ("project:ask", first.user_id), ("project:confirm", second.user_id), ("project:void", second.user_id),
    ]  # fmt: skip
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "project:void")).one()
    assert event.after is not None
    assert (event.after["asked_by"], event.actor_name) == (first.username, second.username)


def test_a_void_number_is_given_to_nobody_again(
    session: Session, case: builders.Case, record: Project, first: Actor, second: Actor
) -> None:
    second_person.confirm(session, second, ask_void(session, first, record).id, now=LATER)

    other = builders.approved_project(session, case)

    assert other.number is not None
    assert other.number[:14] == str(record.number)[:14]
    assert int(other.number[14:]) == int(str(record.number)[14:]) + 1


def test_the_same_approval_document_may_be_numbered_again_after_a_void(
    session: Session, case: builders.Case, first: Actor, second: Actor
) -> None:
    same = {"approval_document_number": "澄发改投〔2026〕演示77号"}
    old = builders.approved_project(session, case, **same)
    second_person.confirm(session, second, ask_void(session, first, old).id, now=LATER)

    assert builders.approved_project(session, case, **same).number


@pytest.mark.parametrize("state", [Status.RETURNED, Status.SUBMITTED])
def test_a_numbered_project_is_voided_by_two_people_in_every_state(
    session: Session, case: builders.Case, record: Project, first: Actor, second: Actor, state: Status
) -> None:
    second_person.confirm(session, second, ask_unlock(session, first, record).id, now=LATER)
    if state == Status.SUBMITTED:
        resubmit(session, case, record)

    second_person.confirm(session, second, ask_void(session, first, record).id, now=LATER)

    session.expire_all()
    assert record.status == Status.VOIDED
    assert [push["version"] for push in pushes(session, record)] == [1, record.submission_count + 1]


def resubmit(session: Session, case: builders.Case, record: Project) -> None:
    project.save(session, case.applicant, record.id, {"scale": "改过的规模"}, version=None, now=LATER)
    project.submit(session, case.applicant, record.id, declared=True, now=LATER, limits=LIMITS)


# Unlock ---------------------------------------------------------------------------------------------------------


def test_a_confirmed_unlock_opens_what_was_asked_for_and_keeps_the_number(
    session: Session, case: builders.Case, record: Project, first: Actor, second: Actor
) -> None:
    number, act = record.number, ask_unlock(session, first, record, "scale", "remarks")

    second_person.confirm(session, second, act.id, now=LATER)

    session.expire_all()
    assert (record.status, record.number) == (Status.RETURNED, number)
    assert record.unlocked_fields == ["remarks", "scale"]
    assert record.unlocked_until == NOW + 10 * DAY
    with pytest.raises(Invalid):
        project.save(session, case.applicant, record.id, {"address": "别处"}, version=None, now=LATER)


def test_the_next_approval_pushes_a_correction_under_the_same_number(
    session: Session, case: builders.Case, record: Project, first: Actor, second: Actor
) -> None:
    number = record.number
    second_person.confirm(session, second, ask_unlock(session, first, record).id, now=LATER)
    resubmit(session, case, record)

    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=LATER)

    session.expire_all()
    assert (record.status, record.number) == (Status.APPROVED, number)
    assert [(push["op"], push["version"]) for push in pushes(session, record)] == [("save", 1), ("save", 2)]
    assert session.scalar(select(func.count(NumberRegister.id))) == 1


def test_an_unlock_of_a_number_that_runs_out_unused_locks_itself(
    session: Session, record: Project, first: Actor, second: Actor
) -> None:
    number = record.number
    second_person.confirm(session, second, ask_unlock(session, first, record).id, now=LATER)

    assert administration.relock_expired(session, now=NOW + 11 * DAY, limits=LIMITS) == 1

    session.expire_all()
    assert (record.status, record.number, record.unlocked_fields) == (Status.APPROVED, number, None)
    assert len(pushes(session, record)) == 1


def test_an_unlock_whose_time_has_passed_meanwhile_is_not_confirmed(
    session: Session, record: Project, first: Actor, second: Actor
) -> None:
    act = administration.unlock(
        session,
        first,
        Kind.PROJECT,
        record.id,
        fields=["scale"],
        until=NOW + timedelta(hours=1),
        reason="演示",
        now=NOW,
        limits=LIMITS,
    )

    with pytest.raises(Refused, match="截止时间已经过了"):
        second_person.confirm(session, second, act.id, now=LATER)

    assert stored(session, act).state == "pending"  # type: ignore[arg-type]
