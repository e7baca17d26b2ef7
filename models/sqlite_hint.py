"""A word to SQLite's planner, which knows neither how often a value stands nor that a page ends after some rows."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import replacement_traverse


class NotByIndex(FunctionElement[Any]):
    """The column, but no reason to look rows up by it: the order of the list finds them. PostgreSQL decides itself."""

    name = "not_by_index"
    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@lru_cache(maxsize=2_048)
def by_index(criterion: ColumnElement[bool]) -> ColumnElement[bool]:
    """The criterion without such words: for a count, which has no order and no page."""
    return replacement_traverse(criterion, {}, _bare)


def _bare(element: Any, **_options: Any) -> Any:
    return next(iter(element.clauses)) if isinstance(element, NotByIndex) else None


@compiles(NotByIndex)
def _plain(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(NotByIndex, "sqlite")
def _hinted(element: Any, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"
