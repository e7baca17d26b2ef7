"""Spending a try of a limit within a request; whoever is over one is told in the audit trail, once in its window."""

import logging
from collections.abc import Mapping
from typing import cast

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.domain.terms import N_
from app.domain.tries import Tries
from app.security.actor import current_actor
from app.security.here import address, db, now
from app.security.throttle import Counters, TooMany
from app.services import audit
from models.engine import begin_write

log = logging.getLogger(__name__)

OVER = N_("次数超过限制。")


def counters() -> Counters:
    """The counters of this installation."""
    return cast("Counters", current_app.extensions["yht"].counters)


def spend(which: Tries, limit: str, *key: str, account: str | None = None) -> None:
    """Count one try; raise TooMany when the limit was spent. `account` is named in the trail, so it must be one."""
    try:
        counters().spend(limit, which, *key)
    except TooMany as spent:
        tell(which, spent, *key, account=account)
        raise


def is_within(which: Tries, limit: str, *key: str, account: str | None = None) -> bool:
    """As `spend`, for a limit that tells of a try and does not stop it."""
    try:
        spend(which, limit, *key, account=account)
    except TooMany:
        return False
    return True


def forget(which: Tries, limit: str, *key: str) -> None:
    """Start over, after a success or an administrator's word."""
    counters().forget(limit, which, *key)


def tell(which: Tries, spent: TooMany, *key: str, account: str | None = None) -> None:
    """Write one event per window, limit and address. The refusal goes out also when the trail cannot be written."""
    if not counters().is_first(spent.retry_after, which, address(), *key):
        return
    session = db()
    try:
        session.rollback()  # whatever the request read so far
        begin_write(session)
        after: Mapping[str, object] | None = {"username": account} if account else None
        audit.record(
            session, current_actor(), f"limit:{which}", "limit", None,
            now=now(), result="refused", sentence=OVER, after=after,
        )  # fmt: skip
        session.commit()
    except SQLAlchemyError:
        session.rollback()
        log.exception("limit %s was exceeded and the trail could not be written", which)
        counters().forget_first(which, address(), *key)
