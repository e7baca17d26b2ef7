"""Text as it may be stored: composed, trimmed, free of marks nobody can see."""

import unicodedata
from collections.abc import Callable, Mapping

from app.domain import spelling
from app.domain.errors import Sentence, say
from app.domain.fields.bad import BadValueError, bad
from app.domain.fields.field import Field, FieldKind, Label
from app.domain.printed import is_printed
from app.domain.terms import N_

# The province's receiver takes these for empty (DOMAIN §2.1), so they are empty here already.
EMPTY = frozenset({"", "无", "无数据", "/", "／"})

_CONTROL = frozenset({"Cc", "Cf", "Zl", "Zp"})
UNPRINTED = N_("%(label)s第 %(place)s 个字符「%(mark)s」（%(code)s）无法打印。请换用常用字或常用符号。")
_K = FieldKind
# What was meant, by kind; other kinds are read as one line of words.
READINGS: Mapping[FieldKind, Callable[[str], str]] = {
    _K.LONG_TEXT: spelling.lines,
    _K.NAME: spelling.person,
    _K.SERIAL: spelling.code,
    _K.INVESTMENT_CODE: spelling.investment_code,
    _K.DATE: spelling.day,
    _K.DECIMAL: spelling.figure,
    _K.INTEGER: spelling.figure,
    _K.CODE: spelling.code,
    _K.CHOICE: spelling.code,
    _K.CHOICES: spelling.code,
    _K.BUREAU: spelling.code,
    _K.ID_NUMBER: spelling.identity,
    _K.PHONE: spelling.telephone,
    _K.EMAIL: spelling.address,
    _K.URL: spelling.address,
    _K.POSTAL: spelling.bare,
    _K.REGION: spelling.code,
    _K.DIVISION: spelling.bare,
}


def is_empty(raw: object) -> bool:
    """Whether nothing was filled in."""
    return raw is None or (isinstance(raw, str) and spelling.line(raw) in EMPTY)


def as_text(field: Field, raw: object) -> str:
    """The value as text, as its kind is read: from a form, a spreadsheet cell or JSON; raises BadValueError."""
    if isinstance(raw, str):
        return READINGS.get(field.kind, spelling.line)(str(raw))
    if isinstance(raw, int) and not isinstance(raw, bool) and raw.bit_length() < 200:
        return str(raw)
    raise bad(N_("%(label)s请按文字填写。"), label=Label(field.label))


def read_text(field: Field, raw: object) -> str:
    """One line of text within its length; raises BadValueError."""
    return _checked(field, as_text(field, raw), "")


def read_long_text(field: Field, raw: object) -> str:
    """Text with line breaks; a tab pasted from a table becomes a blank."""
    return _checked(field, as_text(field, raw), "\n")


def _checked(field: Field, text: str, allowed: str) -> str:
    fault = length_fault(field, text) or unseen_fault(field.label, text, allowed)
    if fault:
        raise BadValueError(fault)
    return text


def length_fault(field: Field, text: str) -> Sentence | None:
    """Too long or too short, counted in characters."""
    label = Label(field.label)
    if field.max_length is not None and len(text) > field.max_length:
        message = N_("%(label)s最多 %(limit)s 字，现有 %(length)s 字。")
        return say(message, label=label, limit=field.max_length, length=len(text))
    if len(text) < field.min_length:
        return say(N_("%(label)s至少 %(limit)s 字。"), label=label, limit=field.min_length)
    return None


def unseen_fault(label: str, text: str, allowed: str = "") -> Sentence | None:
    """The first mark that cannot be shown, would change how its neighbours are shown, or cannot be printed."""
    for place, mark in enumerate(text, start=1):
        message = None if mark in allowed else _why_unseen(mark)
        if message:
            return say(message, label=Label(label), place=place, code=f"U+{ord(mark):04X}")
        if mark not in allowed and not is_printed(mark):
            return say(UNPRINTED, label=Label(label), place=place, mark=mark, code=f"U+{ord(mark):04X}")
    return None


def visible(text: str) -> str:
    """The text without the marks that `unseen_fault` names: for names that somebody else's computer gave."""
    return "".join(mark for mark in text if _why_unseen(mark) is None)


def _why_unseen(mark: str) -> str | None:
    category = unicodedata.category(mark)
    if category in _CONTROL or spelling.is_unseen(mark):
        return N_("%(label)s第 %(place)s 个字符是看不见的符号（%(code)s），请删除后重新输入。")
    if category == "Co":
        return N_("%(label)s第 %(place)s 个字符是本机自造字（%(code)s），别处无法显示，请改用标准汉字。")
    if category == "Cs" or mark == "\ufffd" or (ord(mark) & 0xFFFE) == 0xFFFE or "\ufdd0" <= mark <= "\ufdef":
        return N_("%(label)s第 %(place)s 个字符无法识别（%(code)s），请重新输入。")
    return None
