"""One transaction per use case: begin as a writer, commit once; a refusal leaves nothing but its audit row."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.domain.errors import Conflict, NotFound, Refused, say
from app.domain.permissions import Actor
from app.domain.terms import N_
from app.services import audit
from models import locks
from models.api_key import ApiKey
from models.engine import begin_write

OVERTAKEN = N_("别人刚刚先办了同一件事。")
WITHDRAWN = N_("接口密钥已停用或到期，没有保存。请联系签发密钥的部门。")
STALE = N_("没有保存：这条记录刚刚被别人修改。您填写的内容还在，请核对后再保存。")


@contextmanager
def deciding(
    session: Session,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: int | None = None,
    *,
    now: datetime,
) -> Iterator[None]:
    """Run a use case as one transaction.

    Raises what the body raises, after a rollback; `Refused` and `NotFound` then leave an audit row in a
    transaction of their own (never two connections at once: SQLite's writer would wait for itself).
    """
    _begin(session, actor)
    audit.nothing_yet(session)
    try:
        _require_open_key(session, actor, now)
        yield
        session.commit()
    except (Refused, NotFound) as refusal:
        session.rollback()
        _record_denial(session, actor, action, object_type, object_id, refusal, now)
        raise
    except StaleDataError as stale:
        session.rollback()
        conflict = Conflict(say(STALE))
        _record_denial(session, actor, action, object_type, object_id, conflict, now)
        raise conflict from stale
    except IntegrityError:  # a unique key was the net: somebody else was first
        session.rollback()
        _record_denial(session, actor, action, object_type, object_id, Conflict(say(OVERTAKEN)), now)
        raise
    except BaseException:
        session.rollback()
        raise


def _require_open_key(session: Session, actor: Actor, now: datetime) -> None:
    """A key that was withdrawn after the door let it in writes nothing; while this transaction lasts none is."""
    if actor.key_id is None:
        return
    held = select(ApiKey).where(ApiKey.id == actor.key_id).with_for_update(read=True)
    key = session.scalar(held.execution_options(populate_existing=True))
    if key is None or key.revoked_at is not None or key.expires_at <= now:
        raise Refused(say(WITHDRAWN), "role")


@contextmanager
def judging(
    session: Session, actor: Actor, action: str, object_type: str, object_id: int | None = None, *, now: datetime
) -> Iterator[None]:
    """Ask first, before a slow step that must hold no transaction; a denial leaves its row, nothing else is written."""
    try:
        yield
    except (Refused, NotFound) as refusal:
        session.rollback()
        _record_denial(session, actor, action, object_type, object_id, refusal, now)
        raise
    session.rollback()


def _begin(session: Session, actor: Actor) -> None:
    """A writer's transaction; who acts for an organization holds it first, since the trail will refer to it."""
    begin_write(session)
    locks.hold_own(session, actor.organization_id)


def _record_denial(
    session: Session,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: int | None,
    refusal: Exception,
    now: datetime,
) -> None:
    if isinstance(refusal, NotFound):
        refusal.recorded = True
    _begin(session, actor)
    sentence = str(refusal.sentence) if isinstance(refusal, Refused) else N_("没有这条记录，或不在办理范围。")
    audit.record(session, actor, action, object_type, object_id, now=now, result="refused", sentence=sentence[:500])
    session.commit()
