"""Sweeps: row by row, some at a time, and one that breaks stops neither the others nor the sweeps behind it."""

import logging

import pytest
from sqlalchemy import Delete, delete, func, select, text
from sqlalchemy.orm import Session

from app.domain.terms import RequestKind, Role, Status
from app.services import account_requests, administration, mandate_ends, second_person, sweeping
from app.worker import apart
from models.account_request import AccountRequest
from models.audit import AuditEvent
from models.mandate import Mandate
from models.pending_act import PendingAct
from models.unsaved_entry import UnsavedEntry
from tests import builders
from tests.builders import DAY, LIMITS, NOW
from tests.services.two_people import ask_unlock, ask_void, confirm

LATER = NOW + 30 * DAY


def damage(session: Session, table: str, column: str, key: int) -> None:
    """Make a personal value of the row unreadable, as a lost key would."""
    session.execute(text(f"UPDATE {table} SET {column} = 'damaged' WHERE id = :key"), {"key": key})
    session.commit()
    session.expunge_all()


def failures(session: Session, action: str) -> int:
    event = (AuditEvent.action == action) & (AuditEvent.result == "refused")
    return session.scalar(select(func.count()).select_from(AuditEvent).where(event)) or 0


def test_one_unreadable_record_does_not_keep_others_open(session: Session, case: builders.Case) -> None:
    first, second = (builders.staff(session, Role.ADMINISTRATOR) for _ in range(2))
    broken, sound = (builders.approved_project(session, case) for _ in range(2))
    for record in (broken, sound):
        confirm(session, second, ask_unlock(session, first, record, "contact_mobile"))
    broken_id, sound_id = broken.id, sound.id
    damage(session, "project", "contact_mobile", broken_id)

    done = [
        administration.relock_expired(session, now=LATER + n * sweeping.NOTED_EVERY, limits=LIMITS) for n in (0, 0, 2)
    ]

    stands = dict(session.execute(text("SELECT id, status FROM project")).all())
    assert (done, stands[sound_id], stands[broken_id]) == ([1, 0, 0], Status.APPROVED, Status.RETURNED)
    assert failures(session, "project:relock") == 2  # once a day, not once a minute


def test_one_unreadable_record_does_not_keep_acts_waiting(session: Session, case: builders.Case) -> None:
    first = builders.staff(session, Role.ADMINISTRATOR)
    broken, sound = (ask_void(session, first, builders.approved_project(session, case)) for _ in range(2))
    sound_id = sound.id
    damage(session, "project", "contact_mobile", broken.project_id or 0)

    second_person.lapse_overdue(session, now=LATER)

    assert session.get_one(PendingAct, sound_id).state == "lapsed"


def test_a_sweep_that_breaks_is_logged_and_the_next_one_runs(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[str] = []

    def broken() -> None:
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR):
        apart(broken, lambda: ran.append("next"))

    assert ran == ["next"] and "ZeroDivisionError" in caplog.text


def test_many_rows_go_some_at_a_time(session: Session, case: builders.Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    user_id = case.applicant.user_id
    session.add_all(UnsavedEntry(user_id=user_id, form=f"/{n}", entries={}, kept_at=NOW) for n in range(5))
    session.commit()
    turns: list[int] = []

    def gone(keys: list[int]) -> Delete:
        turns.append(len(keys))
        return delete(UnsavedEntry).where(UnsavedEntry.id.in_(keys))

    count = sweeping.in_batches(session, select(UnsavedEntry.id), gone)

    assert (count, turns, session.scalar(select(func.count()).select_from(UnsavedEntry))) == (5, [2, 2, 1], 0)


def test_a_letter_that_cannot_be_told_of_keeps_no_other_untold(session: Session, case: builders.Case) -> None:
    clerk = case.clerk
    other, _applicant = builders.registered(session)
    soon = {"valid_to": NOW.date() + 5 * DAY}
    mine = builders.mandate_of(session, case.organization.id, clerk, **soon).id
    theirs = builders.mandate_of(session, other.id, clerk, **soon).id
    damage(session, "organization", "contact_mobile", case.organization.id)

    mandate_ends.warn(session, now=NOW)

    told = dict(session.execute(select(Mandate.id, Mandate.warned_at.is_not(None))).all())
    assert (told[mine], told[theirs]) == (False, True)


def test_a_request_of_an_unreadable_organization_keeps_no_other_waiting(session: Session, case: builders.Case) -> None:
    raw = {"brought_by": "演示经办人", "basis": "演示：单位来函", "originals_seen": "y"}
    other, _applicant = builders.registered(session)
    asked = [
        account_requests.ask(session, case.clerk, RequestKind.RESET, key, raw, now=NOW, limits=LIMITS).id
        for key in (case.organization.id, other.id)
    ]
    damage(session, "organization", "contact_mobile", case.organization.id)

    account_requests.lapse_overdue(session, now=LATER)

    states = dict(session.execute(select(AccountRequest.id, AccountRequest.state)).all())
    assert states[asked[1]] == "lapsed"
