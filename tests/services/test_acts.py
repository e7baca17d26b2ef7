"""What an administrator's act does to a project of history, which was never submitted and never pushed."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.terms import Role, Status
from app.outbox.enqueue import enqueue_province_push
from app.services import administration, attachment, import_batch, project
from models.attachment import Attachment
from models.number import NumberRegister
from models.project import Project
from tests import builders
from tests.builders import DAY, LIMITS, NOW
from tests.services import import_files as files
from tests.services.two_people import LATER, ask_unlock, ask_void, confirm, pushes

RAN_OUT = NOW + 11 * DAY


@pytest.fixture
def historic(session: Session, case: builders.Case) -> Project:
    admin = builders.staff(session, Role.ADMINISTRATOR)
    row = files.project_row(0, case.organization.org_code)
    import_batch.store(session, admin, files.batch(session, files.projects(row)), now=NOW)
    return session.scalars(select(Project)).one()


def status_of(session: Session, record: Project) -> str:
    session.refresh(record)
    return record.status


def test_an_unlock_of_history_that_runs_out_unused_locks_itself(
    session: Session, historic: Project, first: Actor, second: Actor
) -> None:
    confirm(session, second, ask_unlock(session, first, historic))

    assert administration.relock_expired(session, now=RAN_OUT, limits=LIMITS) == 1

    assert (status_of(session, historic), historic.unlocked_until) == (Status.APPROVED, None)
    assert administration.relock_expired(session, now=RAN_OUT, limits=LIMITS) == 0


def test_history_that_was_edited_and_left_becomes_what_it_was(
    session: Session, case: builders.Case, historic: Project, first: Actor, second: Actor
) -> None:
    before = historic.scale
    confirm(session, second, ask_unlock(session, first, historic))
    project.save(session, case.applicant, historic.id, {"scale": "演示：改过的规模"}, version=None, now=LATER)

    assert administration.relock_expired(session, now=RAN_OUT, limits=LIMITS) == 1

    assert (status_of(session, historic), historic.scale) == (Status.APPROVED, before)


def test_a_scan_that_was_taken_out_and_not_handed_in_is_there_again(
    session: Session, case: builders.Case, historic: Project, first: Actor, second: Actor
) -> None:
    scan: Attachment = builders.attach(session, historic, "approval_document")
    confirm(session, second, ask_unlock(session, first, historic, "approval_document"))
    attachment.remove(session, case.applicant, scan.id, now=LATER)

    assert administration.relock_expired(session, now=RAN_OUT, limits=LIMITS) == 1

    assert status_of(session, historic) == Status.APPROVED
    assert session.get_one(Attachment, scan.id).superseded_at is None


@pytest.mark.parametrize("was_pushed", [False, True])
def test_the_province_deletes_a_number_of_history_only_if_it_was_told_of_it(
    session: Session, historic: Project, first: Actor, second: Actor, was_pushed: bool
) -> None:
    if was_pushed:
        historic.submission_count = 1
        enqueue_province_push(
            session, project_id=historic.id, version=1, number=str(historic.number), payload={}, now=NOW
        )
        session.commit()

    confirm(session, second, ask_void(session, first, historic))

    assert status_of(session, historic) == Status.VOIDED
    assert session.scalars(select(NumberRegister.status)).one() == "voided"
    assert [push["op"] for push in pushes(session, historic)] == (["save", "delete"] if was_pushed else [])
