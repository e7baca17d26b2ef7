"""Write what a form, an import or an API sent into a record: judged by the one rule set, inside what is open."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Invalid, Problem, say
from app.domain.fields import Labels, clean, to_plain
from app.domain.permissions import Actor
from app.domain.terms import N_, Action
from app.services import approvals, audit, corrections, reference, snapshot
from app.services.lifecycle import check_version, require
from models.organization import Organization
from models.project import Project
from models.types import blind_index

NOT_SAVED = N_("没有保存：这条记录在您填写时已被别人修改。您填写的内容还在，请对照后再保存。")
NOT_UNLOCKED = N_("只开放了部分内容的修改：%(fields)s。")


def cleaned(
    session: Session, record: snapshot.Record, raw: Mapping[str, object], *, now: datetime
) -> dict[str, object]:
    """The values that the form may set, typed. Raises Invalid with every problem.

    A personal value that comes back as its mask was not retyped: the stored one stays.
    """
    values, problems = _judged(session, record, raw, now=now)
    if problems:
        raise Invalid(problems)
    return values


def problems(
    session: Session, record: snapshot.Record, raw: Mapping[str, object], *, now: datetime
) -> tuple[Problem, ...]:
    """What a save of these values would say, for a form that is still being filled in; nothing is written."""
    return _judged(session, record, raw, now=now)[1]


def _judged(
    session: Session, record: snapshot.Record, raw: Mapping[str, object], *, now: datetime
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """What was sent, typed, and what is wrong with it."""
    current = snapshot.values_of(record)
    sent = {name: value for name, value in raw.items() if name in current and not is_mask(name, value, current)}
    codes, today = reference.code_tables(session), local_date(now)
    table = snapshot.table_of(record)
    outcome = clean(table, {**current, **sent}, codes=codes, today=today)
    found = outcome.problems
    if found and record.id is not None:  # what was wrong already and was not sent waits for the submit
        old = clean(table, current, codes=codes, today=today).problems
        asked = sent.keys() - _closed_as_they_were(record, sent, current)
        found = tuple(p for p in found if p.field in asked or p not in old)
    return {name: value for name, value in outcome.values.items() if name in sent}, found


def _closed_as_they_were(
    record: snapshot.Record, sent: Mapping[str, object], current: Mapping[str, object]
) -> set[str]:
    """Inputs that a scoped unlock left closed and that came back unchanged: today's rules do not judge them anew."""
    within = corrections.opened(record)
    if within is None:
        return set()
    plain = to_plain({name: current[name] for name in sent})
    return {name for name in sent.keys() - within if sent[name] in (current[name], plain[name], plain[name] or "")}


def is_mask(name: str, value: object, current: Mapping[str, object]) -> bool:
    """Whether a personal value came back as it was shown, masked: nobody retyped it."""
    stored = current.get(name)
    return stored is not None and value == audit.masked({name: stored})[name] != stored  # type: ignore[index]


def retyped(raw: Mapping[str, object], source: snapshot.Record) -> dict[str, object]:
    """The same, with the source's stored value for each personal one that came back as the source's mask."""
    stored = snapshot.values_of(source)
    return {name: stored[name] if is_mask(name, value, stored) else value for name, value in raw.items()}


def put(record: snapshot.Record | Organization, values: Mapping[str, object]) -> None:
    """Set columns, each blind index with its value."""
    for name, value in values.items():
        setattr(record, name, value)
        if hasattr(type(record), f"{name}_index"):
            setattr(record, f"{name}_index", blind_index(str(value)) if value is not None else None)


def save(
    session: Session,
    actor: Actor,
    record: snapshot.Record,
    raw: Mapping[str, object],
    *,
    version: int | None,
    now: datetime,
) -> None:
    """保存 within the caller's transaction. Raises Refused, Conflict or Invalid; then nothing is changed."""
    require(session, actor, record, Action.EDIT, now=now)
    check_version(record, version, NOT_SAVED)
    values = cleaned(session, record, raw, now=now)
    before, after = audit.changed(snapshot.values_of(record), values)
    _keep_what_the_number_says(record, after)
    _stay_within_unlock(record, after)
    if isinstance(record, Project):
        approvals.keep_apart(session, record, after)
    if not after:
        return
    put(record, after)
    record.updated_at = now
    kind = snapshot.kind_of(record)
    audit.record(
        session, actor, f"{kind}:edit", kind, record.id,
        now=now, organization_id=record.organization_id, before=before, after=after,
    )  # fmt: skip


def _keep_what_the_number_says(record: snapshot.Record, after: Mapping[str, object]) -> None:
    """A number is never rewritten, so the region and the category in it stay (DOMAIN §1.1)."""
    if getattr(record, "number", None) is None:
        return
    sentence = say(N_("已发号，编号中的区划和分类不能更改。"))
    problems = [Problem(name, sentence) for name in ("region_code", "category_code") if name in after]
    if problems:
        raise Invalid(problems)


def _stay_within_unlock(record: snapshot.Record, after: Mapping[str, object]) -> None:
    if not record.unlocked_fields:
        return
    outside = [name for name in after if name not in record.unlocked_fields]
    if outside:
        open_labels = Labels(f.label for f in snapshot.fields_of(record) if f.name in record.unlocked_fields)
        sentence = say(NOT_UNLOCKED, fields=open_labels)
        raise Invalid([Problem(name, sentence) for name in outside])
