"""Free text beside the tables of inputs: comments, reasons, instructions, answers, under the same rule."""

from app.domain.errors import Invalid, Problem
from app.domain.fields.bad import BadValueError
from app.domain.fields.field import Field, FieldKind
from app.domain.fields.text import read_long_text
from app.domain.terms import N_

COMMENT = Field("comment", N_("意见"), FieldKind.LONG_TEXT, min_length=0, max_length=2000)
REASON = Field("reason", N_("原因"), FieldKind.LONG_TEXT, min_length=0, max_length=500)
INSTRUCTION = Field("instruction", N_("修改要求"), FieldKind.LONG_TEXT, min_length=0, max_length=500)
ANSWER = Field("answer", N_("回应"), FieldKind.LONG_TEXT, min_length=0, max_length=500)
NOTE = Field("note", N_("拒绝的原因"), FieldKind.LONG_TEXT, min_length=0, max_length=500)

CALL_NOTE = Field("note", N_("来电记录"), FieldKind.LONG_TEXT, min_length=0, max_length=1000)
CASE_NOTE = Field("note", N_("内部备注"), FieldKind.LONG_TEXT, min_length=0, max_length=2000)


def read(field: Field, text: str, *, name: str | None = None) -> str:
    """The text as it may be stored; raises Invalid naming the input, so that nothing is cut in silence."""
    try:
        return read_long_text(field, text)
    except BadValueError as refusal:
        raise Invalid([Problem(name or field.name, refusal.sentence)]) from refusal


def problem(field: Field, text: str, name: str) -> Problem | None:
    """What is wrong with the text, for forms that list all their problems."""
    try:
        read_long_text(field, text)
    except BadValueError as refusal:
        return Problem(name, refusal.sentence)
    return None
