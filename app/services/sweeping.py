"""How the worker goes over many rows: each in a transaction of its own, and one that breaks stops no other.

What cannot be read is written to the log each time and into the audit trail once a day, so that somebody finds it.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Delete, Select, Update, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from app.domain.permissions import SYSTEM_ACTOR
from app.domain.terms import N_
from app.services import audit
from models.audit import AuditEvent
from models.engine import begin_write, is_passing

logger = logging.getLogger(__name__)

BROKEN = N_("系统到期处理这条记录时出错，已跳过，请技术人员检查。")
NOTED_EVERY = timedelta(days=1)
BATCH = 500  # rows of one transaction


def one_by_one(
    session: Session, action: str, object_type: str, keys: Iterable[int], deed: Callable[[int], bool], *, now: datetime
) -> int:
    """Do the deed for each key; gives for how many it was done. The deed commits or raises."""
    count = 0
    for key in list(keys):
        session.rollback()
        try:
            count += deed(key)
        except (OperationalError, InterfaceError) as away:
            session.rollback()
            if not is_passing(away):
                raise  # not this row's fault: the next one would wait in vain as well
            logger.warning("%s of %s %s waits for the next pass", action, object_type, key)
        except Exception as broken:
            session.rollback()
            logger.exception("%s of %s %s failed", action, object_type, key)
            _note(session, action, object_type, key, type(broken).__name__, now)
    return count


def in_batches(session: Session, keys: Select[int], change: Callable[[list[int]], Update | Delete]) -> int:
    """Change or delete all rows that the query names, some at a time, so that nobody waits long for the lock."""
    count = 0
    while True:
        begin_write(session)
        some = list(session.scalars(keys.limit(BATCH)))
        if some:
            session.execute(change(some).execution_options(synchronize_session=False))
        session.commit()
        count += len(some)
        if len(some) < BATCH:
            return count


def _note(session: Session, action: str, object_type: str, key: int, error: str, now: datetime) -> None:
    """One event a day for a row that stays broken."""
    begin_write(session)
    known = select(AuditEvent.id).where(
        AuditEvent.action == action,
        AuditEvent.object_type == object_type,
        AuditEvent.object_id == key,
        AuditEvent.result == "refused",
        AuditEvent.at > now - NOTED_EVERY,
    )
    if session.scalar(known.limit(1)) is None:
        after = {"error": error}
        audit.record(
            session, SYSTEM_ACTOR, action, object_type, key, now=now, result="refused", sentence=BROKEN, after=after
        )
    session.commit()
