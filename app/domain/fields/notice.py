"""The one input of a notice's wording; which placeholders fit is told by app.domain.notices."""

from app.domain.fields.field import ALWAYS, Field, FieldKind, Table
from app.domain.terms import N_

NOTICE_TEXT = Table(
    "notice_template",
    at_once=True,
    fields=(Field("text", N_("通知文字"), FieldKind.LONG_TEXT, "", "wide", ALWAYS, max_length=500, min_length=10),),
)
