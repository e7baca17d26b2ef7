"""FAB's way to the rows, made scoped and literal: the scope filter, the searches, eager loading, rows by key."""

from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from flask_appbuilder.models.filters import BaseFilter, BaseFilterConverter
from flask_appbuilder.models.sqla import filters as fab
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import Integer, bindparam, inspect, select
from sqlalchemy.orm.interfaces import ORMOption

from app import listing, scope
from app.listing import LARGEST_KEY
from app.security.actor import current_actor


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


class Offered(BaseFilter):
    """A search that app.listing knows under the same short name; its text is taken literally."""

    def apply(self, query: Any, value: object) -> Any:
        condition = listing.Condition(self.column_name, self.arg_name, str(value))
        return query.filter(listing.criterion(query.session, self.model, condition))


class StartsWith(Offered):
    name, arg_name = fab.FilterStartsWith.name, "sw"


class EndsWith(Offered):
    name, arg_name = fab.FilterEndsWith.name, "ew"


class Contains(Offered):
    name, arg_name = fab.FilterContains.name, "ct"


class NotStartsWith(Offered):
    name, arg_name = fab.FilterNotStartsWith.name, "nsw"


class NotEndsWith(Offered):
    name, arg_name = fab.FilterNotEndsWith.name, "new"


class NotContains(Offered):
    name, arg_name = fab.FilterNotContains.name, "nct"


class Equal(Offered):
    name, arg_name = fab.FilterEqual.name, "eq"


class NotEqual(Offered):
    name, arg_name = fab.FilterNotEqual.name, "neq"


class Greater(Offered):
    name, arg_name = fab.FilterGreater.name, "gt"


class Smaller(Offered):
    name, arg_name = fab.FilterSmaller.name, "lt"


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
    """SQLAInterface with related rows loaded in one go each; lists are read by views.lists."""

    filter_converter_class = LiteralConverter

    def __init__(
        self,
        obj: type[Any],
        session: Any = None,
        *,
        list_options: tuple[ORMOption, ...] = (),
        row_options: tuple[ORMOption, ...] = (),
    ) -> None:
        super().__init__(obj, session)
        self.list_options, self.row_options = list_options, row_options
        self.mapped = frozenset(inspect(obj).column_attrs.keys())

    def reader(self, column: str) -> Callable[[Any], Any]:
        """How a list reads this of a row: a mapped column at once, a method or a path as FAB does."""
        return attrgetter(column) if column in self.mapped else lambda item: self._get_attr_value(item, column)

    def find(self, key: object, filters: Any) -> Any:
        """The row of this key within the filters, or None; also for what cannot be a key."""
        number = as_key(key)
        if number is None:
            return None
        if [type(one) for one in filters.filters] != [InScope]:
            query = self.session.query(self.obj).filter(self.get_pk() == number)
            return self.apply_filters(query, filters).options(*self.row_options).one_or_none()
        statement = _by_key(self.obj, scope.criteria(current_actor(), self.obj), self.row_options)
        return self.session.scalars(statement, {"key": number}).one_or_none()


@lru_cache(maxsize=2_048)
def _by_key(model: type[Any], criterion: Any, options: tuple[ORMOption, ...]) -> Any:
    """The statement for one row in scope; criteria of one reach are one object, so it is put together once for them."""
    return select(model).where(model.id == bindparam("key", type_=Integer), criterion).options(*options)


def as_key(text: object) -> int | None:
    """The row key behind a piece of an address; None when no row can have it."""
    digits = str(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        return None
    return int(digits) if 0 < int(digits) <= LARGEST_KEY else None
