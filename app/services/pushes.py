"""The push ledger (报送台账): sending again with a reason, the attempts of a push, what was refused."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer

from app.domain import free_text, pushes
from app.domain.errors import Invalid, NotFound, Problem, Refused, Sentence, say
from app.domain.permissions import Actor
from app.domain.terms import N_
from app.outbox.enqueue import send_again
from app.outbox.parcel import PUSHES, State
from app.scope import criteria, fetch
from app.services import audit
from app.services.deciding import deciding
from models import push_ledger
from models.outbox import Outbox
from models.push_attempt import PushAttempt

MOST_ATTEMPTS = 100  # shown of one push, the latest


def replay(session: Session, actor: Actor, push_id: int, *, reason: str, now: datetime) -> Outbox:
    """重新报送: the same version once more. Raises Invalid without a reason, Refused or NotFound otherwise."""
    with deciding(session, actor, "push:replay", "push", push_id, now=now):
        push = fetch(session, actor, Outbox, push_id, lock=True)
        if push.kind not in PUSHES:
            raise NotFound(Outbox.__name__)
        refusal = why_not(session, push)
        if refusal is not None:
            raise Refused(refusal, "state")
        text = free_text.read(free_text.REASON, reason)
        if not text:
            raise Invalid([Problem("reason", say(N_("请写明重新报送的原因。")))])
        before = {"status": push.status, "attempts": push.attempts, "delivered_at": push.delivered_at}
        send_again(session, push.id, now=now)
        audit.record(
            session, actor, "push:replay", "push", push.id, now=now,
            before=before, after={"status": State.QUEUED, "reason": text, "key": push.dedup_key},
        )  # fmt: skip
    return push


def why_not(session: Session, push: Outbox) -> Sentence | None:
    """Why it cannot be sent again; None when it can."""
    sentence = pushes.REPLAY[push.status]
    if sentence is not None:
        return say(sentence)
    overtaken = select(Outbox.id).where(Outbox.id == push.id, push_ledger.is_overtaken())
    return say(pushes.NOT_THE_LAST) if session.scalar(overtaken) else None


def attempts_of(session: Session, push: Outbox) -> Sequence[PushAttempt]:
    """The latest attempts, newest first."""
    query = select(PushAttempt).where(PushAttempt.outbox_id == push.id)
    return session.scalars(query.order_by(PushAttempt.fence.desc()).limit(MOST_ATTEMPTS)).all()


def history_of(session: Session, actor: Actor, push: Outbox) -> Sequence[Outbox]:
    """Every push of the same project to the same system, newest first."""
    query = select(Outbox).options(defer(Outbox.payload)).where(criteria(actor, Outbox), Outbox.kind == push.kind)
    return session.scalars(query.where(Outbox.project_id == push.project_id).order_by(Outbox.id.desc())).all()


def refused(actor: Actor) -> Select[Any]:
    """Keys of the pushes that were not taken: staff work until a later one says it anew or they are sent again."""
    return select(Outbox.id).where(push_ledger.is_unsettled(), criteria(actor, Outbox))
