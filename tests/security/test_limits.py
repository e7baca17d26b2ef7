"""Counters in a file: exact under contention, shared by processes, kept over a restart, pruned."""

import multiprocessing
import threading
from pathlib import Path

import pytest
from limits import parse
from limits.strategies import FixedWindowRateLimiter

from app.security import limits as module
from app.security.limits import SqliteCounters, storage_uri
from app.security.throttle import Counters, TooMany


@pytest.fixture
def counters(tmp_path: Path) -> SqliteCounters:
    return SqliteCounters(f"yht-sqlite://{tmp_path / 'limits.sqlite'}")


def test_a_window_counts_up_and_begins_anew(counters: SqliteCounters, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(module.time, "time", lambda: now[0])

    assert [counters.incr("k", 60), counters.incr("k", 60), counters.get("k")] == [1, 2, 2]
    assert counters.get_expiry("k") == 1060.0
    now[0] = 1061.0
    assert [counters.get("k"), counters.incr("k", 60)] == [0, 1]


def test_counts_outlive_the_process_that_made_them(counters: SqliteCounters) -> None:
    counters.incr("k", 60)
    counters.close()

    assert SqliteCounters(f"yht-sqlite://{counters.path}").incr("k", 60) == 2


def _count(path: str) -> None:
    counters = SqliteCounters(f"yht-sqlite://{path}")
    for _ in range(50):
        counters.incr("shared", 600)


def test_processes_and_threads_share_one_count(counters: SqliteCounters) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_count, args=(str(counters.path),)) for _ in range(2)]
    threads = [threading.Thread(target=lambda: [counters.incr("shared", 600) for _ in range(50)]) for _ in range(2)]

    for one in (*processes, *threads):
        one.start()
    for one in (*processes, *threads):
        one.join()

    assert counters.get("shared") == 200


def test_what_has_ended_is_taken_out(counters: SqliteCounters, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(module.time, "time", lambda: now[0])
    for n in range(20):
        counters.incr(f"k{n}", 10)
    now[0] = 2000.0

    counters.incr("fresh", 10)

    rows = counters._open().execute("SELECT name FROM counter").fetchall()
    assert rows == [("fresh",)]


def test_clear_and_reset_forget(counters: SqliteCounters) -> None:
    for name in ("a", "b", "c"):
        counters.incr(name, 60)

    counters.clear("a")

    assert (counters.get("a"), counters.get("b")) == (0, 1)
    assert counters.reset() == 2
    assert counters.check()


@pytest.mark.parametrize(
    ("url", "uri"),
    [("/x/l.sqlite", "yht-sqlite:///x/l.sqlite"), ("file:///x/l.sqlite", "yht-sqlite:///x/l.sqlite"),
     ("yht-sqlite:///x/l", "yht-sqlite:///x/l"), ("redis://h:1", "redis://h:1"), ("memory://", "memory://")],
)  # fmt: skip
def test_a_plain_path_is_an_address_too(url: str, uri: str) -> None:
    assert storage_uri(url) == uri


def test_the_limiter_works_over_the_file(counters: SqliteCounters) -> None:
    limiter = FixedWindowRateLimiter(counters)
    rate = parse("2 per minute")

    assert [limiter.hit(rate, "x") for _ in range(3)] == [True, True, False]


def test_while_the_file_is_away_limits_hold_in_memory(tmp_path: Path) -> None:
    blocked = tmp_path / "a folder"
    blocked.mkdir()
    counters = Counters(str(blocked), "secret")

    counters.spend("1 per minute", "x")

    with pytest.raises(TooMany) as stopped:
        counters.spend("1 per minute", "x")
    assert 0 < stopped.value.retry_after <= 61
    counters.forget("1 per minute", "x")


def test_a_sprayed_password_is_counted_once_per_account_and_not_kept(tmp_path: Path) -> None:
    counters = Counters(str(tmp_path / "limits.sqlite"), "secret")
    for _ in range(5):
        counters.spend_spray("2 per hour", "10.0.0.1", "same", "11111")

    counters.spend_spray("2 per hour", "10.0.0.1", "second", "11111")

    with pytest.raises(TooMany):
        counters.spend_spray("2 per hour", "10.0.0.1", "third", "11111")
    assert b"11111" not in (tmp_path / "limits.sqlite").read_bytes()
