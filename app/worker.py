"""The background engine's schedule, nothing else: what runs every two seconds, every minute, every hour.

huey only keeps time. What is to be done stands in the database, so losing the queue file loses nothing.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from huey import SqliteHuey, crontab
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.domain.clock import Clock
from app.domain.limits import TimeLimits
from app.domain.permissions import SYSTEM_ACTOR
from app.outbox.deliver import SessionFactory, deliver_due
from app.outbox.parcel import Sender
from app.services import (
    account_requests,
    administration,
    api_keys,
    attachment,
    claims,
    export_jobs,
    held_files,
    mandate_ends,
    reconcile,
    review_clock,
    second_person,
    sweep,
    trail_heads,
)
from app.services.export_jobs import Speak
from app.services.seal import seal_events
from app.storage import Storage
from models import owner_only

logger = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
SEAL_BATCH = 200
Sweep = Callable[[Session, datetime, TimeLimits], object]


@dataclass(frozen=True)
class Engine:
    """What the schedule works with; the command that starts it puts this together."""

    session_factory: SessionFactory
    senders: Mapping[str, Sender]
    clock: Clock
    limits: TimeLimits  # working days per step, as the settings say
    heads_file: Path
    storage: Storage | None = None  # where scans lie; without it none are swept
    data_dir: Path | None = None  # where exports are written; without it none are
    speak: Speak = lambda _language: str  # what says a message in a language
    registers: Mapping[str, reconcile.Register] = field(default_factory=dict)  # read back once a night

    def deliver(self, kind: str) -> None:
        """Send what is due of one kind, so that a slow gateway holds up no other."""
        deliver_due(self.session_factory, {kind: self.senders[kind]}, self.clock)

    def seal(self, *, thorough: bool = False) -> None:
        """Chain every event that is still unsealed."""
        sealed = SEAL_BATCH
        while sealed == SEAL_BATCH:
            with self.session_factory() as session:
                sealed = seal_events(session, now=self.clock.now(), batch=SEAL_BATCH, thorough=thorough)

    def note_head(self) -> None:
        """Write the chain's head beside the database; `yht audit verify` compares it (SECURITY §2.2, 22)."""
        with self.session_factory() as session:
            trail_heads.note(session, self.heads_file, now=self.clock.now())

    def reconcile(self) -> None:
        """Compare the push ledger with every register that can be read, at night."""
        now = self.clock.now()
        for system, register in self.registers.items():
            with self.session_factory() as session:
                if reconcile.is_due(session, system, now=now):
                    reconcile.reconcile(session, system, register, now=now)

    def export(self) -> None:
        """Write every list that waits for it."""
        if self.data_dir is None:
            return
        while export_jobs.run_next(self.session_factory, self.data_dir / export_jobs.FOLDER, self.speak, self.clock):
            pass

    def drop_old_files(self) -> None:
        """Exports a week after they were written, uploads that nobody confirmed in their hour, scans without a row."""
        now = self.clock.now()
        if self.storage is not None:
            with self.session_factory() as session:
                attachment.sweep_store(session, self.storage, now=now)
        if self.data_dir is None:
            return
        with self.session_factory() as session:
            export_jobs.sweep(session, self.data_dir / export_jobs.FOLDER, now=now)
        held_files.drop_old(self.data_dir / held_files.FOLDER, now=now)

    def sweep(self, *sweeps: Sweep) -> None:
        """Run each in a session of its own."""
        apart(*(partial(self._sweep, one) for one in sweeps))

    def _sweep(self, one: Sweep) -> None:
        with self.session_factory() as session:
            one(session, self.clock.now(), self.limits)


