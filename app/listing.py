"""What a list may be narrowed by, as plain data and as criteria: for screens, exports and the worker alike.

A condition is (column, operator, value), as an address or an export job carries it. It knows no request and no
scope: who asks adds app.scope.criteria.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, Date, Integer, String, and_, false, func, or_, select, union
from sqlalchemy.orm import Session

from app.domain import spelling
from app.domain.clock import SHANGHAI
from app.domain.identifiers import canonical_org_code, canonical_uscc
from app.domain.search import LAST, Piece, asked, is_exact, pieces
from app.domain.spelling import has_forms, is_blank, narrow
from models.enterprise import Enterprise
from models.number import NumberRegister
from models.organization import Organization
from models.project import Project
from models.search_gram import OF_ORGANIZATION, OF_PROJECT, SearchGram
from models.sqlite_hint import NotByIndex
from models.types import ExactDecimal, UtcDateTime
from models.user import User

COUNT_CAP = 10_001  # a list counts no further and says 10,000+
RARE = 5_000  # how far the grams of a query are counted to find the rarest
MOST_PIECES = 8  # of a long query this many are looked at, spread over its length
LONGEST_CODE = 60  # of what may be a code with spaces and signs in it
LARGEST_KEY = 2**31 - 1
FIND = "find"
Criterion = ColumnElement[bool]


class Condition(NamedTuple):
    """One narrowing of a list; `q` with `find` is the quick search."""

    column: str
    operator: str
    value: str


def criteria(
    session: Session, model: type[Any], conditions: Iterable[tuple[str, str, str]], *, by_index: bool = True
) -> list[Criterion]:
    """All conditions as WHERE criteria; a value that its column cannot hold finds nothing.

    Without `by_index` rows are not looked up by a code, of which there are few: the order of the list finds them.
    """
    return [criterion(session, model, Condition(*condition), by_index=by_index) for condition in conditions]


def criterion(session: Session, model: type[Any], condition: Condition, *, by_index: bool = True) -> Criterion:
    """One condition. Columns and operators are named by our views, so an unknown one raises KeyError."""
    if condition.operator == FIND:
        return found(session, model, condition.value)
    name, _dot, attribute = condition.column.partition(".")
    column = getattr(model, name)
    if attribute:
        return _of_related(column, attribute, condition)
    plain = by_index or condition.operator != "eq"
    return OPERATORS[condition.operator](column if plain else NotByIndex(column), condition.value)


def counted(keys: Any, cap: int | None = None) -> Any:
    """How many rows a query of keys has, counted to the cap (COUNT_CAP), as an expression."""
    return select(func.count()).select_from(keys.limit(cap or COUNT_CAP).subquery()).scalar_subquery()


def capped_count(session: Session, keys: Any) -> int:
    """How many rows a query of keys has, counted to COUNT_CAP."""
    return int(session.scalar(select(counted(keys))) or 0)


def found_keys(model: type[Any], query: str, hidden: Any) -> Any:
    """The keys of what a quick search finds, from the grams alone and without the `hidden` ones.

    None where the grams do not say all: then rows must be read for it.
    """
    texts = asked(query)
    if model not in SEARCHED or len(texts) != 1 or not is_exact(texts[0]) or builder_code(query):
        return None
    piece = pieces(texts[0])[0]
    return _rows_with(SEARCHED[model][0], piece).where(SearchGram.row_id.not_in(hidden)) if piece.whole else None


# Comparisons ---------------------------------------------------------------------------------------------


def typed(column: Any, text: str) -> Any:
    """The text as a value of the column, or None when it is none."""
    kind = column.type
    try:
        if isinstance(kind, Date):
            return date.fromisoformat(spelling.day(text))
        if isinstance(kind, UtcDateTime):
            instant = datetime.fromisoformat(text)
            return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)
        if isinstance(kind, ExactDecimal):
            number = Decimal(spelling.figure(text))
            return number if number.is_finite() and abs(number) < 10 ** (kind.precision - kind.scale) else None
        if isinstance(kind, Boolean):
            return text in {"y", "1", "true"}
        if isinstance(kind, Integer):
            whole = int(spelling.figure(text))
            return whole if abs(whole) <= LARGEST_KEY else None
    except (ValueError, OverflowError, InvalidOperation):
        return None
    return spelling.line(text) if isinstance(kind, String) else text


def _compared(compare: Callable[[Any, Any], Any]) -> Callable[[Any, str], Criterion]:
    def apply(column: Any, text: str) -> Criterion:
        value = typed(column, text)
        return false() if value is None else compare(column, value)

    return apply


def _worded(before: str, after: str, *, negated: bool = False) -> Callable[[Any, str], Criterion]:
    """%, _ and backslash are taken as they are; `before` and `after` are the open ends."""

    def apply(column: Any, text: str) -> Criterion:
        said: Criterion = column.ilike(before + _pattern(text) + after, escape="/")
        return ~said if negated else said

    return apply


def _pattern(text: str) -> str:
    """The text for LIKE: a sign that is written in several forms stands for any one mark, a blank for any marks.

    Signs alone stand for themselves: else they would find everything.
    """
    if not any(mark.isalnum() for mark in text):
        return "".join(map(_escaped, text.strip()))
    marks = ("%" if is_blank(mark) else "_" if has_forms(mark) else _escaped(mark) for mark in narrow(text).strip())
    return re.sub("%+", "%", "".join(marks))


def _escaped(mark: str) -> str:
    return f"/{mark}" if mark in "%_/" else mark


def _from_day(column: Any, text: str) -> Criterion:
    """From this day in Shanghai on."""
    edge = _edge(column, text, timedelta(0))
    return false() if edge is None else column >= edge


def _to_day(column: Any, text: str) -> Criterion:
    """Up to and with this day in Shanghai."""
    edge = _edge(column, text, timedelta(days=1))
    return false() if edge is None else column < edge


def _edge(column: Any, text: str, later: timedelta) -> Any:
    try:
        day = date.fromisoformat(spelling.day(text)) + later
        start = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        return start.astimezone(SHANGHAI) if isinstance(column.type, UtcDateTime) and _in_years(day) else day
    except (ValueError, OverflowError):
        return None


def _in_years(day: date) -> bool:
    if not 1900 < day.year < 9000:  # the zone's arithmetic ends there
        raise ValueError(day)
    return True


OPERATORS: dict[str, Callable[[Any, str], Criterion]] = {
    "eq": _compared(lambda column, value: column == value),
    "neq": _compared(lambda column, value: column != value),
    "gt": _compared(lambda column, value: column > value),
    "lt": _compared(lambda column, value: column < value),
    "sw": _worded("", "%"),
    "ew": _worded("%", ""),
    "ct": _worded("%", "%"),
    "nsw": _worded("", "%", negated=True),
    "new": _worded("%", "", negated=True),
    "nct": _worded("%", "%", negated=True),
    "from": _from_day,
    "to": _to_day,
}


def _of_related(relation: Any, attribute: str, condition: Condition) -> Criterion:
    """A condition on the one related row, asked there: never a list of its rows."""
    target = relation.property.mapper.class_
    local = next(iter(relation.property.local_columns))
    there = OPERATORS[condition.operator](getattr(target, attribute), condition.value)
    return local.in_(select(target.id).where(there))  # type: ignore[no-any-return]


# The quick search ------------------------------------------------------------------------------------------


def found(session: Session, model: type[Any], query: str) -> Criterion:
    """The rows that contain the query, in any width and case; a number or code also with separators in it."""
    texts = asked(query)
    if not texts:
        return false()
    finder = FINDERS[model]
    code = builder_code(query) if model in (Project, NumberRegister) else None
    theirs = [] if code is None else [model.organization_id.in_(_organizations_with(code))]
    return or_(*(finder(session, text) for text in texts), *theirs)


def builder_code(query: str) -> str | None:
    """The 组织机构代码 or 统一社会信用代码 that a query is in any spelling: a project is found by its builder's."""
    text = spelling.copied(query)[:LONGEST_CODE]
    return canonical_org_code(text) or canonical_uscc(text)


