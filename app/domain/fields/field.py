"""What one input is, as data a bureau officer could read. It judges nothing but whether it is asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from app.domain.fields.across import Check

Values = Mapping[str, object]


class FieldKind(StrEnum):
    """How a value is read, checked and typed."""

    TEXT = "text"
    LONG_TEXT = "long_text"  # may hold line breaks
    NAME = "name"  # of a person
    SERIAL = "serial"  # a number or code as printed, of half-width letters, digits and signs
    INVESTMENT_CODE = "investment_code"  # 国家投资项目代码
    DATE = "date"
    DECIMAL = "decimal"
    INTEGER = "integer"
    CODE = "code"  # from a dictionary that the root bureau keeps
    CHOICE = "choice"  # from a list fixed here
    CHOICES = "choices"  # several of such a list
    BUREAU = "bureau"  # the key of a bureau in reach; who may choose which is the service's to say
    BOOLEAN = "boolean"
    ORG_CODE = "org_code"
    USCC = "uscc"
    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    POSTAL = "postal"
    REGION = "region"  # a district in force today
    DIVISION = "division"  # any six digits of GB/T 2260


class Label(str):
    """A word inside a sentence that views translate before they fill it in."""

    __slots__ = ()


class Labels(tuple[str, ...]):
    """Several such words, read as a list."""

    __slots__ = ()

    def __str__(self) -> str:
        return "、".join(self)


class Named(str):
    """A word that an officer may change, so that no catalogue holds it: the Chinese with its English beside it."""

    english: str

    def __new__(cls, chinese: str, english: str) -> "Named":
        word = super().__new__(cls, chinese)
        word.english = english
        return word


class Condition(Protocol):
    """When a field must be filled in."""

    def holds(self, values: Values) -> bool: ...


@dataclass(frozen=True)
class Constant:
    """The same whatever the other fields say."""

    answer: bool

    def holds(self, values: Values) -> bool:
        return self.answer


ALWAYS = Constant(True)
NEVER = Constant(False)


@dataclass(frozen=True)
class When:
    """Another field has one of these values."""

    field: str
    values: tuple[str, ...]

    def holds(self, values: Values) -> bool:
        return values.get(self.field) in self.values


@dataclass(frozen=True)
class Blank:
    """Another field is empty."""

    field: str

    def holds(self, values: Values) -> bool:
        return values.get(self.field) is None


@dataclass(frozen=True)
class AllOf:
    """Every one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def holds(self, values: Values) -> bool:
        return all(condition.holds(values) for condition in self.conditions)


@dataclass(frozen=True)
class AnyOf:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def holds(self, values: Values) -> bool:
        return any(condition.holds(values) for condition in self.conditions)


@dataclass(frozen=True)
class Field:
    """One input. `name` is column, input, API and import key alike (FIELDS); texts are message ids."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    section: str = ""
    width: str = "half"  # half, third or wide
    required: Condition = NEVER
    max_length: int | None = None
    min_length: int = 1
    digits: int = 15  # of a decimal, all places; its scale are those after the point
    scale: int = 0
    minimum: Decimal | None = None
    above: Decimal | None = None  # like minimum, but the bound itself is refused
    maximum: Decimal | None = None
    not_future: bool = False
    must_be_true: bool = False
    dictionary: str | None = None  # dictionary_entry.kind
    choices: tuple[tuple[str, str], ...] = ()
    pattern: str | None = None
    unit: str | None = None
    help: str | None = None
    example: str | None = None
    when_missing: str | None = None  # said instead of 请填写…
    when_wrong: str | None = None  # said when the pattern does not match or the box is not ticked
    personal: bool = False  # encrypted, shown masked
    locked: bool = False  # shown, never taken from input


@dataclass(frozen=True)
class Table:
    """The inputs of one form in the order of the page, and the checks that look at more than one of them."""

    name: str
    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()
    draft_required: tuple[str, ...] = ()
    at_once: bool = False  # no drafts: complete or refused

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def field(self, name: str) -> Field:
        """The field of that name; raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    def sections(self) -> tuple[tuple[str, tuple[Field, ...]], ...]:
        """Section titles with their fields, in order."""
        titles = dict.fromkeys(field.section for field in self.fields)
        return tuple((title, tuple(f for f in self.fields if f.section == title)) for title in titles)
