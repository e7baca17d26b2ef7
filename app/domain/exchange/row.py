"""A record as another system's row, and the faults for which that system would refuse it."""

from collections.abc import Mapping, Sequence

from app.domain.errors import Problem, Sentence, say
from app.domain.exchange.characters import characters_lost
from app.domain.exchange.column import Column, Source
from app.domain.exchange.target import Target
from app.domain.fields.field import Label
from app.domain.fields.text import is_empty
from app.domain.terms import N_

Row = dict[str, str]  # by column name, in the order of the table; empty text for nothing

MISSING = N_("%(label)s不能为空。")
TOO_WIDE = N_("%(label)s最多 %(width)s 字。")
WILL_BE_LOST = N_("省厅系统不能接收「%(characters)s」，发号后报送会被退回，请尽量换用常用字。")
NOT_A_REGION = N_("%(label)s不是 6 位行政区划代码。")
LOST = N_("%(label)s中的「%(characters)s」对方系统不能接收，请换用常用字。")
DISTRICT = 6  # digits of a region code


def row_of(columns: Sequence[Column], source: Source, target: Target) -> Row:
    """The row, every column present."""
    return {column.name: _value(column, source, target) for column in columns}


def faults(columns: Sequence[Column], row: Mapping[str, str], *, encoding: str = "utf-8") -> tuple[Problem, ...]:
    """What the receiver would refuse, one fault per column; `field` names the column."""
    found = ((column, _fault(column, row.get(column.name, ""), encoding)) for column in columns)
    return tuple(Problem(column.name, fault) for column, fault in found if fault is not None)


def warnings(columns: Sequence[Column], values: Mapping[str, object], *, encoding: str) -> tuple[Problem, ...]:
    """Said while typing, by input name: characters for which the push would be refused later."""
    found = (
        (column.source, characters_lost(text, encoding))
        for column in columns
        if not column.is_fact and isinstance(text := values.get(column.source), str)
    )
    return tuple(Problem(name, say(WILL_BE_LOST, characters=lost)) for name, lost in found if lost)


def _value(column: Column, source: Source, target: Target) -> str:
    given = (source.facts if column.is_fact else source.values).get(column.source)
    if given is None or (isinstance(given, str) and is_empty(given)):
        return ""
    text = str(given)
    if column.digits:
        return _region(column, source.regions.get(text, text))
    if column.dictionary:
        return target.codes.get(column.dictionary, {}).get(text, text)
    return text


def _region(column: Column, code: str) -> str:
    return code[: column.digits].ljust(DISTRICT, "0") if len(code) == DISTRICT else code


def _fault(column: Column, text: str, encoding: str) -> Sentence | None:
    label = Label(column.label)
    if not text:
        return say(MISSING, label=label) if column.required else None
    if column.digits and not (len(text) == DISTRICT and text.isascii() and text.isdigit()):
        return say(NOT_A_REGION, label=label)
    if column.width and len(text) > column.width:
        return say(TOO_WIDE, label=label, width=column.width)
    lost = characters_lost(text, encoding)
    return say(LOST, label=label, characters=lost) if lost else None
