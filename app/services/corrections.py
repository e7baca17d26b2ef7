"""A correction: a record opened in part is judged in part, goes back no further open than it was, and has its end."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.corrections import end_after_return
from app.domain.errors import Problem, Sentence, say
from app.domain.fields import CodeTables, Labels, from_plain, judge
from app.domain.terms import N_, Status
from app.services import approved, reference, snapshot
from models.review import Review

ONLY_OPENED = N_("这次只开放修改：%(fields)s。请在其中选择；要改别的内容，请系统管理员解锁。")


def opened(record: snapshot.Record) -> frozenset[str] | None:
    """Inputs and scans that an unlock opened; None when all of them are as the state says."""
    return frozenset(record.unlocked_fields) if record.unlocked_fields else None


def opens(record: snapshot.Record, name: str) -> bool:
    """May this input or scan be changed, where the record may be changed at all?"""
    within = opened(record)
    return within is None or name in within


def is_over(record: snapshot.Record, now: datetime) -> bool:
    """Has the time run out, and is it still to be locked again?"""
    until = record.unlocked_until
    return record.status == Status.RETURNED and until is not None and until <= now


def was_waiting(session: Session, record: snapshot.Record) -> bool:
    """Was it opened while it waited for a decision? An enterprise record can be."""
    if record.submission_id is None:
        return False
    return session.scalar(select(Review.id).where(Review.submission_id == record.submission_id)) is None


def before(session: Session, record: snapshot.Record) -> dict[str, Any] | None:
    """The record as it stood before it was opened: approved, or as it waited for a decision."""
    found = None if was_waiting(session, record) else approved.picture(session, record)
    if found is None and record.submission is not None:
        return dict(record.submission.snapshot)
    return found


def concerns(
    session: Session, record: snapshot.Record, problems: Iterable[Problem], *, codes: CodeTables, today: date
) -> list[Problem]:
    """Of what today's rules find, what the correction must mend: the opened inputs, and what they broke elsewhere."""
    within = opened(record)
    if within is None:
        return list(problems)
    found = [problem for problem in problems if problem.field in within]
    inputs = snapshot.table_of(record).names  # a scan that was not opened was not asked for when it was approved
    outside = [problem for problem in problems if problem.field not in within and problem.field in inputs]
    stood = before(session, record) if outside else None
    if stood is None:
        return [*found, *outside]
    values = from_plain(snapshot.table_of(record), stood["fields"])
    known = judge(snapshot.table_of(record), values, codes=codes, today=today)
    return [*found, *(problem for problem in outside if problem not in known)]


def reaches(record: snapshot.Record, targets: Iterable[str]) -> bool:
    """May a return name all of these?"""
    within = opened(record)
    return within is None or within.issuperset(targets)


def only_opened(session: Session, record: snapshot.Record) -> Sentence:
    """What a return may name, in words."""
    within = opened(record) or frozenset()
    words = [f.label for f in snapshot.fields_of(record) if f.name in within]
    words += [slot.label for slot in reference.slots_of(session, record) if slot.slot in within]
    return say(ONLY_OPENED, fields=Labels(words))


def hand_in(record: snapshot.Record) -> None:
    """What is judged for the first time is judged whole; a correction stays the correction that it was."""
    if not approved.is_correction(record):
        record.unlocked_fields, record.unlocked_until = None, None


def send_back(record: snapshot.Record, targets: Iterable[str], *, now: datetime) -> None:
    """A return opens what the unlock did and no more, and for a time; what nobody recorded it opens as it names."""
    if not approved.is_correction(record):
        return
    record.unlocked_fields = sorted(opened(record) or set(targets))
    record.unlocked_until = end_after_return(record.unlocked_until, record.submitted_at, now)


def end(record: snapshot.Record) -> None:
    """It was approved, or locked again as it was."""
    record.unlocked_fields, record.unlocked_until = None, None
    approved.let_go(record)


def edited(picture: Mapping[str, Any], stood: Mapping[str, Any]) -> list[str]:
    """The inputs and scans in which the record differs from what it was."""
    return sorted(snapshot.changes(dict(stood), dict(picture)))
