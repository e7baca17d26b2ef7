"""What a list may be asked by its address: pages, order and filters within their limits, never a guess."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from flask import abort, request

from app.listing import Condition

MOST_ROWS = 100
MOST_FILTERS = 20
LONGEST_VALUE = 200
_NUMBER = re.compile(r"^(page|psize)_(.+)$")
_FILTER = re.compile(r"^_flt_(\d)_(.+)$")


@dataclass(frozen=True)
class Asked:
    """One list's part of the address."""

    order_column: str = ""
    order_direction: str = ""
    page_size: int | None = None
    after: str | None = None  # tokens of views.keyset
    before: str | None = None


def check_arguments() -> None:
    """Refuse (400) what no list of ours ever puts into an address."""
    if sum(1 for name in request.args if _FILTER.match(name)) > MOST_FILTERS:
        abort(400)
    for name, value in request.args.items(multi=True):
        if "\0" in value or "\0" in name or (_FILTER.match(name) and len(value) > LONGEST_VALUE):
            abort(400)
        number = _NUMBER.match(name)
        if number:
            _number(number[1], value)


def _number(kind: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        abort(400)
    number = int(value)
    if kind == "psize":
        return min(number, MOST_ROWS) if number else abort(400)
    return abort(400) if number else 0  # pages are found by their keys, not counted through


def asked_of(view: str, orderable: Container[str]) -> Asked:
    """Page, size and order for the list of this view; an order that is not offered is no order."""
    args = request.args
    column, direction = args.get(f"_oc_{view}", ""), args.get(f"_od_{view}", "")
    ordered = column in orderable and direction in {"asc", "desc"}
    size, after, before = args.get(f"psize_{view}"), args.get(f"after_{view}"), args.get(f"before_{view}")
    if after and before:
        abort(400)
    return Asked(
        order_column=column if ordered else "",
        order_direction=direction if ordered else "",
        page_size=_number("psize", size) if size else None,
        after=after or None,
        before=before or None,
    )


def apply_filters(filters: Any) -> None:
    """Put the address's filters on this request's copy, for FAB's links; what is not offered is left out."""
    filters.clear_filters()
    for column, place, values in _offered(filters):
        filters.add_filter_index(column, place, values)


def asked_conditions(filters: Any) -> list[Condition]:
    """The same as plain data."""
    kinds = filters.get_search_filters()
    return [
        Condition(column, kinds[column][place].arg_name, value)
        for column, place, values in _offered(filters)
        for value in values
    ]


def _offered(filters: Any) -> Iterator[tuple[str, int, list[str]]]:
    offered = filters.get_search_filters()
    for name in request.args:
        found = _FILTER.match(name)
        if found and found[2] in offered and int(found[1]) < len(offered[found[2]]):
            values = [value for value in request.args.getlist(name) if value != ""]
            if values:
                yield found[2], int(found[1]), values
