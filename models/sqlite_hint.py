"""A word to SQLite's planner, which knows neither how often a value stands nor that a page ends after some rows."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class NotByIndex(FunctionElement[Any]):
    """The column, but no reason to look rows up by it: the order of the list finds them. PostgreSQL decides itself."""

    name = "not_by_index"
    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(NotByIndex)
def _plain(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(NotByIndex, "sqlite")
def _hinted(element: Any, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"
