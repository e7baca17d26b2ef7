"""The seven matters (事项) of a numbered project: opened by the number, stepped and recorded by clerk or interface.

One door for screen and API: a step decides through the table of app.domain.matters, a record through its inputs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import free_text
from app.domain.clock import local_date
from app.domain.errors import Conflict, Invalid, Problem, Refused, Sentence, say
from app.domain.fields import CodeTables, Label, clean, to_plain
from app.domain.fields.matter import RECORDS
from app.domain.matters import (
    KINDS,
    LAST_SEQUENCE,
    NEEDS_WORDS,
    NOT_BY_SYSTEMS,
    NOT_NUMBERED,
    NOT_RECEIVED,
    NOT_YOURS,
    REACHED_BY,
    Matter,
    MatterAction,
    MatterStatus,
    letters_of,
    record_number,
    refusal,
    target,
)
from app.domain.permissions import Actor, may
from app.domain.terms import N_, Role, Status
from app.outbox.parcel import Channel
from app.scope import fetch
from app.services import audit
from app.services.deciding import deciding
from app.services.lifecycle import CHANGED_MEANWHILE
from app.services.notify import notify, notify_quietly
from models import locks, push_ledger
from models.matter import MatterRecord, ProjectMatter
from models.matter_rule import MatterItem, MatterRule
from models.number import NumberRegister
from models.outbox import Outbox
from models.project import Project

FULL = N_("「%(matter)s」的编号已用到 999，请联系系统管理员。")


@dataclass(frozen=True)
class Written:
    """A record as it stands after `record`, and whether it is new."""

    row: MatterRecord
    is_new: bool
    has_changed: bool = True


def open_all(session: Session, project: Project, *, now: datetime) -> None:
    """The number opens the seven, in the transaction that gives it."""
    session.add_all(ProjectMatter(project=project, matter=matter, status="open", changed_at=now) for matter in Matter)


def close_all(session: Session, actor: Actor, project: Project, *, now: datetime) -> None:
    """A void number opens nothing any more; the records stay. Each that closes leaves its event."""
    for row in of_project(session, project):
        before, reached = row.status, target(row.status, MatterAction.CLOSE)
        if reached is None:
            continue
        row.status, row.changed_at = reached, now
        audit.record(
            session, actor, f"matter:{MatterAction.CLOSE}", "matter", row.id, now=now,
            organization_id=project.organization_id, before={"status": before},
            after={"status": reached, "matter": row.matter},
        )  # fmt: skip


def closing(session: Session, project: Project) -> list[tuple[ProjectMatter, list[str]]]:
    """What a void number would close: the matters that are not closed yet, each with the numbers of its records."""
    kept: dict[int, list[str]] = {}
    for record in session.scalars(select(MatterRecord).where(MatterRecord.project_id == project.id)):
        kept.setdefault(record.project_matter_id, []).append(record.number or record.inner_number)
    rows = [row for row in of_project(session, project) if target(row.status, MatterAction.CLOSE) is not None]
    return [(row, kept.get(row.id, [])) for row in rows]


def of_project(session: Session, project: Project) -> Sequence[ProjectMatter]:
    """The seven of a project in their order; none before it has a number."""
    found = session.scalars(select(ProjectMatter).where(ProjectMatter.project_id == project.id))
    order = list(Matter)
    return sorted(found, key=lambda row: order.index(Matter(row.matter)))


def step(
    session: Session,
    actor: Actor,
    matter_id: int,
    action: MatterAction,
    *,
    words: str = "",
    received: Iterable[int] | None = None,
    version: int | None = None,
    now: datetime,
) -> ProjectMatter:
    """受理, 要求补正 or 不予通过. Raises Invalid without the words it needs, Refused, Conflict or NotFound."""
    with deciding(session, actor, f"matter:{action}", "matter", matter_id, now=now):
        row = _held(session, actor, matter_id, version)
        _require(session, actor, row, action)
        told = _words_of(action, words)
        after: dict[str, object] = {"reason": told} if told else {}
        if received is not None:
            row.received = _known_items(session, row, received)
            after["received"] = len(row.received)
        _move(session, actor, row, action, told, now=now, after=after)
    return row


def step_once(
    session: Session, actor: Actor, matter_id: int, action: MatterAction, *, words: str = "", now: datetime
) -> bool:
    """The same for a system that may send it twice: False when it had been taken with these words before."""
    with deciding(session, actor, f"matter:{action}", "matter", matter_id, now=now):
        row = _held(session, actor, matter_id, None)
        _require_right(actor, row)
        told = _words_of(action, words)
        if row.status == REACHED_BY[action] and row.words == told:
            return False
        if (row.status, action) in NOT_BY_SYSTEMS:
            raise Refused(refusal(Matter(row.matter), row.status, action), "state")
        _require(session, actor, row, action)
        _move(session, actor, row, action, told, now=now, after={"reason": told} if told else {})
    return True


def items_of(session: Session, matter: Matter | str) -> Sequence[MatterItem]:
    """The papers that the matter asks for, in their order."""
    query = select(MatterItem).where(MatterItem.matter == matter, MatterItem.is_active.is_(True))
    return session.scalars(query.order_by(MatterItem.sort, MatterItem.id)).all()


def record(
    session: Session,
    actor: Actor,
    matter_id: int,
    raw: Mapping[str, object],
    *,
    version: int | None = None,
    now: datetime,
) -> Written:
    """登记办理结果: a new record, or the one of the same source number again. The same again changes nothing.

    Raises Invalid naming each input, Refused, Conflict or NotFound.
    """
    with deciding(session, actor, "matter:record", "matter", matter_id, now=now):
        row = _held(session, actor, matter_id, version)
        _require(session, actor, row, MatterAction.RECORD)
        outcome = clean(RECORDS[Matter(row.matter)], raw, codes=CodeTables({}), today=local_date(now))
        if outcome.problems:
            raise Invalid(outcome.problems)
        entries = to_plain(outcome.values)
        known = _of_source(session, row, str(entries["inner_number"]))
        if known is not None and known.entries == entries and row.status == MatterStatus.DONE:
            return Written(known, is_new=False, has_changed=False)
        written = _new(session, actor, row, entries, now) if known is None else _corrected(known, entries, now)
        session.flush()
        after = {"number": written.number or written.inner_number, "inner_number": written.inner_number}
        _move(session, actor, row, MatterAction.RECORD, None, now=now, after=after)
    return Written(written, is_new=known is None)


def why_not(session: Session, actor: Actor, row: ProjectMatter, action: MatterAction) -> Sentence | None:
    """Why this person cannot do it now; None when the button is open."""
    try:
        _require(session, actor, row, action)
    except Refused as refused:
        return refused.sentence
    return None


def is_clerk_of(actor: Actor, matter: Matter | str) -> bool:
    """Does the person record this matter?"""
    return Role.MATTER_CLERK in actor.roles and matter in actor.matters


def _held(session: Session, actor: Actor, matter_id: int, version: int | None) -> ProjectMatter:
    """The matter and its project, locked in that order of every writer: the project first."""
    row = fetch(session, actor, ProjectMatter, matter_id)
    locks.hold_organization(session, Project, row.project_id)
    session.execute(select(Project.id).where(Project.id == row.project_id).with_for_update(key_share=True))
    row = fetch(session, actor, ProjectMatter, matter_id, lock=True)
    if version is not None and row.version != version:
        raise Conflict(say(CHANGED_MEANWHILE))
    return row


def _words_of(action: MatterAction, words: str) -> str | None:
    """What the applicant is told of a step. Raises Invalid where it needs words and has none."""
    told = free_text.read(free_text.REASON, words, name="words")
    if action in NEEDS_WORDS and not told:
        raise Invalid([Problem("words", say(N_("请写明原因和要求，申请人会看到。")))])
    return told or None


def _require_right(actor: Actor, row: ProjectMatter) -> None:
    if not may(actor.roles, "matters", "record") or not is_clerk_of(actor, row.matter):
        raise Refused(say(NOT_YOURS, matter=Label(KINDS[Matter(row.matter)].word)), "role")


def _require(session: Session, actor: Actor, row: ProjectMatter, action: MatterAction) -> None:
    _require_right(actor, row)
    matter = Matter(row.matter)
    word = Label(KINDS[matter].word)
    if row.project.number is None or row.project.status == Status.VOIDED:
        raise Refused(say(NOT_NUMBERED), "is_numbered")
    if target(row.status, action) is None or action == MatterAction.CLOSE:
        raise Refused(refusal(matter, row.status, action), "state")
    if _waits_for_province(session, matter) and not _is_received(session, row.project_id):
        raise Refused(say(NOT_RECEIVED, matter=word), "is_received")


def _waits_for_province(session: Session, matter: Matter) -> bool:
    return bool(session.scalar(select(MatterRule.waits_for_province).where(MatterRule.matter == matter)))


def _is_received(session: Session, project_id: int) -> bool:
    """Whether the province has acknowledged any version of it; an imported number came from there."""
    pushes = select(push_ledger.was_acknowledged()).where(
        Outbox.project_id == project_id, Outbox.kind == Channel.PROVINCE_PUSH
    )
    taken = session.scalars(pushes).all()
    if not taken or any(taken):
        return True
    register = select(NumberRegister.origin).where(NumberRegister.project_id == project_id)
    return session.scalar(register) == "imported"


def _of_source(session: Session, row: ProjectMatter, inner_number: str) -> MatterRecord | None:
    query = select(MatterRecord).where(MatterRecord.project_matter_id == row.id)
    return session.scalar(query.where(MatterRecord.inner_number == inner_number))


def _new(session: Session, actor: Actor, row: ProjectMatter, entries: Mapping[str, Any], now: datetime) -> MatterRecord:
    """With the next number of its letters in this project; the project's row is held, so nobody else counts."""
    kind_code = entries.get("kind_code")
    letters = letters_of(Matter(row.matter), kind_code)
    sequence = number = None
    if letters is not None:
        counted = select(func.max(MatterRecord.sequence)).where(
            MatterRecord.project_id == row.project_id, MatterRecord.letters == letters
        )
        sequence = (session.scalar(counted) or 0) + 1
        if sequence > LAST_SEQUENCE:
            raise Refused(say(FULL, matter=Label(KINDS[Matter(row.matter)].word)), "full")
        number = record_number(str(row.project.number), letters, sequence)
    made = MatterRecord(
        project_matter=row, project_id=row.project_id, inner_number=entries["inner_number"], kind_code=kind_code,
        letters=letters, sequence=sequence, number=number, entries=entries, recorded_at=now, changed_at=now,
        recorded_by_id=actor.user_id,
    )  # fmt: skip
    session.add(made)
    return made


