"""Paging without an offset: a page begins after, or ends before, one row's place in the order of its list.

Rows without a value stand last, whichever way the list is ordered, so both databases walk alike: first the rows with
a value, along the index on (value, key), then the others along their keys.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import abort
from sqlalchemy import Boolean, Date, Integer, String, literal, tuple_
from sqlalchemy.orm import Query

from app.listing import LARGEST_KEY, typed
from models.types import ExactDecimal, UtcDateTime

END = "end"  # before the end: the last page
LONGEST_TOKEN = 2_000
TEXTS = (Date, UtcDateTime, ExactDecimal)  # as JSON knows neither days nor decimals


@dataclass(frozen=True)
class Order:
    """One offered order of a list; rows of equal value stand in the order of their keys."""

    name: str
    column: Any
    key: Any
    is_falling: bool

    @property
    def is_by_key(self) -> bool:
        return self.column.key == self.key.key

    @property
    def has_gaps(self) -> bool:
        """Whether rows may be without a value."""
        return bool(self.column.property.columns[0].nullable)

    def whole(self, query: "Query[Any]") -> "Query[Any]":
        """All rows in this order, for reading them through."""
        ends = [part.desc() if self.is_falling else part.asc() for part in self._parts()]
        return query.order_by(self.column.is_(None), *ends) if self.has_gaps else query.order_by(*ends)

    def _parts(self) -> list[Any]:
        return [self.key] if self.is_by_key else [self.column, self.key]


@dataclass(frozen=True)
class Place:
    """Where a row stands in an order."""

    value: Any
    key: int


@dataclass(frozen=True)
class Page:
    """The rows of one page and what lies beside it."""

    rows: list[Any]
    before: str | None = None  # the token of the page before, None on the first
    after: str | None = None  # the token of the page after, None on the last


def read(query: "Query[Any]", order: Order, size: int, *, after: str | None = None, before: str | None = None) -> Page:
    """The page that the tokens ask for; 400 for a token that is none of this order's."""
    if before:
        place = None if before == END else place_of(order, before)
        rows, more = _walk(query, order, place, size, backwards=True)
        if more:
            return _page(order, rows, before=True, after=place is not None)
        after = None  # the beginning was reached: the first page, and a full one
    place = place_of(order, after) if after else None
    rows, more = _walk(query, order, place, size, backwards=False)
    if not rows and place is not None:
        return read(query, order, size)  # what stood there has gone
    return _page(order, rows, before=place is not None, after=more)


def _page(order: Order, rows: list[Any], *, before: bool, after: bool) -> Page:
    return Page(
        rows,
        before=token_of(order, rows[0]) if rows and before else None,
        after=token_of(order, rows[-1]) if rows and after else None,
    )


def _walk(
    query: "Query[Any]", order: Order, place: Place | None, size: int, *, backwards: bool
) -> tuple[list[Any], bool]:
    """Up to `size` rows beyond the place in the order of the list, and whether there are more."""
    found: list[Any] = []
    for part in _stretches(query, order, place, backwards=backwards):
        found += part.limit(size + 1 - len(found)).all()
        if len(found) > size:
            break
    rows = found[:size]
    return (rows[::-1] if backwards else rows), len(found) > size


def _stretches(query: "Query[Any]", order: Order, place: Place | None, *, backwards: bool) -> list["Query[Any]"]:
    """Rows with a value, then those without; from the place on; the other way round when walking backwards."""
    falling = order.is_falling != backwards
    if not order.has_gaps:
        return [_ordered(query, order, place, falling)]
    valued = query.filter(order.column.is_not(None))
    gaps = query.filter(order.column.is_(None))
    of_keys = Order(order.name, order.key, order.key, order.is_falling)
    in_gaps = place is not None and place.value is None
    first = _ordered(valued, order, None if in_gaps else place, falling)
    last = _ordered(gaps, of_keys, place if in_gaps else None, falling)
    if backwards:
        return [first] if place is not None and not in_gaps else [last, first]
    return [last] if in_gaps else [first, last]


def _ordered(query: "Query[Any]", order: Order, place: Place | None, falling: bool) -> "Query[Any]":
    parts = order._parts()
    if place is not None:
        edges = [place.key] if order.is_by_key else [place.value, place.key]
        bound = [literal(edge, part.type) for edge, part in zip(edges, parts, strict=True)]
        own, edge = (parts[0], bound[0]) if order.is_by_key else (tuple_(*parts), tuple_(*bound))
        query = query.filter(own < edge if falling else own > edge)
    return query.order_by(*(part.desc() if falling else part.asc() for part in parts))


# Tokens ----------------------------------------------------------------------------------------------------


def token_of(order: Order, row: Any) -> str:
    """The row's place as the address carries it."""
    value = None if order.is_by_key else getattr(row, order.column.key)
    said = str(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value
    told = json.dumps([order.name, int(order.is_falling), said, row.id], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).rstrip(b"=").decode()


def place_of(order: Order, token: str) -> Place:
    """The place behind a token; 400 unless it is exactly what `token_of` makes for this order."""
    try:
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise ValueError(token)
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        name, falling, said, key = json.loads(raw)
        if (name, falling) != (order.name, int(order.is_falling)) or type(key) is not int:
            raise ValueError(token)
        if not 0 < key <= LARGEST_KEY:
            raise ValueError(token)
        return Place(_value(order, said), key)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        abort(400)


def _value(order: Order, said: Any) -> Any:
    """The value, of the type of its column."""
    if order.is_by_key or said is None:
        if said is not None or not (order.is_by_key or order.has_gaps):
            raise ValueError(said)
        return None
    kind = order.column.type
    if isinstance(kind, TEXTS):
        value = typed(order.column, said) if isinstance(said, str) else None
        if value is None or (isinstance(value, datetime) and datetime.fromisoformat(said).tzinfo is None):
            raise ValueError(said)
        return value
    if isinstance(kind, Boolean | Integer):
        if type(said) is not (bool if isinstance(kind, Boolean) else int) or abs(said) > LARGEST_KEY:
            raise ValueError(said)
        return said
    if not (isinstance(kind, String) and isinstance(said, str)) or "\0" in said:
        raise ValueError(said)
    said.encode()  # raises on half a character, which no database takes
    return said
