"""Numbers and days as people type them and as spreadsheets and JSON hold them."""

import math
import re
from datetime import date, datetime
from decimal import Decimal

from app.domain.errors import Sentence, say
from app.domain.fields.bad import BadValueError, bad
from app.domain.fields.field import Field, Label
from app.domain.fields.text import as_text
from app.domain.terms import N_

FIRST_YEAR, LAST_YEAR = 1900, 2100
_FIGURE = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FEWEST_BITS_REFUSED = 200  # far beyond any quantity asked for, and short enough to print


def read_decimal(field: Field, raw: object) -> Decimal:
    """A quantity in the field's unit, with exactly `scale` places; raises BadValueError."""
    value = _decimal(field, raw)
    if value.copy_abs() >= Decimal(10) ** (field.digits - field.scale):
        raise _too_large(field)
    rounded = value.quantize(Decimal(1).scaleb(-field.scale))
    if rounded != value:
        message = N_("%(label)s最多 %(scale)s 位小数。") if field.scale else N_("%(label)s请填写整数。")
        raise bad(message, label=Label(field.label), scale=field.scale)
    return _ranged(field, rounded or rounded.copy_abs())


def read_integer(field: Field, raw: object) -> int:
    """A count; raises BadValueError."""
    return int(read_decimal(field, raw))


def _decimal(field: Field, raw: object) -> Decimal:
    if isinstance(raw, bool):
        raise BadValueError(_not_a_figure(field))
    if isinstance(raw, int):
        if raw.bit_length() >= _FEWEST_BITS_REFUSED:
            raise _too_large(field)
        return Decimal(raw)
    if isinstance(raw, float) and math.isfinite(raw):
        return Decimal(f"{raw:.15g}")  # what a spreadsheet holds beyond is noise
    if isinstance(raw, Decimal) and raw.is_finite():
        return raw
    if isinstance(raw, str):
        return _from_text(field, as_text(field, raw))
    raise BadValueError(_not_a_figure(field))


def _from_text(field: Field, text: str) -> Decimal:
    if _FIGURE.fullmatch(text):
        return Decimal(text)
    raise BadValueError(_not_a_figure(field))


def _not_a_figure(field: Field) -> Sentence:
    label = Label(field.label)
    if field.unit:
        message = N_("%(label)s请填写数字，如 1234.5；单位是%(unit)s，不用写。")
        return say(message, label=label, unit=Label(field.unit))
    return say(N_("%(label)s请填写半角数字。"), label=label)


def _too_large(field: Field) -> BadValueError:
    label, places = Label(field.label), field.digits - field.scale
    if field.unit:
        message = N_("%(label)s整数部分最多 %(places)s 位，请确认单位是%(unit)s。")
        return bad(message, label=label, places=places, unit=Label(field.unit))
    return bad(N_("%(label)s整数部分最多 %(places)s 位。"), label=label, places=places)


def _ranged(field: Field, value: Decimal) -> Decimal:
    label = Label(field.label)
    if field.above is not None and value <= field.above:
        raise bad(N_("%(label)s应大于 %(bound)s。"), label=label, bound=field.above)
    if field.minimum is not None and value < field.minimum:
        raise bad(N_("%(label)s不能小于 %(bound)s。"), label=label, bound=field.minimum)
    if field.maximum is not None and value > field.maximum:
        raise bad(N_("%(label)s不能大于 %(bound)s。"), label=label, bound=field.maximum)
    return value


def read_date(field: Field, raw: object, today: date) -> date:
    """A day in the order year, month, day, or a date as a spreadsheet gives it; raises BadValueError."""
    day = _day(field, raw)
    label = Label(field.label)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = N_("%(label)s的年份应在 %(first)s 至 %(last)s 之间。")
        raise bad(message, label=label, first=FIRST_YEAR, last=LAST_YEAR)
    if field.not_future and day > today:
        raise bad(N_("%(label)s不能晚于今天（%(today)s）。"), label=label, today=today.isoformat())
    return day


def _day(field: Field, raw: object) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = as_text(field, raw) if isinstance(raw, str) else ""
    if not _DAY.fullmatch(text):
        raise bad(N_("%(label)s请按「年-月-日」填写，如 2026-03-01。"), label=Label(field.label))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise bad(N_("%(label)s没有 %(day)s 这一天，请检查。"), label=Label(field.label), day=text) from None
