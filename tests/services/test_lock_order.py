"""Locks are taken in one order everywhere: no two acts can wait for each other.

Each act is run once on PostgreSQL while its locks are written down; every pair of what was written is compared. A run of
them all against each other, for real, stands beside it.
"""

import threading
from itertools import combinations_with_replacement

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.databases import on_postgresql
from tests.services.all_acts import Deed, scene_of
from tests.services.lock_trace import ALONE, CHANGE, KEY_SHARE, Lock, Transaction, rings, traced


@on_postgresql
def test_no_two_acts_can_wait_for_each_other(session: Session, engine: Engine) -> None:
    scene, held = scene_of(session), {}
    for name, deed in scene.deeds.items():
        with traced(engine) as transactions, Session(engine) as own:
            deed(own)
        held[name] = [transaction for transaction in transactions if len(transaction) > 1]

    assert crossed(held) == {}


def crossed(held: dict[str, list[Transaction]]) -> dict[str, list[str]]:
    found = {}
    for one, other in combinations_with_replacement(held, 2):
        ways = {way for first in held[one] for second in held[other] for way in rings(first, second)}
        if ways:
            found[f"{one} and {other}"] = sorted(ways)
    return found


def test_a_ring_is_seen_and_a_first_lock_in_common_parts_it() -> None:
    organization = Lock("organization", ALONE), Lock("organization", KEY_SHARE)
    project = Lock("project", CHANGE)

    assert rings([organization[0], project], [project, organization[1]])
    assert not rings([organization[0], project], [organization[1], project])


@on_postgresql
@pytest.mark.fault
def test_all_acts_at_once_end_all(session: Session, engine: Engine) -> None:
    scene = scene_of(session)
    gate, broken = threading.Barrier(len(scene.deeds)), []

    def run(name: str, deed: Deed) -> None:
        with Session(engine) as own:
            gate.wait()
            try:
                deed(own)
            except OperationalError as error:
                broken.append(f"{name}: {error.orig}")
            except Exception:  # noqa: BLE001 - refused, because another act was first
                pass

    threads = [threading.Thread(target=run, args=one) for one in scene.deeds.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert broken == []
