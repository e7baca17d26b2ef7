"""Insert or change in one statement: between a look and an insert somebody else would fit, and meet the unique key."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def put(session: Session, model: Any, key: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Give the row of this unique key these values, within the caller's transaction; made where it is missing."""
    row = _insert(session, model, {**key, **values})
    session.execute(
        row.on_conflict_do_update(index_elements=list(key), set_={one: row.excluded[one] for one in values})
    )


def ensure(session: Session, model: Any, key: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Make the row of this unique key where it is missing; one that is there stays as it is."""
    session.execute(_insert(session, model, {**key, **values}).on_conflict_do_nothing(index_elements=list(key)))


def _insert(session: Session, model: Any, values: Mapping[str, object]) -> Any:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model.__table__).values(**values)
