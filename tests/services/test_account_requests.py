"""账号办理: a new password, and a code that somebody else registered; by two of us, nothing shared."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.notices import COVERED
from app.domain.permissions import Actor
from app.domain.terms import RequestKind, Role, Status
from app.scope import criteria
from app.services import account_requests, calendar, rename
from app.services.accounts import OneTime
from models.account_request import AccountRequest
from models.attachment import Attachment
from models.audit import AuditEvent
from models.enterprise import Enterprise
from models.inbox_message import InboxMessage
from models.organization import Organization
from models.outbox import Outbox
from models.project import Project
from models.user import User
from models.user_session import UserSession
from tests import builders
from tests.builders import LIMITS, MOBILE, NOW, Case

SECRET = "abcd-efgh-jkmn"
DOOR = OneTime("hash-of-it", NOW + timedelta(hours=24))
SEEN = {"brought_by": "演示经办人", "basis": "演示《密码重置申请》一份、经办人身份证", "originals_seen": True}
NEW_MOBILE = "13900001234"


@pytest.fixture
def clerk(session: Session) -> Actor:
    return builders.staff(session, Role.COUNTER_CLERK)


@pytest.fixture
def admin(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)


def owner_values(case: Case, **other: object) -> dict[str, object]:
    return {
        "org_code": case.organization.org_code, "name": "演示真正的单位", "unit_kind": "enterprise",
        "contact_name": "演示真联系人", "contact_mobile": NEW_MOBILE, "privacy_consent": True, **SEEN, **other,
    }  # fmt: skip


def ask(session: Session, clerk: Actor, case: Case, kind: RequestKind, **other: object) -> AccountRequest:
    raw = SEEN | other if kind == RequestKind.RESET else owner_values(case, **other)
    return account_requests.ask(session, clerk, kind, case.organization.id, raw, now=NOW, limits=LIMITS)


def confirm(session: Session, admin: Actor, row: AccountRequest, delivery: str = "sms") -> AccountRequest:
    return account_requests.confirm(session, admin, row.id, DOOR, SECRET, delivery, now=NOW)


def account_of(session: Session, organization_id: int) -> User:
    return session.scalars(select(User).where(User.organization_id == organization_id)).one()


def squatted(session: Session, case: Case) -> tuple[int, int]:
    """A draft with a scan, and a session that is open; gives the account and the organization."""
    builders.draft_project(session, case.applicant, name="占用者的项目")
    account = account_of(session, case.organization.id)
    session.add(
        UserSession(
            token_hash="0" * 64, user_id=account.id, epoch=account.session_epoch, started_at=NOW, last_seen_at=NOW,
            expires_at=NOW + timedelta(hours=8), address="127.0.0.1", user_agent="demo",
        )
    )  # fmt: skip
    session.commit()
    return account.id, case.organization.id


# Password reset -----------------------------------------------------------------------------------


def test_a_reset_by_text_message_leads_to_the_gate(session: Session, case: Case, clerk: Actor, admin: Actor) -> None:
    account_id, _unit = squatted(session, case)
    confirm(session, admin, ask(session, clerk, case, RequestKind.RESET))

    account = session.get_one(User, account_id)
    assert (account.password, account.must_change_password) == (DOOR.password_hash, True)
    assert account.initial_password_expires_at == NOW + timedelta(hours=24)
    assert session.scalars(select(UserSession.ended_reason)).all() == ["password"]
    sms = session.scalars(select(Outbox).where(Outbox.dedup_key.like("sms:password:reset:%"))).one()
    assert SECRET in sms.payload["text"] and sms.payload["mobile"] == MOBILE
    told = session.scalars(select(InboxMessage).where(InboxMessage.event == "password:reset")).one()
    assert SECRET not in told.text and COVERED in told.text


def test_a_reset_in_person_sends_nothing(session: Session, case: Case, clerk: Actor, admin: Actor) -> None:
    row = confirm(session, admin, ask(session, clerk, case, RequestKind.RESET), "in_person")

    assert row.delivery == "in_person"
    assert session.scalar(select(func.count()).where(Outbox.dedup_key.like("sms:password:reset:%"))) == 0


def test_nothing_changes_before_the_second_person(session: Session, case: Case, clerk: Actor) -> None:
    before = account_of(session, case.organization.id).password
    ask(session, clerk, case, RequestKind.RESET)

    assert account_of(session, case.organization.id).password == before
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("account:%"))).all() == [
        "account:ask_reset"
    ]


def test_who_took_it_in_does_not_confirm_it(session: Session, case: Case) -> None:
    both = builders.staff(session, Role.COUNTER_CLERK, Role.ADMINISTRATOR)
    row = ask(session, both, case, RequestKind.RESET)
    with pytest.raises(Refused, match="复核自己"):
        confirm(session, both, row)

    session.refresh(row)
    assert row.state == "pending"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MANAGER, Role.MATTER_CLERK, Role.AUDITOR])
def test_others_neither_ask_nor_confirm(session: Session, case: Case, clerk: Actor, role: Role) -> None:
    row, other = ask(session, clerk, case, RequestKind.RESET), builders.staff(session, role)
    with pytest.raises((Refused, NotFound)):
        ask(session, other, case, RequestKind.RESET)
    with pytest.raises((Refused, NotFound)):
        confirm(session, other, row)


def test_a_clerk_does_not_confirm(session: Session, case: Case, clerk: Actor) -> None:
    row = ask(session, clerk, case, RequestKind.RESET)
    with pytest.raises(Refused):
        confirm(session, builders.staff(session, Role.COUNTER_CLERK), row)


def test_the_same_request_waits_once(session: Session, case: Case, clerk: Actor) -> None:
    ask(session, clerk, case, RequestKind.RESET)
    with pytest.raises(Refused, match="等待管理员确认"):
        ask(session, clerk, case, RequestKind.RESET)


@pytest.mark.parametrize("missing", ["brought_by", "basis", "originals_seen"])
def test_a_request_says_who_came_and_what_was_seen(session: Session, case: Case, clerk: Actor, missing: str) -> None:
    with pytest.raises(Invalid) as invalid:
        ask(session, clerk, case, RequestKind.RESET, **{missing: ""})

    assert [problem.field for problem in invalid.value.problems] == [missing]
    assert session.scalar(select(func.count(AccountRequest.id))) == 0


def test_a_refusal_needs_a_note_and_changes_nothing(session: Session, case: Case, clerk: Actor, admin: Actor) -> None:
    row, before = ask(session, clerk, case, RequestKind.RESET), account_of(session, case.organization.id).password
    with pytest.raises(Invalid):
        account_requests.refuse(session, admin, row.id, note=" ", now=NOW)
    account_requests.refuse(session, admin, row.id, note="演示：公章不清", now=NOW)

    assert (row.state, row.decision_note) == ("refused", "演示：公章不清")
    assert account_of(session, case.organization.id).password == before
    with pytest.raises(Refused):
        confirm(session, admin, row)


def test_a_request_lapses_after_its_days(session: Session, case: Case, clerk: Actor, admin: Actor) -> None:
    row = ask(session, clerk, case, RequestKind.RESET)
    assert row.lapses_on is not None
    later = NOW + timedelta(days=20)
    with pytest.raises(Refused, match="期限已过"):
        account_requests.confirm(session, admin, row.id, DOOR, SECRET, "sms", now=later)

    assert account_requests.lapse_overdue(session, now=later) == 1
    session.refresh(row)
    assert row.state == "lapsed"


# Re-claim -----------------------------------------------------------------------------------------


def test_a_reclaimed_code_begins_anew_and_shares_nothing(
    session: Session, case: Case, clerk: Actor, admin: Actor
) -> None:
    account_id, former_id = squatted(session, case)
    code = case.organization.org_code
    row = confirm(session, admin, ask(session, clerk, case, RequestKind.RECLAIM))

    new = session.get_one(Organization, row.successor_id)
    assert (new.org_code, new.name, new.contact_mobile) == (code, "演示真正的单位", NEW_MOBILE)
    owner = account_of(session, new.id)
    assert (owner.username, owner.password, owner.must_change_password) == (code, DOOR.password_hash, True)
    assert owner.claim_nonce_hash is None and owner.sms_code_hash is None
    squatter = session.get_one(User, account_id)
    assert not squatter.active and squatter.username != code
    assert session.scalars(select(UserSession.ended_reason)).all() == ["reclaimed"]
    actor = Actor(owner.id, code, roles=frozenset({Role.APPLICANT}), organization_id=new.id)
    for model in (Project, Enterprise, Attachment, InboxMessage):
        assert session.scalar(select(func.count(model.id)).where(criteria(actor, model))) == 0
    left = session.scalars(select(Project.status).where(Project.organization_id == former_id)).all()
    assert set(left) == {Status.VOIDED}


def test_the_former_mobile_is_told_and_the_new_one_gets_no_password(
    session: Session, case: Case, clerk: Actor, admin: Actor
) -> None:
    squatted(session, case)
    confirm(session, admin, ask(session, clerk, case, RequestKind.RECLAIM), "sms")

    told = session.scalars(select(Outbox).where(Outbox.dedup_key.like("sms:organization:reclaim:%"))).one()
    assert told.payload["mobile"] == MOBILE
    assert all(SECRET not in sms.payload["text"] for sms in session.scalars(select(Outbox)))


def test_who_has_proved_to_own_the_code_keeps_it(session: Session, case: Case, clerk: Actor) -> None:
    builders.approved_project(session, case)
    with pytest.raises(Refused, match="核验过原件"):
        ask(session, clerk, case, RequestKind.RECLAIM)


def test_a_proof_that_came_meanwhile_stops_the_confirmation(
    session: Session, case: Case, clerk: Actor, admin: Actor
) -> None:
    row = ask(session, clerk, case, RequestKind.RECLAIM)
    builders.approved_project(session, case)
    with pytest.raises(Refused, match="核验过原件"):
        confirm(session, admin, row)

    assert session.get_one(Organization, case.organization.id).reclaimed_at is None


def test_another_code_is_refused_at_its_input(session: Session, case: Case, clerk: Actor) -> None:
    with pytest.raises(Invalid) as invalid:
        ask(session, clerk, case, RequestKind.RECLAIM, org_code="PDY00099-X")

    assert "org_code" in {problem.field for problem in invalid.value.problems}


def test_a_closed_registration_is_neither_reset_nor_claimed_again(
    session: Session, case: Case, clerk: Actor, admin: Actor
) -> None:
    confirm(session, admin, ask(session, clerk, case, RequestKind.RECLAIM))
    for kind in RequestKind:
        organization = session.get_one(Organization, case.organization.id)
        assert account_requests.why_not(session, clerk, kind, organization) is not None


def test_a_closed_registration_is_not_renamed(session: Session, case: Case, clerk: Actor, admin: Actor) -> None:
    confirm(session, admin, ask(session, clerk, case, RequestKind.RECLAIM))
    raw = {"name": "演示再来", "org_code": "PDY00099-X", "effective_on": "2026-11-01", "reason": "演示：更名"}
    with pytest.raises(Refused, match="已停用"):
        rename.rename(session, admin, case.organization.id, raw, version=None, now=NOW)


def test_the_last_day_waits_for_its_calendar(session: Session, case: Case, clerk: Actor) -> None:
    row = ask(session, clerk, case, RequestKind.RESET)
    assert row.lapses_on == calendar.due_on(session, NOW.date(), 3)


LATE = datetime(2026, 12, 30, 2, tzinfo=UTC)  # its days end in a year that nobody has published


def test_a_request_waits_for_the_calendar_that_its_last_day_needs_and_lapses_by_it(
    session: Session, case: Case, clerk: Actor
) -> None:
    root = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
    row = account_requests.ask(session, clerk, RequestKind.RESET, case.organization.id, SEEN, now=LATE, limits=LIMITS)
    assert (row.lapses_on, calendar.missing_years(session, limits=LIMITS)) == (None, [2027])

    dated = calendar.publish_year(session, root, 2027, {}, "国办发明电", now=LATE, limits=LIMITS)

    session.refresh(row)
    assert (dated, row.lapses_on) == (1, date(2027, 1, 4))
    assert calendar.missing_years(session, limits=LIMITS) == []
    assert account_requests.lapse_overdue(session, now=LATE + timedelta(days=30)) == 1
