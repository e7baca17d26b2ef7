"""Inputs of the registration page (注册): the organization names itself."""

from app.domain.fields.across import CodesAgree
from app.domain.fields.field import ALWAYS, Blank, Field, FieldKind, Table
from app.domain.terms import N_, TERMS, UnitKind

UNIT_KINDS = tuple((kind.value, TERMS[kind]) for kind in UnitKind)

_UNIT, _CONTACT, _PRIVACY = N_("单位"), N_("联系人"), N_("个人信息处理")
K = FieldKind  # keeps a field on one line

REGISTRATION = Table(
    "registration",
    at_once=True,
    fields=(
        Field(
            "org_code", N_("组织机构代码"), K.ORG_CODE, _UNIT, required=Blank("uscc"), max_length=10,
            when_missing=N_("请填写组织机构代码，或填写统一社会信用代码。"),
            help=N_("8 位＋短横＋1 位，半角输入。它就是您的用户名；已填统一社会信用代码的可不填。"),
            example="PDY00012-4",
        ),
        Field(
            "uscc", N_("统一社会信用代码"), K.USCC, _UNIT, max_length=18,
            help=N_("18 位。已换发新证的单位填写，用户名取其中第 9 至 17 位。"),
        ),
        Field(
            "name", N_("单位名称"), K.TEXT, _UNIT, "wide", ALWAYS, max_length=200, min_length=2,
            help=N_("与证书上的名称完全一致，不要自行缩写"),
        ),
        Field(
            "unit_kind", N_("单位性质"), K.CHOICE, _UNIT, "wide", ALWAYS, choices=UNIT_KINDS,
            help=N_("决定要上传哪些证照：行政机关不需营业执照"),
        ),
        Field("contact_name", N_("联系人"), K.NAME, _CONTACT, "half", ALWAYS, max_length=50, min_length=2),
        Field(
            "contact_mobile", N_("手机"), K.MOBILE, _CONTACT, "half", ALWAYS, max_length=11, personal=True,
            when_missing=N_("请填写手机号，审核结果会发短信到这个号码。"),
            help=N_("审核结果会发短信到这个号码"), example="13800000000",
        ),
        Field(
            "contact_phone", N_("固定电话"), K.PHONE, _CONTACT, max_length=30, personal=True,
            example="0510-86071119",
        ),
        Field("email", N_("邮箱"), K.EMAIL, _CONTACT, max_length=100, example="name@example.cn"),
        Field(
            "privacy_consent", N_("已阅读并同意个人信息处理说明"), K.BOOLEAN, _PRIVACY, "wide", ALWAYS,
            must_be_true=True, when_wrong=N_("请阅读个人信息处理说明，同意后再注册。"),
        ),
    ),
    checks=(CodesAgree("org_code", "uscc"),),
)  # fmt: skip
