"""Inputs of the enterprise record (企业信息). Name, codes and kind are shown, they are the organization's."""

from decimal import Decimal

from app.domain.fields.across import DocumentNumber
from app.domain.fields.field import ALWAYS, AllOf, Blank, Field, FieldKind, Table, When
from app.domain.fields.registration import UNIT_KINDS
from app.domain.terms import N_, UnitKind

_UNIT, _PLACE, _PERSON = N_("单位"), N_("注册地"), N_("法定代表人")
_CAPITAL, _CONTACT, _REMARKS = N_("资本与成立"), N_("联系方式"), N_("备注")
_IS_ENTERPRISE = When("unit_kind", (UnitKind.ENTERPRISE.value,))
K = FieldKind  # keeps a field on one line

ENTERPRISE = Table(
    "enterprise",
    fields=(
        Field("name", N_("单位名称"), K.TEXT, _UNIT, "wide", max_length=200, locked=True),
        Field("org_code", N_("组织机构代码"), K.ORG_CODE, _UNIT, max_length=10, locked=True),
        Field("uscc", N_("统一社会信用代码"), K.USCC, _UNIT, max_length=18, locked=True),
        Field("unit_kind", N_("单位性质"), K.CHOICE, _UNIT, choices=UNIT_KINDS, locked=True),
        Field(
            "registration_type_code", N_("企业登记注册类型"), K.CODE, _UNIT, "half", _IS_ENTERPRISE,
            dictionary="registration_type_code", help=N_("单位性质为企业的填写，与营业执照一致"),
        ),
        Field(
            "license_number", N_("营业执照注册号"), K.SERIAL, _UNIT, "half",
            AllOf((_IS_ENTERPRISE, Blank("uscc"))), max_length=50,
            help=N_("已有统一社会信用代码的可不填"),
        ),
        Field(
            "region_code", N_("注册所在地"), K.DIVISION, _PLACE, "third", ALWAYS, max_length=6,
            help=N_("注册地的 6 位区划代码，外省市的也可以"), example="320281",
        ),
        Field("address", N_("营业地址"), K.TEXT, _PLACE, "wide", ALWAYS, max_length=200),
        Field("postal_code", N_("邮编"), K.POSTAL, _PLACE, "third", ALWAYS, max_length=6, example="214400"),
        Field("legal_representative", N_("法定代表人"), K.NAME, _PERSON, "third", ALWAYS, max_length=50),
        Field(
            "legal_representative_id_type", N_("法定代表人证件类型"), K.CODE, _PERSON, "third", ALWAYS,
            dictionary="id_type",
        ),
        Field(
            "legal_representative_id_number", N_("法定代表人证件号"), K.ID_NUMBER, _PERSON, "third", ALWAYS,
            max_length=30, personal=True, help=N_("加密保存，页面上只显示前后几位"),
        ),
        Field(
            "legal_representative_phone", N_("法人电话"), K.PHONE, _PERSON, "third", max_length=30,
            personal=True,
        ),
        Field(
            "registered_capital_10k", N_("注册资本"), K.DECIMAL, _CAPITAL, "third", _IS_ENTERPRISE,
            digits=15, scale=3, minimum=Decimal(0), unit=N_("万元"),
        ),
        Field(
            "currency_code", N_("币种"), K.CODE, _CAPITAL, "third", _IS_ENTERPRISE,
            dictionary="currency_code",
        ),
        Field("established_on", N_("成立日期"), K.DATE, _CAPITAL, "third", ALWAYS, not_future=True),
        Field("contact_name", N_("联系人"), K.NAME, _CONTACT, "third", ALWAYS, max_length=50, min_length=2),
        Field(
            "contact_mobile", N_("联系人手机"), K.MOBILE, _CONTACT, "third", ALWAYS, max_length=11,
            personal=True, help=N_("审核结果会发短信到这个号码"), example="13800000000",
        ),
        Field("office_phone", N_("办公电话"), K.PHONE, _CONTACT, "third", max_length=30, personal=True),
        Field("fax", N_("传真"), K.PHONE, _CONTACT, "third", max_length=30, personal=True),
        Field("email", N_("邮箱"), K.EMAIL, _CONTACT, "third", max_length=100, example="name@example.cn"),
        Field("website", N_("网址"), K.URL, _CONTACT, "third", max_length=200, example="www.example.cn"),
        Field("remarks", N_("备注"), K.LONG_TEXT, _REMARKS, "wide", max_length=1000),
    ),
    checks=(DocumentNumber("legal_representative_id_number", "legal_representative_id_type"),),
)  # fmt: skip
