"""Keep in order what everything else works by: one door for bureaus, regions, dictionaries, calendar, contacts.

Only an administrator writes, and only one of the root bureau what all bureaus work by (permissions.ROOT_ONLY).
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Conflict, Invalid, Problem, Refused, Sentence, say
from app.domain.fields import CodeTables, clean
from app.domain.fields.upkeep import CALENDAR_DAY, WORKED
from app.domain.limits import TimeLimits
from app.domain.permissions import Actor, may, root_may
from app.domain.terms import N_
from app.scope import fetch
from app.services import audit, calendar, claims, review_clock
from app.services import upkeep_checks as checks
from app.services.deciding import STALE, deciding
from app.services.kept import Kept

LARGEST_VERSION = 2**31 - 2
ROOT_KEEPS_IT = N_("这项内容由市级管理员维护。")
NOT_YOURS = N_("您没有维护这项内容的权限。")


def refusal(actor: Actor, resource: str, verb: str) -> Sentence | None:
    """Why this person may not do it, or None."""
    if not may(actor.roles, resource, verb):
        return say(NOT_YOURS)
    return None if root_may(actor.is_root, resource, verb) else say(ROOT_KEEPS_IT)


def values_of(kept: Kept, row: Any) -> dict[str, object]:
    """The row by input name."""
    columns = {name: getattr(row, name) for name in kept.table.names if name not in kept.beside}
    return {name: value for name, value in {**columns, **kept.read(row)}.items() if name in kept.table.names}


def version_of(kept: Kept, row: Any) -> int:
    """Which state of the row a form was drawn from: a number from its values, the tables carry no count of writes."""
    return fingerprint(values_of(kept, row))


def fingerprint(values: Mapping[str, object]) -> int:
    """A number from 1 that differs when the values do."""
    digest = hashlib.sha256(repr(sorted(values.items())).encode()).digest()
    return int.from_bytes(digest[:4], "big") % LARGEST_VERSION + 1


def add(
    session: Session, actor: Actor, kept: Kept, raw: Mapping[str, object],
    *, now: datetime, limits: TimeLimits,
) -> Any:  # fmt: skip
    """A new row. Raises Invalid naming each faulty input, Refused for others than its administrators."""
    with _upkeep(session, actor, kept, "add", None, now):
        values = judged(session, actor, kept, raw, None, now)
        row = kept.model()
        _set(kept, row, values)
        session.add(row)
        session.flush()  # the audit event names the new row
        _finish(session, actor, kept, "add", row.id, None, values_of(kept, row), now, limits)
    return row


def change(
    session: Session, actor: Actor, kept: Kept, row_id: int, raw: Mapping[str, object], version: int,
    *, now: datetime, limits: TimeLimits,
) -> Any:  # fmt: skip
    """Change a row that was seen at this version. Raises Invalid, Refused, NotFound; Conflict when it has changed."""
    with _upkeep(session, actor, kept, "edit", row_id, now):
        row = fetch(session, actor, kept.model, row_id, lock=True)
        before = values_of(kept, row)
        values = judged(session, actor, kept, raw, row, now)
        if fingerprint(before) != version:
            raise Conflict(say(STALE))
        _set(kept, row, values)
        session.flush()
        old, new = audit.changed(before, values_of(kept, row))
        if new:
            _finish(session, actor, kept, "edit", row_id, old, new, now, limits)
    return row


def remove(session: Session, actor: Actor, kept: Kept, row_id: int, *, now: datetime, limits: TimeLimits) -> None:
    """Take a row away; the trail keeps what it said. Raises Refused or NotFound."""
    with _upkeep(session, actor, kept, "delete", row_id, now):
        row = fetch(session, actor, kept.model, row_id, lock=True)
        before = values_of(kept, row)
        session.delete(row)
        session.flush()
        _finish(session, actor, kept, "delete", row_id, before, None, now, limits)


@contextmanager
def _upkeep(session: Session, actor: Actor, kept: Kept, verb: str, row_id: int | None, now: datetime) -> Iterator[None]:
    """One transaction; a unique key that somebody else took meanwhile is told at its input."""
    name = kept.table.name
    try:
        with deciding(session, actor, f"{name}:{verb}", name, row_id, now=now):
            why_not = refusal(actor, kept.resource, verb)
            if why_not is not None:
                raise Refused(why_not, "role")
            _hold(session, kept)
            yield
    except IntegrityError as net:
        if verb == "delete" or not kept.unique:
            raise
        raise Invalid([_taken(kept)]) from net


def _hold(session: Session, kept: Kept) -> None:
    """One writer at a time: the checks look at all rows, which are few. In order, so that nobody waits in a ring."""
    session.execute(select(kept.model.id).order_by(kept.model.id).with_for_update(key_share=True)).all()


def judged(
    session: Session, actor: Actor, kept: Kept, raw: Mapping[str, object], row: Any, now: datetime
) -> dict[str, Any]:
    """Typed values of every input, or Invalid; what is fixed stays as the row has it."""
    raw = {**raw, **({name: values_of(kept, row)[name] for name in kept.fixed} if row is not None else {})}
    today = local_date(now)
    outcome = clean(kept.table, raw, codes=CodeTables({}), today=today)
    if outcome.problems:
        raise Invalid(outcome.problems)
    values = dict(outcome.values)
    if "sort" in values and values["sort"] is None:
        values["sort"] = 0
    asked = checks.Question(session, actor, row, values, today)
    problems = [problem for check in kept.checks if (problem := check(asked))]
    if not problems and _stands_already(session, kept, row, values):
        problems = [_taken(kept)]
    if problems:
        raise Invalid(problems)
    return values


def _stands_already(session: Session, kept: Kept, row: Any, values: Mapping[str, Any]) -> bool:
    if not kept.unique:
        return False
    same = [getattr(kept.model, name) == values[name] for name in kept.unique]
    others = [kept.model.id != row.id] if row is not None else []
    return session.scalar(select(kept.model.id).where(*same, *others).limit(1)) is not None


def _taken(kept: Kept) -> Problem:
    return Problem(kept.unique[-1], say(N_("已有相同的记录，请查找后编辑那一条。")))


def _set(kept: Kept, row: Any, values: Mapping[str, Any]) -> None:
    """The inputs of the rule set into their columns."""
    for name in set(kept.table.names) - kept.beside:
        setattr(row, name, values[name])
    kept.write(row, values)


def _finish(
    session: Session, actor: Actor, kept: Kept, verb: str, row_id: int,
    before: Mapping[str, object] | None, after: Mapping[str, object] | None, now: datetime, limits: TimeLimits,
) -> None:  # fmt: skip
    """The audit event, and what else moves with the change."""
    moved: dict[str, object] = {}
    if kept.moves_due_dates:
        moved["due_dates_moved"] = len(calendar.recompute(session, limits=limits))
    if kept.moves_claims:  # a bureau that went elsewhere takes its people from what they held
        ended = claims.end_unfit(session, actor, now=now)
        moved |= {"claims_ended": ended} if ended else {}
        review_clock.settle_all(session, review_clock.of_bureaus(session), now=now)  # it may ask for originals now
    told = {**(after or {}), **moved} or None
    name = kept.table.name
    audit.record(session, actor, f"{name}:{verb}", name, row_id, now=now, before=before, after=told)


def day_of(raw: Mapping[str, object], today: date) -> tuple[date, bool] | None:
    """The day and whether it is worked, as a form says it; None while the form is faulty."""
    outcome = clean(CALENDAR_DAY, raw, codes=CodeTables({}), today=today)
    day, kind = outcome.values.get("day"), outcome.values.get("is_working_day")
    return (day, kind == WORKED) if isinstance(day, date) and not outcome.problems else None
