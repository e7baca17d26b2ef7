"""What all tables share: constraint names, the key, checks of shape. It knows no rule of the house."""

from collections.abc import Iterable
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

__all__ = ["HasId", "Model", "exactly_one", "one_of", "table"]

# FAB's security tables hang on the same metadata and take these names too, so this must run before they load.
Model.metadata.naming_convention = {
    "pk": "%(table_name)s_is_found_by_its_key",
    "fk": "%(table_name)s_%(column_0_name)s_exists",
    "uq": "%(table_name)s_%(column_0_N_name)s_is_unique",
    "ck": "%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


class HasId:
    """A surrogate key that is never given twice, not even after a row is gone."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10, comment="Key, given by the database")


def table(*items: Any, comment: str) -> tuple[Any, ...]:
    """`__table_args__`: constraints, indexes and what the table is for."""
    return (*items, {"comment": comment, "sqlite_autoincrement": True})


def one_of(column: str, values: Iterable[str], name: str) -> CheckConstraint:
    """The column holds a word of a closed vocabulary (or nothing, where it may be null)."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=name)


def exactly_one(columns: Iterable[str], name: str) -> CheckConstraint:
    """The row belongs to one owner and to one only."""
    filled = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return CheckConstraint(f"{filled} = 1", name=name)
