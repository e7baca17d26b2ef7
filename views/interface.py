"""FAB's way to the rows, made scoped, cheap and literal: the scope filter, eager loading, a capped count."""

from datetime import date, datetime
from typing import Any

from flask_appbuilder.models.filters import BaseFilter, BaseFilterConverter
from flask_appbuilder.models.sqla import filters as fab
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import false, func, select
from sqlalchemy.orm import Query
from sqlalchemy.orm.interfaces import ORMOption

from app import scope
from app.security.actor import current_actor

COUNT_CAP = 10_001  # the list says 10000+ beyond it
LARGEST_KEY = 2**31 - 1


class InScope(BaseFilter):
    """The rows that the person at hand may see: app.scope.criteria, asked at the moment of the query."""

    name = "in scope"

    def apply(self, query: Any, value: object) -> Any:
        return query.filter(scope.criteria(current_actor(), self.model))


class OfParent(BaseFilter):
    """The rows that hang on one parent row, for a related list."""

    name = "of parent"

    def apply(self, query: Any, value: object) -> Any:
        column = next(iter(getattr(self.model, self.column_name).property.local_columns))
        return query.filter(column == value)


class Literal(BaseFilter):
    """A search that takes %, _ and backslash as they are."""

    method = "icontains"
    negated = False

    def apply(self, query: Any, value: object) -> Any:
        column = getattr(self.model, self.column_name)
        found = getattr(column, self.method)(str(value), autoescape=True)
        return query.filter(~found if self.negated else found)


class StartsWith(Literal):
    name, arg_name, method = fab.FilterStartsWith.name, "sw", "istartswith"


class EndsWith(Literal):
    name, arg_name, method = fab.FilterEndsWith.name, "ew", "iendswith"


class Contains(Literal):
    name, arg_name, method = fab.FilterContains.name, "ct", "icontains"


class NotStartsWith(StartsWith):
    name, arg_name, negated = fab.FilterNotStartsWith.name, "nsw", True


class NotEndsWith(EndsWith):
    name, arg_name, negated = fab.FilterNotEndsWith.name, "new", True


class NotContains(Contains):
    name, arg_name, negated = fab.FilterNotContains.name, "nct", True


class Compared(BaseFilter):
    """A comparison with a value of the column's own type; a value that is none finds nothing."""

    def compare(self, column: Any, value: Any) -> Any:
        raise NotImplementedError

    def apply(self, query: Any, value: object) -> Any:
        column = getattr(self.model, self.column_name)
        typed = _typed(self.datamodel, self.column_name, str(value))
        return query.filter(false() if typed is None else self.compare(column, typed))


class Equal(Compared):
    name, arg_name = fab.FilterEqual.name, "eq"

    def compare(self, column: Any, value: Any) -> Any:
        return column == value


class NotEqual(Compared):
    name, arg_name = fab.FilterNotEqual.name, "neq"

    def compare(self, column: Any, value: Any) -> Any:
        return column != value


class Greater(Compared):
    name, arg_name = fab.FilterGreater.name, "gt"

    def compare(self, column: Any, value: Any) -> Any:
        return column > value


class Smaller(Compared):
    name, arg_name = fab.FilterSmaller.name, "lt"

    def compare(self, column: Any, value: Any) -> Any:
        return column < value


def _typed(datamodel: Any, column: str, text: str) -> Any:
    """The text as a value of the column, or None."""
    try:
        if datamodel.is_date(column):
            return date.fromisoformat(text)
        if datamodel.is_datetime(column):
            return datetime.fromisoformat(text).astimezone()
        if datamodel.is_integer(column):
            return int(text) if abs(int(text)) <= LARGEST_KEY else None
    except (ValueError, OverflowError):
        return None
    return (text in {"y", "1", "true"}) if datamodel.is_boolean(column) else text


class LiteralConverter(BaseFilterConverter):
    """Which searches a column has; the order is FAB's, since the index stands in bookmarked addresses."""

    _words = [StartsWith, EndsWith, Contains, Equal, NotStartsWith, NotEndsWith, NotContains, NotEqual]
    _sizes = [Equal, Greater, Smaller, NotEqual]
    conversion_table = (
        ("is_text", _words),
        ("is_string", _words),
        ("is_boolean", [Equal, NotEqual]),
        ("is_integer", _sizes),
        ("is_date", _sizes),
        ("is_datetime", _sizes),
    )

    def convert(self, col_name: str) -> list[BaseFilter] | None:
        """None for relations and everything else that is not searched."""
        for test, kinds in self.conversion_table:
            if getattr(self.datamodel, test)(col_name):
                return [kind(col_name, self.datamodel) for kind in kinds]
        return None


class EagerInterface(SQLAInterface):
    """SQLAInterface with related rows loaded in one go each, a count that stops, and a steady order."""

    filter_converter_class = LiteralConverter

    def __init__(self, obj: type[Any], session: Any = None, *, list_options: tuple[ORMOption, ...] = ()) -> None:
        super().__init__(obj, session)
        self.list_options = list_options

    def query(
        self,
        filters: Any = None,
        order_column: str = "",
        order_direction: str = "",
        page: int | None = None,
        page_size: int | None = None,
        **_: Any,
    ) -> tuple[int, list[Any]]:
        """The count, capped, and the rows of the page."""
        base: Query[Any] = self.apply_filters(self.session.query(self.obj), filters)
        key = self.get_pk()
        rows = self.apply_order_by(base, order_column, order_direction, add_pk=True) if order_column else base
        rows = self.apply_pagination(rows if order_column else rows.order_by(key.desc()), page, page_size)
        return self._count(base), rows.options(*self.list_options).all()

    def _count(self, base: "Query[Any]") -> int:
        keys = base.with_entities(self.get_pk()).order_by(None).limit(COUNT_CAP).subquery()
        return int(self.session.scalar(select(func.count()).select_from(keys)) or 0)

    def find(self, key: object, filters: Any) -> Any:
        """The row of this key within the filters, or None; also for what cannot be a key."""
        number = as_key(key)
        if number is None:
            return None
        query = self.session.query(self.obj).filter(self.get_pk() == number)
        return self.apply_filters(query, filters).one_or_none()


def as_key(text: object) -> int | None:
    """The row key behind a piece of an address; None when no row can have it."""
    digits = str(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        return None
    return int(digits) if 0 < int(digits) <= LARGEST_KEY else None
