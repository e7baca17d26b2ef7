"""What was done to the trail from outside is named, each thing with what it was, to the end of the chain."""

import random

import pytest
from sqlalchemy import func, select, text

from app.services.seal import Flaw, chain_head
from models.audit import AuditEvent
from models.audit_marks import mark_waiting
from models.types import use_keys
from tests.databases import TEST_KEY
from tests.services.tampering import without_triggers


def from_outside(session, number: int, **different: object) -> int:
    """A row that somebody with the database's own rights puts into the trail, dated as they like."""
    values = {
        "at": "2026-03-01 00:00:00.000000", "actor_name": "别人", "actor_roles": "reviewer", "action": "project:approve",
        "object_type": "project", "object_id": number, "result": "done", **different,
    }  # fmt: skip
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    session.execute(text(f"INSERT INTO audit_event ({names}) VALUES ({places})"), values)
    return session.scalar(select(func.max(AuditEvent.id)))


def test_event_put_in_from_outside_is_named_before_and_after_its_seal(session_factory, write, seal, verify):
    write(3)
    seal()
    with session_factory() as session:
        key = from_outside(session, 7)
        session.commit()
    waiting = verify()
    seal()
    write(2, first=4)
    seal()

    for verdict, sequence in ((waiting, None), (verify(), 4)):
        assert [(one.flaw, one.sequence, one.event_id) for one in verdict.findings] == [(Flaw.INSERTED, sequence, key)]
        assert "不是由本系统写入" in str(verdict.finding.sentence)


def test_copy_of_an_event_is_none_of_ours(session_factory, write, seal, verify):
    write(3)
    seal()
    copied = ", ".join(c.name for c in AuditEvent.__table__.c if c.name != "id")
    with session_factory() as session:
        for _ in range(2):
            session.execute(
                text(f"INSERT INTO audit_event ({copied}) SELECT {copied} FROM audit_event WHERE object_id = 2 LIMIT 1")
            )
        session.commit()
    seal()

    assert [(one.flaw, one.sequence) for one in verify().findings] == [(Flaw.INSERTED, 4), (Flaw.INSERTED, 5)]


def test_events_of_before_the_marks_hold_by_their_seals(session_factory, write, seal, verify):
    write(3)
    with without_triggers(session_factory) as session:
        session.execute(text("UPDATE audit_event SET mark = NULL"))
        assert mark_waiting(session.connection()) == 3
    seal()

    assert verify().is_sound


def test_events_of_another_key_of_the_ring_are_ours(write, seal, verify):
    write(2)
    use_keys(b"another key, in front of the first one: 32+", TEST_KEY)
    write(2, first=3)
    seal()

    assert verify().is_sound


TAMPERINGS = {
    "changed": (Flaw.BROKEN, "UPDATE audit_event SET sentence = '另一句' WHERE id = :event"),
    "marked anew": (Flaw.BROKEN, "UPDATE audit_event SET mark = 'x' WHERE id = :event"),
    "seal changed": (Flaw.BROKEN, "UPDATE audit_seal SET is_foreign = (1 = 1) WHERE sequence = :place"),
    "event gone": (Flaw.MISSING, "DELETE FROM audit_event WHERE id = :event"),
    "seal gone": (Flaw.MISSING, "DELETE FROM audit_seal WHERE sequence = :place"),
    "swapped": (Flaw.REORDERED, ""),
    "inserted": (Flaw.INSERTED, ""),
    "cut": (Flaw.CUT, ""),
}


@pytest.mark.parametrize("seed", range(6))
def test_everything_that_was_done_to_a_chain_is_named(session_factory, write, seal, verify, seed):
    chance = random.Random(seed)
    length = chance.randint(14, 20)
    write(length)
    size = chance.choice((3, 200))
    while seal(batch=size):
        pass
    with session_factory() as session:
        heads = dict([chain_head(session)])
        events = dict(session.execute(text("SELECT sequence, event_id FROM audit_seal")).all())
    deeds = chance.sample(sorted(TAMPERINGS), 4)
    places = chance.sample(range(1, length - 4, 2), 4)  # with room between, each deed beside the next

    expected = set()
    with without_triggers(session_factory) as session:
        for deed, place in zip(deeds, places, strict=True):
            expected |= _tampered(session, deed, place, events, length)

    found = {(one.flaw, one.sequence) for one in verify(heads=heads).findings}
    assert expected <= found
    beside = {(Flaw.UNLINKED, place + 1) for place in places} | {(Flaw.UNSEALED, None)}
    assert found - expected <= beside, "nothing else is accused"


def _tampered(session, deed: str, place: int, events: dict[int, int], length: int) -> set[tuple[Flaw, int | None]]:
    """Do it; gives what has to be found."""
    flaw, statement = TAMPERINGS[deed]
    if statement:
        given = {"event": events[place], "place": place}
        session.execute(text(statement), {k: v for k, v in given.items() if f":{k}" in statement})
        return {(flaw, place)}
    if deed == "swapped":
        for old, new in ((place, 999), (place + 1, place), (999, place + 1)):
            session.execute(
                text("UPDATE audit_seal SET sequence = :new WHERE sequence = :old"), {"old": old, "new": new}
            )
        return {(flaw, place), (flaw, place + 1)}
    if deed == "cut":
        last = {"last": events[length]}
        session.execute(text("DELETE FROM audit_seal WHERE event_id = :last"), last)
        session.execute(text("DELETE FROM audit_event WHERE id = :last"), last)
        return {(flaw, length)}
    from_outside(session, 77)
    return {(flaw, None)}
