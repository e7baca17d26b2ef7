"""What an administrator's act does to a record once the life cycle allows it: the one place, with or without
a second person before it. Always within the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import free_text
from app.domain.errors import Invalid, Problem, say
from app.domain.permissions import Actor
from app.domain.terms import N_, Action, Kind
from app.domain.workflow import Transition
from app.services import (
    approved,
    facts,
    lookups,
    matters,
    number,
    pushing,
    reference,
    snapshot,
    unit_works,
    waiting,
)
from app.services.lifecycle import Given, move
from app.services.notify import notify
from models.enterprise import Enterprise
from models.project import Project

MODELS: dict[Kind, type[Project] | type[Enterprise]] = {Kind.PROJECT: Project, Kind.ENTERPRISE: Enterprise}
IN_THE_NUMBER = frozenset({"region_code", "category_code"})


def check(session: Session, record: snapshot.Record, action: Action, given: Given) -> None:
    """What a form can get wrong beside the life cycle's claims. Raises Invalid naming the input."""
    free_text.read(free_text.REASON, given.reason)
    if action == Action.UNLOCK and not set(given.unlock_fields) <= may_be_opened(session, record):
        raise Invalid([Problem("fields", say(N_("请选择要开放修改的内容。")))])


def may_be_opened(session: Session, record: snapshot.Record) -> set[str]:
    """Inputs and scans that an unlock may name; what a number says stays closed (DOMAIN §1.1)."""
    known = {f.name for f in snapshot.fields_of(record) if not f.locked}
    known |= {slot.slot for slot in reference.slots_of(session, record)}
    return known - IN_THE_NUMBER if getattr(record, "number", None) else known


def carry_out(
    session: Session,
    actor: Actor,
    record: snapshot.Record,
    transition: Transition,
    given: Given,
    *,
    now: datetime,
    trail: Mapping[str, object] | None = None,
) -> None:
    """Do it: the record, its number, its claim, the trail, the messages. `trail` is added to the audit event."""
    before = {"reason": free_text.read(free_text.REASON, given.reason), **(trail or {})}
    if transition.action == Action.UNLOCK:
        _unlock(session, actor, record, transition, given, before, now)
    elif transition.action == Action.VOID:
        _void(session, actor, record, transition, before, now)
    else:
        _allow_duplicate(session, actor, record, transition, before, now)


def _unlock(
    session: Session,
    actor: Actor,
    record: snapshot.Record,
    transition: Transition,
    given: Given,
    trail: Mapping[str, object],
    now: datetime,
) -> None:
    """The number, if there is one, stays; the next approval pushes a correction."""
    fields = sorted(set(given.unlock_fields))
    approved.keep(session, record)
    record.unlocked_fields, record.unlocked_until = fields, given.until
    record.due_on = None  # the bureau's clock stands still while the applicant has the record
    facts.end_claim(session, record, now)
    move(session, actor, record, transition, now=now, after={"fields": fields, "until": given.until, **trail})
    kind = snapshot.kind_of(record)
    notify(session, record, f"{kind}:unlock", key=f"{kind}-{record.id}-{record.version}", now=now)


def _void(
    session: Session,
    actor: Actor,
    record: snapshot.Record,
    transition: Transition,
    trail: Mapping[str, object],
    now: datetime,
) -> None:
    """A number stays in the register, marked void, and the province is told to delete it if it heard of it from us."""
    facts.end_claim(session, record, now)
    record.due_on, record.unlocked_fields, record.unlocked_until = None, None, None
    if isinstance(record, Project) and record.number is not None:
        number.void(session, actor, record, reason=str(trail["reason"]), now=now)
        matters.close_all(session, actor, record, now=now)
        unit_works.close(session, record, now=now)
        if number.was_issued_here(session, record) or pushing.was_pushed(session, record):
            pushing.push_deletion(session, record, now=now)
        trail = {**trail, "number": record.number}
    move(session, actor, record, transition, now=now, after=trail)
    kind = snapshot.kind_of(record)
    notify(session, record, f"{kind}:void", key=f"{kind}-{record.id}", now=now)


def _allow_duplicate(
    session: Session,
    actor: Actor,
    record: snapshot.Record,
    transition: Transition,
    trail: Mapping[str, object],
    now: datetime,
) -> None:
    """准予重复立项: the next approval does not ask whether the 立项 has a number already."""
    assert isinstance(record, Project)
    repeats = lookups.around(session, record).twin_number
    with waiting.carried(session, record, now=now):
        record.duplicate_allowed = True
        move(session, actor, record, transition, now=now, after={"repeats": repeats, **trail})
