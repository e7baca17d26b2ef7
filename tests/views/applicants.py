"""Applicants who can sign in, for tests of pages: records come from tests/builders.py."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from models.organization import Organization
from models.user import User
from tests import builders
from tests.app_fixtures import STORED


def an_applicant(session: Session, n: int | None = None, **different: object) -> tuple[Organization, Actor]:
    """A registered organization whose account has the fixtures' password and is past the gate."""
    organization, actor = builders.registered(session, n, **different)
    can_sign_in(session, actor)
    return organization, actor


def a_case(session: Session, n: int | None = None) -> builders.Case:
    """An organization with an approved enterprise record, signing in with the fixtures' password."""
    case = builders.a_case(session, n)
    can_sign_in(session, case.applicant)
    return case


def can_sign_in(session: Session, actor: Actor) -> None:
    account = session.get_one(User, actor.user_id)
    account.password, account.initial_password_expires_at = STORED, None
    account.sms_code_hash = account.sms_code_expires_at = account.claim_nonce_hash = None
    session.commit()


def account_of(session: Session, username: str) -> User:
    """The account as it stands in the database now."""
    session.expire_all()
    return session.scalars(select(User).where(User.username == username)).one()
