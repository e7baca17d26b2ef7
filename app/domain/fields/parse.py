"""One raw value to one typed value, by the kind of its field; it raises nothing but BadValueError."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain import documents, identifiers
from app.domain.errors import Sentence
from app.domain.fields import figures
from app.domain.fields.bad import BadValueError, bad
from app.domain.fields.codes import CodeTables
from app.domain.fields.field import Field, FieldKind, Label
from app.domain.fields.text import as_text, is_empty, read_long_text, read_text
from app.domain.terms import N_

YES = frozenset({"true", "1", "on", "yes", "y", "是"})
NO = frozenset({"false", "0", "off", "no", "n", "否"})
_PHONE = re.compile(r"[0-9+()#*,;/、 \-转]+")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_URL = re.compile(r"(https?://)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?([/?#][!-~]*)?", re.IGNORECASE)
_POSTAL = re.compile(r"[0-9]{6}")
_DIVISION = re.compile(r"[1-9][0-9]{5}")
_KEY = re.compile(r"[1-9][0-9]{0,8}")
_FEWEST_PHONE_DIGITS = 5  # 95xxx service numbers
_LONGEST_MATCHED = 1000  # longer text is too long for any of these fields anyway


@dataclass(frozen=True)
class Context:
    """What a value is judged against besides itself."""

    codes: CodeTables
    today: date


def parse(field: Field, raw: object, context: Context) -> object:
    """The typed value, None when nothing was filled in (False for a tick); raises BadValueError."""
    if is_empty(raw):
        value: object = False if field.kind is FieldKind.BOOLEAN else None
    else:
        value = READERS[field.kind](field, raw, context)
    if field.must_be_true and value is not True:
        raise bad(field.when_wrong or N_("请勾选「%(label)s」。"), label=Label(field.label))
    return value


def _text(field: Field, raw: object, context: Context) -> str:
    text = read_text(field, raw)
    if field.pattern and not re.fullmatch(field.pattern, text):
        raise bad(field.when_wrong or N_("%(label)s格式不对，请检查。"), label=Label(field.label))
    return text


def _code(field: Field, raw: object, context: Context) -> str:
    code = as_text(field, raw)
    if not context.codes.has(field.dictionary or field.name, code):
        raise bad(N_("%(label)s请从列表中选择。"), label=Label(field.label))
    return code


def _choice(field: Field, raw: object, context: Context) -> str:
    choice = as_text(field, raw)
    if choice not in (value for value, _ in field.choices):
        raise bad(N_("%(label)s请从列表中选择。"), label=Label(field.label))
    return choice


def _choices(field: Field, raw: object, context: Context) -> tuple[str, ...] | None:
    """The chosen ones, each once and in the order of the list; None when none is."""
    given = {as_text(field, one) for one in raw} if isinstance(raw, list | tuple) else {as_text(field, raw)}
    offered = [value for value, _ in field.choices]
    if not given <= set(offered):
        raise bad(N_("%(label)s请从列表中选择。"), label=Label(field.label))
    return tuple(value for value in offered if value in given) or None


def _bureau(field: Field, raw: object, context: Context) -> int:
    text = as_text(field, raw)
    if not _KEY.fullmatch(text):
        raise bad(N_("%(label)s请从列表中选择。"), label=Label(field.label))
    return int(text)


def _boolean(field: Field, raw: object, context: Context) -> bool:
    if isinstance(raw, bool):
        return raw
    word = as_text(field, raw).lower()
    if word not in YES | NO:
        raise bad(N_("%(label)s请选择是或否。"), label=Label(field.label))
    return word in YES


def _region(field: Field, raw: object, context: Context) -> str:
    code = as_text(field, raw)
    if not context.codes.region_in_force(code, context.today):
        raise bad(N_("%(label)s请从列表中选择现行的区县。"), label=Label(field.label))
    if code.endswith("00"):
        raise bad(N_("%(label)s请选到区县，不能只到省、市。"), label=Label(field.label))
    return code


def _faultless(text: str, fault: Sentence | None) -> str:
    if fault:
        raise BadValueError(fault)
    return text


def _org_code(field: Field, raw: object, context: Context) -> str:
    text = as_text(field, raw)
    return _faultless(text, identifiers.org_code_fault(text))


def _uscc(field: Field, raw: object, context: Context) -> str:
    text = as_text(field, raw)
    return identifiers.canonical_uscc(_faultless(text, identifiers.uscc_fault(text))) or text


def _mobile(field: Field, raw: object, context: Context) -> str:
    text = as_text(field, raw)
    return _faultless(text, identifiers.mobile_fault(text))


def _id_number(field: Field, raw: object, context: Context) -> str:
    number = as_text(field, raw)
    if not documents.ANY.fullmatch(number):
        raise bad(N_("%(label)s应为证件上的数字、字母和汉字，请对照证件检查。"), label=Label(field.label))
    return number


def _phone(field: Field, raw: object, context: Context) -> str:
    text = read_text(field, raw)
    if not _PHONE.fullmatch(text) or sum(mark.isdigit() for mark in text) < _FEWEST_PHONE_DIGITS:
        raise bad(N_("%(label)s请填写电话号码，如 0510-86071119。"), label=Label(field.label))
    return text


def _matching(pattern: re.Pattern[str], message: str) -> Callable[[Field, object, Context], str]:
    def read(field: Field, raw: object, context: Context) -> str:
        text = as_text(field, raw)
        if len(text) <= _LONGEST_MATCHED and not pattern.fullmatch(text):
            raise bad(message, label=Label(field.label))
        return read_text(field, text)

    return read


READERS: Mapping[FieldKind, Callable[[Field, object, Context], object]] = {
    FieldKind.TEXT: _text,
    FieldKind.NAME: _text,
    FieldKind.SERIAL: _text,
    FieldKind.INVESTMENT_CODE: _text,
    FieldKind.LONG_TEXT: lambda field, raw, context: read_long_text(field, raw),
    FieldKind.DATE: lambda field, raw, context: figures.read_date(field, raw, context.today),
    FieldKind.DECIMAL: lambda field, raw, context: figures.read_decimal(field, raw),
    FieldKind.INTEGER: lambda field, raw, context: figures.read_integer(field, raw),
    FieldKind.CODE: _code,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.BUREAU: _bureau,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.ORG_CODE: _org_code,
    FieldKind.USCC: _uscc,
    FieldKind.ID_NUMBER: _id_number,
    FieldKind.MOBILE: _mobile,
    FieldKind.PHONE: _phone,
    FieldKind.EMAIL: _matching(_EMAIL, N_("%(label)s格式不对，应如 name@example.cn。")),
    FieldKind.URL: _matching(_URL, N_("%(label)s格式不对，应如 www.example.cn。")),
    FieldKind.POSTAL: _matching(_POSTAL, N_("%(label)s应为 6 位数字。")),
    FieldKind.REGION: _region,
    FieldKind.DIVISION: _matching(_DIVISION, N_("%(label)s应为 6 位区划代码，如 320281。")),
}
