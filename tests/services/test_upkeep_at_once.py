"""Two administrators at the same moment: the tree closes no loop, the root keeps one of them, nobody waits for ever."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import account_rules, accounts, upkeep
from app.services.kept import KEPT
from models.bureau import Bureau
from models.user import User
from tests import builders
from tests.builders import LIMITS, NOW

pytestmark = pytest.mark.fault

BUREAUS = KEPT["bureaus"]
ROUNDS = 5


def at_once(*deeds: Callable[[], None]) -> list[str]:
    """What came of each: done, or the input that was refused."""
    start = threading.Barrier(len(deeds))

    def run(deed: Callable[[], None]) -> str:
        start.wait(timeout=30)
        try:
            deed()
        except Invalid as refused:
            return refused.problems[0].field
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(done.result(timeout=60) for done in [pool.submit(run, deed) for deed in deeds])


def test_two_moves_at_once_close_no_loop(engine: Engine, session: Session) -> None:
    root = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
    one, other, top = (builders.a_bureau(session, code).id for code in ("320281", "320282", "320200"))
    session.rollback()

    def below(key: int, parent: int) -> Callable[[], None]:
        def act() -> None:
            with Session(engine) as mine:
                row = mine.get_one(Bureau, key)
                form = {**upkeep.values_of(BUREAUS, row), "parent_id": parent}
                upkeep.change(mine, root, BUREAUS, key, form, upkeep.version_of(BUREAUS, row), now=NOW, limits=LIMITS)

        return act

    for _ in range(ROUNDS):
        assert at_once(below(one, other), below(other, one)) == ["done", "parent_id"]
        for key in (one, other):
            below(key, top)()


def test_two_administrators_cannot_take_each_other_away_at_once(engine: Engine, session: Session) -> None:
    pair = [builders.staff(session, Role.ADMINISTRATOR, bureau="320200") for _ in range(2)]
    session.rollback()

    def demote(actor: Actor, target: Actor) -> Callable[[], None]:
        def act() -> None:
            with Session(engine) as mine:
                values = account_rules.values_of(mine.get_one(User, target.user_id))
                seen, form = upkeep.fingerprint(values), {**values, "roles": ["reviewer"]}
                accounts.change(mine, actor, target.user_id or 0, form, seen, now=NOW)

        return act

    assert at_once(demote(*pair), demote(*reversed(pair))) == ["done", "roles"]

    left = select(User.id).where(User.roles.any(name="administrator"))
    assert len(session.scalars(left).all()) == 1
