"""Inputs of what is asked for at the counter about an account: who came, what was seen, and who registers now."""

from app.domain.fields.across import CodesAgree
from app.domain.fields.field import ALWAYS, Field, FieldKind, Table
from app.domain.fields.registration import REGISTRATION
from app.domain.terms import N_

_SEEN = N_("窗口核对")
K = FieldKind  # keeps a field on one line


def _seen(sentence: str, missing: str, example: str) -> tuple[Field, ...]:
    return (
        Field("brought_by", N_("经办人"), K.NAME, _SEEN, "half", ALWAYS, max_length=50, min_length=2),
        Field(
            "basis", N_("收存和核对的材料"), K.LONG_TEXT, _SEEN, "wide", ALWAYS, max_length=500, min_length=2,
            help=example,
        ),
        Field("originals_seen", sentence, K.BOOLEAN, _SEEN, "wide", ALWAYS, must_be_true=True, when_wrong=missing),
    )  # fmt: skip


RESET = Table(
    "reset",
    at_once=True,
    fields=_seen(
        N_("已收存盖章的《密码重置申请》，并核对经办人身份证件原件"),
        N_("请先收存盖章的《密码重置申请》，并核对经办人证件。"),
        N_("如：《密码重置申请》一份（盖章日期）、经办人身份证"),
    ),
)

RECLAIM = Table(
    "reclaim",
    at_once=True,
    fields=(
        *(REGISTRATION.field(name) for name in REGISTRATION.names),
        *_seen(
            N_("已核对组织机构代码证或营业执照等证照原件，以及法人授权委托书"),
            N_("请先核对证照原件和法人授权委托书。"),
            N_("如：统一社会信用代码证书原件（证号）、法人授权委托书（附件1）"),
        ),
    ),
    checks=(CodesAgree("org_code", "uscc"),),
)
