"""Whoever changes reference data, by whatever way, draws another stamp."""

import pytest
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from app.services.reference_tables import EVERYTHING
from models.base import Model
from models.reference_stamp import STAMPED, ReferenceStamp


def stamp(session: Session) -> int:
    return session.scalars(select(ReferenceStamp.stamp)).one()


def test_the_stamp_speaks_of_every_table_that_is_read_under_it() -> None:
    read = {source.name for part in EVERYTHING.selects for source in part.get_final_froms()}

    assert read == set(STAMPED)


@pytest.mark.parametrize("name", STAMPED)
def test_a_change_draws_another_stamp(session: Session, name: str) -> None:
    table: Table = Model.metadata.tables[name]
    copied = [column.name for column in table.c if column.name != "id"]
    first = stamp(session)

    session.execute(
        update(table).where(table.c.id == select(table.c.id).limit(1).scalar_subquery()).values(id=table.c.id)
    )
    second = stamp(session)
    assert second != first

    row = {name: value for name, value in session.execute(select(table)).mappings().first().items() if name in copied}
    unique = {"bureau": "code", "dictionary_entry": "code", "region": "code", "required_document": "slot"}
    row[unique.get(name, "code")] = "999999"
    session.execute(insert(table).values(**row))
    third = stamp(session)
    assert third not in {first, second}

    session.execute(delete(table).where(table.c[unique.get(name, "code")] == "999999"))
    assert stamp(session) not in {first, second, third}


def test_other_rows_leave_the_stamp_alone(session: Session) -> None:
    before = stamp(session)
    users = Model.metadata.tables["ab_user"]

    session.execute(update(users).values(active=users.c.active))

    assert stamp(session) == before
