"""Who is on the telephone, and what is sent to them again: to whom, how often, and never nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.permissions import Actor
from app.domain.terms import RequestKind, Role
from app.services import account_requests, calls, counter, import_batch, lookup
from app.services import organization as organizations
from app.services.accounts import OneTime
from models.outbox import Outbox
from models.project import Project
from tests import builders
from tests.builders import MOBILE, NOW, Case
from tests.services import import_files as files

SECRET, OTHER_MOBILE = "abcd-efgh-jkmn", "13900000000"
ASKED = {"brought_by": "演示经办人", "basis": "营业执照原件", "originals_seen": "y"}


@pytest.fixture
def case(session: Session) -> Case:
    return builders.a_case(session)


@pytest.fixture
def admin(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)


def new_password(session: Session, case: Case, admin: Actor) -> Outbox:
    """A one-time password that waits to be sent to the contact."""
    row = account_requests.ask(
        session, case.clerk, RequestKind.RESET, case.organization.id, ASKED, now=NOW, limits=builders.LIMITS
    )
    door = OneTime("plain:" + SECRET, NOW + timedelta(hours=24))
    account_requests.confirm(session, admin, row.id, door, SECRET, "sms", now=NOW)
    return session.scalars(select(Outbox).where(Outbox.dedup_key.startswith("sms:password:reset"))).one()


def other_telephone(session: Session, case: Case, admin: Actor) -> None:
    """The contact has left, and the telephone with them."""
    raw = {"contact_name": "新联系人", "contact_mobile": OTHER_MOBILE, "contact_phone": "", "email": ""}
    organizations.save_contact(session, admin, case.organization.id, raw, version=None, now=NOW)


def resend(session: Session, case: Case, sms: Outbox, at: datetime = NOW) -> Outbox:
    return calls.resend(session, case.clerk, case.organization.id, sms.id, now=at)


# Again --------------------------------------------------------------------------------------------


def test_every_resend_sends_something_until_it_says_that_it_does_not(session: Session, case: Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.send_back(session, case, record)
    newest = select(Outbox).where(Outbox.project_id == record.id, Outbox.kind == "sms").order_by(Outbox.id.desc())
    sms = session.scalars(newest).first()
    again = select(func.count(Outbox.id)).where(Outbox.dedup_key.startswith(sms.dedup_key + "#", autoescape=True))

    sent = []
    for day, hour in ((24, 9), (25, 1), (25, 10), (25, 11), (25, 11)):
        try:
            resend(session, case, sms, datetime(2026, 11, day, hour, tzinfo=UTC))
            sent.append(session.scalar(again))
        except Refused as refusal:
            sent.append(refusal.code)

    assert sent == [1, 2, 3, 4, "too_often"]


def test_a_secret_is_not_sent_to_a_number_that_is_gone(session: Session, case: Case, admin: Actor) -> None:
    sms = new_password(session, case, admin)
    sms.status, sms.delivered_at = "delivered", NOW
    session.commit()
    other_telephone(session, case, admin)

    copy = resend(session, case, sms)

    assert (copy.payload["mobile"], sms.payload["mobile"]) == (OTHER_MOBILE, MOBILE)
    assert SECRET in copy.payload["text"]


def test_a_secret_that_has_not_left_yet_goes_to_the_number_of_now(session: Session, case: Case, admin: Actor) -> None:
    sms = new_password(session, case, admin)

    other_telephone(session, case, admin)

    assert sms.payload["mobile"] == OTHER_MOBILE
    told = session.scalars(select(Outbox).where(Outbox.dedup_key.startswith("sms:organization:edit"))).one()
    assert told.payload["mobile"] == MOBILE


def test_a_projects_text_goes_to_the_projects_contact_of_now(session: Session, case: Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    sms = session.scalars(select(Outbox).where(Outbox.project_id == record.id, Outbox.kind == "sms")).one()
    record.contact_mobile = OTHER_MOBILE
    session.commit()

    assert resend(session, case, sms).payload["mobile"] == OTHER_MOBILE


# Numbers from before us -----------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["JY-2014-0012", " JY-2014-0012 ", "ＪＹ－２０１４－００１２"])
def test_an_old_number_is_found_at_the_counter_and_by_telephone(
    session: Session, case: Case, admin: Actor, typed: str
) -> None:
    row = files.project_row(0, case.organization.org_code, project_number="JY-2014-0012", numbered_on="2014-03-05")
    import_batch.store(session, admin, files.batch(session, files.projects(row)), now=NOW)

    assert lookup.by_number(session, typed) is not None
    assert [one.id for one in counter.find(session, case.clerk, typed)] == list(session.scalars(select(Project.id)))
    assert [one.id for one in calls.find(session, case.clerk, typed)] == [case.organization.id]
