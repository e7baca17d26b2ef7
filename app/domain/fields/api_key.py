"""Inputs of a key for the interface (接口密钥), as an administrator issues it."""

from app.domain.api import SCOPE_WORDS
from app.domain.fields.account import MATTERS
from app.domain.fields.field import ALWAYS, Field, FieldKind, Table
from app.domain.terms import N_

K = FieldKind  # keeps a field on one line

API_KEY = Table(
    "api_key",
    at_once=True,
    fields=(
        Field(
            "name", N_("系统名称"), K.TEXT, "", "wide", ALWAYS, max_length=100, min_length=2,
            help=N_("写明哪个系统使用，事项记录和审计日志以它署名"),
        ),
        Field("bureau_id", N_("部门"), K.BUREAU, "", "half", ALWAYS, help=N_("密钥只能接触该部门及下级的项目")),
        Field("expires_on", N_("有效期至"), K.DATE, "", "half", ALWAYS, help=N_("最长一年，到期自动失效")),
        Field(
            "scopes", N_("可以做什么"), K.CHOICES, "", "wide", ALWAYS,
            choices=tuple((str(scope), word) for scope, word in SCOPE_WORDS.items()),
        ),
        Field("matters", N_("经办的事项"), K.CHOICES, "", "wide", choices=MATTERS, help=N_("只能回写所选的事项")),
    ),
)  # fmt: skip