EVERY_MINUTE: tuple[Sweep, ...] = (
    lambda session, now, _limits: sweep.end_expired_sessions(session, now=now),
    lambda session, now, _limits: sweep.forget_expired_codes(session, now=now),
    lambda session, now, _limits: sweep.forget_expired_claims(session, now=now),
    lambda session, now, limits: administration.relock_expired(session, now=now, limits=limits),
    lambda session, now, _limits: claims.end_all_unfit(session, SYSTEM_ACTOR, now=now),
    lambda session, now, _limits: second_person.lapse_overdue(session, now=now),
    lambda session, now, _limits: account_requests.lapse_overdue(session, now=now),
)
EVERY_HOUR: tuple[Sweep, ...] = (
    lambda session, now, _limits: sweep.drop_old_sessions(session, now=now),
    lambda session, now, _limits: sweep.drop_old_places(session, now=now),
    lambda session, now, _limits: review_clock.sweep(session, now=now),
    lambda session, now, _limits: sweep.drop_old_marks(session, now=now),
    lambda session, now, _limits: mandate_ends.warn(session, now=now),
    lambda session, now, _limits: api_keys.announce(session, now=now),
    lambda session, now, _limits: sweep.drop_old_unsaved(session, now=now),
)


def apart(*works: Callable[[], object]) -> None:
    """Do each; one that breaks is written to the log and keeps none of those behind it waiting."""
    for work in works:
        try:
            work()
        except Exception:
            logger.exception("work in the background failed")


class Loop(threading.Thread):
    """Does one thing again and again until told to stop; a database away for a moment does not end it."""

    def __init__(self, name: str, work: Callable[[], None], stop: threading.Event, seconds: float) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self._stop_flag = stop
        self._seconds = seconds

    def run(self) -> None:
        """Work, then wait. Anything unforeseen ends the whole process, whose supervisor starts it afresh."""
        try:
            while not self._stop_flag.is_set():
                try:
                    self._work()
                except (SQLAlchemyError, OSError) as error:
                    logger.warning("%s: %s, trying again", self.name, type(error).__name__)
                self._stop_flag.wait(self._seconds)
        finally:
            self._stop_flag.set()


def run_worker(engine: Engine, queue_file: Path, *, seconds: float = EVERY_SECONDS) -> bool:
    """Run until SIGTERM or SIGINT, then finish what is under way. False when a loop broke."""
    queue = open_queue(queue_file)
    schedule(queue, engine)
    consumer = queue.create_consumer(
        workers=1, initial_delay=0.5, max_delay=2.0, graceful_signal="TERM", shutdown_timeout=20
    )
    stop: threading.Event = consumer.stop_flag
    works: dict[str, Callable[[], None]] = {"seal": engine.seal, "export": engine.export}
    works |= {f"deliver {kind}": _delivery(engine, kind) for kind in engine.senders}
    loops = [Loop(name, work, stop, seconds) for name, work in works.items()]
    for loop in loops:
        loop.start()
    consumer.run()
    is_asked_to = consumer._signum is not None  # huey tells nobody else why it stopped
    stop.set()
    for loop in loops:
        loop.join(timeout=20)
    queue.storage.close()
    return is_asked_to


def schedule(queue: SqliteHuey, engine: Engine) -> None:
    """Hang the slow sweeps on the clock."""
    every_minute = queue.periodic_task(crontab(), name="minute")
    every_minute(lambda: _minutely(engine))
    every_hour = queue.periodic_task(crontab(minute="7"), name="hour")
    every_hour(lambda: _hourly(engine))


def open_queue(queue_file: Path) -> SqliteHuey:
    """The queue's file; one that is damaged is put aside and made anew, for nothing in it matters."""
    owner_only.make_folder(queue_file.parent)
    owner_only.sqlite_file(queue_file)
    try:
        return SqliteHuey(name="yht", filename=str(queue_file), results=False)
    except sqlite3.DatabaseError:
        logger.warning("the queue file was damaged and is made anew")
        for path in (queue_file, Path(f"{queue_file}-wal"), Path(f"{queue_file}-shm")):
            path.unlink(missing_ok=True)
        owner_only.sqlite_file(queue_file)
        return SqliteHuey(name="yht", filename=str(queue_file), results=False)


def _delivery(engine: Engine, kind: str) -> Callable[[], None]:
    return lambda: engine.deliver(kind)


def _minutely(engine: Engine) -> None:
    apart(engine.note_head)
    engine.sweep(*EVERY_MINUTE)
    apart(lambda: deliver_due(engine.session_factory, {}, engine.clock))  # kinds without a target expire as well


def _hourly(engine: Engine) -> None:
    engine.sweep(*EVERY_HOUR)
    apart(engine.reconcile, engine.drop_old_files, partial(engine.seal, thorough=True))