def _organizations_with(code: str) -> Any:
    return select(Organization.id).where(or_(Organization.org_code == code, Organization.uscc == code))


def _projects(session: Session, text: str) -> Criterion:
    return _holding(session, OF_PROJECT, Project.id, Project.search_text, text)


def _organizations(session: Session, text: str) -> Criterion:
    return _holding(session, OF_ORGANIZATION, Organization.id, Organization.search_text, text)


def _enterprises(session: Session, text: str) -> Criterion:
    """An enterprise record is found by its organization."""
    theirs = select(Organization.id).where(_organizations(session, text))
    return Enterprise.organization_id.in_(theirs)


def _numbers(session: Session, text: str) -> Criterion:
    """A number is found by its own digits, by its project, or by its project owner, former names too."""
    of_project = select(Project.id).where(_projects(session, text))
    of_owner = select(Organization.id).where(_organizations(session, text))
    alone = NumberRegister.project_id.is_(None) & NumberRegister.number.icontains(text, autoescape=True)
    ways = (NumberRegister.project_id.in_(of_project), NumberRegister.organization_id.in_(of_owner), alone)
    return NumberRegister.id.in_(union(*(select(NumberRegister.id).where(way) for way in ways)))


def _accounts(_session: Session, text: str) -> Criterion:
    """A piece of the account's or the person's name; a bureau tree has few accounts."""
    return or_(*(OPERATORS["ct"](column, text) for column in (User.username, User.display_name)))


