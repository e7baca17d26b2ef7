"""Exports in the background: a job is held by a lease, so that one whose worker was killed is taken up again.

The file is written beside its place and renamed when it is whole. What a person may see is asked when it is written.
"""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import CursorResult, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from app.domain.clock import SHANGHAI, Clock
from app.domain.errors import Refused, Sentence, say
from app.domain.permissions import Actor
from app.domain.terms import N_
from app.services import audit, export, held_files
from app.services.export import Wanted
from app.services.people import actor_of
from models import owner_only
from models.engine import begin_write
from models.export_job import ExportJob
from reports import list_words
from reports.list_words import Say

LEASE = timedelta(minutes=2)  # renewed after every chunk, which takes a second or two
LONGEST = timedelta(hours=1)  # from its first start: then a job whose workers keep falling is given up
KEPT = timedelta(days=7)
FOLDER = "exports"
NOT_WRITTEN = N_("导出没有写成，请重新导出；仍不成功的，请联系系统管理员。")
CHANGED = N_("您的权限或所属机构在导出过程中有变动，导出已停止，请重新导出。")
# What the next worker would meet again. A database or disk away for a moment is not among it.
BROKEN = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
Sessions = Callable[[], Session]
Speak = Callable[[str], Say]  # a language -> what says a message in it

logger = logging.getLogger(__name__)


class _LostError(Exception):
    """Another worker holds the job by now."""


def run_next(sessions: Sessions, folder: Path, speak: Speak, clock: Clock) -> bool:
    """Write the oldest waiting export; False when none waits."""
    with sessions() as session:
        held = _claim(session, clock.now())
        if held is None:
            return False
        draft = folder / f"{held.key}.part"
        try:
            _give_up_in_the_end(held, clock.now())
            wanted = Wanted.from_plain(held.parameters)
            with held_files.refused_when_full():
                owner_only.make_folder(folder)
                with owner_only.open_file(draft, "xb") as file:
                    written = _write(session, held, wanted, file, speak, clock)
                draft.rename(folder / held.key)
            _finish(session, held, wanted, written, clock.now())
        except Refused as refusal:
            _fail(session, held, refusal.sentence, clock.now())
        except BROKEN:
            logger.exception("export %s cannot be written", held.id)
            _fail(session, held, say(NOT_WRITTEN), clock.now())
        except _LostError:
            session.rollback()
            (folder / held.key).unlink(missing_ok=True)
        finally:
            draft.unlink(missing_ok=True)
    return True


def _give_up_in_the_end(held: "_Held", now: datetime) -> None:
    """What a moment's fault broke is taken up again, but not for ever."""
    if held.started_at <= now - LONGEST:
        raise Refused(say(NOT_WRITTEN), "too_often")


class _Held:
    """A job while this worker has it; the key names the file and proves the lease."""

    def __init__(self, job: ExportJob) -> None:
        assert job.file_key is not None and job.started_at is not None
        self.id, self.key, self.requested_by_id = job.id, job.file_key, job.requested_by_id
        self.kind, self.parameters, self.started_at = job.kind, job.parameters, job.started_at


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


def _write(session: Session, held: _Held, wanted: Wanted, file: IO[bytes], speak: Speak, clock: Clock) -> int:
    """The rows that the person may see now; progress goes out in transactions of its own."""
    actor = actor_of(session, held.requested_by_id)
    keys = export.keys_of(session, actor, wanted)
    words = list_words.load(session, speak(wanted.language), is_chinese=wanted.language.startswith("zh"))
    session.rollback()
    _advance(session, held, clock.now(), row_count=len(keys), parameters=export.within_reach(held.parameters, actor))

    def tell(written: int) -> None:
        _require_same_reach(session, held, actor)
        _advance(session, held, clock.now(), rows_written=written)

    return export.write(session, actor, wanted, keys, file, words, tell=tell, now=clock.now())


def _require_same_reach(session: Session, held: _Held, before: Actor) -> None:
    """What is written so far was for the person of then. Raises Refused when roles or reach have changed since."""
    now = actor_of(session, held.requested_by_id)
    session.rollback()
    same = ("user_id", "roles", "organization_id", "bureau_id", "bureau_ids")
    if any(getattr(now, name) != getattr(before, name) for name in same):
        raise Refused(say(CHANGED), "changed")


def _advance(session: Session, held: _Held, now: datetime, **figures: object) -> None:
    """Say how far it is and hold the job for longer; raises when another worker has taken it."""
    begin_write(session)
    _change(session, held, lease_until=now + LEASE, **figures)
    session.commit()


def _change(session: Session, held: _Held, **values: object) -> None:
    """Write to the job's row within the transaction at hand; raises when another worker has taken it."""
    mine = (ExportJob.id == held.id) & (ExportJob.file_key == held.key) & (ExportJob.state == "running")
    statement = update(ExportJob).where(mine).values(**values).execution_options(synchronize_session=False)
    touched = session.execute(statement)
    if not isinstance(touched, CursorResult) or touched.rowcount != 1:
        raise _LostError


def _finish(session: Session, held: _Held, wanted: Wanted, written: int, now: datetime) -> None:
    begin_write(session)
    name = f"{wanted.list_kind.title}_{now.astimezone(SHANGHAI):%Y%m%d_%H%M}.xlsx"
    _change(session, held, state="done", file_name=name, rows_written=written, finished_at=now, lease_until=None)
    _record(session, actor_of(session, held.requested_by_id), held, written, now)
    session.commit()


def _fail(session: Session, held: _Held, sentence: Sentence, now: datetime) -> None:
    """End the job and say why; whoever lost it meanwhile says nothing."""
    session.rollback()
    begin_write(session)
    said = str(sentence)[:500]
    try:
        _change(session, held, state="failed", error=said, finished_at=now, lease_until=None)
    except _LostError:
        session.rollback()
        return
    _record(session, actor_of(session, held.requested_by_id), held, 0, now, said)
    session.commit()


def _record(
    session: Session, actor: Actor, held: _Held, written: int, now: datetime, sentence: str | None = None
) -> None:
    audit.record(
        session, actor, f"export:{held.kind}:written", "export", held.id,
        now=now, organization_id=actor.organization_id, result="refused" if sentence else "done", sentence=sentence,
        after={"rows": written},
    )  # fmt: skip


def sweep(session: Session, folder: Path, *, now: datetime) -> int:
    """Drop jobs a week after their end, and files that no job has any more; gives how many rows went."""
    begin_write(session)
    old = session.execute(delete(ExportJob).where(ExportJob.finished_at < now - KEPT))
    lying = list(folder.glob("*.xlsx*"))  # before the jobs are read: a job has its row before it has its file
    kept = set(session.scalars(select(ExportJob.file_key)))
    session.commit()
    for file in lying:
        if file.name.removesuffix(".part") not in kept:
            file.unlink(missing_ok=True)
    return old.rowcount if isinstance(old, CursorResult) else 0
