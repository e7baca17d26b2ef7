"""更名: what follows at once, what stays as it was, and who may no longer come in by the old code."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.identifiers import uscc_check_character
from app.domain.terms import Kind, Role
from app.services import account_requests, lookup, organization, project, registration, rename, review
from app.services.accounts import OneTime
from models.account_request import AccountRequest
from models.audit import AuditEvent
from models.enterprise import Enterprise
from models.inbox_message import InboxMessage
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.outbox import Outbox
from models.submission import Submission
from models.user import User
from tests import builders
from tests.builders import LIMITS, NOW, Case, actor_of

NEW_NAME, NEW_CODE = "演示更名后单位", builders.org_code(77001)
OTHER_ROLES = [role for role in Role if role not in (Role.ADMINISTRATOR, Role.APPLICANT)]


def uscc_of(org_code: str) -> str:
    body = "11320281" + org_code.replace("-", "")
    return body + uscc_check_character(body)


def form(**different: object) -> dict[str, object]:
    given = {
        "name": NEW_NAME,
        "org_code": NEW_CODE,
        "uscc": "",
        "effective_on": "2026-11-20",
        "reason": "演示变更登记通知书",
    }
    return {**given, **different}


def do(session: Session, case: Case, role: Role = Role.ADMINISTRATOR, **different: object) -> OrganizationChange:
    actor = builders.staff(session, role)
    return rename.rename(session, actor, case.organization.id, form(**different), version=None, now=NOW)


def problems(session: Session, case: Case, **different: object) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        do(session, case, **different)
    return {problem.field: str(problem.sentence) for problem in refused.value.problems}


def test_organization_account_and_enterprise_record_follow(session: Session, case: Case) -> None:
    do(session, case, uscc=uscc_of(NEW_CODE))

    session.expire_all()
    row = session.get_one(Organization, case.organization.id)
    record = session.scalars(select(Enterprise).where(Enterprise.organization_id == row.id)).one()
    account = session.get_one(User, case.applicant.user_id)
    for one in (row, record):
        assert (one.name, one.org_code, one.uscc) == (NEW_NAME, NEW_CODE, uscc_of(NEW_CODE))
    assert (account.username, account.display_name) == (NEW_CODE, NEW_NAME)
    assert row.version == 2


def test_the_change_is_kept_with_both_sides(session: Session, case: Case) -> None:
    old_name, old_code = case.organization.name, case.organization.org_code

    change = do(session, case)

    assert (change.name_before, change.name_after) == (old_name, NEW_NAME)
    assert (change.org_code_before, change.org_code_after) == (old_code, NEW_CODE)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "organization:rename")).one()
    assert event.before == {"name": old_name, "org_code": old_code}
    assert event.after["name"] == NEW_NAME
    assert event.after["reason"] == "演示变更登记通知书"


def test_snapshots_keep_the_name_of_their_day(session: Session, case: Case) -> None:
    builders.approved_project(session, case)
    kept = {row.id: (row.content_hash, row.snapshot) for row in session.scalars(select(Submission))}

    do(session, case)

    session.expire_all()
    assert {row.id: (row.content_hash, row.snapshot) for row in session.scalars(select(Submission))} == kept
    assert len(kept) == 2


def test_a_public_look_up_shows_the_name_of_today(session: Session, case: Case) -> None:
    record = builders.approved_project(session, case)

    do(session, case)

    found = lookup.by_number(session, record.number or "")
    assert found is not None
    assert found.builder == NEW_NAME


def test_what_waits_for_review_can_still_be_approved(session: Session) -> None:
    _organization, applicant = builders.registered(session)
    reviewer, administrator = builders.staff(session, Role.REVIEWER), builders.staff(session, Role.ADMINISTRATOR)
    record = builders.submitted_enterprise(session, applicant)
    owner = record.organization_id

    rename.rename(session, administrator, owner, form(), version=None, now=NOW)
    review.approve(session, reviewer, Kind.ENTERPRISE, record.id, now=NOW)

    assert record.status == "approved"


def test_a_project_under_way_goes_on(session: Session, case: Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.check_all(session, record, case.clerk)

    do(session, case)
    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)
    draft = builders.draft_project(session, case.applicant)

    assert record.number
    assert (
        project.submit(session, case.applicant, draft.id, declared=True, now=NOW, limits=LIMITS).status == "submitted"
    )


def test_the_contact_is_told_by_sms_and_message(session: Session, case: Case) -> None:
    do(session, case)

    sms = session.scalars(select(Outbox).where(Outbox.dedup_key.like("sms:organization:rename:%"))).one()
    message = session.scalars(select(InboxMessage).where(InboxMessage.event == "organization:rename")).one()
    assert NEW_CODE in sms.payload["text"]
    assert NEW_NAME in message.text


def test_a_code_that_was_given_up_is_refused_with_its_reason(session: Session, case: Case) -> None:
    old_code = case.organization.org_code
    do(session, case)

    with pytest.raises(Invalid) as refused:
        builders.registered(session, org_code=old_code)

    assert "更名" in str(refused.value.problems[0].sentence)
    assert refused.value.problems[0].field == "org_code"


def test_a_given_up_code_inside_a_unified_code_is_refused_too(session: Session, case: Case) -> None:
    old_code = case.organization.org_code
    do(session, case)

    with pytest.raises(Invalid, match="更名"):
        builders.registered(session, org_code=old_code, uscc=uscc_of(old_code))


def test_an_organization_may_go_back_to_its_own_code(session: Session, case: Case) -> None:
    old_code = case.organization.org_code
    do(session, case)

    do(session, case, name="演示改回单位", org_code=old_code)

    session.expire_all()
    assert session.get_one(Organization, case.organization.id).org_code == old_code


def test_another_one_s_code_is_refused(session: Session, case: Case) -> None:
    other, _actor = builders.registered(session)

    assert problems(session, case, org_code=other.org_code) == {"org_code": registration.TAKEN}


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"name": " "}, "name"),
        ({"org_code": "PDY77001-0"}, "org_code"),
        ({"org_code": "pdy77001"}, "org_code"),
        ({"uscc": "123"}, "uscc"),
        ({"uscc": uscc_of(builders.org_code(77002))}, "org_code"),
        ({"effective_on": "2026-11-24"}, "effective_on"),
        ({"effective_on": ""}, "effective_on"),
        ({"effective_on": "昨天"}, "effective_on"),
        ({"reason": ""}, "reason"),
        ({"reason": "演" * 501}, "reason"),
    ],
    ids=str,
)
def test_a_faulty_input_is_named_and_nothing_changes(
    session: Session, case: Case, different: dict[str, object], field: str
) -> None:
    assert list(problems(session, case, **different)) == [field]

    session.expire_all()
    assert session.get_one(Organization, case.organization.id).name != NEW_NAME
    assert session.scalars(select(OrganizationChange)).all() == []


def test_a_change_must_change_something(session: Session, case: Case) -> None:
    same = {"name": case.organization.name, "org_code": case.organization.org_code}

    assert problems(session, case, **same) == {"name": rename.SAME}


def test_a_form_drawn_before_another_s_change_is_told(session: Session, case: Case) -> None:
    do(session, case, name="演示先改的单位")
    administrator = builders.staff(session, Role.ADMINISTRATOR)

    with pytest.raises(Conflict):
        rename.rename(session, administrator, case.organization.id, form(), version=1, now=NOW)

    assert len(session.scalars(select(OrganizationChange)).all()) == 1


@pytest.mark.parametrize("role", OTHER_ROLES, ids=str)
def test_nobody_but_an_administrator_renames(session: Session, case: Case, role: Role) -> None:
    with pytest.raises((Refused, NotFound)):
        do(session, case, role)

    assert session.scalars(select(OrganizationChange)).all() == []


def test_an_administrator_elsewhere_does_not_find_it(session: Session, case: Case) -> None:
    elsewhere = builders.staff(session, Role.ADMINISTRATOR, bureau="320213")

    with pytest.raises(NotFound):
        rename.rename(session, elsewhere, case.organization.id, form(), version=None, now=NOW)


def test_former_names_are_listed_newest_first(session: Session, case: Case) -> None:
    do(session, case, name="演示第二名", org_code=case.organization.org_code)
    do(session, case)
    administrator = builders.staff(session, Role.ADMINISTRATOR)

    found = organization.changes(session, administrator, session.get_one(Organization, case.organization.id))

    assert [change.name_after for change in found] == [NEW_NAME, "演示第二名"]


# Two persons, and the province -----------------------------------------------------------------------


def asked(session: Session, case: Case, **different: object) -> AccountRequest:
    admin = builders.staff(session, Role.ADMINISTRATOR)
    return account_requests.ask_rename(
        session, admin, case.organization.id, form(**different), version=None, now=NOW, limits=LIMITS
    )


def confirmed(session: Session, row: AccountRequest) -> AccountRequest:
    second = builders.staff(session, Role.ADMINISTRATOR)
    door = OneTime("unused", NOW)
    return account_requests.confirm(session, second, row.id, door, "", "", now=NOW)


def test_a_second_administrator_carries_the_change_out(session: Session, case: Case) -> None:
    before, row = case.organization.name, asked(session, case)
    first = actor_of(session, row.requested_by)
    with pytest.raises(Refused):
        account_requests.confirm(session, first, row.id, OneTime("unused", NOW), "", "", now=NOW)
    assert session.get_one(Organization, case.organization.id).name == before

    confirmed(session, row)

    assert session.get_one(Organization, case.organization.id).name == NEW_NAME
    assert (row.state, row.delivery) == ("confirmed", None)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "account:rename")).one()
    assert event.after["asked_by"] == first.username


def test_a_change_is_asked_for_once_and_judged_anew(session: Session, case: Case) -> None:
    row = asked(session, case)
    with pytest.raises(Refused):
        asked(session, case)
    builders.registered(session, 77001)

    with pytest.raises(Refused):
        confirmed(session, row)

    session.refresh(row)
    assert row.state == "pending"


def test_every_numbered_project_goes_to_the_province_under_the_new_name_once(session: Session, case: Case) -> None:
    numbered = [builders.approved_project(session, case) for _ in range(2)]
    builders.submitted_project(session, case.applicant)
    known = set(session.scalars(select(Outbox.id)))

    confirmed(session, asked(session, case))

    pushes = session.scalars(
        select(Outbox).where(Outbox.kind == "province_push", Outbox.id.not_in(known)).order_by(Outbox.id)
    ).all()
    assert [push.project_id for push in pushes] == [project.id for project in numbered]
    assert {push.payload["op"] for push in pushes} == {"save"}
    told = [push.payload["record"]["organization"] for push in pushes]
    assert told == [{"org_code": NEW_CODE, "name": NEW_NAME}] * 2
