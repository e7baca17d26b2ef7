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
from app.services.sweeping import one_by_one
from models.mandate import Mandate
from models.organization import Organization

WARN_DAYS = 14  # before the last day: time to have a new letter stamped


def warn(session: Session, *, now: datetime) -> int:
    """Tell each organization once that its letters end soon, unless it has one that lasts longer; gives how many."""
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
    due = (
        Mandate.valid_to.between(today, today + timedelta(days=WARN_DAYS)),
        Mandate.revoked_at.is_(None),
        Mandate.warned_at.is_(None),
        ~lasts,
    )
    keys = session.scalars(select(Mandate.organization_id).where(*due).distinct()).all()

    def warned(key: int) -> bool:
        with deciding(session, SYSTEM_ACTOR, "mandate:warn", "organization", key, now=now):
            query = select(Mandate).where(*due, Mandate.organization_id == key).order_by(Mandate.valid_to, Mandate.id)
            session.get_one(Organization, key, with_for_update={"key_share": True})
            letters = list(session.scalars(query.with_for_update(of=Mandate)))
            return bool(letters) and _tell(session, letters, now=now)

    return one_by_one(session, "mandate:warn", "organization", keys, warned, now=now)


def _tell(session: Session, letters: list[Mandate], *, now: datetime) -> bool:
    """One text for all of them, about the one that lasts longest, unless it heard of one that lasts as long."""
    for letter in letters:
        letter.warned_at = now
    last, day = letters[-1], letters[-1].valid_to
    heard = select(Mandate.id).where(
        Mandate.organization_id == last.organization_id,
        Mandate.revoked_at.is_(None),
        Mandate.warned_at.is_not(None),
        Mandate.valid_to >= day,
        Mandate.id.not_in([letter.id for letter in letters]),
    )
    if session.scalar(heard.limit(1)) is not None:
        return False
    key = f"mandate-{last.id}"
    notify_organization(session, last.organization, "mandate:ends", key=key, now=now, day=day.isoformat())
    return True


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
