"""Exports in the background: seen by their owner alone, never twice at once, taken up again after a killed worker."""

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.domain.clock import FixedClock
from app.domain.errors import Refused, say
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.scope import criteria
from app.services import export, export_jobs
from app.services.export import Wanted
from models.audit import AuditEvent
from models.export_job import ExportJob
from models.user import User
from tests import builders


@pytest.fixture
def manager(session: Session) -> Actor:
    return builders.staff(session, Role.MANAGER)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(builders.NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "exports"


@pytest.fixture
def work(engine, folder, clock):
    """One turn of the worker."""
    return lambda: export_jobs.run_next(sessionmaker(engine), folder, lambda language: str, clock)


def queue(session: Session, actor: Actor, **different: object) -> int:
    job = export.queue(session, actor, Wanted("projects", **different), now=builders.NOW)  # type: ignore[arg-type]
    key = job.id
    session.rollback()
    return key


def job(session: Session, key: int) -> ExportJob:
    session.rollback()
    return session.get_one(ExportJob, key, populate_existing=True)


def names(folder: Path, found: ExportJob) -> list[object]:
    return [row[3] for row in load_workbook(folder / str(found.file_key)).worksheets[0].iter_rows(2, values_only=True)]


def test_a_waiting_export_is_written_and_noted(session, case, manager, work, folder):
    project = builders.submitted_project(session, case.applicant)
    key = queue(session, manager)

    assert work() is True

    found = job(session, key)
    assert (found.state, found.rows_written, found.file_name) == ("done", 1, "项目清单_20261123_1000.xlsx")
    assert names(folder, found) == [project.name]
    assert "export:projects:written" in session.scalars(select(AuditEvent.action)).all()
    assert work() is False


def test_the_rows_are_those_that_the_person_may_see_when_it_is_written(session, case, manager, work, folder):
    builders.submitted_project(session, case.applicant)
    key = queue(session, manager)
    session.get_one(User, manager.user_id).bureau = builders.a_bureau(session, "320282")
    session.commit()

    work()

    assert names(folder, job(session, key)) == []


@pytest.mark.parametrize("change", ["roles", "active"])
def test_who_has_lost_the_right_gets_nothing(session, manager, work, folder, change):
    key = queue(session, manager)
    setattr(session.get_one(User, manager.user_id), change, [] if change == "roles" else False)
    session.commit()

    work()

    found = job(session, key)
    assert (found.state, found.error) == ("failed", "没有导出这份清单的权限。")
    assert list(folder.iterdir()) == []


def test_a_killed_worker_leaves_a_job_that_another_takes_up(session, case, manager, work, folder, clock):
    builders.submitted_project(session, case.applicant)
    key = queue(session, manager)
    lost = export_jobs._claim(session, clock.now())
    assert lost is not None and work() is False  # the lease still holds

    clock.advance(export_jobs.LEASE + timedelta(seconds=1))
    work()

    found = job(session, key)
    assert (found.state, found.file_key != lost.key) == ("done", True)
    with pytest.raises(export_jobs._LostError):
        export_jobs._advance(session, lost, clock.now(), rows_written=1)


@pytest.mark.parametrize("change", ["roles", "active", "bureau"])
def test_a_change_of_rights_while_it_is_written_stops_it(session, case, manager, folder, engine, clock, change):
    builders.submitted_project(session, case.applicant)
    key, values = queue(session, manager), {"roles": [], "active": False}

    def speak(_language: str) -> Callable[[str], str]:  # the worker asks for words once it knows the rows
        with Session(engine) as other:
            values["bureau"] = builders.a_bureau(other, "320282")
            setattr(other.get_one(User, manager.user_id), change, values[change])
            other.commit()
        return str

    export_jobs.run_next(sessionmaker(engine), folder, speak, clock)

    assert (job(session, key).state, job(session, key).error) == ("failed", export_jobs.CHANGED)
    assert list(folder.iterdir()) == []


BROKEN = ({"order": "nothing"}, {"kind": "nothing"}, {"columns": None}, {"conditions": [["x"]]})


@pytest.mark.parametrize("wrong", BROKEN)
def test_what_cannot_be_written_fails_and_holds_up_nobody(session, case, manager, work, folder, wrong):
    first, second = queue(session, manager), queue(session, manager)
    job(session, first).parameters = {**Wanted("projects").to_plain(), **wrong}
    session.commit()

    assert [work(), work(), work()] == [True, True, False]

    assert (job(session, first).state, job(session, first).error) == ("failed", export_jobs.NOT_WRITTEN)
    assert job(session, second).state == "done"
    assert [file.name for file in folder.iterdir()] == [job(session, second).file_key]


def test_a_job_whose_workers_keep_falling_is_given_up_after_an_hour(session, manager, work, clock):
    key = queue(session, manager)
    for _ in range(2):
        assert export_jobs._claim(session, clock.now()) is not None
        clock.advance(export_jobs.LONGEST)

    work()

    assert (job(session, key).state, job(session, key).error) == ("failed", export_jobs.NOT_WRITTEN)


@pytest.mark.parametrize("end", ["_finish", "_fail"])
def test_who_has_lost_the_job_neither_ends_it_nor_says_so(session, case, manager, clock, end):
    key = queue(session, manager)
    lost = export_jobs._claim(session, clock.now())
    clock.advance(export_jobs.LEASE)
    held = export_jobs._claim(session, clock.now())

    if end == "_fail":
        export_jobs._fail(session, lost, say("演示"), clock.now())
    else:
        with pytest.raises(export_jobs._LostError):
            export_jobs._finish(session, lost, Wanted("projects"), 1, clock.now())

    assert (job(session, key).state, job(session, key).file_key) == ("running", held.key)
    assert "export:projects:written" not in session.scalars(select(AuditEvent.action)).all()


def test_nobody_has_more_than_three_waiting(session, manager):
    for _ in range(export.MOST_WAITING):
        queue(session, manager)

    with pytest.raises(Refused, match="排队"):
        queue(session, manager)


def test_a_job_is_its_owners_alone(session, manager):
    key = queue(session, manager)
    other = builders.staff(session, Role.MANAGER)

    assert [row.id for row in export.own_jobs(session, manager)] == [key]
    assert session.scalars(select(ExportJob.id).where(criteria(other, ExportJob))).all() == []


def test_files_and_rows_go_after_a_week_and_strays_at_once(session, case, manager, work, folder, clock):
    first = queue(session, manager)
    work()
    kept = job(session, first).file_key
    (folder / "stray.xlsx.part").write_bytes(b"x")

    assert export_jobs.sweep(session, folder, now=clock.now() + timedelta(days=6)) == 0
    assert [file.name for file in folder.iterdir()] == [kept]

    assert export_jobs.sweep(session, folder, now=clock.now() + timedelta(days=8)) == 1
    assert list(folder.iterdir()) == []


def test_a_full_disk_ends_the_job_with_a_sentence(session, case, manager, work, folder, monkeypatch):
    builders.submitted_project(session, case.applicant)
    key = queue(session, manager)

    def full(_self: Path, _target: Path) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(Path, "rename", full)

    assert work() is True

    assert "存储空间已满" in job(session, key).error
    assert list(folder.iterdir()) == []


def test_long_lists_are_not_written_while_somebody_waits(session, case, manager, monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 0)
    builders.submitted_project(session, case.applicant)

    assert export.at_once(session, manager, Wanted("projects"), None, None, now=builders.NOW) is None  # type: ignore[arg-type]
