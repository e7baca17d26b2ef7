"""Where a record stands and what comes next: looks up the facts that domain/journey asks for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import journey, pushes
from app.domain.errors import Problem
from app.domain.terms import Status
from app.services import completeness, corrections, lookups, originals, returns, snapshot
from models.project import Project


@dataclass(frozen=True)
class Outlook:
    """A record's place, the one next step, the stepper, and what a draft still lacks."""

    place: journey.Place
    next: journey.Next
    steps: tuple[journey.Step, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Push:
    """The latest delivery to the province: its state in our words, and the reason of a refusal."""

    state: str = ""
    reason: str = ""


def outlook(session: Session, record: snapshot.Record, *, now: datetime) -> Outlook:
    """What the owner of the record should know about it now."""
    lacking = completeness.problems(session, record, now=now) if record.status == Status.DRAFT else []
    kind, standing = snapshot.kind_of(record), standing_of(session, record, now=now, missing_count=len(lacking))
    place = journey.place_of(kind, record.status, standing)
    steps = journey.steps(kind, record.status, standing)
    return Outlook(place, journey.NEXT[kind, place], steps, tuple(lacking))


def next_step(session: Session, record: snapshot.Record, *, now: datetime) -> journey.Next:
    """The one next step of a record: sentence, hand, limit."""
    return outlook(session, record, now=now).next


def standing_of(
    session: Session, record: snapshot.Record, *, now: datetime, missing_count: int = 0
) -> journey.Standing:
    """The facts that the place depends on, read only as far as the state asks for them."""
    unlocked = record.status == Status.RETURNED and not returns.open_items(session, record)
    over = corrections.is_over(record, now)
    if not isinstance(record, Project):
        return journey.Standing(missing_count=missing_count, unlocked=unlocked, unlock_over=over)
    is_numbered = record.status == Status.APPROVED
    return journey.Standing(
        missing_count=missing_count,
        sees_counter=record.bureau is None or originals.are_wanted(session, record),
        originals_checked=record.status == Status.SUBMITTED and originals.are_checked(session, record) is True,
        unlocked=unlocked,
        unlock_over=over,
        handed_over=is_numbered and lookups.around(session, record).is_handed_over,
        push=push_of(session, record).state if record.number else "",
    )


def push_of(session: Session, project: Project) -> Push:
    """Where the project's latest push to the province stands; empty when there was none."""
    found = lookups.around(session, project)
    reason = found.push_error if found.push_standing == pushes.REFUSED else ""
    return Push(found.push_standing, reason)
