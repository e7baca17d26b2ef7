"""密码重置 of an organization's account: what a confirmed request does, within the caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.errors import Sentence, say
from app.services.accounts import OneTime, close_door
from app.services.notify import notify_organization
from app.services.organization import CLOSED
from app.services.reading import once
from app.services.registration import account_for
from models.organization import Organization
from models.user import User


def why_not(organization: Organization) -> Sentence | None:
    """Why its password cannot be reset; None when it can."""
    return say(CLOSED) if organization.reclaimed_at is not None else None


def accounts_of(session: Session, organization: Organization) -> list[User]:
    """The accounts that sign in for the organization, held; a member of staff who is tied to it is none."""
    return list(session.scalars(_accounts(organization).with_for_update()))


@once
def accounts_read(session: Session, organization: Organization) -> list[User]:
    """The same, to look at."""
    return list(session.scalars(_accounts(organization)))


def _accounts(organization: Organization) -> Select[Any]:
    return select(User).where(User.organization_id == organization.id, User.bureau_id.is_(None)).order_by(User.id)


def reset(
    session: Session, organization: Organization, door: OneTime, secret: str | None, *, key: int, now: datetime
) -> None:
    """The account is at its gate again, behind one password that opens nothing else; all its sessions are over.

    `secret` goes out by SMS; without one it is handed over in person.
    """
    accounts = accounts_of(session, organization)
    for account in accounts:
        close_door(session, account, door, now=now)
    if not accounts:  # imported as history: nobody has signed in yet
        session.add(account_for(session, organization, None, (door.password_hash, None), door.expires_at))
    if secret is not None:
        notify_organization(
            session, organization, "password:reset", key=f"account-request-{key}", now=now, password=secret
        )
