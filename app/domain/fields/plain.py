"""Values as JSON can hold them and back: the form of snapshots, outbox payloads and audit values."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from app.domain.fields.field import FieldKind, Table


def to_plain(values: Mapping[str, object]) -> dict[str, object]:
    """Days as YYYY-MM-DD, decimals as their digits; text, counts, ticks and None as they are."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value


def from_plain(table: Table, plain: Mapping[str, object]) -> dict[str, object]:
    """The typed values of the table's fields; what an older rule set wrote otherwise stays as it is."""
    return {field.name: _typed(field.kind, plain[field.name]) for field in table if field.name in plain}


_TYPES: Mapping[FieldKind, Callable[[str], object]] = {
    FieldKind.DATE: date.fromisoformat,
    FieldKind.DECIMAL: Decimal,
}


def _typed(kind: FieldKind, value: object) -> object:
    if kind not in _TYPES or not isinstance(value, str):
        return value
    try:
        return _TYPES[kind](value)
    except (ValueError, InvalidOperation):
        return value
