"""Inputs of an organization after its registration: whom to ask (联系方式), and its legal changes (更名)."""

from app.domain.fields.across import CodesAgree
from app.domain.fields.field import ALWAYS, Blank, Field, FieldKind, Table
from app.domain.fields.registration import REGISTRATION
from app.domain.terms import N_

_NEW, _GROUNDS = N_("变更后"), N_("依据")
K = FieldKind  # keeps a field on one line

CONTACT = Table(
    "contact",
    at_once=True,
    fields=tuple(REGISTRATION.field(name) for name in ("contact_name", "contact_mobile", "contact_phone", "email")),
)

RENAME = Table(
    "rename",
    at_once=True,
    fields=(
        Field("name", N_("单位名称"), K.TEXT, _NEW, "wide", ALWAYS, max_length=200, min_length=2),
        Field(
            "org_code", N_("组织机构代码"), K.ORG_CODE, _NEW, required=Blank("uscc"), max_length=10,
            when_missing=N_("请填写组织机构代码，或填写统一社会信用代码。"),
            help=N_("8 位＋短横＋1 位。改了代码，用户名随之改变，密码不变。"),
        ),
        Field(
            "uscc", N_("统一社会信用代码"), K.USCC, _NEW, max_length=18,
            help=N_("18 位，其中第 9 至 17 位是组织机构代码。"),
        ),
        Field(
            "effective_on", N_("变更日期"), K.DATE, _GROUNDS, required=ALWAYS, not_future=True,
            help=N_("登记机关核准变更的日期"),
        ),
        Field(
            "reason", N_("变更依据"), K.LONG_TEXT, _GROUNDS, "wide", ALWAYS, max_length=500, min_length=2,
            help=N_("如：市场监管部门准予变更登记通知书的名称和文号"),
        ),
    ),
    checks=(CodesAgree("org_code", "uscc"),),
)  # fmt: skip
