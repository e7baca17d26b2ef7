"""Two sessions that insert the same row at the same moment: neither is refused, whoever comes last is kept.

The first of the two has its row in an open transaction; the other one must wait for it and go on.
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import calendar, calls, saved_views, unsaved
from models.calendar import CalendarOverride, CalendarYear
from models.engine import begin_write
from models.saved_view import SavedView
from models.shown_error import ShownError
from models.unsaved_entry import UnsavedEntry
from tests import builders
from tests.builders import LIMITS, NOW

YEAR = 2031
DAY = NOW.date().replace(year=YEAR)
Deed = Callable[[Session, Actor], object]


def aside(session: Session, actor: Actor) -> None:
    begin_write(session)
    unsaved.put_aside(session, actor.user_id or 0, "/f", {"name": ["乙"]}, now=NOW)
    session.commit()


def published(session: Session, actor: Actor) -> None:
    calendar.publish_year(session, actor, YEAR, {DAY: False}, "演示", now=NOW, limits=LIMITS)


WRITES: dict[str, tuple[Callable[[Actor], list[Any]], Deed]] = {
    "shown error": (
        lambda actor: [
            ShownError(
                user_id=actor.user_id, organization_id=actor.organization_id, page="/a", sentences=["甲"], at=NOW
            )
        ],
        lambda session, actor: calls.keep_error(session, actor, "/b", ["乙"], now=NOW),
    ),
    "form put aside": (
        lambda actor: [UnsavedEntry(user_id=actor.user_id, form="/f", entries={"name": ["甲"]}, kept_at=NOW)],
        aside,
    ),
    "calendar": (
        lambda _actor: [
            CalendarOverride(day=DAY, is_working_day=True, reason="演示"),
            CalendarYear(year=YEAR, published_at=NOW),
        ],
        published,
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_what_two_insert_at_once_stands_once(session: Session, engine: Engine, name: str) -> None:
    _organization, applicant = builders.registered(session)
    actor = builders.staff(session, Role.ADMINISTRATOR, bureau="320200") if name == "calendar" else applicant
    session.rollback()
    rows, deed = WRITES[name]
    broken: list[str] = []

    def other() -> None:
        with Session(engine) as two:
            try:
                deed(two, actor)
            except Exception as error:  # noqa: BLE001 - a thread's failure is the test's to judge
                broken.append(repr(error))

    with Session(engine) as one:
        begin_write(one)
        made = rows(actor)
        one.add_all(made)
        one.flush()
        kind = type(made[0])
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.3)
        one.commit()
        thread.join(20)

    assert (broken, session.scalar(select(func.count()).select_from(kind))) == ([], 1)


@pytest.mark.parametrize("what", [SavedView, UnsavedEntry])
def test_what_a_person_keeps_from_two_tabs_at_once_is_kept_once(session: Session, engine: Engine, what: type) -> None:
    _organization, actor = builders.registered(session)
    session.rollback()
    broken: list[str] = []
    gate = threading.Barrier(2)

    def tab() -> None:
        with Session(engine) as own:
            gate.wait()
            try:
                if what is SavedView:
                    saved_views.save(own, actor, "/projects/list/", "演示", "a=1", now=NOW)
                else:
                    unsaved.keep(own, actor, "/f", {"name": ["甲"]}, now=NOW)
            except Exception as error:  # noqa: BLE001 - a thread's failure is the test's to judge
                broken.append(repr(error))

    threads = [threading.Thread(target=tab) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert (broken, session.scalar(select(func.count()).select_from(what))) == ([], 1)
