"""What no row names any more does not stay on disk: the hour's work, and nothing that somebody still needs."""

import os
from pathlib import Path

from sqlalchemy.orm import sessionmaker

from app.domain.clock import FixedClock
from app.services import project
from app.storage import FileStorage
from app.worker import Engine
from models.attachment import Attachment
from tests import builders


def lying(storage: FileStorage, row: Attachment, content: str, *, is_old: bool = True) -> str:
    """The scan's file, as old as can be."""
    path = storage.path(row.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    if is_old:
        os.utime(path, (0, 0))
    return row.sha256


def test_the_hour_sweeps_scans_of_deleted_drafts_and_leftovers_of_a_crash(session, engine, case, tmp_path: Path):
    storage = FileStorage(tmp_path / "scans")
    storage.incoming.mkdir(parents=True)
    kept = builders.draft_project(session, case.applicant)
    known = lying(storage, builders.attach(session, kept, "other", "甲"), "甲")
    dropped = builders.draft_project(session, case.applicant)
    lying(storage, builders.attach(session, dropped, "other", "乙"), "乙")
    fresh = lying(storage, builders.attach(session, dropped, "other", "丙"), "丙", is_old=False)
    project.delete(session, case.applicant, dropped.id, now=builders.NOW)
    for name in ("old", "fresh"):
        (storage.incoming / name).write_bytes(b"half")
    os.utime(storage.incoming / "old", (0, 0))
    at = storage.path(fresh).stat().st_mtime

    clock = FixedClock(builders.NOW.fromtimestamp(at + 3600, builders.NOW.tzinfo))
    Engine(
        sessionmaker(engine), {}, clock, builders.LIMITS, heads_file=tmp_path / "heads", storage=storage
    ).drop_old_files()

    assert set(storage.hashes()) == {known, fresh}
    assert [path.name for path in storage.incoming.iterdir()] == ["fresh"]
