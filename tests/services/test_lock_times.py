"""How long each act holds SQLite's one lock, and that it does nothing slow meanwhile."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.services import seal
from tests.builders import NOW
from tests.databases import on_sqlite
from tests.services.all_acts import scene_of

MOST_SECONDS = 0.050
SLOW = {"open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.rename", "os.remove"}
_watching: list[list[str]] = []  # an audit hook stays for good, so it looks here whether anybody asks


def _note_slow_work(name: str, arguments: tuple[Any, ...]) -> None:
    if _watching and name in SLOW and not (name == "open" and arguments[1] in ("r", "rb", None)):
        _watching[-1].append(f"{name} {arguments[0]!r}")


sys.addaudithook(_note_slow_work)


@contextmanager
def held_for(engine: Engine) -> Iterator[tuple[list[float], list[str]]]:
    """The processor's seconds of each turn at the lock, whatever else the machine does, and the slow work in it."""
    seconds: list[float] = []
    slow: list[str] = []
    began: list[float] = []

    def begin(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement == "BEGIN IMMEDIATE":
            began.append(time.thread_time())
            _watching.append(slow)

    def end(_connection: Any) -> None:
        if began:
            seconds.append(time.thread_time() - began.pop())
            _watching.pop()

    listeners = (("after_cursor_execute", begin), ("commit", end), ("rollback", end))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    yield seconds, slow
    for name, listener in listeners:
        event.remove(engine, name, listener)


@on_sqlite
def test_no_act_holds_the_lock_for_long_or_does_slow_work_meanwhile(session: Session, engine: Engine) -> None:
    scene = scene_of(session)
    held: dict[str, float] = {}
    done: list[str] = []
    with Session(engine) as first:  # what is set up once per process is no part of any act
        seal.seal_events(first, now=NOW, batch=1)

    for name, deed in {**scene.deeds, "seal": lambda s: seal.seal_events(s, now=NOW + timedelta(days=50))}.items():
        with held_for(engine) as (seconds, slow), Session(engine) as own:
            deed(own)
        held[name], done = max(seconds, default=0.0), done + [f"{name}: {one}" for one in slow]

    in_order = sorted(held.values())
    assert done == []
    assert in_order[int(len(in_order) * 0.99) - 1] <= MOST_SECONDS, sorted(held.items(), key=lambda one: -one[1])[:3]