SEARCHED: dict[type[Any], tuple[str, Any]] = {
    Project: (OF_PROJECT, Project.search_text),
    Organization: (OF_ORGANIZATION, Organization.search_text),
}
FINDERS: dict[type[Any], Callable[[Session, str], Criterion]] = {
    Project: _projects,
    Organization: _organizations,
    Enterprise: _enterprises,
    NumberRegister: _numbers,
    User: _accounts,
}


def along_grams(session: Session, model: type[Any], query: str) -> tuple[Criterion, Any] | None:
    """For a list in the order of its keys: the join to the grams that gives the found rows in this very order.

    Gives the ON clause and the column of keys to order by; None where `found` must do.
    """
    texts = asked(query)
    if model not in SEARCHED or len(texts) != 1 or builder_code(query):
        return None
    kind, text_column = SEARCHED[model]
    wanted = _spread(pieces(texts[0]))
    if not wanted or not all(piece.whole for piece in wanted):
        return None
    piece = wanted[0] if is_exact(texts[0]) else _rarest(session, kind, wanted)[0]
    joined = and_(SearchGram.row_id == model.id, _of_piece(kind, piece))
    if not is_exact(texts[0]):
        joined = and_(joined, text_column.contains(texts[0], autoescape=True))
    return joined, SearchGram.row_id


def _holding(session: Session, kind: str, key: Any, text_column: Any, text: str) -> Criterion:
    """Rows with the rarest gram of the text, then the literal comparison; where the gram says all, it alone."""
    literal: Criterion = text_column.contains(text, autoescape=True)
    wanted = _spread(pieces(text))
    if not wanted:
        return literal  # signs alone: nothing to look up by
    if is_exact(text):
        return key.in_(_rows_with(kind, wanted[0]))  # type: ignore[no-any-return]
    rarest, count = _rarest(session, kind, wanted)
    if not count:
        return false()
    return and_(key.in_(_rows_with(kind, rarest)), literal)


def _spread(wanted: tuple[Piece, ...]) -> tuple[Piece, ...]:
    step = -(-len(wanted) // MOST_PIECES)
    return wanted[:: step or 1]


def _of_piece(kind: str, piece: Piece) -> Criterion:
    gram = SearchGram.gram
    same = gram == piece.text if piece.whole else and_(gram >= piece.text, gram < piece.text + LAST)
    return and_(SearchGram.kind == kind, same)


def _rows_with(kind: str, piece: Piece) -> Any:
    return select(SearchGram.row_id).where(_of_piece(kind, piece))


def _rarest(session: Session, kind: str, wanted: tuple[Piece, ...]) -> tuple[Piece, int]:
    """The piece that fewest rows hold, counted to RARE: one statement over the index."""
    if len(wanted) == 1:
        return wanted[0], 1
    numbers = session.execute(select(*(counted(_rows_with(kind, piece), RARE) for piece in wanted))).one()
    return min(zip(wanted, numbers, strict=True), key=lambda pair: pair[1])