def _corrected(known: MatterRecord, entries: Mapping[str, Any], now: datetime) -> MatterRecord:
    """The record with other entries. Its number names its kind, so a correction keeps that."""
    if known.kind_code != entries.get("kind_code"):
        sentence = say(N_("已登记的编号 %(number)s 不能改成别的类别，请另行登记。"), number=known.number or "")
        raise Invalid([Problem("kind_code", sentence)])
    known.entries, known.changed_at = entries, now
    return known


def _known_items(session: Session, row: ProjectMatter, received: Iterable[int]) -> list[int]:
    """What was ticked of the matter's own list; a paper that is no longer asked for stays in if it was."""
    given, before = set(received), set(row.received or ())
    asked = {item.id for item in items_of(session, row.matter)}
    return sorted((given & asked) | (before - asked))


def _move(
    session: Session,
    actor: Actor,
    row: ProjectMatter,
    action: MatterAction,
    words: str | None,
    *,
    now: datetime,
    after: Mapping[str, object],
) -> None:
    """Take the step, with its audit event and the applicant's message; a phone rings once for each state reached."""
    before, reached = row.status, target(row.status, action)
    assert reached is not None
    row.status, row.words, row.changed_at = reached, words, now
    session.flush()  # a step that changed nothing but the time has its version too
    word = KINDS[Matter(row.matter)].word
    audit.record(
        session, actor, f"matter:{action}", "matter", row.id, now=now,
        organization_id=row.project.organization_id, before={"status": before},
        after={"status": reached, "matter": row.matter, **after},
    )  # fmt: skip
    event = f"matter:{action}"
    if before == reached:
        notify_quietly(session, row.project, event, now=now, matter=word)
    else:
        notify(session, row.project, event, key=f"matter-{row.id}-{row.version}", now=now, matter=word)
