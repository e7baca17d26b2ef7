"""The audit chain: everything is sealed, by one sealer, and whatever is changed afterwards is found."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app.services.seal import FIRST, Flaw, chain_head, seal_events, verify_chain
from models.audit import AuditEvent, AuditSeal
from models.engine import begin_write
from tests.services.chains import NOW, event
from tests.services.tampering import without_triggers


def test_empty_trail_is_sound(seal, verify):
    assert seal() == 0
    assert verify().head == (0, FIRST)


def test_every_event_is_sealed_once_and_the_chain_holds(write, seal, verify):
    write(5)

    assert (seal(), seal()) == (5, 0)

    verdict = verify(batch=2)
    assert verdict.is_sound
    assert verdict.head[0] == 5


def test_chain_goes_on_over_several_passes(write, seal, verify):
    write(5)
    assert [seal(batch=2) for _ in range(4)] == [2, 2, 1, 0]
    write(3, first=6)
    assert seal() == 3

    assert verify().head[0] == 8


def test_event_that_became_visible_late_is_sealed_behind_the_others(session_factory, write, seal, verify):
    with session_factory() as slow:
        slow.add(event(1))
        if slow.get_bind().dialect.name == "postgresql":
            slow.flush()  # takes its id now, becomes visible after the others
            write(2, first=2)
            seal()
        slow.commit()

    assert seal() == 1
    assert verify().is_sound


def test_straggler_beyond_the_quick_look_is_found_by_the_thorough_one(
    session_factory, write, seal, verify, monkeypatch
):
    monkeypatch.setattr("app.services.seal._LOOK_BACK", 1)
    write(6)
    seal()
    with without_triggers(session_factory) as session:
        session.execute(text("DELETE FROM audit_seal WHERE sequence > 2"))
    with without_triggers(session_factory) as session:
        newest = session.scalar(select(func.max(AuditEvent.id)))
        session.execute(text("UPDATE audit_seal SET event_id = :id WHERE sequence = 2"), {"id": newest})

    assert seal() == 0 or seal() == 0
    assert seal(thorough=True) > 0


@pytest.mark.parametrize(
    "column",
    [
        "actor_name = '别人'",
        "result = 'refused'",
        "address = NULL",
        "sentence = '后来加上的话'",
        "object_id = 99",
        'after = \'{"status": "returned"}\'',
        "at = :other_instant",
    ],
)
def test_altered_event_is_found(session_factory, write, seal, verify, column):
    write(5)
    seal()
    with without_triggers(session_factory) as session:
        values = {"other_instant": "2026-03-01 00:00:00.000000"} if "other_instant" in column else {}
        session.execute(text(f"UPDATE audit_event SET {column} WHERE object_id = 3"), values)

    verdict = verify()

    assert (verdict.finding.flaw, verdict.finding.sequence) == (Flaw.BROKEN, 3)
    assert verdict.head[0] == 2
    assert "第 3 号存证" in str(verdict.finding.sentence)


def test_deleted_event_is_found(session_factory, write, seal, verify):
    write(5)
    seal()
    with without_triggers(session_factory) as session:
        session.execute(text("DELETE FROM audit_event WHERE object_id = 3"))

    assert (verify().finding.flaw, verify().finding.sequence) == (Flaw.MISSING, 3)


@pytest.mark.parametrize("object_id", [1, 3], ids=["first", "middle"])
def test_event_deleted_with_its_seal_is_found(session_factory, write, seal, verify, object_id):
    write(5)
    seal()
    with without_triggers(session_factory) as session:
        session.execute(text("DELETE FROM audit_seal WHERE sequence = :place"), {"place": object_id})
        session.execute(text("DELETE FROM audit_event WHERE object_id = :id"), {"id": object_id})

    assert (verify().finding.flaw, verify().finding.sequence) == (Flaw.MISSING, object_id)


def test_tail_cut_off_is_found_by_a_head_noted_earlier(session_factory, write, seal, verify):
    write(5)
    seal()
    with session_factory() as session:
        noted = dict([chain_head(session)])
    with without_triggers(session_factory) as session:
        session.execute(text("DELETE FROM audit_seal WHERE sequence > 3"))
        session.execute(text("DELETE FROM audit_event WHERE object_id > 3"))

    assert verify().is_sound
    assert (verify(heads=noted).finding.flaw, verify(heads=noted).finding.sequence) == (Flaw.CUT, 5)


def test_chain_rewritten_with_another_head_is_found(write, seal, verify):
    write(3)
    seal()

    assert verify(heads={2: "a" * 64}).finding.flaw is Flaw.REWRITTEN


def test_reordered_seals_are_found(session_factory, write, seal, verify):
    write(5)
    seal()
    with without_triggers(session_factory) as session:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            session.execute(
                text("UPDATE audit_seal SET sequence = :new WHERE sequence = :old"), {"old": old, "new": new}
            )

    assert [(one.flaw, one.sequence) for one in verify().findings] == [(Flaw.REORDERED, 2), (Flaw.REORDERED, 3)]


def test_seals_that_swapped_their_events_are_found(session_factory, write, seal, verify):
    write(5)
    seal()
    with without_triggers(session_factory) as session:
        ids = dict(session.execute(text("SELECT sequence, event_id FROM audit_seal")).all())
        for place, owner in ((2, -1), (3, ids[2]), (2, ids[3])):
            session.execute(
                text("UPDATE audit_seal SET event_id = :owner WHERE sequence = :place"),
                {"owner": owner, "place": place},
            )

    assert [(one.flaw, one.sequence) for one in verify().findings] == [(Flaw.REORDERED, 2), (Flaw.REORDERED, 3)]


def test_event_left_unsealed_for_long_is_reported(write, seal, verify):
    write(2)
    seal()
    write(1, first=3)

    verdict = verify()

    assert verdict.finding.flaw is Flaw.UNSEALED
    assert verdict.head[0] == 2


def test_event_written_a_moment_ago_is_no_finding(session_factory, write):
    write(1)

    with session_factory() as session:
        assert verify_chain(session, now=NOW + timedelta(minutes=1)).is_sound


def test_two_sealers_make_one_chain(session_factory, write, seal, verify):
    write(120)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        for _ in range(40):
            with session_factory() as session:
                seal_events(session, now=NOW, batch=5)

    together(work, work)

    while seal():
        pass
    assert verify().is_sound
    assert verify().head[0] == 120


def test_concurrent_writers_are_all_sealed_and_none_fails(session_factory, seal, verify):
    writing = threading.Event()
    writing.set()

    def writer(first: int) -> None:
        for number in range(first, first + 30):
            with session_factory() as session:
                begin_write(session)
                session.add(event(number))
                session.commit()

    def sealer() -> None:
        while writing.is_set():
            seal(batch=7)

    sealing = threading.Thread(target=sealer)
    sealing.start()
    together(*(lambda first=first: writer(first) for first in (1, 101, 201)))
    writing.clear()
    sealing.join()
    while seal():
        pass

    assert verify().is_sound
    assert verify().head[0] == 90
    with session_factory() as session:
        assert session.scalar(select(func.count()).select_from(AuditSeal)) == 90


def together(*works) -> None:
    """Run them side by side; what one raises is raised here."""
    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(work) for work in works]:
            future.result()
