"""Lists narrowed by plain words of the address (`?status=voided&from=2026-01-01`), offered above the list."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, false

from app.domain.clock import SHANGHAI

LONGEST = 100
Criterion = ColumnElement[bool]


def asked(name: str) -> str:
    """One word of the address, without what no word needs."""
    return request.args.get(name, "").strip()[:LONGEST]


def chosen(column: Any, name: str, offered: Iterable[str]) -> list[Criterion]:
    """The column has the word that was asked for; a word that is not offered is none."""
    word = asked(name)
    return [column == word] if word in set(offered) else []


def days(column: Any) -> list[Criterion]:
    """`from` and `to` on a column of days, both included; a day that is none finds nothing."""
    found = [(asked("from"), column.__ge__), (asked("to"), column.__le__)]
    return [compare(day) if (day := read_day(text)) else false() for text, compare in found if text]


def instants(column: Any) -> list[Criterion]:
    """The same on a column of instants: days of Shanghai."""
    first, last = asked("from"), asked("to")
    found: list[Criterion] = []
    if first:
        found.append(column >= begin_of(day) if (day := read_day(first)) else false())
    if last:
        found.append(column < begin_of(day + timedelta(days=1)) if (day := read_day(last)) else false())
    return found


def read_day(text: str) -> date | None:
    """A day as the address writes it, or None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 2200 else None


def begin_of(day: date) -> datetime:
    """Its first instant in Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)
