"""Inputs of an import from workbooks: those of the forms, and what only history brings along (SPEC §6).

Codes of organizations are taken as text here: old ones fail their check digits and are kept and flagged (DOMAIN §3).
"""

from dataclasses import replace

from app.domain.fields.across import CodesAgree
from app.domain.fields.field import ALWAYS, Blank, Field, FieldKind, Table
from app.domain.fields.project import PROJECT
from app.domain.fields.registration import REGISTRATION
from app.domain.terms import N_

NOT_ASKED_FOR_CONSENT = "not-asked"  # an imported organization has seen no privacy notice yet
WITHOUT_CONSENT = tuple(field for field in REGISTRATION if field.name != "privacy_consent")
_HISTORY = N_("编号与单位")
K = FieldKind  # keeps a field on one line


def _as_found(field: Field) -> Field:
    """The field without its check digits: its shape is judged after it was put into the one spelling."""
    if field.name == "org_code":
        return replace(
            field, kind=K.SERIAL, required=Blank("uscc"), pattern="[0-9A-Z]{8}-[0-9A-Z]",
            when_wrong=N_("组织机构代码应为 9 位数字或字母。"),
        )  # fmt: skip
    if field.name == "uscc":
        return replace(field, kind=K.SERIAL, pattern="[0-9A-Z]{18}", when_wrong=N_("统一社会信用代码应为 18 位。"))
    return field


ORGANIZATION_IMPORT = Table(
    "organization_import",
    at_once=True,
    fields=tuple(_as_found(field) for field in WITHOUT_CONSENT),
    checks=(CodesAgree("org_code", "uscc"),),
)

PROJECT_IMPORT = Table(
    "project_import",
    at_once=True,
    fields=(
        Field(
            "project_number", N_("项目统一编号"), K.SERIAL, _HISTORY, required=ALWAYS, max_length=20,
            pattern="[0-9A-Za-z-]{1,20}", when_wrong=N_("编号只能由数字、字母和短横组成，最多 20 位。"),
            help=N_("原来发出的编号，照原样填写，以文本保存"), example="3202811510080101",
        ),
        Field(
            "numbered_on", N_("发号日期"), K.DATE, _HISTORY, not_future=True,
            help=N_("16 位编号可不填，以编号中的日期为准"), example="2015-10-08",
        ),
        Field(
            "org_code", N_("建设单位代码"), K.SERIAL, _HISTORY, required=ALWAYS, max_length=30,
            help=N_("组织机构代码或统一社会信用代码，单位须已登记，或在同一文件的「建设单位」表中"),
            example="PDY00001-X",
        ),
        *PROJECT.fields,
    ),
    checks=PROJECT.checks,
)  # fmt: skip
