"""Registering for somebody at the counter: the rules and the first door of the public page, in another's name."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Refused
from app.domain.fields import PRIVACY_NOTICE_VERSION
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import registration
from models.audit import AuditEvent
from models.organization import Organization
from models.outbox import Outbox
from models.user import User
from tests import builders
from tests.builders import DOOR, NOW

RAW = {
    "org_code": builders.org_code(66001), "name": "演示代办单位", "unit_kind": "government", "contact_name": "演示联系人",
    "contact_mobile": builders.MOBILE, "privacy_consent": "y",
}  # fmt: skip


def register(session: Session, role: Role = Role.ADMINISTRATOR, **different: object) -> Organization:
    builders.ensure_roles(session)
    actor = builders.staff(session, role)
    return registration.register_at_counter(session, actor, {**RAW, **different}, DOOR, now=NOW)


def test_the_account_stands_at_the_same_gate_and_no_browser_holds_its_secret(session: Session) -> None:
    row = register(session)

    account = session.scalars(select(User).where(User.organization_id == row.id)).one()
    assert account.username == RAW["org_code"]
    assert account.must_change_password
    assert account.initial_password_expires_at == NOW + DOOR.lasts
    assert account.claim_nonce_hash is None
    assert account.sms_code_hash is not None


def test_the_trail_names_the_administrator_and_the_consent(session: Session) -> None:
    row = register(session)

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == registration.AT_COUNTER)).one()
    assert event.actor_roles == Role.ADMINISTRATOR
    assert event.object_id == row.id
    assert event.after["privacy_consent"] is True
    assert event.after["privacy_notice_version"] == PRIVACY_NOTICE_VERSION
    assert event.after["contact_mobile"] == "138****0000"


def test_the_contact_gets_the_same_notice(session: Session) -> None:
    register(session)

    assert "已注册" in session.scalars(select(Outbox)).one().payload["text"]


def test_without_the_consent_on_paper_nothing_is_registered(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        register(session, privacy_consent="")

    assert [problem.field for problem in refused.value.problems] == ["privacy_consent"]
    assert session.scalars(select(Organization)).all() == []


def test_a_code_that_is_registered_is_refused(session: Session) -> None:
    register(session)

    with pytest.raises(Invalid, match="已经注册"):
        register(session)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR], ids=str)
def test_nobody_else_registers_for_others(session: Session, role: Role) -> None:
    with pytest.raises(Refused):
        register(session, role)

    assert session.scalars(select(Organization)).all() == []


def test_the_public_cannot_use_this_door(session: Session) -> None:
    with pytest.raises(Refused):
        registration.register_at_counter(session, Actor(None, ""), RAW, DOOR, now=NOW)
