"""How a mandate (法人授权委托书) ends: by its last day, of which the organization is told before, or taken back."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.domain.clock import local_date
from app.domain.errors import Refused, say
from app.domain.permissions import SYSTEM_ACTOR, Actor, may
from app.domain.terms import N_
from app.scope import fetch
from app.services import audit
from app.services.deciding import deciding
from app.services.mandate import ENDED, REVOKED, state_of
from app.services.notify import notify_organization
from models.mandate import Mandate

WARN_DAYS = 14  # before the last day: time to have a new letter stamped


def warn(session: Session, *, now: datetime) -> int:
    """Tell each organization once that its letter ends soon, unless it has one that lasts longer; gives how many."""
    today = local_date(now)
    longer = aliased(Mandate)
    lasts = (
        select(longer.id)
        .where(
            longer.organization_id == Mandate.organization_id,
            longer.revoked_at.is_(None),
            longer.valid_to > today + timedelta(days=WARN_DAYS),
        )
        .exists()
    )
    due = select(Mandate.id).where(
        Mandate.valid_to.between(today, today + timedelta(days=WARN_DAYS)),
        Mandate.revoked_at.is_(None),
        Mandate.warned_at.is_(None),
        ~lasts,
    )
    count = 0
    for letter_id in session.scalars(due.order_by(Mandate.id)).all():
        session.rollback()
        with deciding(session, SYSTEM_ACTOR, "mandate:warn", "mandate", letter_id, now=now):
            letter = session.get_one(Mandate, letter_id, with_for_update=True, populate_existing=True)
            if letter.warned_at is None and letter.revoked_at is None:
                letter.warned_at = now
                day = letter.valid_to.isoformat()
                key = f"mandate-{letter.id}"
                notify_organization(session, letter.organization, "mandate:ends", key=key, now=now, day=day)
                count += 1
    return count


def revoke(session: Session, actor: Actor, mandate_id: int, *, now: datetime) -> Mandate:
    """撤销: the organization took the letter back in writing. Raises Refused for one that is over, or NotFound."""
    with deciding(session, actor, "mandate:revoke", "mandate", mandate_id, now=now):
        letter = fetch(session, actor, Mandate, mandate_id, lock=True)
        if not may(actor.roles, "mandates", "revoke"):
            raise Refused(say(N_("只有窗口人员可以撤销委托书。")), "role")
        if state_of(letter, local_date(now)) in (ENDED, REVOKED):
            raise Refused(say(N_("这份委托书已经失效，不用撤销。")), "state")
        letter.revoked_at = now
        audit.record(
            session, actor, "mandate:revoke", "mandate", letter.id, now=now, organization_id=letter.organization_id
        )
    return letter
