"""暂存: what was typed and not saved is kept for one person, closed, and for a month."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import sweep, unsaved
from models.unsaved_entry import UnsavedEntry
from tests.models import rows
from tests.services.test_upkeep_at_once import ROUNDS, at_once

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FORM = "/projects/add"
MOBILE = "13911144567"


def person(session: Session) -> Actor:
    user = rows.user()
    session.add(user)
    session.commit()
    return Actor(user_id=user.id, username=user.username, name=user.username, roles=frozenset({Role.APPLICANT}))


@pytest.fixture
def actor(session: Session) -> Actor:
    return person(session)


def entries(session: Session, actor: Actor, form: str = FORM) -> dict[str, list[str]] | None:
    row = unsaved.kept(session, actor, form)
    session.rollback()
    return row.entries if row else None


def test_the_latest_state_of_a_form_is_kept(session, actor):
    unsaved.keep(session, actor, FORM, {"name": ["演"]}, now=NOW)
    unsaved.keep(session, actor, FORM, {"name": ["演示"], "kinds": ["a", "b"]}, now=NOW)

    assert entries(session, actor) == {"name": ["演示"], "kinds": ["a", "b"]}
    assert [row.form for row in unsaved.forms(session, actor)] == [FORM]


def test_nobody_else_sees_or_drops_it(session, actor):
    stranger = person(session)
    unsaved.keep(session, actor, FORM, {"name": ["演示"]}, now=NOW)

    unsaved.drop(session, stranger, FORM)
    unsaved.keep(session, stranger, FORM, {"name": ["另一个"]}, now=NOW)

    assert entries(session, actor) == {"name": ["演示"]}
    assert unsaved.forms(session, Actor(user_id=None, username="", name="", roles=frozenset())) == []


def test_it_is_stored_closed(session, actor):
    unsaved.keep(session, actor, FORM, {"contact_mobile": [MOBILE]}, now=NOW)

    assert MOBILE not in session.execute(text("SELECT entries FROM unsaved_entry")).scalar_one()


def test_a_form_is_forgotten_by_itself_alone(session, actor):
    for form in (FORM, "/projects/edit/1"):
        unsaved.keep(session, actor, form, {"name": ["演示"]}, now=NOW)

    unsaved.drop(session, actor, FORM)

    assert [row.form for row in unsaved.forms(session, actor)] == ["/projects/edit/1"]


def test_more_than_anybody_types_is_refused_and_the_earlier_state_stays(session, actor):
    unsaved.keep(session, actor, FORM, {"name": ["演示"]}, now=NOW)

    with pytest.raises(Refused):
        unsaved.keep(session, actor, FORM, {"name": ["长" * unsaved.MOST_CHARACTERS]}, now=NOW)

    assert entries(session, actor) == {"name": ["演示"]}


def test_the_oldest_form_makes_room_for_one_too_many(session, actor):
    for n in range(unsaved.MOST_FORMS + 1):
        unsaved.keep(session, actor, f"/projects/edit/{n}", {}, now=NOW + timedelta(minutes=n))

    kept = {row.form for row in unsaved.forms(session, actor)}

    assert len(kept) == unsaved.MOST_FORMS
    assert "/projects/edit/0" not in kept


@pytest.mark.parametrize(("age", "is_kept"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_after_a_month_it_is_forgotten(session, actor, age, is_kept):
    unsaved.keep(session, actor, FORM, {}, now=NOW - sweep.KEPT_UNSAVED - age)

    sweep.drop_old_unsaved(session, now=NOW)

    assert bool(session.scalars(select(UnsavedEntry.id)).all()) is is_kept


def test_a_form_kept_twice_at_once_is_kept_once(engine, session, actor):
    session.rollback()

    def keeps(name: str) -> Callable[[], None]:
        def act() -> None:
            with Session(engine) as mine:
                unsaved.keep(mine, actor, FORM, {"name": [name]}, now=NOW)

        return act

    for _ in range(ROUNDS):
        assert at_once(*map(keeps, "甲乙丙丁")) == ["done"] * 4
        assert len(unsaved.forms(session, actor)) == 1
        unsaved.drop(session, actor, FORM)
