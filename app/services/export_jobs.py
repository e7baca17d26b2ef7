"""Exports in the background: a job is held by a lease, so that one whose worker was killed is taken up again.

The file is written beside its place and renamed when it is whole. What a person may see is asked when it is written.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import CursorResult, Update, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from app.domain.clock import SHANGHAI, Clock
from app.domain.errors import Refused
from app.domain.permissions import Actor
from app.services import audit, export
from app.services.export import Wanted
from app.services.people import actor_of
from models.engine import begin_write
from models.export_job import ExportJob
from reports import list_words
from reports.list_words import Say

LEASE = timedelta(minutes=2)  # renewed after every chunk, which takes a second or two
KEPT = timedelta(days=7)
FOLDER = "exports"
Sessions = Callable[[], Session]
Speak = Callable[[str], Say]  # a language -> what says a message in it


class _LostError(Exception):
    """Another worker holds the job by now."""


def run_next(sessions: Sessions, folder: Path, speak: Speak, clock: Clock) -> bool:
    """Write the oldest waiting export; False when none waits."""
    with sessions() as session:
        held = _claim(session, clock.now())
        if held is None:
            return False
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f"{held.key}.part"
        try:
            with draft.open("xb") as file:
                written = _write(session, held, file, speak, clock)
            draft.rename(folder / held.key)
            _finish(session, held, written, clock.now())
        except Refused as refusal:
            _fail(session, held, str(refusal.sentence), clock.now())
        except _LostError:
            session.rollback()
        finally:
            draft.unlink(missing_ok=True)
    return True


class _Held:
    """A job while this worker has it; the key names the file and proves the lease."""

    def __init__(self, job: ExportJob) -> None:
        assert job.file_key is not None
        self.id, self.key, self.requested_by_id = job.id, job.file_key, job.requested_by_id
        self.wanted = Wanted.from_plain(job.parameters)


def _claim(session: Session, now: datetime) -> _Held | None:
    begin_write(session)
    due = or_(ExportJob.state == "queued", and_(ExportJob.state == "running", ExportJob.lease_until <= now))
    query = select(ExportJob).where(due).order_by(ExportJob.requested_at, ExportJob.id).limit(1)
    job = session.scalar(query.with_for_update(skip_locked=True))
    held = None
    if job is not None:
        job.state, job.started_at, job.lease_until = "running", job.started_at or now, now + LEASE
        job.file_key, job.rows_written = f"{secrets.token_hex(16)}.xlsx", 0
        held = _Held(job)
    session.commit()
    return held


def _write(session: Session, held: _Held, file: IO[bytes], speak: Speak, clock: Clock) -> int:
    """The rows that the person may see now; progress goes out in transactions of its own."""
    actor, wanted = actor_of(session, held.requested_by_id), held.wanted
    keys = export.keys_of(session, actor, wanted)
    words = list_words.load(session, speak(wanted.language), is_chinese=wanted.language.startswith("zh"))
    session.rollback()
    _advance(session, held, clock.now(), row_count=len(keys))

    def tell(written: int) -> None:
        _advance(session, held, clock.now(), rows_written=written)

    return export.write(session, actor, wanted, keys, file, words, tell=tell, now=clock.now())


def _advance(session: Session, held: _Held, now: datetime, **figures: int) -> None:
    """Say how far it is and hold the job for longer; raises when another worker has taken it."""
    begin_write(session)
    touched = session.execute(_of(held).values(lease_until=now + LEASE, **figures))
    session.commit()
    if not isinstance(touched, CursorResult) or touched.rowcount != 1:
        raise _LostError


def _of(held: _Held) -> Update:
    mine = (ExportJob.id == held.id) & (ExportJob.file_key == held.key) & (ExportJob.state == "running")
    return update(ExportJob).where(mine).execution_options(synchronize_session=False)


def _finish(session: Session, held: _Held, written: int, now: datetime) -> None:
    begin_write(session)
    name = f"{held.wanted.list_kind.title}_{now.astimezone(SHANGHAI):%Y%m%d_%H%M}.xlsx"
    session.execute(
        _of(held).values(state="done", file_name=name, rows_written=written, finished_at=now, lease_until=None)
    )
    _record(session, actor_of(session, held.requested_by_id), held, written, now)
    session.commit()


def _fail(session: Session, held: _Held, sentence: str, now: datetime) -> None:
    session.rollback()
    begin_write(session)
    session.execute(_of(held).values(state="failed", error=sentence[:500], finished_at=now, lease_until=None))
    _record(session, actor_of(session, held.requested_by_id), held, 0, now, sentence)
    session.commit()


def _record(
    session: Session, actor: Actor, held: _Held, written: int, now: datetime, sentence: str | None = None
) -> None:
    audit.record(
        session, actor, f"export:{held.wanted.kind}:written", "export", held.id,
        now=now, organization_id=actor.organization_id, result="refused" if sentence else "done", sentence=sentence,
        after={"rows": written},
    )  # fmt: skip


def sweep(session: Session, folder: Path, *, now: datetime) -> int:
    """Drop jobs a week after their end, and files that no job has any more; gives how many rows went."""
    begin_write(session)
    old = session.execute(delete(ExportJob).where(ExportJob.finished_at < now - KEPT))
    kept = set(session.scalars(select(ExportJob.file_key)))
    session.commit()
    for file in folder.glob("*.xlsx*"):
        if file.name.removesuffix(".part") not in kept:
            file.unlink(missing_ok=True)
    return old.rowcount if isinstance(old, CursorResult) else 0
