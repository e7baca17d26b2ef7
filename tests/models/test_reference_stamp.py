"""Whoever changes reference data or rights, by whatever way, draws another stamp."""

from typing import Any

import pytest
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from app.security.actor import RIGHTS_OF
from app.services.reference_tables import EVERYTHING
from models.base import Model
from models.reference_stamp import REFERENCE, RIGHTS, STAMPED, ReferenceStamp
from tests import builders

OF_ITS_OWN = {"bureau": "code", "dictionary_entry": "code", "region": "code", "required_document": "slot",
              "return_reason": "code"}  # fmt: skip


def stamp(session: Session) -> int:
    return session.scalars(select(ReferenceStamp.stamp)).one()


def test_the_stamp_speaks_of_every_table_that_is_read_under_it() -> None:
    read = {source.name for part in EVERYTHING.selects for source in part.get_final_froms()}
    rights = {each.name for each in Model.metadata.tables.values() if f" {each.name} " in f"{RIGHTS_OF} "}

    assert read == set(REFERENCE)
    assert rights == set(RIGHTS)


def new_row(session: Session, name: str) -> dict[str, Any]:
    """A row that the table takes: a copy under a code of its own, or a right that joins what was made for it."""
    tables = Model.metadata.tables
    if name in REFERENCE:
        kept = dict(session.execute(select(tables[name])).mappings().first() or {})
        del kept["id"]
        return {**kept, OF_ITS_OWN[name]: "999999"}
    if name in ("ab_role", "ab_permission", "ab_view_menu"):
        return {"name": "demo"}

    def key(table: str) -> int:
        made = session.execute(insert(tables[table]).values(**new_row(session, table)).returning(tables[table].c.id))
        return int(made.scalar_one())

    return {
        "ab_permission_view": lambda: {"permission_id": key("ab_permission"), "view_menu_id": key("ab_view_menu")},
        "ab_permission_view_role": lambda: {
            "permission_view_id": key("ab_permission_view"), "role_id": key("ab_role"),
        },
    }[name]()  # fmt: skip


@pytest.mark.parametrize("name", STAMPED)
def test_a_change_draws_another_stamp(session: Session, name: str) -> None:
    table: Table = Model.metadata.tables[name]
    row = new_row(session, name)
    drawn = [stamp(session)]

    key = session.execute(insert(table).values(**row).returning(table.c.id)).scalar_one()
    drawn.append(stamp(session))
    session.execute(update(table).where(table.c.id == key).values(id=table.c.id))
    drawn.append(stamp(session))
    session.execute(delete(table).where(table.c.id == key))
    drawn.append(stamp(session))

    assert len(set(drawn)) == 4


def test_a_registration_waits_for_no_other(session: Session) -> None:
    builders.registered(session)  # with the roles
    before = stamp(session)

    builders.registered(session)

    assert stamp(session) == before


def test_other_rows_leave_the_stamp_alone(session: Session) -> None:
    before = stamp(session)
    users = Model.metadata.tables["ab_user"]

    session.execute(update(users).values(active=users.c.active))

    assert stamp(session) == before
